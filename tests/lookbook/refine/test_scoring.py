"""The arithmetic of a refined order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookbook.refine.scoring import Similarities, ordered, pairs, standing
from taste_assets.model.lists import merged
from taste_assets.model.strategies import context

VENUES = 12
NONE = np.zeros((0, VENUES))


def found(seed: int = 0, **changes: Any) -> Similarities:
    rng = np.random.default_rng(seed)
    plain: dict[str, Any] = {
        "tastes": rng.random((2, VENUES)), "weights": np.array([0.7, 0.3]), "dislikes": np.zeros(VENUES),
        "looks": NONE, "look_signs": np.zeros(0), "more": NONE, "less": NONE, "words": NONE,
        "unknown": np.zeros(VENUES), "missed": np.zeros(VENUES), "sample": np.ones(VENUES, np.bool_),
    }  # fmt: skip
    return Similarities(**(plain | changes))


def rank(order: Any, venue: int) -> int:
    return int(np.flatnonzero(order.places == venue)[0])


@given(st.integers(0, 200))
def test_without_anything_asked_it_is_the_merge_of_the_tastes_rankings(seed: int) -> None:
    plain = found(seed)
    expected = np.argsort(-merged(plain.tastes.astype(np.float32), plain.weights), kind="stable")
    assert ordered(plain, VENUES).places.tolist() == expected.tolist()


@pytest.mark.parametrize("name", ["unknown", "missed", "dislikes"])
@given(seed=st.integers(0, 50), venue=st.integers(0, VENUES - 1))
def test_what_speaks_against_a_venue_never_raises_it(name: str, seed: int, venue: int) -> None:
    against = np.zeros(VENUES)
    against[venue] = 1.0
    assert rank(ordered(found(seed, **{name: against}), VENUES), venue) >= rank(ordered(found(seed), VENUES), venue)


def test_looks_examples_and_descriptions_raise_what_is_near_to_them() -> None:
    plain = ordered(found(), VENUES)
    last = int(plain.places[-1])
    near = np.zeros((1, VENUES))
    near[0, last] = 1.0
    for asked in ({"looks": near, "look_signs": np.ones(1)}, {"more": near}, {"words": near}):
        assert rank(ordered(found(**asked), VENUES), last) < VENUES - 1
    first = int(plain.places[0])
    far = np.zeros((1, VENUES))
    far[0, first] = 1.0
    assert rank(ordered(found(looks=far, look_signs=-np.ones(1)), VENUES), first) > 0


def test_pairs_are_the_context_score_of_every_example_against_every_counterexample() -> None:
    rng = np.random.default_rng(3)
    tastes, more, less = rng.random((2, VENUES)), rng.random((2, VENUES)), rng.random((3, VENUES))
    expected = sum(context(positive[None], negative[None]) for positive in more for negative in less)
    assert pairs(tastes, more, less)[1] == pytest.approx(expected)
    assert pairs(tastes, NONE, less)[1] == pytest.approx(sum(context(tastes[1][None], one[None]) for one in less))
    assert not pairs(tastes, more, NONE).any()


def test_standing_is_over_the_sample_and_a_venue_without_pictures_is_last() -> None:
    values = np.array([[0.0, 2.0, 4.0, np.nan]])
    assert standing(values, np.array([True, True, False, False])).tolist() == [[-1, 1, 3, -1]]
    assert standing(np.full((1, 3), 0.5), np.ones(3, np.bool_)).tolist() == [[0, 0, 0]]
    assert standing(np.full((1, 3), np.nan), np.ones(3, np.bool_)).tolist() == [[0, 0, 0]]
    assert standing(NONE, np.ones(VENUES, np.bool_)).shape == NONE.shape
