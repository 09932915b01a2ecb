"""HNSW indexes in Postgres' catalogue: finding, building and dropping those of one space, without blocking writers.

Which index a space should have is decided in `policy` and `upkeep`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text

from resources.errors import SetupError
from resources.spaces import VECTOR_TABLES, EmbeddingSpace
from resources.vector_index.policy import PATIENCE_S, IndexPolicy
from resources.vectors.binary_copy import driver_connection

APPLICATION_NAME: Final = "venue-taste index"
"""What `pg_stat_activity` calls a session that builds or drops indexes."""

_CLIENT_IS_LOOKED_FOR: Final = "1s"
_LOOK_AGAIN_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """An index of the catalogue.

    Attributes:
        name: of the relation, in the tables' schema.
        is_valid: false for what a build that was killed leaves behind: never read, but kept up to date by every write.
        m: its parameter.
        ef_construction: its parameter.
        megabytes: its size on disk.
    """

    name: str
    is_valid: bool
    m: int
    ef_construction: int
    megabytes: float


@contextmanager
def autocommit(engine: Engine) -> Iterator[Connection]:
    """A connection without a transaction, which the CONCURRENTLY commands need."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def only_maintainer(connection: Connection, space_id: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the right to build and drop indexes of this space; `connection` is in autocommit.

    A process that is killed while it builds leaves a server process behind that knows nothing of it, goes on and
    keeps the right. So the server is told to look each second whether its client is still there; the next to come
    waits for that.

    Args:
        connection: keeps the right until the block ends or it is closed, for whatever reason.
        space_id: whose indexes.
        patience_s: seconds to wait while another session has the right.

    Raises:
        SetupError: it still has; the message says which session, and how far it is.
    """
    key = {"name": f"vector_index {space_id}"}
    settings = {"application_name": APPLICATION_NAME, "client_connection_check_interval": _CLIENT_IS_LOOKED_FOR}
    with session_settings(connection, settings) as driver:
        deadline = time.monotonic() + patience_s
        # Waiting inside a statement would hold a snapshot, which the other's CREATE INDEX CONCURRENTLY would wait for.
        while not connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), key):
            if time.monotonic() >= deadline:
                raise _busy(connection, space_id, key)
            time.sleep(_LOOK_AGAIN_S)
        try:
            yield
        finally:
            if not driver.closed:  # a connection that broke has lost the right already
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), key)


def _busy(connection: Connection, space_id: str, key: dict[str, str]) -> SetupError:
    holder = connection.execute(
        # A lock on one number shows it as two halves.
        text(
            "SELECT l.pid, a.application_name, a.query_start::timestamp(0) AS since, p.phase,"
            " round(100.0 * p.tuples_done / nullif(p.tuples_total, 0)) AS percent"
            " FROM pg_locks l JOIN pg_stat_activity a USING (pid) LEFT JOIN pg_stat_progress_create_index p USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
            " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(:name, 0)"
        ),
        key,
    ).one_or_none()
    problem = f"the index of {space_id!r} is being built by another process"
    if holder is None:  # it ended while we looked
        return SetupError(problem, "run this again")
    doing = "at work" if holder.phase is None else holder.phase
    part = "" if holder.percent is None else f", {holder.percent} %"
    return SetupError(
        f"{problem}: server process {holder.pid} ({holder.application_name or 'unnamed'}), {doing}{part}, in this "
        f"statement since {holder.since}",
        f"wait for that run; or, if it is none of yours, end it: SELECT pg_terminate_backend({holder.pid})",
    )


def indexes_of(connection: Connection, space_id: str) -> list[BuiltIndex]:
    """The space's HNSW indexes, oldest first, those left invalid by a killed build included."""
    rows = connection.execute(
        text(
            "SELECT c.relname, i.indisvalid, pg_relation_size(c.oid) / 1e6 AS megabytes,"
            " (SELECT option_value::int FROM pg_options_to_table(c.reloptions) WHERE option_name = 'm') AS m,"
            " (SELECT option_value::int FROM pg_options_to_table(c.reloptions)"
            "  WHERE option_name = 'ef_construction') AS ef_construction"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = ANY(CAST(:tables AS regclass[])) AND starts_with(c.relname, :prefix) ORDER BY c.oid"
        ),
        {"tables": [table.name for table in VECTOR_TABLES.values()], "prefix": _prefix(space_id)},
    )
    return [BuiltIndex(row.relname, row.indisvalid, row.m, row.ef_construction, float(row.megabytes)) for row in rows]


def build_index(connection: Connection, space: EmbeddingSpace, policy: IndexPolicy, rows: int) -> BuiltIndex:
    """Build a further HNSW index of the space; writers and readers go on meanwhile. `connection` is in autocommit.

    Partial, on the space's rows; half precision, which halves its size at no loss that recall shows.

    Raises:
        SetupError: the server lacks the memory for it.
    """
    taken = {index.name for index in indexes_of(connection, space.space_id)}
    name = next(name for number in range(len(taken) + 1) if (name := f"{_prefix(space.space_id)}{number}") not in taken)
    create = sql.SQL(
        "CREATE INDEX CONCURRENTLY {name} ON {table} USING hnsw ((embedding::halfvec({dim})) halfvec_cosine_ops)"
        " WITH (m = {m}, ef_construction = {ef_construction}) WHERE space_id = {space_id}"
    ).format(
        name=sql.Identifier(name),
        table=sql.Identifier(VECTOR_TABLES[space.modality].name),
        dim=sql.Literal(space.dim),
        m=sql.Literal(policy.m),
        ef_construction=sql.Literal(policy.ef_construction),
        space_id=sql.Literal(space.space_id),
    )
    megabytes = policy.maintenance_mb(rows, space.dim)
    settings = {
        "maintenance_work_mem": f"{megabytes}MB",
        "max_parallel_maintenance_workers": str(policy.build_workers),
        "statement_timeout": "0",  # a role's is meant for queries, not for a build
    }
    with session_settings(connection, settings) as driver:
        try:
            driver.execute(create)
        except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory) as error:
            raise SetupError(
                f"the server has no {megabytes} MB of (shared) memory or disk for building an index: {error}",
                "lower INDEX_BUILD_MEMORY_MB, set INDEX_BUILD_WORKERS=0, or give the server more (Docker: --shm-size)",
            ) from error
    return next(index for index in indexes_of(connection, space.space_id) if index.name == name)


def drop_index(connection: Connection, name: str) -> None:
    """Drop an index without blocking readers; `connection` is in autocommit."""
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name))
    driver_connection(connection).execute(drop)


@contextmanager
def session_settings(connection: Connection, values: Mapping[str, str]) -> Iterator[psycopg.Connection[Any]]:
    """Settings of the server for the block, on a connection in autocommit that goes back to a pool afterwards."""
    driver = driver_connection(connection)
    try:
        for name, value in values.items():
            driver.execute("SELECT set_config(%s, %s, false)", (name, value))
        yield driver
    finally:
        if not driver.closed:
            for name in values:
                driver.execute(sql.SQL("RESET {}").format(sql.Identifier(name)))


def _prefix(space_id: str) -> str:
    # Index names have 63 bytes, space ids have no limit.
    return f"hnsw_{hashlib.blake2b(space_id.encode(), digest_size=8).hexdigest()}_"
