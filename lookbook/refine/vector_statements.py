"""SQL of refining that compares vectors: the nearest by index, exact similarities, and what a venue answers with.

As of `statements`, nothing said changes their text. What does is the database's own: the id and the dimension of the
current space, without which the planner cannot know that a partial index fits, and how many queries there are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import (
    REAL,
    ColumnElement,
    Double,
    Integer,
    LargeBinary,
    TableClause,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from lookbook.refine.statements import MAX_COMPARED, Statement
from lookbook.refine.views import VENUE_FACTS, photo_embeddings, summary_embeddings, venues
from resources.search.id_array import IdArrayType
from resources.search.statement import exact_distance, in_space, index_distance, query_rows
from resources.spaces import EmbeddingSpace

MAX_EXAMPLE_PHOTOS: Final = 240
MAX_ROWS: Final = 200_000
"""Rows of evidence: venues of a page times vectors asked with."""


def example_vectors() -> Statement:
    """Vectors of examples' photographs, in the sites' order. Binds venue_ids, photo_ids, space_id."""
    embedded = photo_embeddings.c
    wanted = or_(embedded.venue_id == _among("venue_ids", Uuid), embedded.photo_id == _among("photo_ids", Text))
    return (
        select(embedded.venue_id, embedded.photo_id, embedded.embedding)
        .where(embedded.space_id == bindparam("space_id", type_=Text), wanted)
        .order_by(embedded.position, embedded.venue_id, embedded.photo_id)
        .limit(MAX_EXAMPLE_PHOTOS)
    )


def nearest_photos(queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool) -> Statement:
    """Venues by their photographs nearest to each query, by index; of all, or of those given. Binds nearest, fitting.

    The ids are bound, and not the condition again: with a condition the planner guesses how many will pass, and where
    it guesses a few it walks through all that do for every photograph.
    """
    embedded = photo_embeddings.c
    among = true() if among_all else embedded.venue_id == any_(bindparam("fitting", type_=IdArrayType()))
    return _nearest(photo_embeddings, queries, space, among)


def nearest_summaries(queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool) -> Statement:
    """Venues by their summaries nearest to each query; likewise."""
    embedded = summary_embeddings.c
    among = true() if among_all else embedded.venue_id == any_(bindparam("fitting", type_=IdArrayType()))
    return _nearest(summary_embeddings, queries, space, among)


def _nearest(
    embeddings: TableClause, queries: NDArray[np.float32], space: EmbeddingSpace, among: ColumnElement[bool]
) -> Statement:
    asked, embedded = query_rows(queries), embeddings.c
    nearest = (
        select(embedded.venue_id)
        .where(in_space(embedded.space_id, space), among)
        .order_by(index_distance(embedded.embedding, asked.c.vector, space))
        .limit(bindparam("nearest", type_=Integer))
        .lateral("hit")
    )
    return select(nearest.c.venue_id).distinct().select_from(asked.join(nearest, true())).limit(MAX_COMPARED)


@lru_cache(maxsize=64)  # building it takes milliseconds
def photo_similarities(queries: int, space: EmbeddingSpace) -> Statement:
    """Each venue's facts, and its photographs' products with the queries. Binds query_0 to query_{n-1}, compared.

    Negative inner products: of unit vectors the cosine similarity with its sign turned, at a third of the arithmetic.
    `products` has four bytes (float32, the highest first) for each photograph and query, the queries of a photograph
    side by side; null for a venue without photographs. Arrays or rows would take longer to read than to compute.
    """
    embedded = photo_embeddings.c
    compared = (
        select(*VENUE_FACTS)
        .where(venues.c.venue_id == any_(bindparam("compared", type_=IdArrayType())))
        .limit(MAX_COMPARED)
        .cte("compared")
        .prefix_with("MATERIALIZED")
    )
    of_photo: ColumnElement[bytes] = literal(b"", LargeBinary)
    for number in range(queries):
        query = cast(bindparam(f"query_{number}", type_=Text), VECTOR())
        product: ColumnElement[float] = embedded.embedding.op("<#>", return_type=Double())(query)
        of_photo = of_photo.op("||", return_type=LargeBinary())(func.float4send(cast(product, REAL)))
    # One venue at a time: joined as a whole, the planner would sort all vectors for the groups.
    products = (
        select(func.string_agg(of_photo, literal(b"", LargeBinary), type_=LargeBinary))
        .where(embedded.venue_id == compared.c.venue_id, in_space(embedded.space_id, space))
        .correlate(compared)
        .scalar_subquery()
    )
    found: ColumnElement[Any] = products if queries else null()
    return select(*compared.c, found.label("products")).order_by(compared.c.venue_id).limit(MAX_COMPARED)


def summary_similarities(queries: NDArray[np.float32], space: EmbeddingSpace) -> Statement:
    """For each venue and query the nearest summary: its field and cosine distance. Binds venue_ids."""
    asked, embedded = query_rows(queries), summary_embeddings.c
    distance = exact_distance(embedded.embedding, asked.c.vector)
    return (
        select(embedded.venue_id, asked.c.number, embedded.field, distance.label("distance"))
        .ext(distinct_on(embedded.venue_id, asked.c.number))
        .select_from(summary_embeddings)
        .join(asked, true())
        .where(embedded.venue_id == _among("venue_ids", Uuid), in_space(embedded.space_id, space))
        .order_by(embedded.venue_id, asked.c.number, distance, embedded.field)
        .limit(MAX_ROWS)
    )


def best_photos(queries: NDArray[np.float32], space: EmbeddingSpace) -> Statement:
    """For each venue and query the nearest photograph with its cosine distance. Binds venue_ids."""
    asked, embedded = query_rows(queries), photo_embeddings.c
    shown = select(func.unnest(bindparam("venue_ids", type_=ARRAY(Uuid))).label("venue_id")).cte("shown")
    distance = exact_distance(embedded.embedding, asked.c.vector).label("distance")
    nearest = (
        select(embedded.photo_id, distance)
        .where(embedded.venue_id == shown.c.venue_id, in_space(embedded.space_id, space))
        .order_by(distance, embedded.photo_id)
        .limit(1)
        .lateral("hit")
    )
    return (
        select(shown.c.venue_id, asked.c.number, nearest.c.photo_id, nearest.c.distance)
        .select_from(shown.join(asked, true()).join(nearest, true()))
        .limit(MAX_ROWS)
    )


def _among(name: str, of: Any) -> ColumnElement[Any]:
    return any_(bindparam(name, type_=ARRAY(of)))
