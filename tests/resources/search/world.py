"""A small town of venues with photographs and facts, and brute force over it in numpy: the oracle of the searches."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, update

from resources.schema import venue_facts, venues
from resources.spaces import EmbeddingSpace
from resources.vectors import ensure_space, store_photo_vectors
from tests.resources.vector_rows import Vectors, add_photos, add_venues, show_photos

NEAR = 2e-6
"""Two float32 dot products of the same vectors, summed in another order, differ by less."""

NEAR_BY_INDEX = 3e-4
"""In half precision, which decides who is among the first."""


@dataclass(frozen=True)
class Town:
    """What was stored: `shown[venue]` lists photo numbers; photos that none shows were only pinned."""

    space: EmbeddingSpace
    venues: list[uuid.UUID]
    photos: list[str]
    vectors: Vectors
    shown: list[list[int]]
    retired: frozenset[int]
    facts: list[dict[str, Any]]

    def store(self, connection: Connection) -> None:
        """Write all of it."""
        assert add_venues(connection, len(self.venues)) == self.venues
        add_photos(connection, self.photos)
        ensure_space(connection, self.space)
        store_photo_vectors(connection, self.space, self.photos, self.vectors)
        for number, (venue, photos) in enumerate(zip(self.venues, self.shown, strict=True)):
            if photos:
                show_photos(connection, venue, [self.photos[one] for one in photos])
            facts = dict(self.facts[number])
            place = {name: facts.pop(name, None) for name in ("lat", "lon")}
            status = "retired" if number in self.retired else "crawled"
            connection.execute(update(venues).where(venues.c.venue_id == venue).values(status=status, **place))
            if facts:
                source = {"summariser": "test", "source_hash": "h"}
                connection.execute(insert(venue_facts).values(venue_id=venue, **source, **facts))

    def listed(self, allowed: set[int] | None = None) -> list[int]:
        """Numbers of the venues that may be found."""
        numbers = range(len(self.venues)) if allowed is None else sorted(allowed)
        return [number for number in numbers if number not in self.retired]

    def photo_order(self, query: Vectors, allowed: set[int] | None = None) -> list[tuple[float, str]]:
        """Every findable photo as (similarity, id), nearest first."""
        numbers = {photo for venue in self.listed(allowed) for photo in self.shown[venue]}
        similarity = self.vectors.astype(np.float64) @ query.astype(np.float64)
        return sorted(
            ((float(similarity[one]), self.photos[one]) for one in numbers), key=lambda hit: (-hit[0], hit[1])
        )

    def venue_order(
        self, clusters: Vectors, weights: np.ndarray[tuple[int, ...], Any], allowed: set[int] | None = None
    ) -> list[tuple[float, uuid.UUID]]:
        """Every findable venue with photos as (weighted max-sim, id), best first."""
        similarity = clusters.astype(np.float64) @ self.vectors.astype(np.float64).T
        scores = [
            (float(weights @ similarity[:, self.shown[one]].max(axis=1)), self.venues[one])
            for one in self.listed(allowed)
            if self.shown[one]
        ]
        return sorted(scores, key=lambda hit: (-hit[0], hit[1]))


def assert_same_ranking(
    found: list[tuple[float, Any]], expected: list[tuple[float, Any]], k: int, near: float = NEAR
) -> None:
    """`found` is the top k of `expected`; what differs by rounding may stand in either order."""
    scores = {name: score for score, name in expected}
    assert len(found) == min(k, len(expected))
    assert len({name for _, name in found}) == len(found)
    assert found == sorted(found, key=lambda hit: (-hit[0], hit[1])), "best first, equal ones by id"
    np.testing.assert_allclose([score for score, _ in found], [score for score, _ in expected[:k]], atol=near)
    np.testing.assert_allclose([score for score, _ in found], [scores[name] for _, name in found], atol=NEAR)
