"""A person's tastes: what stands for each, its share, how it changed, and the venue photograph that comes closest."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import Connection, text

_HISTORY_LINES: Final = 60


class TastePoint(BaseModel):
    """A taste at one time."""

    recorded_at: datetime
    weight: float = Field(description="Its share then, 0 to 1.")
    drift: float | None = Field(description="Cosine distance from where it was before; null when new.")


class Closest(BaseModel):
    """The photograph of a venue on the person's list that is nearest to a taste."""

    venue_id: uuid.UUID
    venue_name: str
    photo_id: str
    alt_text: str | None
    similarity: float = Field(description="Cosine similarity of photograph and taste.")


class Taste(BaseModel):
    """One taste."""

    cluster_id: uuid.UUID
    polarity: str = Field(description="positive (liked) or negative (disliked).")
    label: str | None = Field(description="Name from the vocabulary of aesthetics, or unnamed.")
    weight: float = Field(description="Share of what the person likes (or dislikes), 0 to 1.")
    pin_count: int = Field(description="Pictures it was found in; 0 for a taste from words.")
    medoid_pin_id: str | None = Field(description="The pin that stands for it.")
    medoid_photo_id: str | None = Field(description="The picture that stands for it; its file may not be kept.")
    created_at: datetime
    updated_at: datetime
    history: list[TastePoint] = Field(default=[], description="The oldest first.")
    closest: Closest | None = Field(default=None, description="Of disliked tastes, and without a list, null.")

    @property
    def drift(self) -> float | None:
        """How far it moved the last time; None while it is new."""
        return self.history[-1].drift if self.history else None


_TASTES: Final = text(
    """
    SELECT cluster_id, polarity, label, weight, pin_count, medoid_pin_id, medoid_photo_id, created_at, updated_at
    FROM serving.taste_clusters WHERE user_id = :user_id
    ORDER BY polarity DESC, weight DESC, cluster_index
    """
)
_HISTORY: Final = text(
    """
    SELECT cluster_id, recorded_at, weight, drift FROM (
        SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY recorded_at DESC) AS age
        FROM serving.taste_history WHERE user_id = :user_id
    ) AS lines
    WHERE age <= :lines ORDER BY cluster_id, recorded_at
    """
)
# Of the list's reasons, for each taste the one with the most similar photograph that the venue still shows.
_CLOSEST: Final = text(
    """
    SELECT DISTINCT ON (reason ->> 'cluster_id') reason ->> 'cluster_id' AS cluster_id, venue_id,
        coalesce(name, substring(site_url FROM '//([^/]+)')) AS venue_name, shown.photo_id, shown.alt_text,
        (reason ->> 'similarity')::double precision AS similarity
    FROM serving.recommendations
    CROSS JOIN LATERAL jsonb_array_elements(matches) AS reason
    JOIN serving.venues USING (venue_id)
    JOIN serving.venue_photos AS shown USING (venue_id)
    WHERE user_id = :user_id AND shown.photo_id = reason ->> 'photo_id'
    ORDER BY reason ->> 'cluster_id', (reason ->> 'similarity')::double precision DESC, venue_id
    """
)


def list_tastes(connection: Connection, user_id: uuid.UUID) -> Sequence[Taste]:
    """Somebody's tastes: the liked ones first, the greatest first."""
    about = {"user_id": user_id, "lines": _HISTORY_LINES}
    tastes = [Taste.model_validate(dict(row)) for row in connection.execute(_TASTES, about).mappings()]
    history: defaultdict[uuid.UUID, list[TastePoint]] = defaultdict(list)
    for line in connection.execute(_HISTORY, about).mappings():
        history[line["cluster_id"]].append(TastePoint.model_validate(dict(line)))
    closest = {
        uuid.UUID(row["cluster_id"]): Closest.model_validate(dict(row))
        for row in connection.execute(_CLOSEST, about).mappings()
    }
    for taste in tastes:
        taste.history = history[taste.cluster_id]
        taste.closest = closest.get(taste.cluster_id) if taste.polarity == "positive" else None
    return tastes
