"""What the search statements share: query vectors as rows, distances, and the settings of an index scan."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pgvector.sqlalchemy import HALFVEC, VECTOR
from sqlalchemy import ColumnElement, Connection, Double, Text, bindparam, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import TableValuedAlias

from resources.spaces import EmbeddingSpace
from resources.vector_index import IndexSettings
from resources.vector_index.policy import MAX_EF_SEARCH

_SCANNED_PER_HIT: Final = 200
_MIN_SCANNED: Final = 20_000  # pgvector's default of hnsw.max_scan_tuples


def query_rows(queries: npt.NDArray[np.float32]) -> TableValuedAlias:
    """The query vectors as a table of `vector` and `number`, counted from 1: one round trip for all."""
    vectors = cast(bindparam("queries", list(map(vector_text, queries)), ARRAY(Text)), ARRAY(VECTOR()))
    unnested = func.unnest(vectors).table_valued(column("vector", VECTOR()), with_ordinality="number")
    return unnested.render_derived(name="queries")


def vector_text(vector: npt.NDArray[np.float32]) -> str:
    """A float32 vector as Postgres reads it: nine digits lose nothing, and take a third of repr's time."""
    return "[" + ",".join(["%.9g"] * len(vector)) % tuple(vector.tolist()) + "]"


def exact_distance(embedding: ColumnElement[Any], query: ColumnElement[Any]) -> ColumnElement[float]:
    """Cosine distance of the float32 vectors, 0 to 2."""
    return embedding.op("<=>", return_type=Double())(query)


def index_distance(
    embedding: ColumnElement[Any], query: ColumnElement[Any], space: EmbeddingSpace
) -> ColumnElement[float]:
    """Cosine distance in half precision, written as the index is: ordering by it may use the index."""
    return cast(embedding, HALFVEC(space.dim)).op("<=>", return_type=Double())(cast(query, HALFVEC(space.dim)))


def in_space(space_id: ColumnElement[str], space: EmbeddingSpace) -> ColumnElement[bool]:
    """The row belongs to the space. Written into the statement, so that the planner sees the partial index fits."""
    return space_id == bindparam("space_id", space.space_id, Text, literal_execute=True)


def fetched(k: int) -> int:
    """How many rows an index scan returns so that the exact distance can decide which are the k nearest.

    The index orders in half precision, where cosines that differ by about 0.0001 may change places.
    """
    return k + k // 4 + 8


def set_index_scan(connection: Connection, settings: IndexSettings, k: int) -> None:
    """For the rest of the transaction: scan the index as measured, and go on while a filter leaves fewer than k rows.

    Relaxed order is enough, since the rows found are sorted by their exact distance.
    """
    values = {
        "hnsw.ef_search": min(max(settings.ef_search or 0, fetched(k)), MAX_EF_SEARCH),
        "hnsw.iterative_scan": "relaxed_order",
        "hnsw.max_scan_tuples": max(_MIN_SCANNED, _SCANNED_PER_HIT * k),
    }
    connection.execute(
        select(*(func.set_config(name, str(value), literal_column("true")) for name, value in values.items()))
    )
