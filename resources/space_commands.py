"""`venue-taste spaces`: embedding spaces by hand. Thin: the work is in `spaces` and `vector_index`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from resources.database import connect, database
from resources.migrate import prepare
from resources.settings import load_settings
from resources.spaces import registered_spaces, space_state, use_space
from resources.vector_index import prune_space, stored_settings

app = typer.Typer(help="Embedding spaces: list, change the one readers use, remove an old one.", no_args_is_help=True)
_console = Console()


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
    table = Table("", "space", "kind", "model", "revision", "dim", "vectors", "missing", "search", "recall@20")
    with _engine() as engine, engine.connect() as connection:
        for space in registered_spaces(connection):
            state = space_state(connection, space)
            index = stored_settings(connection, space.space_id)
            search = "" if index is None else index.kind if index.ef_search is None else f"hnsw, ef {index.ef_search}"
            recall = "" if index is None else f"{index.measured_recall:.3f}"
            filled = (space.dim, state.vectors, state.missing)
            mark = "*" if state.is_current else ""
            names = (mark, space.space_id, space.modality, space.model, space.revision)
            table.add_row(*names, *map(str, filled), search, recall)
    _console.print(table)


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
    _console.print(f"{said}: {space}{lacking}", highlight=False, markup=False)


@app.command()
def prune(
    space: Annotated[str, typer.Argument(help="Id of the space, as `spaces list` shows it.")],
) -> None:
    """Remove the vectors, indexes and settings of a space that readers do not use."""
    with _engine() as engine:
        pruned = prune_space(engine, space)
    for name, rows in pruned.rows.items():
        if rows:
            _console.print(f"{name}: {rows} rows removed", highlight=False)
    _console.print(f"indexes dropped: {len(pruned.indexes)}", highlight=False)
    if not pruned.forgotten:
        _console.print("It stays registered: tastes or recommendations made in it are kept.", highlight=False)
