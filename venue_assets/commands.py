"""`venue-taste venues`: the list of venues by hand, and pruning their photographs.

Thin: the work is in `venue_list`, `venue_table` and `unused_photos`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from resources.database import connect, database
from resources.errors import SetupError
from resources.migrate import prepare
from resources.photo_store import PhotoStore
from resources.settings import load_settings
from resources.terminal import whole_lines
from venue_assets.crawler.addresses import RefusedAddressError, admit, read_host_map
from venue_assets.host_map import load_host_map
from venue_assets.unused_photos import prune_photos
from venue_assets.venue_list import ListedVenue, listed_venue
from venue_assets.venue_table import add_venues, list_venues, retire

app = typer.Typer(
    help="The list of venues: add, import, list, remove; and their old photographs.", no_args_is_help=True
)
_console = whole_lines()


@contextmanager
def _engine() -> Iterator[Engine]:
    with database(load_settings()) as urls:
        prepare(urls)
        engine = connect(urls.tables)
        try:
            yield engine
        finally:
            engine.dispose()


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="Address of the venue's site.")],
    name: Annotated[str, typer.Option(help="What you call it; else its site says.")] = "",
) -> None:
    """Add one venue, or restore it if it was removed."""
    venue = _venue(address, name)
    _refuse_if_never_crawled(venue)
    with _engine() as engine, engine.begin() as connection:
        change = add_venues(connection, [venue], "command")
    done = "Added" if change.added else "Restored" if change.restored else "Updated" if change.updated else None
    _console.print(f"{done or 'Already listed:'} {venue.site_url}", highlight=False)


@app.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="CSV or JSON with `site_url`: a path or any fsspec URL.")],
) -> None:
    """Add the venues of a list. Nothing is removed (a list kept equal to a file is the setting VENUE_LIST)."""
    from venue_assets.sites import read_venue_list

    listed = read_venue_list(file, "the file you named")
    with _engine() as engine, engine.begin() as connection:
        change = add_venues(connection, listed.venues, "command")
    for line in listed.refused:
        _console.print(f"line {line.line} refused: {line.reason}", highlight=False, markup=False)
    already = len(listed.venues) - change.added - change.restored - change.updated
    _console.print(
        f"{change.added} added, {change.restored} restored, {change.updated} updated, {already} already listed, "
        f"{len(listed.refused)} refused"
    )


@app.command("list")
def show_list() -> None:
    """Show every venue with what is known of it."""
    with _engine() as engine, engine.connect() as connection:
        rows = list_venues(connection)
    table = Table()
    for name in ("name", "site", "status", "pages", "photos", "note"):
        table.add_column(name, overflow="fold")  # an address that is cut cannot be copied
    for row in rows:
        cells = (row["name"], row["site_url"], row["status"], row["pages"], row["photos"], row["crawl_note"])
        table.add_row(*(_printable(cell) for cell in cells))
    _console.print(table)


def _printable(cell: object) -> Text:
    """A cell as it is: names and notes are strangers' words, and may hold markup or a terminal's control codes."""
    words = "" if cell is None else str(cell)
    return Text("".join(character if character.isprintable() else " " for character in words))


@app.command()
def remove(address: Annotated[str, typer.Argument(help="Address of the venue's site.")]) -> None:
    """Take a venue off the list. Its data stay, marked retired, and come back if it is added again."""
    venue = _venue(address)
    _refuse_if_in_file(venue)
    with _engine() as engine, engine.begin() as connection:
        removed = retire(connection, venue.site_url)
    if not removed:
        raise SetupError(f"{venue.site_url} is not on the list", "see `venue-taste venues list`")
    _console.print(f"Retired {venue.site_url}", highlight=False)


@app.command("prune-photos")
def prune() -> None:
    """Remove the photographs that no venue shows any more, nobody pinned or rated, and no recommendation names."""
    with _engine() as engine:
        removed = prune_photos(engine, PhotoStore(load_settings().photo_store))
    _console.print(f"{removed} removed")


def _refuse_if_in_file(venue: ListedVenue) -> None:
    """The next run of venue_sites would bring it back."""
    location = load_settings().venue_list
    if location is None:
        return
    from venue_assets.sites import read_venue_list

    if any(listed.site_url == venue.site_url for listed in read_venue_list(location).venues):
        raise SetupError(
            f"{venue.site_url} is in the list {location}, which VENUE_LIST names: it would be back at the next run",
            "take it out of that list, then run this again",
        )


def _refuse_if_never_crawled(venue: ListedVenue) -> None:
    """The crawler would refuse its address, as written, every time."""
    try:
        admit(venue.start_url, read_host_map(load_host_map(load_settings().crawl_host_map)))
    except RefusedAddressError as error:
        raise SetupError(
            f"{venue.start_url} is no address that is crawled ({error})",
            "give a public one, or name its host in the file of CRAWL_HOST_MAP",
        ) from error


def _venue(address: str, name: str = "") -> ListedVenue:
    try:
        return listed_venue(address, name)
    except ValueError as error:
        raise SetupError(str(error), "give the address of the venue's site, such as https://example.com") from error
