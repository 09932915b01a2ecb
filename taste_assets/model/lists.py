"""From similarities to an ordered list that serves every taste of a person.

A blended score alone does not. What each order does is measured in docs/recommendations.md; the default,
`proportional`, has a file of its own. The score that is stored beside the rank is the weighted max-sim in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.fusion import ranks_of
from taste_assets.model.vectors import Floats, Ints

Order = Literal["proportional", "merge", "slots", "mmr", "plain"]

RRF_K: Final = 5.0
"""The k of the merge: small, so that the top of each taste's ranking counts most. Not the 60 of channel fusion."""

MEAN_MIX: Final = 0.25
"""How much of a person's overall mean is added to each centroid before it is asked with."""

TOGETHER: Final[frozenset[Order]] = frozenset({"proportional"})
"""Orders that compare tastes with one another, and so want their similarities on one scale."""

BY_TASTE: Final[frozenset[Order]] = frozenset({"proportional", "merge", "slots"})
"""Orders that ask for each taste by itself."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How lists are built; recorded with every list.

    Attributes:
        order: `proportional` (default), each taste having its share of places; `merge` of the tastes' rankings by
            reciprocal ranks; `slots`, places dealt to the tastes in turn; `mmr`, which trades score for variety;
            `plain`, the strategy's score alone, which is the stored score if the strategy is `weighted_max_sim`.
        rrf_k: k of the merge.
        mean_mix: share of the overall mean in the queries of `BY_TASTE`.
        diversity: of `mmr`: 0 is plain, 1 looks at variety only.
    """

    order: Order = "proportional"
    rrf_k: float = RRF_K
    mean_mix: float = MEAN_MIX
    diversity: float = 0.3

    def __post_init__(self) -> None:
        """Refuse what no order can work with.

        Raises:
            ValueError: naming the option.
        """
        if self.rrf_k < 0 or self.mean_mix < 0:
            raise ValueError("rrf_k and mean_mix must not be negative")
        if not 0 <= self.diversity <= 1:
            raise ValueError(f"diversity must be from 0 to 1, not {self.diversity}")


def mixed_queries(centroids: NDArray[Any], weights: Floats, mean_mix: float = MEAN_MIX) -> NDArray[np.float32]:
    """norm(c_k + mean_mix · m̂), with m̂ the direction of the person's overall mean Σ w_k c_k; (clusters, dim) float32.

    Args:
        centroids: (clusters, dim) unit vectors.
        weights: (clusters,) summing to 1.
        mean_mix: 0 asks with the centroids themselves.
    """
    exact = centroids.astype(np.float64)
    mean = weights @ exact
    length = float(np.linalg.norm(mean))
    mixed = exact + (mean_mix / length) * mean if length > 0 else exact
    norms = np.linalg.norm(mixed, axis=1, keepdims=True)
    # A centroid opposite to the mean can cancel; then it is asked with by itself.
    unit = np.where(norms > 1e-6, mixed / np.maximum(norms, 1e-6), exact)
    return unit.astype(np.float32)


def merged(similarities: NDArray[Any], weights: Floats, rrf_k: float = RRF_K) -> Floats:
    """Σ_c w_c / (k + rank_c) over full rankings, ranks from 1; (venues,).

    Args:
        similarities: (clusters, venues), larger is better.
        weights: (clusters,) non-negative.
        rrf_k: k; smaller puts more on the very top of each ranking.
    """
    score: Floats = weights @ (1 / (rrf_k + ranks_of(similarities)))
    return score


def slots(similarities: NDArray[Any], weights: Floats, length: int) -> Ints:
    """The best venues of each taste in turn, each taste getting places in proportion to its weight.

    Places are dealt by D'Hondt's highest averages: the next goes to the taste with the largest w / (places + 1), so
    every prefix of the list is as fair as it can be. A venue is listed once, for the taste that got it first.

    Args:
        similarities: (clusters, venues).
        weights: (clusters,) positive.
        length: how many places; fewer where there are fewer venues.
    """
    queues = np.argsort(-similarities, axis=1, kind="stable")
    length = min(length, queues.shape[1])
    places, positions = np.zeros(len(weights)), np.zeros(len(weights), np.intp)
    taken = np.zeros(queues.shape[1], np.bool_)
    chosen: list[int] = []
    while len(chosen) < length:
        cluster = int(np.argmax(weights / (places + 1)))
        while taken[queues[cluster, positions[cluster]]]:
            positions[cluster] += 1
        venue = int(queues[cluster, positions[cluster]])
        taken[venue] = True
        chosen.append(venue)
        places[cluster] += 1
    return np.array(chosen, np.intp)


def mmr(scores: Floats, profiles: NDArray[Any], length: int, diversity: float) -> Ints:
    """Maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998): argmax (1-d)·score - d·max similarity to chosen.

    Two venues are alike when the same tastes draw them, so variety here means variety of tastes served.

    Args:
        scores: (venues,) standardised, larger is better.
        profiles: (venues, clusters) how much each taste is drawn to each venue, standardised per taste.
        length: how many places.
        diversity: d.
    """
    norms = np.linalg.norm(profiles, axis=1, keepdims=True)
    unit = profiles / np.maximum(norms, 1e-12)
    length = min(length, len(scores))
    nearest = np.full(len(scores), -np.inf)
    remaining = np.ones(len(scores), np.bool_)
    chosen: list[int] = []
    for _ in range(length):
        penalty = np.where(np.isfinite(nearest), nearest, 0)
        value = np.where(remaining, (1 - diversity) * scores - diversity * penalty, -np.inf)
        venue = int(np.argmax(value))
        remaining[venue] = False
        chosen.append(venue)
        nearest = np.maximum(nearest, unit @ unit[venue])
    return np.array(chosen, np.intp)
