"""Choosing a few venues that together show every look there is, for people of whom nothing is known yet.

Coverage, not popularity: what is chosen depends on the pictures alone, so nobody's clicks decide what newcomers see.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.vectors import Floats, Ints

DEMANDS: Final = 2000
"""Venues that are to be covered; of more, evenly spaced ones. Memory stays at a row of this length per venue."""


def centroids(catalogue: Catalogue) -> NDArray[np.float32]:
    """norm(mean of a venue's photo vectors), (venues, dim) float32; of photos that cancel out, the first."""
    if catalogue.venue_count == 0:
        return np.zeros((0, catalogue.dim), np.float32)
    sums = np.add.reduceat(catalogue.vectors, catalogue.starts[:-1], axis=0, dtype=np.float64)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    unit = np.where(norms > 1e-6, sums / np.maximum(norms, 1e-6), catalogue.vectors[catalogue.starts[:-1]])
    return unit.astype(np.float32)


def covering(vectors: NDArray[np.float32], length: int) -> tuple[Ints, Floats]:
    """Venues in the order in which each adds most to what is covered, and how much each adds.

    Greedy facility location: the next venue is argmax_v Σ_u max(0, s(u, v) - max_{chosen c} s(u, c)), with similarities
    counted from the lowest there is, so that a venue like those chosen adds nothing. Within 1 - 1/e of the best set of
    each length (Nemhauser, Wolsey, Fisher, Mathematical Programming 14, 1978). Of equals the first comes first.

    Args:
        vectors: (venues, dim) unit vectors, in an order that says nothing (ids are hashes).
        length: venues to choose; all where there are fewer.

    Returns:
        (chosen,) indices, and (chosen,) the share of all similarity to be had that each adds; the shares of all venues
        sum to 1.
    """
    count = len(vectors)
    if count == 0:
        return np.zeros(0, np.intp), np.zeros(0)
    demands = vectors[np.linspace(0, count - 1, min(count, DEMANDS)).round().astype(np.intp)]
    similarities = vectors @ demands.T
    floor = similarities.min()
    similarities -= floor
    total = max(float(similarities.max(axis=0).sum(dtype=np.float64)), 1e-12)
    covered = np.zeros(len(demands), np.float32)
    remaining = np.ones(count, np.bool_)
    chosen: list[int] = []
    gains: list[float] = []
    for _ in range(min(length, count)):
        added = np.maximum(similarities - covered, 0).sum(axis=1, dtype=np.float64)
        best = int(np.argmax(np.where(remaining, added, -1)))
        remaining[best] = False
        chosen.append(best)
        gains.append(float(added[best]) / total)
        covered = np.maximum(covered, similarities[best])
    return np.array(chosen, np.intp), np.array(gains)
