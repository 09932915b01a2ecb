"""Joining clusters that are alike, and what chance reaches: the rules, and scipy's average linkage as the oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste_assets.model.chance import Chance, chance_of, measure_chance
from taste_assets.model.consolidation import consolidated
from taste_assets.model.vectors import Floats, Ints, mean_similarity, unit_rows
from tests.taste_assets.model.pictures import pictures

sizes = st.lists(st.integers(1, 8), min_size=1, max_size=6)
labelled = st.builds(
    lambda counts, seed, apart: (
        unit_rows(pictures(counts, seed=seed, apart=apart)), np.repeat(np.arange(len(counts)), counts),
    ),
    sizes, st.integers(0, 1000), st.sampled_from([0.0, 0.2, 0.4]),
)  # fmt: skip


def groups(labels: Ints) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == one).tolist()) for one in np.unique(labels)}


def mean_similarities(rows: Floats, labels: Ints) -> list[float]:
    """Between the members of each two clusters, pair by pair."""
    similar = rows @ rows.T
    return [
        float(similar[np.ix_(labels == one, labels == other)].mean())
        for one in range(labels.max() + 1) for other in range(one)
    ]  # fmt: skip


@given(labelled, st.floats(0.3, 0.9), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_what_is_left_is_unlike_and_large_enough_and_only_whole_clusters_were_joined(
    given_: tuple[Floats, Ints], bar: float, least: int
) -> None:
    rows, labels = given_
    found = consolidated(rows, labels, bar, least)
    assert set(found) == set(range(found.max() + 1))
    assert all(any(before <= after for after in groups(found)) for before in groups(labels))
    if found.max() > 0:
        assert np.bincount(found).min() >= least
    assert all(similarity < bar for similarity in mean_similarities(rows, consolidated(rows, labels, bar, 1)))


@given(labelled, st.floats(0.3, 0.9))
@settings(max_examples=40, deadline=None)
def test_from_single_pins_it_is_average_linkage(given_: tuple[Floats, Ints], bar: float) -> None:
    from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]
    from scipy.spatial.distance import pdist  # type: ignore[import-untyped]

    rows, _ = given_
    if len(rows) < 2:
        return
    expected = fcluster(linkage(pdist(rows, "cosine"), "average"), 1 - bar, "distance")
    assert groups(consolidated(rows, np.arange(len(rows)), bar, 1)) == groups(expected)


@given(labelled, st.floats(0.3, 0.9), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_numbers_of_clusters_do_not_matter(given_: tuple[Floats, Ints], bar: float, random: object) -> None:
    rows, labels = given_
    numbers = np.arange(labels.max() + 1)
    random.shuffle(numbers)  # type: ignore[attr-defined]
    assert groups(consolidated(rows, numbers[labels], bar, 1)) == groups(consolidated(rows, labels, bar, 1))


def test_a_bar_that_nothing_reaches_and_no_least_size_change_nothing() -> None:
    rows, labels = unit_rows(pictures([5, 1, 7])), np.repeat(np.arange(3), [5, 1, 7])
    assert (consolidated(rows, labels, 1.1, 1) == labels).all()


def test_chance_reaches_less_with_more_pictures_and_the_same_in_every_process() -> None:
    sample = pictures([1] * 240, apart=0.0)
    measured = measure_chance(sample, 8, 16)
    assert [one.pictures for one in measured] == [10, 15, 25, 40, 60, 100]
    assert measured[0].silhouette > measured[2].silhouette > measured[-1].silhouette > 0
    assert measured[0].similarity > measured[-1].similarity > mean_similarity(unit_rows(sample))
    assert measure_chance(sample, 8, 16) == measured
    assert chance_of(10, measured) == measured[0]
    last = measured[-1]
    assert chance_of(500, measured) == Chance(500, last.silhouette, last.similarity)
    between = chance_of(50, measured)
    assert between is not None
    assert measured[3].silhouette > between.silhouette > measured[4].silhouette


@pytest.mark.parametrize(("pictures_stored", "counts"), [(0, []), (19, []), (20, [10]), (100, [10, 15, 25, 40])])
def test_chance_is_not_measured_on_too_few_pictures(pictures_stored: int, counts: list[int]) -> None:
    sample = pictures([1] * pictures_stored, apart=0.0) if pictures_stored else np.empty((0, 48), np.float32)
    assert [one.pictures for one in measure_chance(sample, 8, 4)] == counts
    assert chance_of(30, []) is None


def test_pictures_that_are_all_the_same_have_no_division_that_chance_could_reach() -> None:
    assert {one.silhouette for one in measure_chance(np.repeat(pictures([1]), 60, axis=0), 8, 4)} == {0.0}
