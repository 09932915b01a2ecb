"""What goes into clustering and what comes out: values only, the rules stand in `clusters`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.chance import Chance
from taste_assets.model.kmeans import MOST_CLUSTERS
from taste_assets.model.vectors import Ints

UNRELATED_SIMILARITY: Final = 0.55
"""Mean cosine similarity of unrelated photographs under CLIP ViT-B/32. See docs/clustering.md for the measurement."""

_MANY: Final = (100, 200)
"""Pins up to which the first floor holds, and from which the second does."""

Shape = Literal["clustered", "cold_start", "uniform", "scattered"]


@dataclass(frozen=True, slots=True)
class ClusteringOptions:
    """What an operator may set; docs/clustering.md says where the defaults come from.

    Attributes:
        method: `kmeans` chooses k by silhouette; `ward` (PinnerSage) cuts at a distance; `hdbscan` leaves pins out.
        least_pins: with fewer, everything is one cluster (cold start).
        most_clusters: the largest k tried by `kmeans`, 2 to 127.
        least_silhouette: below it `kmeans` makes one cluster.
        restarts: seedings of `kmeans`, of which the better quarter is finished.
        unrelated_similarity: mean cosine similarity of unrelated pictures in this embedding space, a property of the
            model: take the mean over the catalogue (`vectors.mean_similarity`) where it is not CLIP ViT-B/32.
        uniform_share: one cluster is `uniform` when its mean similarity is at least so far up the way from unrelated
            to equal, else `scattered`.
        consolidate: whether `kmeans` is followed by `consolidation`, and a division compared with chance; without it
            the plain rule decides, and none of the next four counts.
        least_silhouette_of_many: the floor from 200 pins on, and of fewer something in between down to 100: chance
            divides many pictures less well.
        silhouette_slack: before consolidation the finest division is taken whose silhouette is this share below the
            best at most; 0 takes the best.
        same_taste_share: clusters of `kmeans` are one taste when the mean similarity between their members is at least
            so far up that way; above 1 never.
        least_members: clusters of `kmeans` below it join the one they are most like; 1 for none.
        chance: from `chance.measure_chance`: a division that is not better, of pins that are no more alike either, is
            rejected; empty where nothing is known of chance.
        ward_cut: distance above which `ward` merges nothing.
        hdbscan_least_pins: the smallest cluster of `hdbscan`.
    """

    method: Literal["kmeans", "ward", "hdbscan"] = "kmeans"
    least_pins: int = 10
    most_clusters: int = 8
    least_silhouette: float = 0.2
    restarts: int = 64
    unrelated_similarity: float = UNRELATED_SIMILARITY
    uniform_share: float = 0.2
    consolidate: bool = True
    least_silhouette_of_many: float = 0.15
    silhouette_slack: float = 0.1
    same_taste_share: float = 0.3
    least_members: int = 3
    chance: tuple[Chance, ...] = ()
    ward_cut: float = 1.7
    hdbscan_least_pins: int = 3

    def __post_init__(self) -> None:
        """Refuse what no method can work with.

        Raises:
            ValueError: naming the option.
        """
        if not 2 <= self.most_clusters <= MOST_CLUSTERS:
            raise ValueError(f"most_clusters must be from 2 to {MOST_CLUSTERS}, not {self.most_clusters}")
        for name, least in (("least_pins", 2), ("restarts", 1), ("least_members", 1), ("hdbscan_least_pins", 2)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")

    def floor(self, pins: int) -> float:
        """The silhouette that so many pins must reach to be divided."""
        if not self.consolidate:
            return self.least_silhouette
        many = (self.least_silhouette, self.least_silhouette_of_many)
        return float(np.interp(np.log(pins), np.log(_MANY), many))

    def similarity_at(self, share: float) -> float:
        """The similarity so far up the way from unrelated pictures (0) to equal ones (1)."""
        return self.unrelated_similarity + share * (1 - self.unrelated_similarity)


@dataclass(frozen=True, slots=True, eq=False)
class Pins:
    """One person's vectors of one polarity.

    Attributes:
        vectors: (n, d) unit vectors of one embedding space.
        weights: (n,) how much each pin counts (`importance.decayed`); None counts each as 1. They decide the weights
            of clusters, never the clusters.
    """

    vectors: NDArray[Any]
    weights: NDArray[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """One taste.

    Attributes:
        members: places of its pins in the vectors given, ascending.
        centroid: (d,) unit vector, float32.
        medoid: place of the member that stands for it.
        medoid_vector: (d,) unit vector, float32: that member's.
        weight: its importance; those of a person's clusters sum to 1.
        cohesion: mean cosine similarity of its members to its centroid.
    """

    members: Ints
    centroid: NDArray[np.float32]
    medoid: int
    medoid_vector: NDArray[np.float32]
    weight: float
    cohesion: float


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """All tastes of a person, of one polarity.

    Attributes:
        shape: `clustered`; or why it is one cluster: `cold_start`, too few pins to divide; `uniform`, one taste;
            `scattered`, no taste to be seen, ask the person.
        clusters: the largest first; equally large ones in an order that depends on their vectors alone.
        labels: (n,) index of each pin's cluster, -1 for none (only `hdbscan`).
        silhouette: of the division stored, or of the best one that was rejected; None where none was tried.
        silhouettes: of each k that `kmeans` tried; empty for other methods.
        mean_similarity: mean cosine similarity of all pairs of pins.
    """

    shape: Shape
    clusters: tuple[Cluster, ...]
    labels: Ints
    silhouette: float | None
    silhouettes: dict[int, float]
    mean_similarity: float
