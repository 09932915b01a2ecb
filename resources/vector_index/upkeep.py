"""Bringing a space's index to what the policy wants, and its settings to what was measured."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from resources.spaces import VECTOR_TABLES, EmbeddingSpace
from resources.vector_index.building import BuiltIndex, autocommit, build_index, drop_index, indexes_of, only_maintainer
from resources.vector_index.measuring import LadderStep, climb, sample_queries
from resources.vector_index.policy import IndexPolicy
from resources.vector_index.stored import IndexSettings, store_settings, stored_settings


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What `maintain_index` found and did.

    Attributes:
        space_id: whose index.
        settings: as stored now.
        build_seconds: of the index that was built; None when none was.
        dropped: names of indexes that were dropped: superseded, left invalid, or not wanted at this size.
        steps: what was measured, smallest `ef_search` first; empty when the stored measurement still holds.
        megabytes: size of the index; 0 when exact.
        rows_written: in `index_settings`.
    """

    space_id: str
    settings: IndexSettings
    build_seconds: float | None
    dropped: tuple[str, ...]
    steps: tuple[LadderStep, ...]
    megabytes: float
    rows_written: int


def maintain_index(engine: Engine, space: EmbeddingSpace, policy: IndexPolicy) -> IndexReport:
    """Give the space the index it should have, measured. Does nothing when all is as it should be.

    No transaction of the caller may be open on the space's table: CREATE INDEX CONCURRENTLY waits for it.

    Raises:
        SetupError: another process is at it and stays so, or the server lacks memory for the build.
    """
    with autocommit(engine) as connection, only_maintainer(connection, space.space_id, policy.patience_s):
        rows = _count(connection, space)
        found = indexes_of(connection, space.space_id)
        # What a killed build left is no use to readers and a cost to every write.
        dropped = [index.name for index in found if not index.is_valid]
        for name in dropped:
            drop_index(connection, name)
        valid = [index for index in found if index.is_valid]
        if not policy.is_indexed(rows, space.dim):
            return _without_index(engine, connection, space, policy, rows, valid, dropped)
        index = next((one for one in valid if (one.m, one.ef_construction) == (policy.m, policy.ef_construction)), None)
        seconds = None
        if index is None:
            started = time.perf_counter()
            index = build_index(connection, space, policy, rows)
            seconds = time.perf_counter() - started
        # Only now: until its successor is valid, readers use the old one.
        superseded = [one.name for one in valid if one.name != index.name]
        for name in superseded:
            drop_index(connection, name)
        return _measured(engine, space, policy, rows, index, seconds, (*dropped, *superseded))


def _without_index(
    engine: Engine,
    connection: Connection,
    space: EmbeddingSpace,
    policy: IndexPolicy,
    rows: int,
    valid: list[BuiltIndex],
    dropped: list[str],
) -> IndexReport:
    settings = IndexSettings("exact", rows, None, None, None, policy.target_recall, 1.0, None)
    with engine.begin() as transaction:
        written = store_settings(transaction, space.space_id, settings)
    for index in valid:
        drop_index(connection, index.name)
    gone = (*dropped, *(index.name for index in valid))
    return IndexReport(space.space_id, settings, None, gone, (), 0.0, written.inserted + written.updated)


def _measured(
    engine: Engine,
    space: EmbeddingSpace,
    policy: IndexPolicy,
    rows: int,
    index: BuiltIndex,
    seconds: float | None,
    dropped: tuple[str, ...],
) -> IndexReport:
    with engine.begin() as connection:
        known = stored_settings(connection, space.space_id)
        if known is not None and seconds is None and _holds(known, policy, rows):
            return IndexReport(space.space_id, known, None, dropped, (), index.megabytes, 0)
        queries = sample_queries(connection, space, policy.queries)
        steps = tuple(climb(connection, space, queries, target=policy.target_recall))
        # The last step is the smallest that reached the target or, when none did, the best there is.
        chosen = steps[-1]
        settings = IndexSettings(
            "hnsw", rows, policy.m, policy.ef_construction, chosen.ef_search, policy.target_recall,
            chosen.recall, chosen.p95_ms,
        )  # fmt: skip
        written = store_settings(connection, space.space_id, settings)
    changed = written.inserted + written.updated
    return IndexReport(space.space_id, settings, seconds, dropped, steps, index.megabytes, changed)


def _holds(known: IndexSettings, policy: IndexPolicy, rows: int) -> bool:
    same = (known.kind, known.m, known.ef_construction, known.target_recall) == (
        "hnsw", policy.m, policy.ef_construction, policy.target_recall,
    )  # fmt: skip
    return same and not policy.is_outgrown(rows, known.rows)


def _count(connection: Connection, space: EmbeddingSpace) -> int:
    table = VECTOR_TABLES[space.modality]
    return connection.scalar(select(func.count()).select_from(table).where(table.c.space_id == space.space_id)) or 0
