"""Photographs to rate for who has few pins or none, and what they rated already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import Connection, text


class ToRate(BaseModel):
    """A venue's photograph, to be rated."""

    photo_id: str
    alt_text: str | None
    width: int
    height: int
    venue_id: uuid.UUID
    venue_name: str
    rating: int | None = Field(description="0 (never) to 5 (this one); null while it is not rated.")


# A curated list shows every look: its first venues ask most. For everybody else venues are drawn by lot, with the same
# lot each time, and each venue is asked about once.
_TO_RATE: Final = text(
    """
    SELECT shown.photo_id, shown.alt_text, shown.width, shown.height, asked.venue_id, name AS venue_name, rating
    FROM (
        SELECT venue_id, coalesce(name, substring(site_url FROM '//([^/]+)')) AS name,
            row_number() OVER (
                ORDER BY CASE WHEN kind = 'curated' THEN rank END, md5(venue_id::text || CAST(:user_id AS text))
            ) AS place
        FROM serving.venues
        LEFT JOIN (SELECT venue_id, rank, kind FROM serving.recommendations WHERE user_id = :user_id) AS listed
            USING (venue_id)
        WHERE EXISTS (SELECT FROM serving.venue_photos AS its WHERE its.venue_id = venues.venue_id)
        ORDER BY place LIMIT :most OFFSET :after
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT photo_id, alt_text, width, height FROM serving.venue_photos AS photos
        WHERE photos.venue_id = asked.venue_id ORDER BY position, photo_id LIMIT 1
    ) AS shown
    LEFT JOIN serving.ratings AS given ON given.user_id = :user_id AND given.photo_id = shown.photo_id
    ORDER BY place
    """
)
_RATING: Final = text(
    "SELECT rating FROM serving.ratings WHERE user_id = :user_id AND venue_id = :venue_id AND photo_id IS NULL"
)


def photos_to_rate(connection: Connection, user_id: uuid.UUID, *, after: int, most: int) -> Sequence[ToRate]:
    """The first photograph of each of so many venues, after that many others; what was rated keeps its place."""
    about = {"user_id": user_id, "after": after, "most": most}
    return [ToRate.model_validate(dict(row)) for row in connection.execute(_TO_RATE, about).mappings()]


def rating_of_venue(connection: Connection, user_id: uuid.UUID, venue_id: uuid.UUID) -> int | None:
    """What somebody thinks of a venue, 0 to 5; None where they did not say."""
    rating: int | None = connection.scalar(_RATING, {"user_id": user_id, "venue_id": venue_id})
    return rating
