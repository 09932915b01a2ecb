"""k-means of one person's unit vectors for every k at once: seeding and Lloyd's iterations, nothing about taste.

All restarts of all k advance together. A run is a labelling; with the rows of an indicator matrix L standing for its
clusters, L S (S = X Xᵀ, the cosine similarities) holds everything an iteration needs, because the squared distance
between a unit vector x and the mean m of a cluster C is

    |x - m|² = 1 - 2 Σ_{j∈C} x·x_j / |C| + Σ_{i,j∈C} x_i·x_j / |C|²

so one matrix product serves hundreds of runs, and it is n wide rather than d wide, which for a board of pins is the
smaller of the two. The search is in float32; the best run of each k is finished in float64.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats, Ints, distinct_rows

_Labels = NDArray[np.int8]

MOST_CLUSTERS: Final = 127
"""Labels are one byte."""

_TRIALS: Final = 4
"""Candidates tried for each next seed; scikit-learn tries 2 + ln k, which is 4 for k = 8."""

_FINISHED_ONE_IN: Final = 4
"""After one iteration the better quarter of runs goes on, since most that end well are ahead by then: 64 seedings cost
what 32 runs to the end do, and come 0.1 % of the inertia nearer to the best known."""

_MOST_ITERATIONS: Final = 300
"""As scikit-learn's: a guard against runs that rounding keeps going, never reached in practice."""

_WIDE: Final = 2
"""Above so many rows per column, (L X) Xᵀ costs less than L S."""


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """One k-means solution.

    Attributes:
        k: number of clusters, none of them empty.
        labels: (n,) cluster of each row, in [0, k).
        inertia: sum of squared Euclidean distances to the cluster means.
    """

    k: int
    labels: Ints
    inertia: float


def kmeans_path(rows: Floats, most_clusters: int, restarts: int) -> list[Partition]:
    """The best of many k-means runs for each k = 2 .. most_clusters, as far as there are distinct vectors.

    Euclidean k-means (Lloyd 1982) with greedy k-means++ seeds (Arthur and Vassilvitskii 2007): on unit
    vectors the same objective as maximising cosine similarity to unnormalised means. A k is left out when its best run
    cannot fill k clusters, which takes vectors that are the same up to rounding.

    Args:
        rows: (n, d) unit vectors in canonical order; equal input gives an equal result, bit by bit.
        most_clusters: the largest k, at most `MOST_CLUSTERS`.
        restarts: seedings, shared by all k; the better quarter after one iteration is brought to rest.
    """
    most = min(most_clusters, MOST_CLUSTERS, distinct_rows(rows))
    if most < 2:
        return []
    points = _Points(rows.astype(np.float32))
    seeded = np.concatenate(list(_seedings(points, most, restarts))[::-1])
    labels, sizes = _promising(points, seeded, np.repeat(np.arange(most, 1, -1), restarts), restarts)
    labels, inertia = _lloyd(points, labels, sizes)
    best = _lowest(inertia, most - 1, 1)
    return list(_finish(_Points(rows), labels[best], sizes[best]))[::-1]


class _Points:
    """Unit vectors and sums of their similarities, by whichever product is cheaper."""

    def __init__(self, rows: NDArray[Any]) -> None:
        self.rows = rows
        self.gram = rows @ rows.T if len(rows) <= _WIDE * rows.shape[1] else None

    def sums(self, indicators: NDArray[Any]) -> NDArray[Any]:
        """L S: for each indicator (m, n) and each point the sum of similarities to the points indicated, (m, n)."""
        if self.gram is not None:
            sums: NDArray[Any] = indicators @ self.gram
        else:
            sums = (indicators @ self.rows) @ self.rows.T
        return sums

    def distances(self, indices: Ints) -> NDArray[Any]:
        """Squared Euclidean distances from the points at `indices` (any shape) to all, (*shape, n)."""
        similarities = self.gram[indices] if self.gram is not None else self.rows[indices] @ self.rows.T
        squared: NDArray[Any] = np.maximum(2 - 2 * similarities, similarities.dtype.type(0))
        return squared


@cache
def _draws(most_clusters: int, restarts: int) -> NDArray[np.float32]:
    # One fixed table for everybody: what makes two people's seeds differ is their vectors, and nothing else may,
    # neither a process's random state nor who else is in the batch.
    draws = np.random.default_rng(0).random((most_clusters, restarts, _TRIALS), dtype=np.float32)
    draws.flags.writeable = False
    return draws


def _seedings(points: _Points, most_clusters: int, restarts: int) -> Iterator[_Labels]:
    """Labels by nearest seed, (restarts, n) for k = 2, then 3, ...: each k adds one seed to those of the k before."""
    count, draws = len(points.rows), _draws(most_clusters, restarts)
    each = np.arange(restarts)
    nearest = points.distances((draws[0, :, 0] * count).astype(np.intp))
    labels = np.zeros((restarts, count), np.int8)
    for seed in range(1, most_clusters):
        cumulative = np.cumsum(nearest, axis=1)
        targets = draws[seed] * cumulative[:, -1:]
        candidates = (cumulative[:, None, :] <= targets[:, :, None]).sum(axis=2)
        distances = points.distances(np.minimum(candidates, count - 1))
        remaining = np.minimum(nearest[:, None, :], distances)
        chosen = remaining.sum(axis=2).argmin(axis=1)
        labels = np.where(distances[each, chosen] < nearest, np.int8(seed), labels)
        nearest = remaining[each, chosen]
        yield labels


def _promising(points: _Points, labels: _Labels, sizes: Ints, restarts: int) -> tuple[_Labels, Ints]:
    """The runs worth finishing, after one iteration of all; labels and k of each."""
    labels, distances = _reassign(points, labels, sizes)
    finished = -(-restarts // _FINISHED_ONE_IN)
    best = _lowest(distances.sum(axis=1), len(labels) // restarts, finished)
    return labels[best], sizes[best]


def _lowest(costs: NDArray[Any], groups: int, count: int) -> Ints:
    """Places of the `count` lowest of each of so many equal runs of neighbours, ascending."""
    grouped = costs.reshape(groups, -1)
    best = np.sort(np.argsort(grouped, axis=1, kind="stable")[:, :count], axis=1)
    return (best + np.arange(groups)[:, None] * grouped.shape[1]).ravel()


def _lloyd(points: _Points, labels: _Labels, sizes: Ints) -> tuple[_Labels, NDArray[Any]]:
    """Iterate each run until its labels stay; (runs, n) labels and (runs,) inertia.

    `sizes`, the k of each run, descends: so the runs that have a cluster c are always the first ones.
    """
    final, inertia = labels.copy(), np.zeros(len(labels), points.rows.dtype)
    active = np.arange(len(labels))
    for _ in range(_MOST_ITERATIONS):
        nearest, distances = _reassign(points, labels, sizes[active])
        changed = (nearest != labels).any(axis=1)
        final[active], inertia[active] = nearest, distances.sum(axis=1)
        active, labels = active[changed], nearest[changed]
        if not active.size:
            break
    return final, inertia


def _reassign(points: _Points, labels: _Labels, sizes: Ints) -> tuple[_Labels, NDArray[Any]]:
    """Each point's nearest cluster mean and its squared distance, both (runs, n)."""
    spans = [int(np.count_nonzero(sizes > cluster)) for cluster in range(int(sizes[0]))]
    starts = np.concatenate([[0], np.cumsum(spans)])
    indicators = np.empty((starts[-1], labels.shape[1]), points.rows.dtype)
    for cluster, (start, span) in enumerate(zip(starts, spans, strict=False)):
        np.equal(labels[:span], cluster, out=indicators[start : start + span], casting="unsafe")
    distances = points.sums(indicators)
    members = indicators @ np.ones(indicators.shape[1], indicators.dtype)  # several times faster than a sum
    within = np.einsum("mn,mn->m", indicators, distances)
    filled = np.maximum(members, 1)
    distances *= (-2 / filled)[:, None]
    distances += np.where(members > 0, within / filled**2 + 1, np.inf).astype(distances.dtype)[:, None]
    shortest = distances[: spans[0]].copy()
    nearest = np.zeros(labels.shape, np.int8)
    for cluster in range(1, len(spans)):
        here, span = distances[starts[cluster] : starts[cluster + 1]], spans[cluster]
        np.copyto(nearest[:span], np.int8(cluster), where=here < shortest[:span])
        np.minimum(shortest[:span], here, out=shortest[:span])
    return nearest, shortest


def _finish(points: _Points, labels: _Labels, sizes: Ints) -> Iterator[Partition]:
    """Runs brought to rest in float64, each empty cluster given the point that is farthest from its own mean."""
    labels, inertia = _lloyd(points, labels, sizes)
    for run, size in enumerate(sizes):
        mine, cost = labels[run : run + 1], inertia[run]
        for _ in range(size):
            empty = np.flatnonzero(np.bincount(mine[0], minlength=size) == 0)
            if not empty.size:
                yield Partition(int(size), mine[0].astype(np.intp), float(cost))
                break
            _, distances = _reassign(points, mine, sizes[run : run + 1])
            mine = mine.copy()
            mine[0, np.argsort(-distances[0], kind="stable")[: empty.size]] = empty
            mine, (cost,) = _lloyd(points, mine, sizes[run : run + 1])
