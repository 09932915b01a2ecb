"""People who share a taste: MaxSim between two persons' clusters, less what one likes and the other dislikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.fusion import best_first
from taste_assets.model.vectors import Floats, Ints

CONFLICT: Final = 0.5
"""What the mean of both conflicts takes off a match."""


@dataclass(frozen=True, slots=True, eq=False)
class Multivector:
    """A person's clusters of one polarity: (clusters, dim) float32 unit vectors, weights summing to 1; may be none."""

    vectors: NDArray[np.float32]
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SharedTaste:
    """A person as `taste_matches` compares them."""

    liked: Multivector
    disliked: Multivector


class People:
    """The multivectors of all who may be matched, of each polarity in one matrix, so that one product compares all."""

    def __init__(self, people: Sequence[SharedTaste]) -> None:
        self.people = people
        self._liked = _Stacked([person.liked for person in people])
        self._disliked = _Stacked([person.disliked for person in people])

    def matches(
        self,
        one: int,
        length: int,
        *,
        symmetric: bool = False,
        conflict: float = CONFLICT,
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[Ints, Floats]:
        """The people whose taste is most like that of person `one`, best first, and their scores.

        The score is Σ_i w_i max_j s(liked_i, their liked_j) (MaxSim of ColBERT, SIGIR 2020, weighted), less
        `conflict` times the mean of how near each one's liked come to the other's disliked. Exact: everybody is
        compared. Of equals the first comes first.

        Args:
            one: index of the person the list is for; they are not on it.
            length: places in the list.
            symmetric: take the mean with MaxSim the other way round.
            conflict: 0 looks at what they like only.
            allowed: (people,) who may be on the list; None for everybody who likes something.
        """
        asking = self.people[one]
        there, back = self._liked.max_sims(asking.liked)
        shared = (there + back) / 2 if symmetric else there
        against = self._disliked.max_sims(asking.liked)[0] + self._liked.max_sims(asking.disliked)[1]
        score = shared - conflict * against / 2
        listed = self._liked.having if allowed is None else self._liked.having & allowed
        score[~listed] = -np.inf
        score[one] = -np.inf
        best = best_first(score)[: min(length, int(np.isfinite(score).sum()))]
        return best, score[best]

    def evidence(self, one: int, other: int) -> tuple[Ints, Floats]:
        """For each taste of `one` the most similar taste of `other`: its index, and the cosine similarity."""
        products = self.people[one].liked.vectors.astype(np.float64) @ self.people[other].liked.vectors.T
        nearest = products.argmax(axis=1)
        return nearest, products[np.arange(len(products)), nearest]


class _Stacked:
    def __init__(self, multivectors: Sequence[Multivector]) -> None:
        counts = np.array([len(each.vectors) for each in multivectors], np.intp)
        self._owners = len(counts)
        self._vectors = np.concatenate([each.vectors for each in multivectors])
        self._weights = np.concatenate([each.weights for each in multivectors])
        self.having = counts > 0
        self._having = np.flatnonzero(counts)
        self._starts = (np.cumsum(counts) - counts)[self._having]

    def max_sims(self, asking: Multivector) -> tuple[Floats, Floats]:
        """MaxSim from `asking` to each person and from each to `asking`, (people,) each; 0 where either has nothing."""
        there, back = np.zeros(self._owners), np.zeros(self._owners)
        if len(asking.vectors) and len(self._vectors):
            products = (asking.vectors @ self._vectors.T).astype(np.float64)
            there[self._having] = asking.weights @ np.maximum.reduceat(products, self._starts, axis=1)
            back[self._having] = np.add.reduceat(self._weights * products.max(axis=0), self._starts)
        return there, back
