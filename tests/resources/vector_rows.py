"""Rows for tests of vectors: venues, their photographs, and unit vectors to give them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, insert

from resources.identity import VENUE_BUCKETS, content_id, venue_id
from resources.schema import photos, venue_photos, venues
from resources.spaces import EmbeddingSpace

Vectors = npt.NDArray[np.float32]

IMAGE = EmbeddingSpace("image:a@1-8", "image", "a", "1", 8)
OTHER_IMAGE = EmbeddingSpace("image:b'\"%s:x@1-8", "image", "b", "1", 8)
"""Its id has what would break a statement that does not quote."""
TEXT = EmbeddingSpace("text:t@1-8", "text", "t", "1", 8)


def units(seed: int, count: int, dim: int = 8) -> Vectors:
    """Random unit vectors, (count, dim) float32."""
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def photo_ids(count: int, name: str = "photo") -> list[str]:
    """Ids of made-up photographs."""
    return [content_id(f"{name} {number}".encode()) for number in range(count)]


def add_venues(connection: Connection, count: int) -> list[uuid.UUID]:
    """Venues v0.test, v1.test ..., crawled, in buckets 0, 1 ... and round again."""
    ids = [venue_id(f"v{number}.test") for number in range(count)]
    rows = [
        {"venue_id": one, "site_url": f"https://v{number}.test", "bucket": number % VENUE_BUCKETS, "status": "crawled"}
        for number, one in enumerate(ids)
    ]
    connection.execute(insert(venues), rows)
    return ids


def add_photos(connection: Connection, ids: Sequence[str]) -> None:
    """Photographs that nobody shows yet."""
    connection.execute(
        insert(photos), [{"photo_id": one, "mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1} for one in ids]
    )


def show_photos(connection: Connection, venue: uuid.UUID, ids: Sequence[str]) -> None:
    """Have a venue show them."""
    connection.execute(
        insert(venue_photos),
        [
            {"venue_id": venue, "photo_id": one, "source_url": one, "page_url": "p", "position": position}
            for position, one in enumerate(ids)
        ],
    )
