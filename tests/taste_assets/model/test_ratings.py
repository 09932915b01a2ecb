from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste_assets.model.ratings import NEUTRAL, balanced_neutral, cluster_ratings, signed_weights, strongest
from tests.taste_assets.model.pictures import pictures

scales = st.lists(st.sampled_from([0, 0.5, 1, 2, 2.5, 3, 4, 4.5, 5]), min_size=1, max_size=30)


def test_ratings_are_counted_from_neutral() -> None:
    assert signed_weights(np.array([0, 2.5, 5])) == pytest.approx([-2.5, 0, 2.5])
    assert signed_weights(np.array([4, 5]), 4.5) == pytest.approx([-0.5, 0.5])


@pytest.mark.parametrize("rating", [-0.1, 5.1, np.nan])
def test_ratings_off_the_scale_are_refused(rating: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        signed_weights(np.array([3, rating]))


@given(scales)
def test_no_other_neutral_balances_a_person_better(ratings: list[float]) -> None:
    given_ratings = np.array(ratings)
    neutral = balanced_neutral(given_ratings)
    if len(set(ratings)) == 1:
        assert neutral == NEUTRAL
        return
    surplus = abs(np.sign(given_ratings - neutral).sum())
    for level in np.arange(0.25, 5, 0.5):
        if level > min(ratings) and level < max(ratings):
            assert surplus <= abs(np.sign(given_ratings - level).sum())


def test_generous_people_dislike_their_lower_ratings() -> None:
    assert balanced_neutral(np.array([4, 4, 5, 5])) == 4.5
    assert balanced_neutral(np.array([1, 4])) == NEUTRAL


def test_likes_and_dislikes_are_clustered_apart_and_scored() -> None:
    vectors = pictures([12, 10, 14], apart=0.4)
    ratings = np.repeat([5.0, 3.0, 0.0], [12, 10, 14])
    ages = np.zeros(36)
    taste = cluster_ratings(vectors, ratings, ages)
    assert taste.liked is not None
    assert taste.disliked is not None
    assert list(taste.liked.scores) == pytest.approx([12 * 2.5, 10 * 0.5])
    assert list(taste.disliked.scores) == pytest.approx([14 * -2.5])
    assert list(taste.disliked.places) == list(range(22, 36))
    # Half of three clusters, rounded up: the two strongest, whichever side they are on.
    assert list(taste.liked.kept) == [True, False]
    assert list(taste.disliked.kept) == [True]


def test_old_ratings_say_less() -> None:
    vectors = pictures([12, 12], apart=0.4)
    ages = np.repeat([0.0, 100.0], 12)
    taste = cluster_ratings(vectors, np.full(24, 4.5), ages, keep_fraction=1)
    assert taste.disliked is None
    assert taste.liked is not None
    scores = sorted(taste.liked.scores)
    assert scores == pytest.approx([24 * np.exp(-1), 24])
    assert sum(cluster.weight for cluster in taste.liked.taste.clusters) == pytest.approx(1)


def test_neutral_ratings_take_no_part() -> None:
    taste = cluster_ratings(pictures([5]), np.full(5, 2.5), np.zeros(5))
    assert (taste.liked, taste.disliked) == (None, None)


def test_the_strongest_are_kept_and_always_something_liked() -> None:
    assert list(strongest(np.array([3.0, -9.0, 1.0, -4.0]))) == [True, True, False, True]
    assert list(strongest(np.array([3.0, 9.0, 1.0]), 0.34)) == [True, True, False]
    assert list(strongest(np.array([-3.0, -9.0]))) == [False, True]
    assert list(strongest(np.empty(0))) == []


@pytest.mark.parametrize("fraction", [0, -1, 1.1, np.nan])
def test_a_fraction_that_is_none_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="keep_fraction"):
        strongest(np.ones(3), fraction)


def test_one_rating_and_one_age_for_each_vector() -> None:
    with pytest.raises(ValueError, match="not one each"):
        cluster_ratings(pictures([3]), np.ones(3), np.ones(2))
