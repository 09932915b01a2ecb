"""Venues by weighted max-sim agree with brute force; what is not compared is bounded, never taken for zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from resources.search import VenueFilter, VenueRanking, nearest_venues
from tests.resources.search.conftest import SPACE, TOWN, forced_index
from tests.resources.search.test_photos import GRID, grids, towns
from tests.resources.search.world import NEAR, NEAR_BY_INDEX, Town, assert_same_ranking
from tests.resources.vector_rows import Vectors, units

in_database = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
tastes = st.integers(1, 4).flatmap(
    lambda count: st.tuples(grids(count), st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=count, max_size=count))
).filter(lambda taste: sum(taste[1]) > 0)  # fmt: skip


def assert_is_top(ranking: VenueRanking, town: Town, clusters: Vectors, weights: list[float], k: int) -> None:
    expected = town.venue_order(clusters, np.array(weights))
    assert_same_ranking([(hit.score, hit.venue_id) for hit in ranking.hits], expected, k)


@in_database
@given(town=towns(), taste=tastes, k=st.integers(1, 6))
def test_an_exact_ranking_is_brute_force(
    engine: Engine, town: Town, taste: tuple[Vectors, list[float]], k: int
) -> None:
    clusters, weights = taste
    with engine.connect() as connection:
        town.store(connection)
        ranking = nearest_venues(connection, clusters, np.array(weights), k, GRID)
        connection.rollback()
    assert ranking.is_bounded
    assert_is_top(ranking, town, clusters, weights, k)
    for hit in ranking.hits:
        photos = town.shown[town.venues.index(hit.venue_id)]
        for cluster, match in zip(clusters, hit.matches, strict=True):
            best = max(float(town.vectors[photo] @ cluster) for photo in photos)
            assert match.similarity == pytest.approx(best, abs=NEAR)
            assert town.photos.index(match.photo_id) in photos


@in_database
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 5), k=st.integers(1, 12))
def test_a_ranking_by_index_completes_what_it_did_not_see(indexed_town: Engine, seed: int, count: int, k: int) -> None:
    clusters = units(seed, count, SPACE.dim)
    weights = np.random.default_rng(seed).uniform(0.1, 1, count)
    with forced_index(indexed_town) as connection:
        ranking = nearest_venues(connection, clusters, weights, k, SPACE)
    assert ranking.is_bounded, "512 photos per cluster are all there are"
    assert_is_top(ranking, TOWN, clusters, weights.tolist(), k)


def test_a_shallow_search_completes_every_pair_and_says_that_it_is_not_bounded(indexed_town: Engine) -> None:
    clusters, weights = units(5, 3, SPACE.dim), np.full(3, 1 / 3)
    scores = {venue: score for score, venue in TOWN.venue_order(clusters, weights)}
    with forced_index(indexed_town) as connection:
        ranking = nearest_venues(connection, clusters, weights, 1, SPACE, depth=2)
        deep = nearest_venues(connection, clusters, weights, 1, SPACE, depth=200)
    assert not ranking.is_bounded
    for hit in ranking.hits:
        assert hit.score == pytest.approx(scores[hit.venue_id], abs=NEAR), "no pair counts as zero"
    assert deep.is_bounded
    assert deep.hits[0].score == pytest.approx(max(scores.values()), abs=NEAR)


@in_database
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 3), depth=st.integers(1, 150))
def test_what_is_said_to_be_bounded_is_the_true_top(indexed_town: Engine, seed: int, count: int, depth: int) -> None:
    clusters, weights = units(seed, count, SPACE.dim), np.full(count, 1 / count)
    with forced_index(indexed_town) as connection:
        ranking = nearest_venues(connection, clusters, weights, 3, SPACE, depth=depth)
    if ranking.is_bounded:
        expected = TOWN.venue_order(clusters, weights)
        # Half precision may hide a photo this much nearer than the last one seen.
        assert ranking.hits[-1].score >= expected[2][0] - NEAR_BY_INDEX


def test_a_list_is_never_short_for_want_of_candidates(indexed_town: Engine) -> None:
    clusters, weights = units(5, 2, SPACE.dim), np.array([0.5, 0.5])
    with forced_index(indexed_town) as connection:
        ranking = nearest_venues(connection, clusters, weights, 30, SPACE, depth=3)
    assert ranking.is_bounded
    assert_is_top(ranking, TOWN, clusters, weights.tolist(), 30)


def test_filters_hold_in_both_stages(indexed_town: Engine) -> None:
    clusters, weights = units(9, 2, SPACE.dim), np.array([0.5, 0.5])
    allowed = {number for number, facts in enumerate(TOWN.facts) if facts["setting"] in ("outdoor", "both")}
    with forced_index(indexed_town) as connection:
        ranking = nearest_venues(connection, clusters, weights, 50, SPACE, VenueFilter(setting="outdoor"))
    expected = TOWN.venue_order(clusters, weights, allowed)
    assert_same_ranking([(hit.score, hit.venue_id) for hit in ranking.hits], expected, 50)
    assert 0 < len(ranking.hits) < len(TOWN.venue_order(clusters, weights))


@pytest.mark.parametrize("weights", [[1.0], [0.5, -0.5], [0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_weights_that_weigh_nothing_sensible_are_refused(town: Engine, weights: list[float]) -> None:
    with town.connect() as connection, pytest.raises(ValueError, match="weights must be"):
        nearest_venues(connection, units(1, 2, SPACE.dim), np.array(weights), 3, SPACE)
