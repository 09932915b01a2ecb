"""A few venues that show every look there is, chosen by what they add."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from taste_assets.model import coverage
from taste_assets.model.catalogue import catalogue_of
from taste_assets.model.coverage import centroids, covering, near_disliked

DIM = 8


def unit(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    vectors = rng.standard_normal((count, DIM))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def around(rng: np.random.Generator, centre: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    vectors = centre + 0.1 * unit(rng, count)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_every_look_comes_before_any_comes_twice_however_many_venues_have_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = (60, 30, 20, 12, 6)
    centres = np.eye(DIM, dtype=np.float32)[: len(sizes)]
    vectors = np.concatenate([around(rng, centre, size) for centre, size in zip(centres, sizes, strict=True)])
    looks = np.repeat(np.arange(len(sizes)), sizes)
    order = rng.permutation(len(vectors))
    chosen, shares = covering(vectors[order], len(sizes))
    assert sorted(looks[order][chosen].tolist()) == list(range(len(sizes)))
    assert (np.diff(shares) <= 1e-12).all()


def value(vectors: NDArray[np.float32], chosen: list[int]) -> float:
    similarities = vectors @ vectors.T
    return float((similarities[chosen] - similarities.min()).max(axis=0).sum())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(2, 9), length=st.integers(1, 3))
def test_the_greedy_choice_is_near_the_best_of_all(seed: int, count: int, length: int) -> None:
    vectors = unit(np.random.default_rng(seed), count)
    chosen, _ = covering(vectors, length)
    assert len(set(chosen.tolist())) == len(chosen) == min(length, count)
    best = max(value(vectors, list(some)) for some in combinations(range(count), len(chosen)))
    assert value(vectors, chosen.tolist()) >= (1 - 1 / np.e) * best - 1e-5


@given(seed=st.integers(0, 2**32), count=st.integers(0, 12))
def test_all_venues_together_cover_everything(seed: int, count: int) -> None:
    vectors = unit(np.random.default_rng(seed), count)
    chosen, shares = covering(vectors, count)
    assert sorted(chosen.tolist()) == list(range(count))
    if count > 1:
        assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()


def test_of_very_many_venues_some_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    centres = np.eye(DIM, dtype=np.float32)[:4]
    vectors = np.concatenate([around(rng, centre, 50) for centre in centres])
    order = rng.permutation(200)
    monkeypatch.setattr(coverage, "DEMANDS", 40)
    chosen, _ = covering(vectors[order], 4)
    assert sorted((order[chosen] // 50).tolist()) == [0, 1, 2, 3]


def test_a_centroid_is_the_direction_of_the_mean() -> None:
    rng = np.random.default_rng(2)
    photos, venue_of = unit(rng, 7), np.array([2, 0, 1, 2, 1, 1, 0])
    found = centroids(catalogue_of(photos, venue_of, 3))
    for venue in range(3):
        mean = photos[venue_of == venue].mean(axis=0)
        np.testing.assert_allclose(found[venue], mean / np.linalg.norm(mean), atol=1e-6)


def test_photos_that_cancel_out_are_stood_for_by_the_first() -> None:
    axis = np.eye(DIM, dtype=np.float32)[0]
    np.testing.assert_array_equal(centroids(catalogue_of(np.stack([axis, -axis]), np.zeros(2, np.intp), 1))[0], axis)


@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
def test_those_that_come_last_do_and_worth_decides_among_equals(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    vectors, last = unit(rng, count), rng.random(count) < 0.4
    chosen, shares = covering(vectors, count, worth=rng.random(count), last=last)
    assert sorted(chosen.tolist()) == list(range(count))
    assert last[chosen].tolist() == sorted(last.tolist())
    assert (shares >= 0).all()
    twins = np.repeat(vectors[:1], 2, axis=0)
    assert covering(np.concatenate([twins, unit(rng, 3)]), 1, worth=np.array([0.5, 1, 0, 0, 0]))[0].tolist() == [1]


def test_what_is_near_something_disliked_stands_out_from_the_average() -> None:
    rng = np.random.default_rng(3)
    axes = np.eye(DIM, dtype=np.float32)
    photos = np.concatenate([around(rng, axes[venue // 2], 6) for venue in range(8)])
    catalogue = catalogue_of(photos, np.repeat(np.arange(8), 6), 8)
    assert np.flatnonzero(near_disliked(axes[1:2], catalogue)).tolist() == [2, 3]
    assert np.flatnonzero(near_disliked(axes[[1, 3]], catalogue)).tolist() == [2, 3, 6, 7]
    assert near_disliked(axes[:0], catalogue).tolist() == [False] * 8


@given(seed=st.integers(0, 2**32), count=st.integers(1, 150), alike=st.booleans())
def test_each_venue_is_the_one_that_adds_most_to_those_before(seed: int, count: int, alike: bool) -> None:
    """Against the definition, without the short cut of computing only what could be first."""
    rng = np.random.default_rng(seed)
    vectors = np.repeat(unit(rng, 1), count, axis=0) if alike else unit(rng, count)
    worth, last = rng.random(count), rng.random(count) < 0.2
    similarities = vectors @ vectors.T
    similarities -= similarities.min()
    covered, left, expected = np.zeros(count, np.float32), list(range(count)), []
    for _ in range(min(8, count)):
        added = np.maximum(similarities - covered, 0).sum(axis=1, dtype=np.float64)
        best = min(left, key=lambda venue: (last[venue], -worth[venue] * added[venue], venue))
        left.remove(best)
        expected.append(best)
        covered = np.maximum(covered, similarities[best])
    assert covering(vectors, 8, worth, last)[0].tolist() == expected
