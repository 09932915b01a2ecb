"""Which pinned pictures have a vector, and which still want one. SQL only.

How they are encoded is `resources.encoders.filling`; which of their files are kept is `taste_assets.pin_photos`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, exists, func, select, update

from resources.schema import (
    photo_embedding_failures,
    photo_embeddings,
    pins,
    taste_states,
    users,
)


@dataclass(frozen=True, slots=True)
class PinCounts:
    """Different photos pinned by a bucket's people: all, those with a vector, those recorded as unreadable."""

    pinned: int
    embedded: int
    unreadable: int

    @property
    def missing(self) -> int:
        """Photos of which nothing is known yet."""
        return self.pinned - self.embedded - self.unreadable


def pinned_photos(connection: Connection, buckets: Sequence[int]) -> frozenset[str]:
    """Ids of the photos that the people of these buckets pinned."""
    return frozenset(connection.scalars(_pinned(buckets)))


def missing_pin_photos(connection: Connection, space_id: str, buckets: Sequence[int]) -> list[str]:
    """Pinned photos that have neither a vector in the space nor a recorded failure; ascending, each once."""
    lacking = _pinned(buckets).where(~_in(photo_embeddings, space_id), ~_in(photo_embedding_failures, space_id))
    return list(connection.scalars(lacking.order_by(pins.c.photo_id)))


def pin_counts(connection: Connection, space_id: str, buckets: Sequence[int]) -> PinCounts:
    """How far the photos that these buckets' people pinned have vectors in the space."""
    embedded = _in(photo_embeddings, space_id)
    failed = _in(photo_embedding_failures, space_id) & ~embedded
    mine = _pinned(buckets).add_columns(embedded.label("embedded"), failed.label("failed")).subquery()
    query = select(func.count(), func.count().filter(mine.c.embedded), func.count().filter(mine.c.failed)).select_from(
        mine
    )
    return PinCounts(*connection.execute(query).one())


def announce_new_vectors(connection: Connection, photo_ids: Sequence[str], buckets: Sequence[int]) -> int:
    """Count a change of taste for people who were clustered without these photos' vectors, which are about to come.

    The database counts pins when they are written, and a pin's vector may come later than the clustering that missed
    it: the file was gone, or the run died in between. People who are due in any case are left alone.

    Returns:
        How many people that is.
    """
    if not photo_ids:
        return 0
    wanting = (
        select(pins.c.user_id)
        .join(users, users.c.user_id == pins.c.user_id)
        .join(taste_states, taste_states.c.user_id == pins.c.user_id)
        .where(
            users.c.bucket.in_(buckets),
            taste_states.c.taste_version == users.c.taste_version,
            pins.c.photo_id == func.any(list(photo_ids)),
        )
    )
    raised = update(users).where(users.c.user_id.in_(wanting)).values(taste_version=users.c.taste_version + 1)
    return connection.execute(raised).rowcount


def _pinned(buckets: Sequence[int]) -> Select[tuple[str]]:
    return (
        select(pins.c.photo_id)
        .distinct()
        .join(users, users.c.user_id == pins.c.user_id)
        .where(users.c.bucket.in_(buckets), pins.c.photo_id.is_not(None))
    )


def _in(table: Table, space_id: str) -> ColumnElement[bool]:
    return exists().where(table.c.photo_id == pins.c.photo_id, table.c.space_id == space_id)
