"""SQL of refining about people, what they like, and which venues fit; `vector_statements` has what compares vectors.

Those two modules, and `catalogue`, hold every statement that refining sends. Nothing said changes their text: words and
numbers are bound values. Each has a LIMIT, and `bounds` makes none run for long.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lookbook.refine.fact_columns import judged
from lookbook.refine.filters import fits, states
from lookbook.refine.views import (
    VENUE_FACTS,
    embedding_spaces,
    index_settings,
    people,
    ratings,
    recommendations,
    taste_clusters,
    venues,
)
from resources.binary_types.id_arrays import sent

Statement = Select[Any]

MAX_TASTES: Final = 64
MAX_COMPARED: Final = 50_000
"""Venues that are counted and compared at most; all that fit are compared where there is no index."""
MAX_STORED: Final = 1_000
MAX_SCANNED: Final = 40_000
"""Photographs that one scan of an index passes by at most."""


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


@cache
def stored_list() -> Statement:
    """The venues of a person's stored list that fit, in its order. Binds user_id, filter_values."""
    listed = recommendations.c
    return (
        select(listed.venue_id)
        .join(judged(), judged().c.venue_id == listed.venue_id)
        .where(listed.user_id == bindparam("user_id", type_=Uuid), fits())
        .order_by(listed.rank)
        .limit(MAX_STORED)
    )


@cache
def fitting() -> Statement:
    """The venues that fit, and those among them that state what is asked: each as an `IdArray`'s bytes, null for none.

    Binds asks_to_state, filter_values, preference_values.
    """
    venue = judged().c.venue_id
    stating = and_(bindparam("asks_to_state", type_=Boolean), states()).label("states")
    passing = select(venue, stating).where(fits()).limit(MAX_COMPARED).subquery("passing")
    ids = func.array_agg(passing.c.venue_id)
    arrays: tuple[ColumnElement[Any], ...] = (
        sent(ids).label("ids"),
        sent(ids.filter(passing.c.states)).label("stating_ids"),
    )
    return select(*arrays).limit(1)


@cache
def fitting_count() -> Statement:
    """How many venues fit, counted up to a bound. Binds filter_values."""
    passing = select(literal_column("1")).select_from(judged()).where(fits()).limit(MAX_COMPARED).subquery("passing")
    return select(func.count()).select_from(passing).limit(1)


def venue_facts() -> Statement:
    """The facts of venues, whether they fit or not. Binds venue_ids."""
    return (
        select(*VENUE_FACTS)
        .where(venues.c.venue_id == any_(bindparam("venue_ids", type_=ARRAY(Uuid))))
        .limit(MAX_STORED)
    )
