"""Which pictures somebody may see: those of served venues, and of their own tastes."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import Connection, text

_OF_A_VENUE: Final = text("SELECT EXISTS (SELECT FROM serving.venue_photos WHERE photo_id = :photo_id)")
_OF_A_TASTE: Final = text("SELECT EXISTS (SELECT FROM serving.taste_clusters WHERE medoid_photo_id = :photo_id)")
_OF_ONES_OWN: Final = text(
    """
    SELECT EXISTS (
        SELECT FROM serving.taste_clusters WHERE medoid_photo_id = :photo_id AND user_id = :user_id
    )
    """
)


def is_venue_photo(connection: Connection, photo_id: str) -> bool:
    """Whether a served venue shows it: then everybody may see it."""
    return bool(connection.scalar(_OF_A_VENUE, {"photo_id": photo_id}))


def is_taste_photo(connection: Connection, photo_id: str) -> bool:
    """Whether it stands for anybody's taste: for who sees everybody."""
    return bool(connection.scalar(_OF_A_TASTE, {"photo_id": photo_id}))


def is_own_taste_photo(connection: Connection, photo_id: str, user_id: uuid.UUID) -> bool:
    """Whether it stands for a taste of this person."""
    return bool(connection.scalar(_OF_ONES_OWN, {"photo_id": photo_id, "user_id": user_id}))
