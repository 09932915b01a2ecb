"""Clusters keep their ids when a person is clustered again, so that a taste can be followed over time."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SAME_TASTE: Final = 0.92
"""Least cosine similarity of the centroids of one taste before and after; measured, see docs/clustering.md."""


def match_clusters(before: NDArray[Any], after: NDArray[Any], least_similarity: float = SAME_TASTE) -> list[int | None]:
    """For each new cluster the old one it continues, or None.

    The assignment with the greatest total similarity above the floor (Kuhn 1955), so that one old cluster goes on in
    one new cluster at most, and none is continued by one that is not similar enough.

    Args:
        before: (m, d) unit centroids of the old clusters, of the same embedding space and polarity; m >= 0.
        after: (k, d) unit centroids of the new ones.
        least_similarity: pairs below it are never matched.
    """
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    matches: list[int | None] = [None] * len(after)
    if len(before) == 0 or len(after) == 0:
        return matches
    excess = np.asarray(after, np.float64) @ np.asarray(before, np.float64).T - least_similarity
    # What lies below the floor is worth as much as no match; the small bonus makes a pair exactly at it worth more.
    worth = np.where(excess >= 0, excess + 1e-9, 0.0)
    for new, old in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if excess[new, old] >= 0:
            matches[int(new)] = int(old)
    return matches


def cluster_ids(
    owner: uuid.UUID,
    polarity: str,
    medoids: NDArray[Any],
    centroids: NDArray[Any],
    before: Sequence[tuple[uuid.UUID, NDArray[Any]]],
    least_similarity: float = SAME_TASTE,
) -> list[uuid.UUID]:
    """Ids of a person's clusters of one polarity, all different: kept where a cluster continues an old one.

    A new id is the UUIDv5 (RFC 9562, section 5.5) in the person's own namespace of the polarity and the medoid's bytes
    in float32: the same clusters of the same person get the same ids on any machine.

    Args:
        owner: the person's id.
        polarity: `positive` or `negative`.
        medoids: (k, d), one for each new cluster.
        centroids: (k, d) unit vectors.
        before: id and centroid of each cluster the person had, in any order.
        least_similarity: as `match_clusters`.
    """
    old_ids = [old for old, _ in sorted(before, key=lambda pair: pair[0])]
    old_centroids = [vector for _, vector in sorted(before, key=lambda pair: pair[0])]
    matches = match_clusters(np.asarray(old_centroids), centroids, least_similarity)
    # A new cluster may have the medoid from which an id still in use was made: that id is not given twice.
    taken = {old_ids[match] for match in matches if match is not None}
    ids: list[uuid.UUID] = []
    for match, vector in zip(matches, medoids, strict=True):
        identifier = old_ids[match] if match is not None else _new_id(owner, polarity, vector, taken)
        taken.add(identifier)
        ids.append(identifier)
    return ids


def _new_id(owner: uuid.UUID, polarity: str, vector: NDArray[Any], taken: set[uuid.UUID]) -> uuid.UUID:
    digest = hashlib.sha256(np.asarray(vector, "<f4").tobytes()).hexdigest()
    ordinal = 0
    while (identifier := uuid.uuid5(owner, f"taste:{polarity}:{digest}:{ordinal}")) in taken:
        ordinal += 1
    return identifier
