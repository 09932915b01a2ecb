"""Nearest photographs agree with brute force, with an index and without."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sqlalchemy import Engine

from resources.identity import venue_id
from resources.search import PhotoHit, VenueFilter, nearest_photos
from resources.spaces import EmbeddingSpace
from tests.resources.search.conftest import SPACE, TOWN, forced_index, scans
from tests.resources.search.world import NEAR_BY_INDEX, Town, assert_same_ranking
from tests.resources.vector_rows import Vectors, photo_ids, units

GRID = EmbeddingSpace("image:grid", "image", "m", "1", 3)
in_database = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def grids(draw: st.DrawFn, rows: int) -> Vectors:
    """Unit vectors of few directions, so that many are equally near."""
    values = draw(arrays(np.int8, (rows, 3), elements=st.integers(-1, 1)))
    values[np.all(values == 0, axis=1)] = (1, 0, 0)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Up to 5 venues showing some of up to 12 photos; some photos are nobody's."""
    count = draw(st.integers(1, 12))
    shown = draw(st.lists(st.lists(st.integers(0, count - 1), unique=True), min_size=1, max_size=5))
    retired = draw(st.frozensets(st.integers(0, len(shown) - 1), max_size=2))
    venues = [venue_id(f"v{number}.test") for number in range(len(shown))]
    facts: list[dict[str, object]] = [{} for _ in shown]
    return Town(GRID, venues, photo_ids(count), draw(grids(count)), shown, retired, facts)


def as_ranking(hits: list[PhotoHit]) -> list[tuple[float, str]]:
    return [(hit.similarity, hit.photo_id) for hit in hits]


@in_database
@given(town=towns(), queries=st.integers(0, 3).flatmap(grids), k=st.integers(1, 14))
def test_an_exact_search_is_brute_force(engine: Engine, town: Town, queries: Vectors, k: int) -> None:
    with engine.connect() as connection:
        town.store(connection)
        found = nearest_photos(connection, queries, k, GRID)
        connection.rollback()
    assert len(found) == len(queries)
    for query, hits in zip(queries, found, strict=True):
        expected = town.photo_order(query)
        assert_same_ranking(as_ranking(hits), expected, k)
        for hit in hits:
            number = town.photos.index(hit.photo_id)
            showing = [town.venues[one] for one in town.listed() if number in town.shown[one]]
            assert list(hit.venue_ids) == sorted(showing)
        returned = {hit.photo_id for hit in hits}
        same = {photo: vector.tobytes() for photo, vector in zip(town.photos, town.vectors, strict=True)}
        for _, left in expected:
            if left not in returned:
                twins = [photo for photo in returned if same[photo] == same[left]]
                assert all(twin < left for twin in twins), "of equally near ones the smaller ids are returned"


@in_database
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 6), k=st.integers(1, 60), guests=st.integers(0, 320))
def test_a_search_by_index_is_brute_force_where_the_index_sees_all(
    indexed_town: Engine, seed: int, count: int, k: int, guests: int
) -> None:
    queries = units(seed, count, SPACE.dim)
    allowed = {number for number, facts in enumerate(TOWN.facts) if facts["capacity_max"] >= guests}
    with forced_index(indexed_town) as connection:
        found = nearest_photos(connection, queries, k, SPACE, VenueFilter(guests=guests) if guests else None)
        if not any(TOWN.shown[one] for one in TOWN.listed(allowed)):
            nearest_photos(connection, queries, k, SPACE)  # no venue takes so many: nothing was asked of the index
    for query, hits in zip(queries, found, strict=True):
        assert_same_ranking(as_ranking(hits), TOWN.photo_order(query, allowed), k, NEAR_BY_INDEX)


def test_a_list_that_the_index_leaves_short_is_found_again_exactly(indexed_town: Engine) -> None:
    query = TOWN.vectors[43:44]
    without_index = ("photo_embeddings", "pk_photo_embeddings")
    with forced_index(indexed_town) as connection:
        before = scans(connection, *without_index)
        nearest_photos(connection, query, 100, SPACE)
        assert scans(connection, *without_index) == before, "the index found enough"
        (found,) = nearest_photos(connection, query, 400, SPACE)
        assert scans(connection, *without_index) > before
    assert_same_ranking(as_ranking(found), TOWN.photo_order(query[0]), 400)


def test_what_is_only_pinned_or_shown_by_a_retired_venue_is_not_found(indexed_town: Engine) -> None:
    with forced_index(indexed_town) as connection:
        found = {
            hit.photo_id for hits in nearest_photos(connection, units(1, 1, SPACE.dim), 320, SPACE) for hit in hits
        }
    listed = {TOWN.photos[photo] for venue in TOWN.listed() for photo in TOWN.shown[venue]}
    assert found == listed
    assert {TOWN.photos[number] for number in range(0, 320, 7)} & found == set()
    assert {TOWN.photos[photo] for venue in TOWN.retired for photo in TOWN.shown[venue]} - listed


def test_what_cannot_be_asked_is_refused(town: Engine) -> None:
    with town.connect() as connection:
        with pytest.raises(ValueError, match="at least 1"):
            nearest_photos(connection, units(1, 1, SPACE.dim), 0, SPACE)
        with pytest.raises(ValueError, match="shape"):
            nearest_photos(connection, units(1, 1, SPACE.dim + 1), 1, SPACE)
