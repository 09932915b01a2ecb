"""The arithmetic of a refined order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lookbook.refine.comparison import nearest
from lookbook.refine.scoring import STORED, TASTE_PHOTOS, Similarities, ordered, pairs, standing, together
from taste_assets.model.catalogue import catalogue_of
from taste_assets.model.lists import mixed_queries
from taste_assets.model.max_sim import mean_of_best
from taste_assets.model.recommend import recommend
from taste_assets.model.scoring import PersonTaste
from taste_assets.model.strategies import context

VENUES = 12
NONE = np.zeros((0, VENUES))


def found(seed: int = 0, **changes: Any) -> Similarities:
    rng = np.random.default_rng(seed)
    plain: dict[str, Any] = {
        "tastes": rng.random((2, VENUES)), "weights": np.array([0.7, 0.3]), "dislikes": np.zeros(VENUES),
        "looks": NONE, "look_signs": np.zeros(0), "more": NONE, "less": NONE, "words": NONE,
        "stated": NONE, "unknown": np.zeros(VENUES), "missed": np.zeros(VENUES), "sample": np.ones(VENUES, np.bool_),
    }  # fmt: skip
    return Similarities(**(plain | changes))


def unit(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    vectors = rng.standard_normal((count, 8)).astype(np.float32)
    normed: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normed


def rank(order: Any, venue: int) -> int:
    return int(np.flatnonzero(order.places == venue)[0])


@given(st.integers(0, 200), st.booleans())
def test_without_anything_asked_it_is_the_order_of_the_stored_lists(seed: int, has_words: bool) -> None:
    """From vectors with `recommend`, and here from their similarities."""
    rng = np.random.default_rng(seed)
    photos, tastes = unit(rng, 7 * VENUES), unit(rng, 3)
    catalogue = catalogue_of(photos, rng.permutation(np.arange(7 * VENUES) % VENUES), VENUES)
    weights, words = rng.dirichlet(np.ones(2)), rng.random(VENUES) if has_words else None
    (stored,) = recommend([PersonTaste(tastes[:2], weights, tastes[2:], np.ones(1), words)], catalogue, STORED)
    queries = np.concatenate([mixed_queries(tastes[:2], weights), tastes[2:]])
    near = mean_of_best(queries, catalogue, TASTE_PHOTOS).astype(np.float64)
    stated = NONE if words is None else words[None]
    here = found(tastes=near[:2], weights=weights, dislikes=near[2], stated=stated)
    assert ordered(here, STORED.length).places.tolist() == stored.venues.tolist()


PHOTOS = st.lists(st.integers(0, 9) | st.integers(31, 60), min_size=1, max_size=6)


@given(PHOTOS, st.lists(st.integers(1, 6), max_size=4), st.integers(0, 99))
def test_the_nearest_photographs_are_those_of_a_sorted_list(photos: list[int], wanted: list[int], seed: int) -> None:
    """Venues with so many photographs each, queries that look at so many."""
    rng = np.random.default_rng(seed)
    similarities = [rng.uniform(-1, 1, (count, len(wanted))).astype(np.float32) for count in photos]
    sent = [(-one).astype(">f4").tobytes() if len(one) else None for one in similarities]
    expected = [
        [np.sort(one[:, query])[::-1][:count].mean() if len(one) else np.nan for one in similarities]
        for query, count in enumerate(wanted)
    ]
    assert nearest(sent, wanted) == pytest.approx(
        np.reshape(expected, (len(wanted), len(photos))), abs=1e-6, nan_ok=True
    )


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
    both = np.array([[0.0, 2.0, 4.0], [6.0, 8.0, 9.0]])
    assert together(both, np.array([True, True, False])).ravel().tolist() == pytest.approx(
        ((both - 4) / np.sqrt(10)).ravel().tolist()
    )
