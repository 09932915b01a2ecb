"""A person's tastes: clusters of unit vectors, by the rules of DESIGN.md section 5.

The entry to the model: what comes in is refused or put in canonical order here, one of the methods partitions it, and
what goes out says which pins are which taste, how much each matters and how sure the division is. Nothing here knows
where vectors come from or where clusters are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.chance import chance_of
from taste_assets.model.consolidation import consolidated
from taste_assets.model.hdbscan import hdbscan_labels
from taste_assets.model.importance import cluster_weights
from taste_assets.model.kmeans import kmeans_path
from taste_assets.model.medoid import centroid, medoid
from taste_assets.model.silhouette import mean_silhouettes
from taste_assets.model.taste import Cluster, ClusteringOptions, Pins, Shape, Taste
from taste_assets.model.threads import one_thread
from taste_assets.model.vectors import Floats, Ints, canonical_order, mean_similarity, unit_rows
from taste_assets.model.ward import ward_labels

_SHARE: Final = 16
"""People sent to a process at a time: few enough to keep all busy, enough for the sending not to matter."""


@dataclass(frozen=True, slots=True, eq=False)
class _Division:
    labels: Ints
    silhouette: float | None
    silhouettes: dict[int, float]


def cluster_taste(pins: Pins, options: ClusteringOptions | None = None) -> Taste:
    """The tastes of one person. The order of the pins does not matter, and neither does anybody else.

    Raises:
        ValueError: no pins, vectors that are not finite unit vectors, or weights that do not fit them.
    """
    return cluster_many([pins], options)[0]


def cluster_many(
    people: Sequence[Pins], options: ClusteringOptions | None = None, pool: Executor | None = None
) -> list[Taste]:
    """The tastes of many people, in their order, each exactly what `cluster_taste` gives.

    Args:
        people: one entry for each person and polarity.
        options: for all of them.
        pool: processes to share the people out to, None to stay in this one. Threads gain nothing: numpy's steps are
            too short for them not to wait for the interpreter.

    Raises:
        ValueError: as `cluster_taste`, for the first person it cannot take.
    """
    options = options or ClusteringOptions()
    if pool is None:
        return _tastes(people, options)
    shares = [people[start : start + _SHARE] for start in range(0, len(people), _SHARE)]
    return [taste for tastes in pool.map(_tastes, shares, repeat(options)) for taste in tastes]


def _tastes(people: Sequence[Pins], options: ClusteringOptions) -> list[Taste]:
    with one_thread():
        return [_taste(pins, options) for pins in people]


def _taste(pins: Pins, options: ClusteringOptions) -> Taste:
    rows = unit_rows(pins.vectors)
    weights = _pin_weights(pins.weights, len(rows))
    order = canonical_order(rows)
    rows = rows[order]
    division = _divide(rows, options)
    similarity = mean_similarity(rows)
    if options.consolidate and options.method == "kmeans":
        division = _consolidate(rows, division, similarity, options)
    count = int(division.labels.max()) + 1
    shape: Shape = "clustered"
    if count < 2:
        shape = _shape_of_one(len(rows), similarity, options)
        division = _Division(np.zeros(len(rows), np.intp), division.silhouette, division.silhouettes)
        count = 1
    ranked = _largest_first(division.labels, count)
    labels = np.empty_like(ranked)
    labels[order] = ranked
    shares = cluster_weights(labels, weights, count)
    groups = (np.flatnonzero(ranked == cluster) for cluster in range(count))
    clusters = tuple(_cluster(rows, order, group, weight) for group, weight in zip(groups, shares, strict=True))
    return Taste(shape, clusters, labels, division.silhouette, division.silhouettes, similarity)


def _pin_weights(weights: NDArray[Any] | None, count: int) -> Floats:
    if weights is None:
        return np.ones(count)
    if weights.shape != (count,) or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"weights must be {count} finite numbers, none negative")
    return weights.astype(np.float64)


def _divide(rows: Floats, options: ClusteringOptions) -> _Division:
    """Rows in canonical order, divided; one label alone where they are not to be divided."""
    if len(rows) < options.least_pins:
        return _Division(np.zeros(len(rows), np.intp), None, {})
    if options.method == "kmeans":
        return _divide_by_silhouette(rows, options)
    if options.method == "ward":
        labels = ward_labels(rows, options.ward_cut)
    else:
        labels = hdbscan_labels(rows, min(options.hdbscan_least_pins, len(rows)))
    placed = labels >= 0
    silhouette = None
    # As many clusters as rows have no silhouette worth the name; one has none at all.
    if 1 <= labels.max() < np.count_nonzero(placed) - 1:
        silhouette = float(mean_silhouettes(rows[placed], labels[None, placed])[0])
    return _Division(labels, silhouette, {})


def _divide_by_silhouette(rows: Floats, options: ClusteringOptions) -> _Division:
    one = np.zeros(len(rows), np.intp)
    partitions = kmeans_path(rows, min(options.most_clusters, len(rows) - 1), options.restarts)
    if not partitions:
        return _Division(one, None, {})
    means = mean_silhouettes(rows, np.stack([partition.labels for partition in partitions]))
    best = float(means.max())
    slack = options.silhouette_slack if options.consolidate else 0.0
    # The first of equals by the plain rule; else the finest that is nearly as good, whose alike clusters are joined.
    chosen = int(means.argmax()) if slack == 0 else int(np.flatnonzero(means >= (1 - slack) * best).max())
    labels = partitions[chosen].labels if best >= options.floor(len(rows)) else one
    silhouettes = {partition.k: float(mean) for partition, mean in zip(partitions, means, strict=True)}
    return _Division(labels, best, silhouettes)


def _consolidate(rows: Floats, division: _Division, similarity: float, options: ClusteringOptions) -> _Division:
    """The division without what chance divides as well, and without dividing what is alike; see docs/clustering.md."""
    if division.silhouette is None or division.labels.max() == 0:
        return division
    chance = chance_of(len(rows), options.chance)
    if chance and division.silhouette <= chance.silhouette and similarity <= chance.similarity:
        return _Division(np.zeros(len(rows), np.intp), division.silhouette, division.silhouettes)
    same = options.similarity_at(options.same_taste_share)
    labels = consolidated(rows, division.labels, same, options.least_members)
    if labels.max() == 0:
        return _Division(labels, division.silhouette, division.silhouettes)
    return _Division(labels, float(mean_silhouettes(rows, labels[None])[0]), division.silhouettes)


def _shape_of_one(pins: int, similarity: float, options: ClusteringOptions) -> Shape:
    if pins < options.least_pins:
        return "cold_start"
    return "uniform" if similarity >= options.similarity_at(options.uniform_share) else "scattered"


def _largest_first(labels: Ints, count: int) -> Ints:
    """Labels renumbered by size, and by first member in canonical order where sizes are equal; -1 stays."""
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    firsts = np.array([np.argmax(labels == cluster) for cluster in range(count)])
    ranks = np.empty(count + 1, np.intp)
    ranks[np.lexsort((firsts, -sizes))] = np.arange(count)
    ranks[-1] = -1
    renumbered: Ints = ranks[labels]
    return renumbered


def _cluster(rows: Floats, order: Ints, group: Ints, weight: float) -> Cluster:
    members = rows[group]
    middle, shown = centroid(members), medoid(members)
    return Cluster(
        members=np.sort(order[group]),
        centroid=middle.astype(np.float32),
        medoid=int(order[group[shown]]),
        medoid_vector=members[shown].astype(np.float32),
        weight=float(weight),
        cohesion=float((members @ middle).mean()),
    )
