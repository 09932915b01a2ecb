"""Every photo vector of every venue, laid out so that the best photo per venue is found at the speed of a product.

Venues are sorted by how many photos they have, most first. The j-th photos of all venues that have one then form a
matrix, a *layer*, whose rows are a prefix of the venues, and the best similarity per venue is an element-wise maximum
over layers: no padding is computed, and nothing is gathered or segmented in the inner loop. Results are always given
in the caller's order of venues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import UNIT_TOLERANCE, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Photo vectors of venues; make it with `catalogue_of`.

    Attributes:
        vectors: (photos, dim) float32 unit vectors, venue by venue in the caller's order of venues.
        starts: (venues + 1,) where each venue's photos begin in `vectors`.
        rows: (photos,) for each row of `vectors`, its row in the caller's matrix.
        order: (venues,) the venues with most photos first.
        layers: the j-th photos of all venues with more than j, each (venues with more than j photos, dim) float32
            contiguous, in `order`.
    """

    vectors: NDArray[np.float32]
    starts: Ints
    rows: Ints
    order: Ints
    layers: tuple[NDArray[np.float32], ...]

    @property
    def venue_count(self) -> int:
        """How many venues there are."""
        return len(self.order)

    @property
    def dim(self) -> int:
        """Dimensions of the space."""
        return int(self.vectors.shape[1])

    def photos_of(self, venue: int) -> NDArray[np.float32]:
        """The venue's photo vectors, (its photos, dim) float32."""
        return self.vectors[self.starts[venue] : self.starts[venue + 1]]


def catalogue_of(vectors: NDArray[Any], venue_of: Ints, venue_count: int) -> Catalogue:
    """Lay out the photos of `venue_count` venues.

    Args:
        vectors: (photos, dim) unit vectors of one embedding space, in any order; not to be changed afterwards.
        venue_of: (photos,) the index of each photo's venue, 0 to venue_count - 1.
        venue_count: number of venues.

    Raises:
        ValueError: shapes that do not fit, a vector that is not of unit length, or a venue without a photo (it has no
            place in a ranking by pictures: leave it out before).
    """
    if vectors.ndim != 2 or venue_of.shape != (len(vectors),):
        raise ValueError(f"need vectors (photos, dim) and venue_of (photos,), not {vectors.shape} and {venue_of.shape}")
    if len(venue_of) and not (venue_of.min() >= 0 and venue_of.max() < venue_count):
        raise ValueError(f"venue_of must be from 0 to {venue_count - 1}")
    norms = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    wrong = np.flatnonzero(~(np.abs(norms - 1) <= UNIT_TOLERANCE))  # written so that NaN is wrong
    if wrong.size:
        raise ValueError(f"photo vector {wrong[0]} is not of unit length: its norm is {norms[wrong[0]]}")
    counts = np.bincount(venue_of, minlength=venue_count)
    if venue_count and counts.min() == 0:
        raise ValueError(f"venue {int(counts.argmin())} has no photo")
    rows = np.argsort(venue_of, kind="stable")
    # Given venue by venue already, a third of the memory is spared.
    in_order = bool((np.diff(venue_of) >= 0).all())
    sorted_vectors = np.ascontiguousarray(vectors if in_order else vectors[rows], dtype=np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)])
    order = np.argsort(-counts, kind="stable")
    return Catalogue(sorted_vectors, starts, rows, order, _layers(sorted_vectors, starts, order))


def _layers(vectors: NDArray[np.float32], starts: Ints, order: Ints) -> tuple[NDArray[np.float32], ...]:
    first, counts = starts[:-1][order], np.diff(starts)[order]
    deepest = int(counts[0]) if len(counts) else 0
    having = [int(np.searchsorted(-counts, -depth, side="left")) for depth in range(deepest)]
    return tuple(vectors[first[:venues] + depth] for depth, venues in enumerate(having))
