"""The `venue-taste` command: thin, human-facing wrappers around `resources`, `demo` and Dagster's own command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import URL

from demo.commands import app as demo_world_app
from resources import dagster_home
from resources.database import DatabaseUrls, database, embedded_server
from resources.embedded_postgres import binary
from resources.errors import SetupError
from resources.migrate import prepare
from resources.processes import environment_variables, run
from resources.settings import load_settings, setting_rows
from resources.space_commands import app as spaces_app
from taste_assets.commands import app as users_app
from venue_assets.commands import app as venues_app

app = typer.Typer(
    help="Match people's visual taste to wedding venues: run the lineage, look after its database, try the demo.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
db_app = typer.Typer(help="The database: start, stop, reach and migrate it.", no_args_is_help=True)
app.add_typer(db_app, name="db")
app.add_typer(venues_app, name="venues")
app.add_typer(users_app, name="users")
app.add_typer(spaces_app, name="spaces")
app.add_typer(demo_world_app, name="demo-world")
lookbook_app = typer.Typer(invoke_without_command=True)
app.add_typer(lookbook_app, name="lookbook")

_out = Console()
_err = Console(stderr=True)
_FAILED = 1
_RUN_ASSETS = {("asset", "materialize"), ("job", "execute")}
"""Dagster's commands that run assets before they end; others only ask, or queue for the daemon of `dev`."""


@contextmanager
def _prepared_database(*, keep_running: bool = False) -> Iterator[DatabaseUrls]:
    with database(load_settings(), keep_running=keep_running) as urls:
        before, after = prepare(urls)
        if before != after:
            _err.print(f"Migrated the database from {before.current or 'empty'} to {after.current}.")
        yield urls


@contextmanager
def _demo_models() -> Iterator[None]:
    """In a home that holds the demo, the demo's models, which what is stored there was made with."""
    from demo_run.place import holds_demo, offline_models

    with environment_variables(offline_models() if holds_demo(load_settings()) else {}):
        yield


@contextmanager
def _demo_world() -> Iterator[None]:
    """In a home that holds the demo, the demo's models and its world, served: what runs the lineage asks its sites."""
    from demo_run.place import holds_demo, served_demo

    settings = load_settings()
    if not holds_demo(settings):
        yield
        return
    with served_demo(settings):
        _err.print("With the demo world: its sites and its Pinterest are served meanwhile.", highlight=False)
        yield


@db_app.command("start")
def db_start() -> None:
    """Start the embedded Postgres and leave it running. Does nothing when it runs already."""
    settings = load_settings()
    if settings.database_url is not None:
        raise SetupError("DATABASE_URL is set: that server is not ours to start", "unset it to use the embedded one")
    server, started = embedded_server(settings).start()
    _out.print(f"{'Started' if started else 'Already running'}: process {server.pid}, {settings.venue_taste_home}")


@db_app.command("stop")
def db_stop(
    force: Annotated[
        bool, typer.Option("--force", help="Stop it although programs use it; what they have not committed is lost.")
    ] = False,
) -> None:
    """Stop the embedded Postgres; its data stay. One that is in use is left running, and you are told by whom."""
    embedded = embedded_server(load_settings())
    stopped = embedded.stop() if force else embedded.stop_unless_used()
    _out.print("Stopped." if stopped else "It was not running.")


@db_app.command("url")
def db_url(
    dagster: Annotated[bool, typer.Option("--dagster", help="The address of Dagster's own database.")] = False,
) -> None:
    """Print the address of the tables' database for psql and libpq, password and all.

    The embedded server runs from now on until `db stop`, so that the address is good for as long.
    """
    settings = load_settings()
    if settings.database_url is None:
        embedded_server(settings).start()
    with database(settings) as urls:
        sys.stdout.write(_libpq(urls.dagster if dagster else urls.tables) + "\n")


@db_app.command("migrate")
def db_migrate() -> None:
    """Create the databases that are missing and bring the tables to the newest revision."""
    with database(load_settings()) as urls:
        before, after = prepare(urls)
    if before == after:
        _out.print(f"Nothing to do: the database is at revision {after.current}.")
    else:
        _out.print(f"Migrated from {before.current or 'empty'} to {after.current}.")


@db_app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def db_psql(context: typer.Context) -> None:
    """Open psql on the tables' database; further arguments go to psql."""
    with database(load_settings()) as urls:
        address, secrets = _without_password(urls.tables)
        code = run([str(binary("psql")), address, *context.args], {**os.environ, **secrets}, interactive=True)
    raise typer.Exit(code)


@app.command()
def dev(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI, on 127.0.0.1.")] = 3000,
    with_demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo", help="Serve the demo world too. Unless said, when the home holds one and no VENUE_LIST."
        ),
    ] = None,
) -> None:
    """Start database, migrations, Dagster UI and daemon, and the lookbook; Ctrl-C ends them all."""
    dagster_home.require_free_port(port)
    with ExitStack() as running:
        urls = running.enter_context(_prepared_database())
        from demo_run.place import holds_demo, served_demo
        from lookbook.server import serving

        settings = load_settings()
        if holds_demo(settings) if with_demo is None else with_demo:
            served = running.enter_context(served_demo(settings))
            _out.print(f"With the demo world: its Pinterest is {served.pinterest_url}, its encoders are offline ones.")
        address = running.enter_context(serving(urls, load_settings()))
        _out.print(f"The lookbook opens at {address}", style="bold", highlight=False)
        _out.print(f"Dagster opens at http://127.0.0.1:{port}", style="bold", highlight=False)
        code = dagster_home.run_dev(port, urls, load_settings())
    raise typer.Exit(code)


@app.command()
def demo(
    venues: Annotated[int, typer.Option(min=1, help="How many venues the made-up world has.")] = 48,
    users: Annotated[int, typer.Option(min=1, help="How many people with boards it has.")] = 24,
) -> None:
    """Run the lineage for real on a made-up world, print what it found, and say what to run next."""
    from demo_run.run import run_demo

    with _prepared_database() as urls:
        run_demo(urls, load_settings(), venue_count=venues, people_count=users)


@lookbook_app.callback()
def lookbook(context: typer.Context) -> None:
    """Serve the lookbook, the reference app, by itself until Ctrl-C. Where and to whom: the settings LOOKBOOK_*."""
    if context.invoked_subcommand is not None:
        return
    from lookbook.commands import serve_until_stopped

    with _prepared_database() as urls, _demo_models():

        def say(address: str) -> None:
            _out.print(f"The lookbook opens at {address}", style="bold", highlight=False)

        serve_until_stopped(urls, load_settings(), say)


@lookbook_app.command("link")
def lookbook_link(
    handle: Annotated[str, typer.Argument(help="The name your app knows the person by.")],
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="How long it is good for.")] = 24.0,
    address: Annotated[
        str | None, typer.Option(help="Where people reach the lookbook. Unless said, where it listens.")
    ] = None,
) -> None:
    """Print a link by which a person comes to their own pages. LOOKBOOK_TOKEN must be that of the lookbook."""
    from lookbook.commands import sign_in_link

    settings = load_settings()
    reached = address or f"http://{settings.lookbook_host}:{settings.lookbook_port}"
    with _prepared_database() as urls:
        sys.stdout.write(sign_in_link(urls, settings, handle, hours * 3600, reached) + "\n")


@app.command("dagster", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_dagster(context: typer.Context) -> None:
    """Run Dagster's own command on this project's database, e.g. `venue-taste dagster definitions validate`."""
    surroundings = _demo_world if tuple(context.args[:2]) in _RUN_ASSETS else _demo_models
    with _prepared_database() as urls, surroundings():
        code = dagster_home.run_dagster(context.args, urls, load_settings())
    raise typer.Exit(code)


@app.command("run")
def run_lineage(
    steps: Annotated[
        list[str] | None, typer.Argument(help="Only these steps, in the lineage's order: `venue-taste run --list`.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Only say which steps there are.")] = False,
) -> None:
    """Run the lineage now: sites, photographs, boards, tastes, lists; each step does what is due and says how long."""
    from sensors.run_command import run_steps, steps_table

    if show:
        _out.print(steps_table())
        return
    with _prepared_database() as urls, _demo_world():
        from definitions import defs

        run_steps(defs, urls, load_settings(), steps or (), _out)


@app.command()
def doctor() -> None:
    """Check every setting and what it points at; say what is wrong and how to mend it. Exit code 1 on a problem."""
    from lookbook import lookbook_checks
    from resources import doctor as checks
    from resources import model_checks
    from venue_assets import venue_checks

    settings = load_settings()
    all_checks = (*model_checks.ALL_CHECKS, *venue_checks.ALL_CHECKS, *lookbook_checks.ALL_CHECKS)
    _out.print(_settings_table())
    marks = {checks.Verdict.OK: "[green]ok[/]", checks.Verdict.NOTE: "[cyan]note[/]"}
    problems = 0
    for finding in checks.examine(settings, all_checks):
        _out.print(f"{marks.get(finding.verdict, '[bold red]PROBLEM[/]')} [bold]{finding.subject}[/]", end=": ")
        _out.print(finding.detail, markup=False, highlight=False, soft_wrap=True)
        if finding.remedy:
            _out.print(f"   -> {finding.remedy}", markup=False, highlight=False, soft_wrap=True)
        problems += finding.verdict is checks.Verdict.PROBLEM
    if problems:
        _out.print(f"{problems} to mend.", style="bold red")
        raise typer.Exit(_FAILED)
    _out.print("All is well.", style="bold green")


def _settings_table() -> Table:
    table = Table(title="Settings (environment variables)", box=SIMPLE, pad_edge=False)
    table.add_column("name", no_wrap=True)
    table.add_column("value", overflow="fold", max_width=28)
    table.add_column("meaning", overflow="fold")
    for row in setting_rows(load_settings()):
        table.add_row(row.name, escape(row.value), row.meaning)
    return table


@app.command("token-key")
def token_key() -> None:
    """Print a fresh key for the setting TOKEN_KEY."""
    from cryptography.fernet import Fernet

    sys.stdout.write(Fernet.generate_key().decode() + "\n")


def _without_password(url: URL) -> tuple[str, dict[str, str]]:
    """An address fit for a command line, which every account can read, and the environment that completes it."""
    given = url.password or url.query.get("password")
    bare = URL.create("", url.username, None, url.host, url.port, url.database, url.query)
    return _libpq(bare.difference_update_query(["password"])), {"PGPASSWORD": str(given)} if given else {}


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def main() -> None:
    """Entry point of the console script: what an operator can mend is said in two lines, without a traceback."""
    try:
        app()
    except SetupError as error:
        _err.print(f"Error: {error.problem}", style="red", markup=False, highlight=False, soft_wrap=True)
        _err.print(f"To mend it: {error.remedy}", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(_FAILED) from error


if __name__ == "__main__":
    main()
