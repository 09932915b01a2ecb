"""Choosing a few venues that together show every look there is, for people of whom nothing is known yet.

Coverage, not popularity: what is chosen depends on the pictures alone, so nobody's clicks decide what newcomers see.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.fusion import standardise
from taste_assets.model.max_sim import mean_of_best
from taste_assets.model.vectors import Floats, Ints

DEMANDS: Final = 2000
"""Venues that are to be covered; of more, evenly spaced ones. Memory stays at a row of this length per venue."""

LOOKED_AT: Final = 5
"""Photos of a venue that are compared with what a person dislikes, as under the strategy `top5`."""

NEAR: Final = 1.0
"""Standard deviations above the average venue at which one is near to something disliked."""

_AT_ONCE: Final = 64  # venues whose value is computed again together


def near_disliked(disliked: NDArray[np.float32], catalogue: Catalogue) -> NDArray[np.bool_]:
    """Which venues look much like something that a person dislikes, (venues,): more than `NEAR` above the average.

    Args:
        disliked: (clusters, dim) unit vectors; without rows nothing is near.
        catalogue: the venues.
    """
    near: NDArray[np.bool_] = standardise(mean_of_best(disliked, catalogue, LOOKED_AT)) > NEAR
    return np.asarray(near.any(axis=0), np.bool_)


def centroids(catalogue: Catalogue) -> NDArray[np.float32]:
    """norm(mean of a venue's photo vectors), (venues, dim) float32; of photos that cancel out, the first."""
    if catalogue.venue_count == 0:
        return np.zeros((0, catalogue.dim), np.float32)
    sums = np.add.reduceat(catalogue.vectors, catalogue.starts[:-1], axis=0, dtype=np.float64)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    unit = np.where(norms > 1e-6, sums / np.maximum(norms, 1e-6), catalogue.vectors[catalogue.starts[:-1]])
    return unit.astype(np.float32)


def covering(
    vectors: NDArray[np.float32],
    length: int,
    worth: Floats | None = None,
    last: NDArray[np.bool_] | None = None,
) -> tuple[Ints, Floats]:
    """Venues in the order in which each adds most to what is covered, and how much each adds.

    Greedy facility location: the next venue is argmax_v Σ_u max(0, s(u, v) - max_{chosen c} s(u, c)), with similarities
    counted from the lowest there is, so that a venue like those chosen adds nothing. Within 1 - 1/e of the best set of
    each length (Nemhauser, Wolsey, Fisher, Mathematical Programming 14, 1978). Of equals the first comes first.

    Args:
        vectors: (venues, dim) unit vectors, in an order that says nothing (ids are hashes).
        length: venues to choose; all where there are fewer.
        worth: (venues,) 0 to 1: what a venue adds counts that much when the next one is chosen; None counts all fully.
        last: (venues,) those that come after all others; None for none.

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
    counted = np.ones(count) if worth is None else worth
    behind = np.zeros(count) if last is None else np.where(last, 2 * total, 0)  # no venue adds more than the total
    covered = np.zeros(len(demands), np.float32)
    added = similarities.sum(axis=1, dtype=np.float64)
    value = counted * added - behind
    chosen: list[int] = []
    gains: list[float] = []
    for _ in range(min(length, count)):
        # What a venue adds only falls, so an old value is a bound: only those that could be first are computed again.
        known = np.zeros(count, np.bool_)
        known[chosen] = True
        while not known[best := int(np.argmax(value))]:
            likely = np.argpartition(-value, min(_AT_ONCE, count) - 1)[:_AT_ONCE]
            again = np.union1d(likely[~known[likely]], best)
            added[again] = np.maximum(similarities[again] - covered, 0).sum(axis=1, dtype=np.float64)
            value[again] = counted[again] * added[again] - behind[again]
            known[again] = True
        value[best] = -np.inf
        chosen.append(best)
        gains.append(float(added[best]) / total)
        covered = np.maximum(covered, similarities[best])
    return np.array(chosen, np.intp), np.array(gains)
