"""Who is due to be clustered: people whose taste may differ from what is stored of it. SQL only.

The database counts every change of a person's pins, ratings and words in `users.taste_version`, whoever makes it; a
clustering writes down the count it has seen. Where the two differ, the person is due.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Connection, Select, func, or_, select

from resources.schema import taste_cluster_members, taste_clusters, taste_states, users


def due_users(connection: Connection, space_id: str, method_id: str, buckets: Sequence[int]) -> dict[uuid.UUID, int]:
    """The people of these buckets who are due, each with the present `taste_version`, in the order of their ids.

    Args:
        connection: to the tables.
        space_id: the current image space.
        method_id: `TasteOptions.method_id()`.
        buckets: user buckets.
    """
    state = taste_states.c
    query = (
        select(users.c.user_id, users.c.taste_version)
        .outerjoin(taste_states, state.user_id == users.c.user_id)
        .where(
            users.c.bucket.in_(buckets),
            or_(
                state.user_id.is_(None),
                state.taste_version != users.c.taste_version,
                state.space_id != space_id,
                state.method != method_id,
                users.c.user_id.in_(_lacking_evidence(buckets)),
            ),
        )
        .order_by(users.c.user_id)
    )
    return {row.user_id: row.taste_version for row in connection.execute(query)}


def users_lacking_evidence(connection: Connection, buckets: Sequence[int]) -> frozenset[uuid.UUID]:
    """People with a cluster that has lost members: a venue took the photo down that stood for their rating of it."""
    return frozenset(connection.scalars(_lacking_evidence(buckets)))


def _lacking_evidence(buckets: Sequence[int]) -> Select[tuple[uuid.UUID]]:
    members = taste_cluster_members.c
    return (
        select(taste_clusters.c.user_id)
        .join(users, users.c.user_id == taste_clusters.c.user_id)
        .outerjoin(taste_cluster_members, members.cluster_id == taste_clusters.c.cluster_id)
        .where(users.c.bucket.in_(buckets))
        .group_by(taste_clusters.c.user_id, taste_clusters.c.cluster_id)
        .having(func.count(members.photo_id) != taste_clusters.c.pin_count)
    )
