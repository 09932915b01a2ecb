"""`venue-taste spaces`: embedding spaces by hand. Thin: the work is in `spaces` and `vector_index`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from resources.database import connect, database
from resources.migrate import prepare
from resources.settings import load_settings
from resources.spaces import SpaceState, registered_spaces, space_state, use_space
from resources.terminal import whole_lines
from resources.vector_index import IndexSettings, prune_space, stored_settings

app = typer.Typer(help="Embedding spaces: list, change the one readers use, remove an old one.", no_args_is_help=True)
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


@app.command("list")
def list_spaces() -> None:
    """Show every space: how far it is filled, how it is searched, and which one readers use (*)."""
    with _engine() as engine, engine.connect() as connection:
        for space in registered_spaces(connection):
            state = space_state(connection, space)
            mark = "*" if state.is_current else " "
            _say(f"{mark} {space.modality:5}  {space.space_id}")
            _say(f"         {_filled(state)}; {_searched(stored_settings(connection, space.space_id))}")


def _filled(state: SpaceState) -> str:
    pinned = f" ({state.missing_pins} of pins)" if state.missing_pins else ""
    return f"{state.vectors:,} vectors, {state.missing:,} missing{pinned}"


def _searched(index: IndexSettings | None) -> str:
    if index is None:
        return "not measured yet"
    kind = "exact" if index.ef_search is None else f"hnsw, ef_search {index.ef_search}"
    return f"{kind}, recall@20 {index.measured_recall:.3f}"


def _say(line: str) -> None:
    # Ids are long and are copied from here: the terminal may wrap them, we do not.
    _console.print(line, highlight=False, markup=False, soft_wrap=True)


@app.command()
def use(
    space: Annotated[str, typer.Argument(help="Id of the space, as `spaces list` shows it.")],
    force: Annotated[bool, typer.Option(help="Although it lacks vectors: what lacks one is then not found.")] = False,
) -> None:
    """Have readers compare in this space from now on, in one step. Refused while it is not complete."""
    with _engine() as engine, engine.begin() as connection:
        state = use_space(connection, space, force=force)
    lacking = f", which lacks {state.missing} vectors" if state.missing else ""
    said = "Readers use it already" if state.is_current else f"Readers now use the {state.space.modality} space"
    _say(f"{said}: {space}{lacking}")


@app.command()
def prune(
    space: Annotated[str, typer.Argument(help="Id of the space, as `spaces list` shows it.")],
) -> None:
    """Remove the vectors, indexes and settings of a space that readers do not use."""
    with _engine() as engine:
        pruned = prune_space(engine, space)
    for name, rows in pruned.rows.items():
        if rows:
            _say(f"{name}: {rows} rows removed")
    _say(f"indexes dropped: {len(pruned.indexes)}")
    if not pruned.forgotten:
        _say("It stays registered: tastes or recommendations made in it are kept.")
