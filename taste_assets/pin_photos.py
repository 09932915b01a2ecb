"""The files behind pins: which are kept, dropped, or wanted back. SQL and the photo store only.

With PIN_RETENTION=minimal a pin's bytes are kept only until they are embedded; what a venue shows stays in any case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Text, and_, any_, delete, exists, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert

from resources.photo_store import PhotoStore
from resources.pictures import Picture
from resources.schema import (
    photo_embedding_failures,
    photo_embeddings,
    photos,
    pins,
    ratings,
    users,
    venue_photos,
)

_LOCK: Final = "photos of pins"
_EMBEDDED: Final = (photo_embeddings, photo_embedding_failures)


@dataclass(frozen=True, slots=True)
class PinToFetch:
    """A pin whose picture is wanted again."""

    user_id: uuid.UUID
    board_id: str
    pin_id: str


def hold_pin_photos(connection: Connection) -> None:
    """Until the transaction ends, nobody else may decide which photos pins still need."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": _LOCK})


def store_photo_rows(connection: Connection, pictures: dict[str, tuple[Picture, int]]) -> None:
    """Rows for photos whose files are stored: photo id to what it is and its size in bytes. Known ones stay."""
    rows = [
        {"photo_id": photo_id, "mime": picture.mime, "width": picture.width, "height": picture.height, "bytes": size}
        for photo_id, (picture, size) in sorted(pictures.items())
    ]
    if rows:
        connection.execute(insert(photos).on_conflict_do_nothing(), rows)


def drop_unreferenced_photos(connection: Connection, store: PhotoStore, photo_ids: Iterable[str]) -> int:
    """Remove those of these photos that no pin, rating or venue has any more: vectors, rows and files.

    Files go before the caller commits: a crash in between leaves rows without files, which the same call mends, and
    never a file that nothing tells of.

    Returns:
        How many photos went. The caller holds `hold_pin_photos`.
    """
    candidates = sorted(set(photo_ids))
    if not candidates:
        return 0
    among = any_(literal(candidates, ARRAY(Text)))
    # Locked first, in a statement of its own: what another transaction refers to at this moment is seen by the next.
    connection.execute(select(photos.c.photo_id).where(photos.c.photo_id == among).with_for_update())
    held = or_(*(exists().where(table.c.photo_id == photos.c.photo_id) for table in (pins, ratings, venue_photos)))
    gone = list(connection.scalars(select(photos.c.photo_id).where(photos.c.photo_id == among, ~held)))
    listed = any_(literal(gone, ARRAY(Text)))
    connection.execute(delete(photos).where(photos.c.photo_id == listed))
    known = set(connection.scalars(select(photos.c.photo_id).where(photos.c.photo_id == among)))
    dropped = [photo_id for photo_id in candidates if photo_id not in known]
    for photo_id in dropped:
        store.delete(photo_id)
    return len(dropped)


def drop_unkept_files(connection: Connection, store: PhotoStore, photo_ids: Sequence[str]) -> int:
    """Delete the files of those of these photos that are embedded (or found unreadable) and that no venue shows.

    For PIN_RETENTION=minimal, after vectors were committed. Rows and vectors stay.

    Returns:
        How many files were deleted.
    """
    among = photos.c.photo_id == any_(literal(sorted(set(photo_ids)), ARRAY(Text)))
    done = or_(*(exists().where(table.c.photo_id == photos.c.photo_id) for table in _EMBEDDED))
    shown = exists().where(venue_photos.c.photo_id == photos.c.photo_id)
    unkept = connection.scalars(select(photos.c.photo_id).where(among, done, ~shown).order_by(photos.c.photo_id))
    deleted = 0
    for photo_id in unkept:
        if store.exists(photo_id):
            store.delete(photo_id)
            deleted += 1
    return deleted


def pins_to_fetch_again(
    connection: Connection, store: PhotoStore, space_ids: Iterable[str], buckets: Sequence[int]
) -> list[PinToFetch]:
    """Pins whose photo lacks a vector in any of these spaces and whose bytes are gone.

    So it is for every pin after a change of the image encoder with PIN_RETENTION=minimal. The asset `pins` lists their
    boards again and downloads them.
    """
    found: dict[tuple[uuid.UUID, str], PinToFetch] = {}
    stored: dict[str, bool] = {}
    for space_id in space_ids:
        done = or_(
            *(exists().where(and_(table.c.photo_id == pins.c.photo_id, table.c.space_id == space_id))
              for table in _EMBEDDED)
        )  # fmt: skip
        query = select(pins).join(users).where(users.c.bucket.in_(buckets), pins.c.photo_id.is_not(None), ~done)
        for row in connection.execute(query):
            if row.photo_id not in stored:
                stored[row.photo_id] = store.exists(row.photo_id)
            if not stored[row.photo_id]:
                found[row.user_id, row.pin_id] = PinToFetch(row.user_id, row.board_id, row.pin_id)
    return sorted(found.values(), key=lambda pin: (pin.user_id, pin.board_id, pin.pin_id))
