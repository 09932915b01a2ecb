"""Asset checks of tastes: do weights sum to 1, are vectors comparable, has every cluster its evidence, is all current.

What the tables' own constraints can refuse they refuse when it is written; these checks look at what is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, func, or_, select

from resources.schema import UNIT_TOLERANCE, taste_clusters, taste_states, users
from resources.spaces import EmbeddingSpace
from taste_assets.taste_due import due_users, users_lacking_evidence

WEIGHT_TOLERANCE: Final = 1e-6
"""How far a person's weights of one polarity may sum from 1."""

_LISTED: Final = 20

TASTE_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "weights_sum_to_one", asset="taste_clusters", blocking=True,
        description="The weights of a person's clusters sum to 1 in each polarity.",
    ),
    dg.AssetCheckSpec(
        "taste_vectors_sound", asset="taste_clusters", blocking=True,
        description="Centroids and medoids are unit vectors of the space that their person was clustered in.",
    ),
    dg.AssetCheckSpec(
        "no_orphan_clusters", asset="taste_clusters", blocking=True,
        description="Every person with clusters has a state that counts them, and every cluster the members it counts.",
    ),
    dg.AssetCheckSpec(
        "clusters_current", asset="taste_clusters", blocking=True,
        description="Nobody whom the run saw is still due; people who changed while it ran are for the next run.",
    ),
]  # fmt: skip
"""Checks that `taste_clusters` reports, over the buckets it was about."""


def no_space_results() -> Iterator[dg.AssetCheckResult]:
    """Results where no image space is current, and so nobody has a taste that could be wrong."""
    for spec in TASTE_CHECKS:
        yield dg.AssetCheckResult(
            check_name=spec.name, asset_key=spec.asset_key, passed=True, description="no image space is current yet"
        )


def taste_check_results(
    connection: Connection,
    space: EmbeddingSpace,
    method_id: str,
    buckets: Sequence[int],
    read: Mapping[uuid.UUID, int],
) -> Iterator[dg.AssetCheckResult]:
    """Results of `TASTE_CHECKS` for the people of these buckets as they stand in the database.

    Args:
        connection: to the tables.
        space: the current image space.
        method_id: `TasteOptions.method_id()`.
        buckets: user buckets.
        read: each person's `taste_version` as the run last read it.
    """
    yield _result("weights_sum_to_one", _wrong_sums(connection, buckets))
    yield _result("taste_vectors_sound", _wrong_vectors(connection, buckets))
    yield _result("no_orphan_clusters", _orphans(connection, buckets))
    due = due_users(connection, space.space_id, method_id, buckets)
    yield _result("clusters_current", [user_id for user_id, version in due.items() if read.get(user_id) == version])


def _wrong_sums(connection: Connection, buckets: Sequence[int]) -> list[uuid.UUID]:
    query = (
        select(taste_clusters.c.user_id)
        .join(users, users.c.user_id == taste_clusters.c.user_id)
        .where(users.c.bucket.in_(buckets))
        .group_by(taste_clusters.c.user_id, taste_clusters.c.polarity)
        .having(func.abs(func.sum(taste_clusters.c.weight) - 1) > WEIGHT_TOLERANCE)
    )
    return list(connection.scalars(query))


def _wrong_vectors(connection: Connection, buckets: Sequence[int]) -> list[uuid.UUID]:
    cluster = taste_clusters.c
    # A NaN is greater than every number in Postgres, so it is among the wrong norms.
    wrong = [
        or_(func.vector_dims(vector) != cluster.dim, func.abs(func.vector_norm(vector) - 1) > UNIT_TOLERANCE)
        for vector in (cluster.centroid_vector, cluster.medoid_vector)
    ]
    query = (
        select(cluster.user_id)
        .distinct()
        .join(users, users.c.user_id == cluster.user_id)
        .join(taste_states, taste_states.c.user_id == cluster.user_id)
        .where(users.c.bucket.in_(buckets), or_(*wrong, cluster.space_id != taste_states.c.space_id))
    )
    return list(connection.scalars(query))


def _orphans(connection: Connection, buckets: Sequence[int]) -> list[uuid.UUID]:
    counted = (
        select(taste_clusters.c.user_id, func.count().label("clusters")).group_by(taste_clusters.c.user_id).subquery()
    )
    state = taste_states.c
    miscounted = (
        select(users.c.user_id)
        .outerjoin(counted, counted.c.user_id == users.c.user_id)
        .outerjoin(taste_states, state.user_id == users.c.user_id)
        .where(
            users.c.bucket.in_(buckets),
            func.coalesce(counted.c.clusters, 0) != func.coalesce(state.cluster_count, 0),
        )
    )
    return [*connection.scalars(miscounted), *users_lacking_evidence(connection, buckets)]


def _result(check: str, wrong: Sequence[uuid.UUID]) -> dg.AssetCheckResult:
    people = sorted({str(user_id) for user_id in wrong})
    metadata: dict[str, Any] = {"people": len(people), "which": dg.MetadataValue.json(people[:_LISTED])}
    return dg.AssetCheckResult(
        check_name=check, asset_key="taste_clusters", passed=not people,
        severity=dg.AssetCheckSeverity.ERROR, metadata=metadata,
    )  # fmt: skip
