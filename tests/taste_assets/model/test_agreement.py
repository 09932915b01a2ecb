"""NDCG is scikit-learn's, the other figures are what their definitions give for cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste_assets.model.agreement import gini, ndcg, share_of_most_shown, tastes_served


@settings(deadline=None)  # the first case imports scikit-learn
@given(seed=st.integers(0, 2**32), venues=st.integers(2, 30), top=st.integers(1, 12))
def test_ndcg_is_that_of_scikit_learn(seed: int, venues: int, top: int) -> None:
    from sklearn.metrics import ndcg_score

    rng = np.random.default_rng(seed)
    relevance, order = rng.random(venues), rng.permutation(venues)
    scores = np.empty(venues)
    scores[order] = np.arange(venues, 0, -1)
    expected = ndcg_score(relevance[None], scores[None], k=top)
    assert ndcg(relevance, order, top) == pytest.approx(expected)


def test_ndcg_of_short_lists_and_of_nothing_to_find() -> None:
    assert ndcg(np.array([0.0, 1.0]), np.array([1])) == 1
    assert ndcg(np.array([0.0, 1.0]), np.zeros(0, np.intp)) == 0
    assert ndcg(np.zeros(3), np.arange(3)) is None


def test_a_taste_shows_where_a_venue_is_half_as_like_it_as_the_likest() -> None:
    likeness = np.array([[1.0, 0.5, 0.4], [0.0, 0.0, 0.6], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    weights = np.array([0.5, 0.3, 0.2, 0.1])
    assert tastes_served(likeness, weights, np.array([1, 0])) == [True, False], (
        "none serves the third, the last is small"
    )
    assert tastes_served(likeness, weights, np.array([2])) == [False, True]
    assert tastes_served(likeness, weights, np.zeros(0, np.intp)) == [False, False]


@pytest.mark.parametrize(
    ("counts", "venue_count", "expected"),
    [([5, 5, 5], 3, 0), ([9], 3, 2 / 3), ([], 5, 0), ([3, 1], 2, 0.25)],
)
def test_concentration(counts: list[int], venue_count: int, expected: float) -> None:
    assert gini(counts, venue_count) == pytest.approx(expected)


def test_the_most_shown_tenth() -> None:
    assert share_of_most_shown([6, 3, 1], 20) == pytest.approx(0.9)
    assert share_of_most_shown([6, 3, 1], 3) == pytest.approx(0.6), "at least one venue"
    assert share_of_most_shown([], 3) == 0
