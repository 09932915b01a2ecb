"""People who share a taste, against the definition read pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from taste_assets.model.neighbours import Multivector, People, SharedTaste

DIM = 5


def multivector(rng: np.random.Generator, clusters: int) -> Multivector:
    vectors = rng.standard_normal((clusters, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Multivector(vectors, rng.dirichlet(np.ones(clusters)) if clusters else np.zeros(0))


def max_sim(left: Multivector, right: Multivector) -> float:
    if len(left.vectors) == 0 or len(right.vectors) == 0:
        return 0.0
    best = [max(float(mine @ theirs) for theirs in right.vectors) for mine in left.vectors]
    return float(left.weights @ np.array(best))


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 8), length=st.integers(1, 9), symmetric=st.booleans())
def test_matches_are_the_pairwise_ones(seed: int, count: int, length: int, symmetric: bool) -> None:
    rng = np.random.default_rng(seed)
    people = [
        SharedTaste(multivector(rng, int(rng.integers(0, 5))), multivector(rng, int(rng.integers(0, 3))))
        for _ in range(count)
    ]
    one = people[0]
    expected: dict[int, float] = {}
    for index, other in enumerate(people[1:], start=1):
        if len(other.liked.vectors) == 0:
            continue  # who likes nothing shares nothing
        shared = max_sim(one.liked, other.liked)
        if symmetric:
            shared = (shared + max_sim(other.liked, one.liked)) / 2
        against = max_sim(one.liked, other.disliked) + max_sim(other.liked, one.disliked)
        expected[index] = shared - 0.25 * against
    found, scores = People(people).matches(0, length, symmetric=symmetric)
    assert len(found) == min(length, len(expected))
    assert scores == pytest.approx([expected[index] for index in found.tolist()], abs=1e-6)
    assert scores == pytest.approx(sorted(expected.values(), reverse=True)[: len(found)], abs=1e-6)


def test_who_dislikes_what_one_likes_is_no_match() -> None:
    axis: NDArray[np.float32] = np.eye(DIM, dtype=np.float32)
    nothing = Multivector(np.zeros((0, DIM), np.float32), np.zeros(0))

    def only(which: int) -> Multivector:
        return Multivector(axis[[which]], np.ones(1))

    people = [SharedTaste(only(0), only(1)), SharedTaste(only(0), nothing), SharedTaste(only(0), only(0)),
              SharedTaste(only(2), nothing)]  # fmt: skip
    found, scores = People(people).matches(0, 3)
    assert found.tolist() == [1, 2, 3]
    assert scores.tolist() == [1.0, 0.75, 0.0]


def test_only_those_allowed_are_listed_and_the_evidence_is_the_nearest_taste() -> None:
    rng = np.random.default_rng(8)
    people = [SharedTaste(multivector(rng, 3), multivector(rng, 0)) for _ in range(6)]
    allowed = np.array([True, False, True, False, True, True])
    together = People(people)
    found, _ = together.matches(0, 9, allowed=allowed)
    assert sorted(found.tolist()) == [2, 4, 5]
    nearest, similarity = together.evidence(0, 4)
    products = people[0].liked.vectors @ people[4].liked.vectors.T
    assert nearest.tolist() == products.argmax(axis=1).tolist()
    assert similarity == pytest.approx(products.max(axis=1), abs=1e-6)
