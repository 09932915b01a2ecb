"""How well pictures drawn at random divide, and how alike they are: whose pins do no better show no taste.

The idea of the gap statistic (Tibshirani, Walther and Hastie 2001), with the catalogue as reference distribution:
k-means finds the better a division the fewer pictures there are, and the more distinct the kinds they are of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.kmeans import kmeans_path
from taste_assets.model.silhouette import mean_silhouettes
from taste_assets.model.threads import one_thread
from taste_assets.model.vectors import canonical_order, mean_similarity, unit_rows

_COUNTS: Final = (10, 15, 25, 40, 60, 100)
_DRAWS: Final = 40
_PERCENTILE: Final = 95
_LEAST_POOL: Final = 2
"""Pictures in the sample for each one drawn: of fewer, draws would be the same pictures again and again."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What one random draw in twenty reaches or exceeds.

    Attributes:
        pictures: in a draw.
        silhouette: of its best division by k-means.
        similarity: mean cosine similarity of all pairs.
    """

    pictures: int
    silhouette: float
    similarity: float


def measure_chance(sample: NDArray[Any], most_clusters: int, restarts: int) -> tuple[Chance, ...]:
    """What chance reaches with 10 to 100 pictures, ascending, as far as the sample is twice as large; else nothing.

    Args:
        sample: (n, d) unit vectors of a catalogue, in an order that does not depend on when pictures came.
        most_clusters: as for the people who are compared with this.
        restarts: so too.
    """
    rows = unit_rows(sample) if len(sample) else np.empty((0, 1))
    rng = np.random.default_rng(0)
    measured = []
    with one_thread():
        for count in _COUNTS:
            if count * _LEAST_POOL > len(rows):
                break
            silhouettes, similarities = [], []
            for _ in range(_DRAWS):
                drawn = rows[rng.choice(len(rows), count, replace=False)]
                drawn = drawn[canonical_order(drawn)]
                partitions = kmeans_path(drawn, min(most_clusters, count - 1), restarts)
                labelings = [partition.labels for partition in partitions]
                silhouettes.append(float(mean_silhouettes(drawn, np.stack(labelings)).max()) if labelings else 0.0)
                similarities.append(mean_similarity(drawn))
            reached = np.percentile([silhouettes, similarities], _PERCENTILE, axis=1)
            measured.append(Chance(count, float(reached[0]), float(reached[1])))
    return tuple(measured)


def chance_of(count: int, measured: Sequence[Chance]) -> Chance | None:
    """What chance reaches with so many pictures, between the numbers measured on a logarithmic scale.

    Args:
        count: of pictures.
        measured: from `measure_chance`; None is returned where it is empty.
    """
    if not measured:
        return None
    place, known = np.log(count), np.log([one.pictures for one in measured])
    silhouette = np.interp(place, known, [one.silhouette for one in measured])
    similarity = np.interp(place, known, [one.similarity for one in measured])
    return Chance(count, float(silhouette), float(similarity))
