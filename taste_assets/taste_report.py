"""What Dagster shows of a bucket's tastes: counts, how they are distributed, and the pictures of some people's.

Drawing is `taste_assets.taste_pictures`; whether the numbers are right is `taste_assets.taste_checks`.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, select

from resources.partitions import PARTITION_ROWS
from resources.photo_store import PhotoStore
from resources.schema import taste_cluster_members, taste_clusters, taste_states, users
from resources.spaces import EmbeddingSpace
from taste_assets.off_topic import OffTopicBoard
from taste_assets.taste_pictures import PictureRow, distribution_plot, picture_rows

TREATMENTS: Final = ("clustered", "uniform", "scattered", "cold_start", "words", "none")

_PEOPLE_SHOWN: Final = 3
_MEMBERS_SHOWN: Final = 8


def bucket_metadata(
    connection: Connection,
    store: PhotoStore,
    space: EmbeddingSpace,
    bucket: int,
    clustered: AbstractSet[uuid.UUID],
    unchanged: AbstractSet[uuid.UUID],
    off_topic: Mapping[uuid.UUID, Sequence[OffTopicBoard]],
) -> dict[str, dg.MetadataValue]:
    """The metadata of one bucket, whatever number of them a run takes.

    Args:
        connection: to the tables, after the run.
        store: where thumbnails come from, as far as bytes are kept.
        space: the current image space.
        bucket: which.
        clustered: whose tastes the run found.
        unchanged: who was due and had the same inputs as before.
        off_topic: boards about something else of those whose tastes the run found.
    """
    states = connection.execute(
        select(taste_states.c.user_id, taste_states.c.treatment, taste_states.c.silhouette,
               taste_states.c.cluster_count, taste_states.c.pin_count)
        .join(users, users.c.user_id == taste_states.c.user_id)
        .where(users.c.bucket == bucket)
        .order_by(taste_states.c.user_id)
    ).all()  # fmt: skip
    treated = Counter(state.treatment for state in states)
    now = {state.user_id for state in states} & clustered
    same = {state.user_id for state in states} & unchanged
    elsewhere = [board for user_id in now for board in off_topic.get(user_id, ())]
    silhouettes = [state.silhouette for state in states if state.silhouette is not None]
    sample = _sample(states, now)
    return {
        PARTITION_ROWS: dg.MetadataValue.int(sum(state.cluster_count for state in states)),
        "space": dg.MetadataValue.text(space.space_id),
        "people": dg.MetadataValue.int(len(states)),
        "clustered now": dg.MetadataValue.int(len(now)),
        "skipped": dg.MetadataValue.int(len(states) - len(now)),
        "due but as before": dg.MetadataValue.int(len(same)),
        "boards off topic": dg.MetadataValue.int(len(elsewhere)),
        "pins off topic": dg.MetadataValue.int(sum(board.pins for board in elsewhere)),
        **{treatment: dg.MetadataValue.int(treated[treatment]) for treatment in TREATMENTS},
        "distribution": dg.MetadataValue.md(
            distribution_plot(Counter(state.cluster_count for state in states), silhouettes)
        ),
        "sample": dg.MetadataValue.md(picture_rows(_rows(connection, sample), store)),
    }


def _sample(states: Sequence[Any], now: AbstractSet[uuid.UUID]) -> list[uuid.UUID]:
    """A few people to show: those clustered in this run first, with the most tastes."""
    with_taste = [state for state in states if state.pin_count]
    with_taste.sort(key=lambda state: (state.user_id not in now, -state.cluster_count, state.user_id))
    return [state.user_id for state in with_taste[:_PEOPLE_SHOWN]]


def _rows(connection: Connection, user_ids: Sequence[uuid.UUID]) -> list[PictureRow]:
    cluster = taste_clusters.c
    clusters = connection.execute(
        select(cluster.user_id, cluster.cluster_id, cluster.polarity, cluster.label, cluster.weight, cluster.pin_count,
               cluster.medoid_photo_id)
        .where(cluster.user_id.in_(user_ids), cluster.pin_count > 0)
        .order_by(cluster.user_id, cluster.polarity.desc(), cluster.cluster_index)
    ).all()  # fmt: skip
    # Whose they are is not said: the event log outlives the people in it, and forgetting one does not reach there.
    numbers = {user_id: number for number, user_id in enumerate(user_ids, 1)}
    clusters = sorted(clusters, key=lambda one: numbers[one.user_id])
    members = taste_cluster_members.c
    of_cluster: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    wanted = select(members.cluster_id, members.photo_id).where(
        members.cluster_id.in_([one.cluster_id for one in clusters])
    )
    for row in connection.execute(wanted.order_by(members.added_at.desc(), members.photo_id)):
        of_cluster[row.cluster_id].append(row.photo_id)
    return [
        PictureRow(
            f"person {numbers[one.user_id]}: {'' if one.polarity == 'positive' else 'not '}{one.label or 'unnamed'}, "
            f"{one.weight:.0%} ({one.pin_count})",
            [one.medoid_photo_id, *(photo for photo in of_cluster[one.cluster_id] if photo != one.medoid_photo_id)][
                :_MEMBERS_SHOWN
            ],
        )
        for one in clusters
    ]
