"""Clusters that are one taste become one: what follows k-means, on the scale of the embedding space.

A silhouette is a ratio of distances and knows no scale: it divides pictures of one barn by the light as readily as it
divides barns from lofts. How alike unrelated pictures are, which is measured on the catalogue, gives the scale.
"""

from __future__ import annotations

import numpy as np

from taste_assets.model.vectors import Floats, Ints


def consolidated(rows: Floats, labels: Ints, least_similarity: float, least_members: int) -> Ints:
    """Labels with clusters joined that are alike, then those that are too small; numbered from 0 without gaps, (n,).

    Average linkage (UPGMA; Sokal and Michener 1958), started from the clusters given: the two with the greatest mean
    similarity between their members are joined for as long as that is `least_similarity` or more. What is then
    smaller than `least_members` joins the cluster it is most like, the smallest first.

    Args:
        rows: (n, d) unit vectors in canonical order.
        labels: (n,) clusters from 0 without gaps, each pin in one.
        least_similarity: mean cosine similarity of the members of two clusters that are one taste.
        least_members: 1 to leave small clusters as they are.
    """
    labels = labels.copy()
    while labels.max() > 0:
        similarities = _mean_similarities(rows, labels)
        first, second = np.unravel_index(int(similarities.argmax()), similarities.shape)
        if similarities[first, second] < least_similarity:
            break
        _join(labels, int(first), int(second))
    while labels.max() > 0:
        sizes = np.bincount(labels)
        smallest = int(sizes.argmin())
        if sizes[smallest] >= least_members:
            break
        _join(labels, smallest, int(_mean_similarities(rows, labels)[smallest].argmax()))
    return labels


def _mean_similarities(rows: Floats, labels: Ints) -> Floats:
    """Mean similarity between the members of each two clusters, (k, k); a cluster with itself is never the nearest."""
    indicators = (labels == np.arange(labels.max() + 1)[:, None]).astype(np.float64)
    means = indicators @ rows / indicators.sum(axis=1)[:, None]
    similarities: Floats = means @ means.T
    np.fill_diagonal(similarities, -np.inf)
    return similarities


def _join(labels: Ints, first: int, second: int) -> None:
    """Make two clusters one, in place, and close the gap."""
    kept, gone = min(first, second), max(first, second)
    labels[labels == gone] = kept
    labels[labels > gone] -= 1
