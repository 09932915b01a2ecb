"""`venue-taste demo-world`: build the made-up world into a folder, and serve it. No logic of its own."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from demo.world.model import World

app = typer.Typer(help="Build and serve the demo world: venue sites and Pinterest boards with known truth.")
_console = Console()


@app.callback(invoke_without_command=True)
def build(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="Folder to build into; a finished world there is left alone.")
    ] = None,
    venues: Annotated[int, typer.Option(min=1, help="How many venues, each with a web site.")] = 48,
    users: Annotated[int, typer.Option(min=0, help="How many people with boards and pins.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds and counts give equal worlds.")] = 7,
    lazy: Annotated[
        bool, typer.Option("--lazy", help="Paint pictures when first asked for; for thousands of venues.")
    ] = False,
) -> None:
    """Build the demo world into --out: world.json, truth.json, hosts.json, venues.csv and the sites' files."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise typer.BadParameter("say where to build the world", param_hint="--out")
    # Imported here, because painter and servers take a while that other commands should not wait.
    from demo.show import build_with_progress
    from demo.world.generate import generate_world

    world = generate_world(seed, venues, users)
    written = build_with_progress(world, out, _console, lazy=lazy)
    if not written:
        typer.echo(f"{out} is complete already; nothing to do.")
    _console.print(_summary(world, out))


@app.command()
def serve(
    world: Annotated[Path, typer.Option(help="Folder of a built world.", exists=True, file_okay=False)],
    sites_port: Annotated[int, typer.Option(help="Port of the venues' sites; 0 takes a free one.")] = 8600,
    pinterest_port: Annotated[int, typer.Option(help="Port of the Pinterest API; 0 takes a free one.")] = 8700,
) -> None:
    """Serve a built world on 127.0.0.1 until Ctrl-C: every site on one port, the Pinterest API on another."""
    if not (world / "world.json").exists():
        raise typer.BadParameter(f"{world} holds no world.json; build one first", param_hint="--world")
    from demo.show import open_world, serving_world

    # Handlers before threads: a signal that comes early stops the servers all the same.
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving_world(open_world(world), world, sites_port=sites_port, pinterest_port=pinterest_port) as served:
        typer.echo(f"sites      {served.sites_url}/  (a list of all, with links that work in a browser)")
        typer.echo(
            f"pinterest  {served.pinterest_url}/v5/  (accounts and tokens: {served.pinterest_url}/_control/users)"
        )
        typer.echo(f"host map   {served.hosts_file}")
        typer.echo("Ctrl-C stops.")
        stop.wait()


def _summary(world: World, out: Path) -> Table:
    truth = json.loads((out / "truth.json").read_bytes())["venues"].values()
    pages = sum(page["kind"] == "page" for venue in truth for page in venue["pages"])
    pins = sum(len(board.pins) for person in world.people for board in person.boards)
    table = Table(title=f"Demo world, seed {world.seed}", show_header=False)
    for label, value in (
        ("venues", len(world.venues)),
        ("pages", pages),
        ("photographs", sum(len(venue["photos"]) for venue in truth)),
        ("their files", sum(len(photo["urls"]) for venue in truth for photo in venue["photos"])),
        ("people", len(world.people)),
        ("boards", sum(len(person.boards) for person in world.people)),
        ("pins", pins),
        ("ratings", sum(len(person.ratings) for person in world.people)),
    ):
        table.add_row(label, f"{value:,}")
    table.add_row("folder", str(out))
    return table


if __name__ == "__main__":
    app()
