"""`venue-taste users`: people by hand. Thin: the work is in `people`, `connecting` and `ratings`."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine, select

from resources.database import connect, database
from resources.errors import SetupError
from resources.migrate import prepare
from resources.photo_store import PhotoStore
from resources.pictures import FORMATS
from resources.pinterest.accounts import reseal_tokens
from resources.pinterest.errors import TokenUnreadableError
from resources.pinterest.loopback import DEFAULT_REDIRECT_URI
from resources.pinterest.token_box import TokenBox
from resources.schema import boards
from resources.settings import load_settings
from resources.terminal import whole_lines
from taste_assets import connecting, people
from taste_assets.parquet_export import export_folder, export_serving
from taste_assets.ratings import RatingError, find_subject, import_ratings
from taste_assets.ratings import rate as store_rating
from taste_assets.report_pages import report_folder

app = typer.Typer(help="People: add, connect, rate, forget.", no_args_is_help=True)
_console = whole_lines()

Handle = Annotated[str, typer.Argument(help="The name your app knows the person by.")]


@contextmanager
def _engine() -> Iterator[Engine]:
    with database(load_settings()) as urls:
        prepare(urls)
        engine = connect(urls.tables)
        try:
            yield engine
        finally:
            engine.dispose()


def _store() -> PhotoStore:
    return PhotoStore(load_settings().photo_store)


@app.command()
def add(
    handle: Handle,
    words: Annotated[str | None, typer.Option(help="What they like, in their own words.")] = None,
) -> None:
    """Add a person. Boards come with connect-pinterest or import-folder; words alone are a taste, too."""
    with _engine() as engine, engine.begin() as connection:
        user_id, is_new = people.add_user(connection, handle)
        if words is not None:
            people.change_user(connection, user_id, preference_text=words.strip() or None)
    _say(f"{'Added' if is_new else 'Already there:'} {handle.strip()}")


@app.command("connect-pinterest")
def connect_pinterest(
    handle: Handle,
    redirect_uri: Annotated[
        str, typer.Option(help="On this machine, and registered with the Pinterest app.")
    ] = DEFAULT_REDIRECT_URI,
    browser: Annotated[bool, typer.Option(help="Open a browser; else only print the address.")] = True,
) -> None:
    """Have a person allow the Pinterest app to read their boards, in a browser on this machine."""

    def visit(address: str) -> None:
        _say(f"Say yes at {address}")
        if browser:
            webbrowser.open(address)

    with _engine() as engine:
        account = connecting.connect_by_browser(engine, load_settings(), handle, redirect_uri, visit)
    _say(f"Connected {handle.strip()} to the Pinterest account {account.username or account.id}. Next: boards, pins")


@app.command("import-folder")
def import_folder(
    handle: Handle,
    folder: Annotated[
        str, typer.Argument(help="A folder of pictures, or any fsspec URL of one: a sub-folder, a board.")
    ],
    remove: Annotated[bool, typer.Option("--remove", help="Take it out again. The files stay.")] = False,
) -> None:
    """Make a folder of pictures a source of a person's taste. It is read again with every run of `boards`."""
    settings = load_settings()
    with _engine() as engine:
        if remove:
            connecting.remove_folder(engine, _store(), handle, folder)
            _say(f"Removed {folder}")
            return
        listed = connecting.import_folder(engine, _store(), settings.pin_retention, handle, folder)
    # The folder itself is a board, too, though mostly nothing lies in it but sub-folders.
    filled = [board.pin_count for board in listed if board.pin_count]
    if not filled:
        _say(f"No files in {folder} yet. Put pictures ({', '.join(FORMATS)}) there, or in sub-folders, a board each")
        return
    _say(f"{_counted(len(filled), 'board')} with {_counted(sum(filled), 'file')}. Next: venue-taste run")


@app.command()
def rate(
    handle: Handle,
    subject: Annotated[str | None, typer.Argument(help="A venue's address, id or name, or a photo's id.")] = None,
    rating: Annotated[int | None, typer.Argument(help="0 (never) to 5 (this one).")] = None,
    csv: Annotated[str | None, typer.Option(help="A list: venue or photo, rating, rated_at. A path or URL.")] = None,
) -> None:
    """Store what a person thinks of a venue or a photograph."""
    one = subject is not None and rating is not None
    if one == (csv is not None) or (subject is None) != (rating is None):
        raise SetupError("there is nothing to rate", "give a venue or photo and a rating 0-5, or --csv FILE")
    with _engine() as engine, engine.begin() as connection:
        user_id = people.find_user(connection, handle)
        if csv is not None:
            imported = import_ratings(connection, user_id, csv)
            for line, reason in imported.refused:
                _say(f"line {line} refused: {reason}")
            _say(f"{imported.written} stored, {imported.unchanged} known, {len(imported.refused)} refused")
            return
        try:
            done = store_rating(connection, user_id, find_subject(connection, subject or ""), rating or 0)
        except RatingError as error:
            raise SetupError(str(error), "see `venue-taste venues list`; ratings go from 0 to 5") from error
    _say("Stored" if done else "Known already")


@app.command()
def prefer(
    handle: Handle,
    words: Annotated[str | None, typer.Option(help="What they like, in their own words; '' takes them back.")] = None,
    guests: Annotated[int | None, typer.Option(help="How many come; 0 takes it back.")] = None,
    budget: Annotated[
        str | None, typer.Option(help="At most, with the currency: '12000 GBP'; '' takes it back.")
    ] = None,
    near: Annotated[str | None, typer.Option(help="Latitude,longitude: '51.5,-0.1'; '' takes it back.")] = None,
    km: Annotated[float | None, typer.Option(help="How far from there, in kilometres.")] = None,
    setting: Annotated[str | None, typer.Option(help="indoor, outdoor or both; '' takes it back.")] = None,
    amenity: Annotated[list[str] | None, typer.Option(help="A word of docs/facts.md; may be repeated.")] = None,
    must: Annotated[
        list[str] | None, typer.Option(help=f"What a venue must state: {', '.join(people.WISHES)}; may be repeated.")
    ] = None,
    neutral: Annotated[float | None, typer.Option(min=0, max=5, help="The rating that says nothing to them.")] = None,
    share_taste: Annotated[
        bool | None, typer.Option("--share-taste/--keep-taste", help="May others hear that they share this taste?")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take back every wish first.")] = False,
) -> None:
    """Set what a person asks for besides looks; what is not named stays as it is."""
    changes = _changes(guests, budget, near, km, setting, amenity, must)
    columns: dict[str, Any] = {"rating_tau": neutral, "shares_taste": share_taste}
    columns = {name: value for name, value in columns.items() if value is not None}
    if words is not None:
        columns["preference_text"] = words.strip() or None
    if not (changes or columns or clear):
        raise SetupError("there is nothing to set", "see `venue-taste users prefer --help`")
    with _engine() as engine, engine.begin() as connection:
        user_id = people.find_user(connection, handle)
        people.change_user(connection, user_id, **columns)
        taken_back = dict.fromkeys(people.StatedWishes.model_fields) if clear else {}
        try:
            wishes = people.change_wishes(connection, user_id, {**taken_back, **changes})
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
            raise SetupError(f"these wishes cannot be: {problems}", "see `venue-taste users prefer --help`") from error
    _say(f"{handle.strip()} wishes: {wishes.model_dump(mode='json', exclude_defaults=True) or 'nothing'}")


def _changes(
    guests: int | None,
    budget: str | None,
    near: str | None,
    km: float | None,
    setting: str | None,
    amenity: list[str] | None,
    must: list[str] | None,
) -> dict[str, Any]:
    """The wishes that the options name; None for one that is taken back."""
    changes: dict[str, Any] = {}
    if guests is not None:
        changes["guests"] = guests or None
    if budget is not None:
        amount, _, currency = budget.strip().partition(" ")
        changes |= {"budget_max": _number(amount, "--budget"), "currency": currency.strip().upper() or None}
    if near is not None:
        lat, _, lon = near.partition(",")
        changes |= {"lat": _number(lat, "--near"), "lon": _number(lon, "--near"), "near": None}
        if not near.strip():
            changes["max_distance_km"] = None
    if km is not None:
        changes["max_distance_km"] = km
    if setting is not None:
        changes["setting"] = setting or None
    for name, words in (("amenities", amenity), ("must", must)):
        if words:
            changes[name] = sorted({word.strip().lower() for word in words})
    return changes


def _number(text: str, option: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError as error:
        raise SetupError(f"{text!r} is no number", f"see {option} in `venue-taste users prefer --help`") from error


@app.command()
def show(handle: Handle) -> None:
    """Show what is known of a person."""
    with _engine() as engine, engine.connect() as connection:
        user_id = people.find_user(connection, handle)
        (known,) = people.list_people(connection, user_id)
        theirs = connection.execute(
            select(boards).where(boards.c.user_id == user_id).order_by(boards.c.source, boards.c.board_id)
        ).all()
    facts = Table(show_header=False)
    for name, value in known.items():
        facts.add_row(name, _printable(value))
    _console.print(facts)
    if theirs:
        listed = Table("board", "name", "source", "pins", "modified", "synced")
        for board in theirs:
            synced = "yes" if board.fingerprint == board.synced_fingerprint else "no"
            cells = (board.board_id, board.name, board.source_url or board.source, board.pin_count)
            listed.add_row(*map(_printable, (*cells, board.board_pins_modified_at, synced)))
        _console.print(listed)


@app.command("list")
def list_people(
    failing: Annotated[
        bool, typer.Option("--failing", help="Only those whose account or folder cannot be read, and why.")
    ] = False,
) -> None:
    """Show everybody with what is known of them."""
    with _engine() as engine, engine.connect() as connection:
        rows = people.list_people(connection)
        folders = connecting.folder_problems(connection) if failing else {}
    if failing:
        for row in rows:
            problem = row["last_error"] or folders.get(row["user_id"])
            if problem is not None:
                _say(f"{row['handle']}: {problem}")
        return
    names = ("handle", "bucket", "boards", "pins", "photos", "ratings", "polled_at", "poll_due_at")
    table = Table()
    for name in names:
        table.add_column(name, overflow="fold")  # a name that is cut cannot be copied
    for row in rows:
        table.add_row(*(_printable(row[name]) for name in names))
    _console.print(table)


@app.command()
def forget(handle: Handle, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove every trace of a person: rows, the pictures that nobody else has, their page, their rows in the export."""
    with _engine() as engine:
        with engine.connect() as connection:
            people.find_user(connection, handle)
        if not yes:
            typer.confirm(f"Forget {handle}? This cannot be undone", abort=True)
        gone = people.forget(engine, _store(), report_folder(), handle)
        if export_folder().exists():
            export_serving(engine, export_folder())
    _say(f"Forgotten: {gone.boards} boards, {gone.pins} pins, {gone.ratings} ratings, {gone.photos} photos")


@app.command("reseal-tokens")
def reseal() -> None:
    """Encrypt all Pinterest tokens under the first key of TOKEN_KEY, after which the others can go."""
    with _engine() as engine, engine.begin() as connection:
        try:
            count = reseal_tokens(connection, TokenBox.from_settings(load_settings()))
        except TokenUnreadableError as error:
            raise SetupError(str(error), error.remedy) from error
    _say(f"{count} accounts")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _say(line: str) -> None:
    _console.print(_printable(line), highlight=False, soft_wrap=True)


def _printable(cell: object) -> Text:
    """A cell as it is: names are strangers' words, and may hold markup or a terminal's control codes."""
    if isinstance(cell, Mapping):
        cell = ", ".join(f"{name}: {value}" for name, value in cell.items())
    words = "" if cell is None else str(cell)
    return Text("".join(character if character.isprintable() else " " for character in words))
