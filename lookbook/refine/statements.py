"""Every SQL statement that refining sends. Nothing said changes their text: words and numbers are bound values.

What does change it is the database's own: the id and the dimension of the current space, without which the planner
cannot know that a partial index fits. Each statement has a LIMIT, and `bounds` makes none run for long.
"""

from __future__ import annotations

from functools import cache, lru_cache
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
    Select,
    TableClause,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.types import UserDefinedType

from lookbook.refine.filters import fits
from lookbook.refine.views import (
    embedding_spaces,
    index_settings,
    people,
    photo_embeddings,
    ratings,
    recommendations,
    summary_embeddings,
    taste_clusters,
    venues,
)
from resources.search.statement import exact_distance, in_space, index_distance, query_rows
from resources.spaces import EmbeddingSpace

Statement = Select[Any]

MAX_TASTES: Final = 64
MAX_COMPARED: Final = 50_000
"""Venues that are counted and compared at most; all that fit are compared where there is no index."""
MAX_EXAMPLE_PHOTOS: Final = 240
MAX_STORED: Final = 1_000
MAX_SCANNED: Final = 40_000
"""Photographs that one scan of an index passes by at most."""
MAX_ROWS: Final = 200_000
"""Rows of evidence: venues of a page times vectors asked with."""

_FACTS: Final = (
    venues.c.venue_id,
    venues.c.capacity_min,
    venues.c.capacity_max,
    venues.c.price_min,
    venues.c.currency,
    venues.c.price_unit,
    venues.c.setting,
    venues.c.amenities,
    venues.c.styles,
    venues.c.lat,
    venues.c.lon,
)


class _ArrayText(UserDefinedType[str]):
    """An array of ids as its text, the way `fitting` returns it: ten thousand go back without being taken apart."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_kw: object) -> str:
        """The type that Postgres reads the text as."""
        return "UUID[]"


def bounds() -> Statement:
    """For the rest of the transaction: no statement runs for long, and each is planned for its own values."""
    values = {
        "statement_timeout": "5s",
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",  # compiling takes longer than these run
    }
    set_each = (func.set_config(name, value, literal_column("true")) for name, value in values.items())
    return select(*set_each).limit(1)


def index_scan() -> Statement:
    """From now on in the transaction: how HNSW indexes are scanned, whether sorting is allowed. Binds ef_search, sort.

    A scan goes on while a filter leaves too few; relaxed order is enough, since what is found is compared exactly.
    Sorting is forbidden ("off") while an index is to be used: where a filter seems to leave little, the planner would
    rather compute and sort every distance there is.
    """
    values = {
        "hnsw.ef_search": bindparam("ef_search", type_=Text),
        "hnsw.iterative_scan": literal("relaxed_order"),
        "hnsw.max_scan_tuples": literal(str(MAX_SCANNED)),
        "enable_sort": bindparam("sort", type_=Text),
    }
    return select(*(func.set_config(name, value, literal_column("true")) for name, value in values.items())).limit(1)


def current_spaces() -> Statement:
    """The current space of each modality, with how it is searched (nulls where nobody has looked)."""
    spaces, index = embedding_spaces.c, index_settings.c
    return (
        select(spaces.space_id, spaces.modality, spaces.model, spaces.revision, spaces.dim, index.kind, index.rows,
               index.m, index.ef_construction, index.ef_search, index.target_recall, index.measured_recall,
               index.p95_ms)
        .outerjoin_from(embedding_spaces, index_settings, index.space_id == spaces.space_id)
        .where(spaces.is_current)
        .order_by(spaces.modality)
        .limit(8)
    )  # fmt: skip


def tastes() -> Statement:
    """A person's tastes in one space, liked before disliked, the heaviest first. Binds user_id, space_id."""
    columns = taste_clusters.c
    return (
        select(columns.cluster_id, columns.polarity, columns.label, columns.weight, columns.medoid_pin_id,
               columns.medoid_photo_id, columns.centroid_vector)
        .where(columns.user_id == bindparam("user_id", type_=Uuid),
               columns.space_id == bindparam("space_id", type_=Text))
        .order_by(columns.polarity.desc(), columns.weight.desc(), columns.cluster_index)
        .limit(MAX_TASTES)
    )  # fmt: skip


def preference_text() -> Statement:
    """What a person says they like. Binds user_id."""
    wanted = people.c.user_id == bindparam("user_id", type_=Uuid)
    return select(people.c.preference_text).where(wanted).limit(1)


def refused() -> Statement:
    """Venues that a person rated 0, never. Binds user_id."""
    rated = ratings.c
    mine = rated.user_id == bindparam("user_id", type_=Uuid)
    return select(rated.venue_id).where(mine, rated.rating == 0, rated.venue_id.is_not(None)).limit(MAX_STORED)


def stored_list() -> Statement:
    """The venues of a person's stored list that fit, in its order. Binds user_id and what `fits` does."""
    listed = recommendations.c
    return (
        select(listed.venue_id)
        .join(venues, venues.c.venue_id == listed.venue_id)
        .where(listed.user_id == bindparam("user_id", type_=Uuid), fits())
        .order_by(listed.rank)
        .limit(MAX_STORED)
    )


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


@cache
def fitting() -> Statement:
    """The venues that fit, up to a bound: their number, their ids as an array's text, and the first ids by themselves.

    Ids are hashes of the sites' addresses, so the first ones are a random sample that is always the same. Binds sample,
    and what `fits` does.
    """
    passing = select(venues.c.venue_id).where(fits()).limit(MAX_COMPARED).cte("passing").prefix_with("MATERIALIZED")
    first = select(passing.c.venue_id).order_by(passing.c.venue_id).limit(bindparam("sample", type_=Integer))
    return select(
        select(func.count()).select_from(passing).scalar_subquery().label("venues"),
        cast(select(func.array_agg(passing.c.venue_id)).scalar_subquery(), Text).label("ids"),
        func.array(first.scalar_subquery()).label("sample"),
    ).limit(1)


def fitting_count() -> Statement:
    """How many venues fit, counted up to a bound. Binds what `fits` does."""
    passing = select(literal_column("1")).select_from(venues).where(fits()).limit(MAX_COMPARED).subquery()
    return select(func.count()).select_from(passing).limit(1)


def nearest_photos(queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool) -> Statement:
    """Venues by their photographs nearest to each query, by index; of all, or of those given. Binds nearest, fitting.

    The ids are bound, and not the condition again: with a condition the planner guesses how many will pass, and where
    it guesses a few it walks through all that do for every photograph.
    """
    embedded = photo_embeddings.c
    among = true() if among_all else embedded.venue_id == any_(bindparam("fitting", type_=_ArrayText()))
    return _nearest(photo_embeddings, queries, space, among)


def nearest_summaries(queries: NDArray[np.float32], space: EmbeddingSpace, *, among_all: bool) -> Statement:
    """Venues by their summaries nearest to each query; likewise."""
    embedded = summary_embeddings.c
    among = true() if among_all else embedded.venue_id == any_(bindparam("fitting", type_=_ArrayText()))
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
        select(*_FACTS)
        .where(venues.c.venue_id == any_(bindparam("compared", type_=_ArrayText())))
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


def venue_facts() -> Statement:
    """The facts of venues, whether they fit or not. Binds venue_ids."""
    return select(*_FACTS).where(venues.c.venue_id == _among("venue_ids", Uuid)).limit(MAX_STORED)


def _among(name: str, of: Any) -> ColumnElement[Any]:
    return any_(bindparam(name, type_=ARRAY(of)))
