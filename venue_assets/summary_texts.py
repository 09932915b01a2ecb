"""Which summaries have to be embedded, and which vectors have lost their text. SQL only."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from resources.schema import venue_summaries, venues
from resources.spaces import EmbeddingSpace
from resources.vectors import SummaryKey, stored_summary_hashes

FIELDS: Final = ("aesthetic", "factual", "vibe")


@dataclass(frozen=True, slots=True)
class SummaryChanges:
    """What differs between the summaries of some venues and their vectors in a space.

    Attributes:
        texts: to be embedded, with their keys, by venue and field.
        gone: (venue, field) of vectors whose text is no longer there.
        unchanged: (venue, field) of vectors that are of the present text.
    """

    texts: list[tuple[SummaryKey, str]]
    gone: list[tuple[uuid.UUID, str]]
    unchanged: list[tuple[uuid.UUID, str]]


def summary_changes(connection: Connection, space: EmbeddingSpace, buckets: Sequence[int]) -> SummaryChanges:
    """Compare the texts of the venues of these buckets with their vectors, by the text's SHA-256.

    Vectors of a retired venue are kept as they are, for when it comes back; none are made.
    """
    stored = stored_summary_hashes(connection, space.space_id, buckets)
    rows = connection.execute(
        select(venue_summaries.c.venue_id, venues.c.status, *(venue_summaries.c[name] for name in FIELDS))
        .join(venues, venues.c.venue_id == venue_summaries.c.venue_id)
        .where(venues.c.bucket.in_(buckets))
        .order_by(venue_summaries.c.venue_id)
    ).mappings()
    present: set[tuple[uuid.UUID, str]] = set()
    texts: list[tuple[SummaryKey, str]] = []
    unchanged: list[tuple[uuid.UUID, str]] = []
    for row in rows:
        for name in FIELDS:
            text = row[name]
            if not (text or "").strip():
                continue
            key = SummaryKey(row["venue_id"], name, hashlib.sha256(text.encode()).hexdigest())
            present.add((key.venue_id, name))
            if stored.get((key.venue_id, name)) == key.text_sha256:
                unchanged.append((key.venue_id, name))
            elif row["status"] != "retired":
                texts.append((key, text))
    return SummaryChanges(texts, sorted(stored.keys() - present), unchanged)
