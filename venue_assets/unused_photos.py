"""Photographs that nothing uses any more: finding them, and removing their rows, vectors and files.

A crawl takes a photograph from its venue and leaves the file, because lists may name it until they are made again. What
pins alone have brought is dropped with the pin, by `taste_assets`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Engine, Text, any_, delete, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from resources.photo_store import PhotoStore
from resources.schema import (
    photos,
    pins,
    ratings,
    recommendations,
    taste_cluster_members,
    taste_clusters,
    venue_photos,
)

_BATCH: Final = 500
"""Photographs removed in one transaction; until it commits nobody else can add one or begin to use one."""

_USED_BY: Final = (
    venue_photos.c.photo_id, pins.c.photo_id, ratings.c.photo_id, taste_cluster_members.c.photo_id,
    taste_clusters.c.medoid_photo_id,
)  # fmt: skip


def unused_photos(connection: Connection) -> list[str]:
    """Ids of the photographs that no venue shows (retired ones included), nobody pinned or rated, and no list names."""
    match = func.jsonb_array_elements(recommendations.c.matches).table_valued("value").lateral()
    listed = select(match.c.value.op("->>")("photo_id")).select_from(recommendations).join(match, literal(True))
    named = set(connection.scalars(listed.distinct()))
    return [photo_id for photo_id in _without_users(connection) if photo_id not in named]


def prune_photos(engine: Engine, store: PhotoStore) -> int:
    """Remove what `unused_photos` finds: rows, vectors and files; how many went.

    A photograph that a venue, a pin or a rating takes up meanwhile stays. Files go before their rows are committed: a
    crash in between leaves rows without files, which the next call removes, and never a file that nothing tells of.
    """
    with engine.connect() as connection:
        candidates = unused_photos(connection)
    removed = 0
    for start in range(0, len(candidates), _BATCH):
        with engine.begin() as connection:
            # Whoever uses a photograph writes its row, or checks it as a foreign key, in the same transaction: this
            # waits for all who are about to, and they wait for us. Readers do neither.
            connection.execute(text(f"LOCK TABLE {photos.name} IN EXCLUSIVE MODE"))
            gone = _without_users(connection, candidates[start : start + _BATCH])
            connection.execute(delete(photos).where(photos.c.photo_id == any_(literal(gone, ARRAY(Text)))))
            for photo_id in gone:
                store.delete(photo_id)
        removed += len(gone)
    return removed


def _without_users(connection: Connection, among: list[str] | None = None) -> list[str]:
    """Photographs, of these or of all, that no row of another table refers to; lists, which are jsonb, left aside."""
    query = select(photos.c.photo_id).where(*(~exists().where(used == photos.c.photo_id) for used in _USED_BY))
    if among is not None:
        query = query.where(photos.c.photo_id == any_(literal(among, ARRAY(Text))))
    return list(connection.scalars(query.order_by(photos.c.photo_id)))
