"""The asset `taste_importance`: the weights of clusters as of today, without clustering anybody again.

With one rate of decay for everything, all of a person's pins lose the same share of their weight in a day, so weights
that sum to 1 stay as they are; what this changes is a person with dates in the future (which count as now), and
everybody when the rate is changed. A day on which neither happens writes nothing.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import dagster as dg
import numpy as np
from sqlalchemy import Connection, Row, bindparam, func, select, update

from resources.database_resource import DatabaseResource
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, describe_partitions
from resources.schema import taste_cluster_members, taste_clusters, users
from taste_assets.model.importance import cluster_weights, decayed
from taste_assets.taste_finding import SECONDS_PER_DAY
from taste_assets.taste_options import TasteOptions
from taste_assets.taste_store import MOVED


@dg.asset(
    deps=["taste_clusters"],
    group_name="taste",
    kinds={"postgres", "numpy"},
    owners=["team:venue-taste"],
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def taste_importance(
    context: dg.AssetExecutionContext, database: DatabaseResource, taste_options: TasteOptions
) -> dg.MaterializeResult[None]:
    """How much each taste of a person counts, by the number and age of its pictures; the clusters stay as they are."""
    now = datetime.now(UTC)
    described = {}
    for key in context.partition_keys:
        with database.engine.begin() as connection:
            looked_at, changed = refresh_weights(connection, int(key), now, taste_options.decay_per_day)
        described[key] = {"clusters": dg.MetadataValue.int(looked_at), "changed": dg.MetadataValue.int(changed)}
    describe_partitions(context, "taste_importance", described)
    return dg.MaterializeResult()


def refresh_weights(connection: Connection, bucket: int, now: datetime, decay_per_day: float) -> tuple[int, int]:
    """Recompute the weights of a bucket's clusters from their members' dates.

    Returns:
        How many clusters were looked at, and how many of them have another weight now.
    """
    cluster, member = taste_clusters.c, taste_cluster_members.c
    # The people first: a clustering of the same people waits, or is waited for.
    connection.execute(
        select(users.c.user_id)
        .where(users.c.bucket == bucket)
        .order_by(users.c.user_id)
        .with_for_update(key_share=True)
    )
    age = func.extract("epoch", now - member.added_at) / SECONDS_PER_DAY
    rows = connection.execute(
        select(cluster.user_id, cluster.polarity, cluster.cluster_id, cluster.weight.label("stored"),
               func.abs(member.weight).label("weight"), age.label("age"))
        .join(taste_cluster_members, member.cluster_id == cluster.cluster_id)
        .join(users, users.c.user_id == cluster.user_id)
        .where(users.c.bucket == bucket)
        .order_by(cluster.user_id, cluster.polarity, cluster.cluster_id, member.photo_id)
    ).all()  # fmt: skip
    changes: dict[uuid.UUID, float] = {}
    looked_at = 0
    for _, side in groupby(rows, key=lambda row: (row.user_id, row.polarity)):
        stored, weights = _weights(list(side), decay_per_day)
        looked_at += len(stored)
        changes |= {one: weights[one] for one, weight in stored.items() if abs(weights[one] - weight) > MOVED}
    if changes:
        changed = update(taste_clusters).where(cluster.cluster_id == bindparam("one"))
        connection.execute(
            changed.values(weight=bindparam("new"), updated_at=now),
            [{"one": one, "new": weight} for one, weight in changes.items()],
        )
    return looked_at, len(changes)


def _weights(
    members: Sequence[Row[Any]], decay_per_day: float
) -> tuple[dict[uuid.UUID, float], dict[uuid.UUID, float]]:
    """Stored and present weight of each cluster of one person and polarity."""
    stored = {member.cluster_id: member.stored for member in members}
    number = {cluster_id: place for place, cluster_id in enumerate(stored)}
    labels = np.array([number[member.cluster_id] for member in members])
    strength = np.array([float(member.weight) for member in members])
    ages = np.array([float(member.age) for member in members])
    shares = cluster_weights(labels, strength * decayed(ages, decay_per_day), len(number))
    return stored, dict(zip(stored, shares.tolist(), strict=True))
