"""The silhouette of a clustering of unit vectors under cosine distance, for many clusterings at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from taste_assets.model.vectors import Floats, Ints

_NOTHING: Final = 1e-12
"""Mean distances below this are rounding: the vectors are the same."""


def mean_silhouettes(rows: Floats, labelings: Ints) -> Floats:
    """Mean silhouette coefficient of each labelling, (m,), in [-1, 1].

    Rousseeuw 1987: (b - a) / max(a, b), with a the mean distance to the others of one's own cluster and b the least of
    the mean distances to another cluster; 0 for the only member of a cluster. The distance is 1 - cosine similarity,
    and therefore linear in the vector: mean distances follow from each cluster's sum of vectors, in O(n d k), exactly,
    without a matrix of pairs.

    Args:
        rows: (n, d) unit vectors.
        labelings: (m, n), each row with at least two different labels, counted from 0 without gaps.
    """
    sizes = labelings.max(axis=1) + 1
    runs = np.repeat(np.arange(len(labelings)), sizes)
    clusters = np.concatenate([np.arange(size) for size in sizes])
    indicators = (labelings[runs] == clusters[:, None]).astype(np.float64)
    sums = (indicators @ rows) @ rows.T
    members = indicators.sum(axis=1)
    starts = np.cumsum(sizes) - sizes
    columns = np.arange(labelings.shape[1])
    own = starts[:, None] + labelings
    own_members = members[own]
    # A vector's distance to itself is 0; its similarity, which the sum holds, is 1.
    inner = (own_members - sums[own, columns]) / np.maximum(own_members - 1, 1)
    distances = 1 - sums / members[:, None]
    distances[own, columns] = np.inf
    outer = np.minimum.reduceat(distances, starts, axis=0)
    larger = np.maximum(inner, outer)
    counted = (own_members > 1) & (larger > _NOTHING)
    coefficients = np.where(counted, (outer - inner) / np.where(counted, larger, 1), 0.0)
    means: Floats = coefficients.mean(axis=1)
    return means
