"""How much of the exact answer an HNSW index finds, and how fast, at each `ef_search`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql
from sqlalchemy import Connection

from resources.spaces import VECTOR_TABLES, EmbeddingSpace
from resources.vector_index.policy import EF_LADDER, MEASURED_K
from resources.vectors import vector_blocks
from resources.vectors.binary_copy import copy_out, driver_connection

_SEED: Final = 20
_TURN: Final = 0.95  # cosine between a query and the stored vector it was made from
_SAME: Final = 2e-6  # float32 products summed in another order
_WARM_UP: Final = 5


@dataclass(frozen=True, slots=True)
class LadderStep:
    """What one value of `ef_search` gave over the sample of queries.

    Attributes:
        ef_search: size of the candidate list.
        recall: mean share of the exact 20 nearest that were found; another row as near as the 20th counts.
        p50_ms: median time of a query, from the client.
        p95_ms: 95th percentile.
    """

    ef_search: int
    recall: float
    p50_ms: float
    p95_ms: float


def sample_queries(connection: Connection, space: EmbeddingSpace, count: int) -> npt.NDArray[np.float32]:
    """Queries like those of the space, the same in every process: at most (count, dim) float32 unit vectors.

    Each is a stored vector turned in a random direction to cosine 0.95 with it: near the data, as a taste's centroid
    is, and never a row of the table, whose nearest neighbour would be itself.
    """
    # Keys are hashes (SHA-256 of the file, UUIDv5 of the site): the first ones are a random sample, always the same.
    table = VECTOR_TABLES[space.modality]
    keys = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.primary_key if column.name != "space_id")
    query = sql.SQL("SELECT embedding FROM {} WHERE space_id = %(space_id)s ORDER BY {} LIMIT %(count)s").format(
        sql.Identifier(table.name), keys
    )
    _, stored = copy_out(connection, query, {"space_id": space.space_id, "count": count}, {}, space.dim)
    directions = np.random.default_rng(_SEED).standard_normal(stored.shape)
    along = np.einsum("nd,nd->n", directions, stored)[:, None]
    aside = directions - along * stored
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    turned = _TURN * stored + np.sqrt(1 - _TURN**2) * aside
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)


def exact_thresholds(
    connection: Connection, space: EmbeddingSpace, queries: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Cosine similarity of each query's 20th nearest vector, by comparing all: (q,) float32."""
    best = np.full((len(queries), MEASURED_K), -np.inf, dtype=np.float32)
    for block in vector_blocks(connection, space):
        joined = np.concatenate([best, queries @ block.T], axis=1)
        best = np.partition(joined, joined.shape[1] - MEASURED_K, axis=1)[:, -MEASURED_K:]
    thresholds: npt.NDArray[np.float32] = best.min(axis=1)
    return thresholds


def climb(
    connection: Connection,
    space: EmbeddingSpace,
    queries: npt.NDArray[np.float32],
    *,
    target: float,
    ladder: Sequence[int] = EF_LADDER,
) -> Iterator[LadderStep]:
    """Measure the values of `ef_search` in turn, and stop after the first that reaches the target recall.

    Args:
        connection: in a transaction; settings are made for it alone.
        space: with a valid index and at least 20 rows.
        queries: (q, dim).
        target: recall to reach; more than 1 measures the whole ladder.
        ladder: ascending.

    Raises:
        RuntimeError: Postgres does not use the index (then recall would be that of a scan).
    """
    thresholds = exact_thresholds(connection, space, queries)
    driver = driver_connection(connection)
    nearest = _nearest(driver, space)
    # Small tables are scanned as quickly: without this, no index would be measured.
    for name in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
        driver.execute("SELECT set_config(%s, 'off', true)", (name,))
    plan = driver.execute(sql.SQL("EXPLAIN ") + nearest, {"query": queries[0]}).fetchall()
    if not any("Index Scan using hnsw_" in line for (line,) in plan):
        raise RuntimeError("the index is not used: " + " / ".join(line for (line,) in plan))
    for ef_search in ladder:
        driver.execute("SELECT set_config('hnsw.ef_search', %s, true)", (str(ef_search),))
        step = _measure(driver, nearest, queries, thresholds, ef_search)
        yield step
        if step.recall >= target:
            return


def _measure(
    driver: psycopg.Connection[Any],
    nearest: sql.Composed,
    queries: npt.NDArray[np.float32],
    thresholds: npt.NDArray[np.float32],
    ef: int,
) -> LadderStep:
    for query in queries[:_WARM_UP]:
        driver.execute(nearest, {"query": query}).fetchall()
    found, seconds = [], []
    for query, threshold in zip(queries, thresholds, strict=True):
        started = time.perf_counter()
        rows = driver.execute(nearest, {"query": query}).fetchall()
        seconds.append(time.perf_counter() - started)
        found.append(sum(similarity >= threshold - _SAME for (similarity,) in rows) / MEASURED_K)
    p50, p95 = np.quantile(seconds, (0.5, 0.95)) * 1e3
    return LadderStep(ef, round(float(np.mean(found)), 6), round(float(p50), 2), round(float(p95), 2))


def _nearest(driver: psycopg.Connection[Any], space: EmbeddingSpace) -> sql.Composed:
    # The space stands in the statement, or a generic plan could not know that the partial index fits; a per cent sign
    # in its name must not be taken for a parameter.
    space_id = sql.Literal(space.space_id).as_string(driver).replace("%", "%%")
    return sql.SQL(
        "SELECT 1 - (embedding <=> %(query)s) FROM {table} WHERE space_id = {space_id}"
        " ORDER BY embedding::halfvec({dim}) <=> %(query)s::halfvec({dim}) LIMIT {k}"
    ).format(
        table=sql.Identifier(VECTOR_TABLES[space.modality].name),
        space_id=sql.SQL(space_id),
        dim=sql.Literal(space.dim),
        k=sql.Literal(MEASURED_K),
    )
