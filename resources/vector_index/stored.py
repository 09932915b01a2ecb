"""The table `index_settings`: what search must know of a space's index, and how well it was seen to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from resources.schema import index_settings
from resources.sync import Written, sync_rows

Kind = Literal["exact", "hnsw"]


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """One row of `index_settings`.

    Attributes:
        kind: "exact": every vector is compared; "hnsw": by index.
        rows: vectors in the space when this was found out.
        m: of the index; None when exact.
        ef_construction: of the index; None when exact.
        ef_search: smallest value that reached the target, or the largest tried; None when exact.
        target_recall: what was asked for.
        measured_recall: mean recall@20 at `ef_search`; 1 when exact.
        p95_ms: 95th percentile of a query's time at `ef_search`, from the client; None when exact.
    """

    kind: Kind
    rows: int
    m: int | None
    ef_construction: int | None
    ef_search: int | None
    target_recall: float
    measured_recall: float
    p95_ms: float | None


_COLUMNS = (
    index_settings.c.kind,
    index_settings.c.rows,
    index_settings.c.m,
    index_settings.c.ef_construction,
    index_settings.c.ef_search,
    index_settings.c.target_recall,
    index_settings.c.measured_recall,
    index_settings.c.p95_ms,
)


def stored_settings(connection: Connection, space_id: str) -> IndexSettings | None:
    """How the space is searched; None while no index asset has looked at it."""
    row = connection.execute(select(*_COLUMNS).where(index_settings.c.space_id == space_id)).mappings().one_or_none()
    return None if row is None else IndexSettings(**row)


def store_settings(connection: Connection, space_id: str, settings: IndexSettings) -> Written:
    """Make `settings` the space's only row; nothing is written when they are that already."""
    row = {column.name: getattr(settings, column.name) for column in _COLUMNS}
    wanted = {"space_id": space_id, **row, "built_at": connection.scalar(select(func.now()))}
    return sync_rows(
        connection, index_settings, index_settings.c.space_id == space_id, [wanted], ignore=frozenset({"built_at"})
    )
