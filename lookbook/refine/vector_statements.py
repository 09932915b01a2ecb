"""SQL of refining that compares vectors: the nearest by index, exact similarities, and what a venue answers with.

As of `statements`, nothing said changes their text. What does is the database's own: the id and the dimension of the
current space, without which the planner cannot know that a partial index fits, and how many queries there are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    REAL,
    ColumnElement,
    Double,
    Integer,
    LargeBinary,
    TableClause,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from lookbook.refine.fact_columns import judged
from lookbook.refine.filters import missed, unknown
from lookbook.refine.refinement import MAX_DESCRIPTIONS
from lookbook.refine.statements import MAX_COMPARED, Statement
from lookbook.refine.views import photo_embeddings, summary_embeddings
from resources.binary_types.id_arrays import IdArrayType
from resources.binary_types.vectors import bound_vector
from resources.search.statement import exact_distance, in_space, index_distance, query_rows
from resources.spaces import EmbeddingSpace

MAX_EXAMPLE_PHOTOS: Final = 240
_MAX_SUMMARIES: Final = MAX_COMPARED * (MAX_DESCRIPTIONS + 1)
"""A row for each venue and description; what somebody said when they joined is one more."""


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


def nearest_photos(queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool, stating: bool) -> Statement:
    """Venues by their photographs nearest to each query, by index.

    Those of the `nearest` photographs among the `furthest` of venues that fit, and of the `nearest_stating` of venues
    that also state what is asked: one scan finds both. Binds these three numbers, the ids of what fits unless
    `among_all` do, and with `stating` the ids of what states it.

    The ids are bound, and not the condition again: with a condition the planner guesses how many will pass, and where
    it guesses a few it walks through all that do for every photograph.
    """
    return _nearest(photo_embeddings, queries, space, among_all=among_all, stating=stating)


def nearest_summaries(
    queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool, stating: bool
) -> Statement:
    """Venues by their summaries nearest to each query; likewise."""
    return _nearest(summary_embeddings, queries, space, among_all=among_all, stating=stating)


def _nearest(
    embeddings: TableClause, queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool, stating: bool
) -> Statement:
    asked, embedded = query_rows(queries), embeddings.c
    fits = true() if among_all else embedded.venue_id == any_(bindparam("fitting", type_=IdArrayType()))
    states = embedded.venue_id == any_(bindparam("stating", type_=IdArrayType())) if stating else false()
    scanned = (
        select(embedded.venue_id, states.label("states"))
        .where(in_space(embedded.space_id, space), fits)
        .order_by(index_distance(embedded.embedding, asked.c.vector, space))
        .limit(bindparam("furthest", type_=Integer))
        .subquery("scanned")
    )
    # Without an ORDER BY of its own a window takes the rows as the scan hands them on.
    place = func.row_number().over().label("place")
    stating_place = func.count().filter(scanned.c.states).over(rows=(None, 0)).label("stating_place")
    hit = select(scanned.c.venue_id, scanned.c.states, place, stating_place).lateral("hit")
    is_near = or_(
        hit.c.place <= bindparam("nearest", type_=Integer),
        and_(hit.c.states, hit.c.stating_place <= bindparam("nearest_stating", type_=Integer)),
    )
    return select(hit.c.venue_id).distinct().select_from(asked.join(hit, true())).where(is_near).limit(MAX_COMPARED)


@lru_cache(maxsize=64)  # building it takes milliseconds
def photo_similarities(queries: int, space: EmbeddingSpace) -> Statement:
    """Each venue's photographs' products with the queries, and how well its facts meet what is asked.

    Negative inner products: of unit vectors the cosine similarity with its sign turned, at a third of the arithmetic.
    `products` has four bytes (float32, the highest first) for each photograph and query, the queries of a photograph
    side by side; null for a venue without photographs. Arrays or rows would take longer to read than to compute.

    Binds query_0 to query_{n-1}, compared, filter_values, preference_values.
    """
    embedded, venue_id = photo_embeddings.c, judged().c.venue_id
    compared = (
        select(venue_id, unknown().label("unknown"), missed().label("missed"))
        .where(venue_id == any_(bindparam("compared", type_=IdArrayType())))
        .limit(MAX_COMPARED)
        .cte("compared")
        .prefix_with("MATERIALIZED")
    )
    # One venue at a time: joined as a whole, the planner would sort all vectors for the groups.
    products = (
        select(_joined_products(queries))
        .where(embedded.venue_id == compared.c.venue_id, in_space(embedded.space_id, space))
        .correlate(compared)
        .scalar_subquery()
    )
    found: ColumnElement[Any] = products if queries else null()
    return select(*compared.c, found.label("products")).order_by(compared.c.venue_id).limit(MAX_COMPARED)


@lru_cache(maxsize=64)
def shown_photos(queries: int, space: EmbeddingSpace) -> Statement:
    """The photographs of venues, and in the same order their `products`. Binds query_0 to query_{n-1}, venue_ids."""
    embedded = photo_embeddings.c
    shown = select(func.unnest(bindparam("venue_ids", type_=ARRAY(Uuid))).label("venue_id")).cte("shown")
    photos = (
        select(func.array_agg(embedded.photo_id, type_=ARRAY(Text)).label("photo_ids"),
               _joined_products(queries).label("products"))
        .where(embedded.venue_id == shown.c.venue_id, in_space(embedded.space_id, space))
        .lateral("photos")
    )  # fmt: skip
    return (
        select(shown.c.venue_id, photos.c.photo_ids, photos.c.products)
        .select_from(shown.join(photos, true()))
        .where(photos.c.photo_ids.is_not(None))
        .limit(MAX_COMPARED)
    )


def _joined_products(queries: int) -> ColumnElement[bytes]:
    nothing = literal(b"", LargeBinary)
    of_photo: ColumnElement[bytes] = nothing
    for number in range(queries):
        product: ColumnElement[float] = photo_embeddings.c.embedding.op("<#>", return_type=Double())(
            bound_vector(f"query_{number}")
        )
        of_photo = of_photo.op("||", return_type=LargeBinary())(func.float4send(cast(product, REAL)))
    return func.string_agg(of_photo, nothing, type_=LargeBinary)


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
        .limit(_MAX_SUMMARIES)
    )


def _among(name: str, of: Any) -> ColumnElement[Any]:
    return any_(bindparam(name, type_=ARRAY(of)))
