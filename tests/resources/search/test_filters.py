"""Filters keep the venues that are known to fit. Distances agree with scikit-learn's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, update

from resources.schema import venue_facts, venues
from resources.search import Budget, Near, VenueFilter
from resources.search.filters import EARTH_RADIUS_KM, matching_venues
from tests.resources.vector_rows import add_venues

FACTS: list[dict[str, Any]] = [
    {"capacity_min": 40, "capacity_max": 120, "price_min": 3000, "currency": "GBP", "price_unit": "event",
     "setting": "both", "amenities": ["parking", "bar"]},
    {"capacity_max": 60, "price_min": 90, "currency": "GBP", "price_unit": "person", "setting": "indoor",
     "amenities": ["bar"]},
    {"capacity_max": 250, "price_min": 3000, "currency": "EUR", "price_unit": "event", "setting": "outdoor",
     "amenities": ["parking"]},
    {"price_min": 2000},
    {},
]  # fmt: skip
"""Of venues 0 to 4; of the last, nothing was read at all. Venue 5 is retired and would fit anything."""

CAPACITIES: list[dict[str, Any]] = [
    {"capacity_max": 80, "standing_max": 150},
    {"seated_max": 60},
    {"standing_max": 90, "capacity_min": 30},
    {"capacity_min": 50},
    {"capacity_max": 40},
    {},
]


@pytest.fixture
def listed(engine: Engine) -> Engine:
    with engine.begin() as connection:
        ids = add_venues(connection, 6)
        made = {"summariser": "test", "source_hash": "h"}
        for venue, facts in zip(ids, [*FACTS[:4], None, FACTS[0]], strict=True):
            if facts is not None:
                connection.execute(insert(venue_facts).values(venue_id=venue, **made, **facts))
        connection.execute(update(venues).where(venues.c.venue_id == ids[5]).values(status="retired"))
    return engine


def passing(engine: Engine, wanted: VenueFilter) -> set[int]:
    with engine.connect() as connection:
        urls = connection.scalars(select(venues.c.site_url).where(venues.c.venue_id.in_(matching_venues(wanted))))
        return {int(url.removeprefix("https://v").removesuffix(".test")) for url in urls}


@pytest.mark.parametrize(
    ("wanted", "known", "unknown"),
    [
        (VenueFilter(), {0, 1, 2, 3, 4}, set()),
        (VenueFilter(guests=60), {0, 1, 2}, {3, 4}),
        (VenueFilter(guests=61), {0, 2}, {3, 4}),
        (VenueFilter(guests=39), {1, 2}, {3, 4}),
        (VenueFilter(budget=Budget(3000, "GBP")), {0}, {3, 4}),
        (VenueFilter(budget=Budget(2999, "GBP")), set(), {3, 4}),
        (VenueFilter(budget=Budget(90, "GBP", "person")), {1}, {3, 4}),
        (VenueFilter(budget=Budget(3000, "EUR")), {2}, {3, 4}),
        (VenueFilter(setting="indoor"), {0, 1}, {3, 4}),
        (VenueFilter(setting="outdoor"), {0, 2}, {3, 4}),
        (VenueFilter(amenities=frozenset({"bar"})), {0, 1}, {3, 4}),
        (VenueFilter(amenities=frozenset({"bar", "parking"})), {0}, {3, 4}),
        (VenueFilter(amenities=frozenset({"'; DROP TABLE venues; --"})), set(), {3, 4}),
        (VenueFilter(near=Near(51.5, -0.1, 10)), set(), {0, 1, 2, 3, 4}),
        (VenueFilter(guests=100, setting="outdoor", amenities=frozenset({"parking"})), {0, 2}, {3, 4}),
    ],
)
def test_a_filter_keeps_what_is_known_to_fit_and_on_request_what_may(
    listed: Engine, wanted: VenueFilter, known: set[int], unknown: set[int]
) -> None:
    assert passing(listed, wanted) == known
    asked = {name: getattr(wanted, name) for name in ("guests", "budget", "setting", "amenities", "near")}
    assert passing(listed, VenueFilter(**asked, keep_unknown=True)) == known | unknown


@pytest.mark.parametrize(
    ("guests", "known", "unknown"),
    [
        (20, {0, 1, 4}, {5}),
        (45, {0, 1, 2}, {5}),
        (60, {0, 1, 2}, {3, 5}),
        (61, {0, 2}, {3, 5}),
        (90, {0, 2}, {3, 5}),
        (150, {0}, {3, 5}),
        (151, set(), {3, 5}),
    ],
)
def test_guests_fit_where_they_fit_in_any_way(engine: Engine, guests: int, known: set[int], unknown: set[int]) -> None:
    with engine.begin() as connection:
        for venue, facts in zip(add_venues(connection, len(CAPACITIES)), CAPACITIES, strict=True):
            connection.execute(insert(venue_facts).values(venue_id=venue, summariser="t", source_hash="h", **facts))
    assert passing(engine, VenueFilter(guests=guests)) == known
    assert passing(engine, VenueFilter(guests=guests, keep_unknown=True)) == known | unknown


latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 0.0, 89.95, 90.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 179.9, 180.0])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    here=st.tuples(latitudes, longitudes),
    places=st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=5),
    km=st.floats(0, 21_000),
)
def test_distance_is_the_great_circle_wherever_it_runs(
    listed: Engine, here: tuple[float, float], places: list[tuple[float, float]], km: float
) -> None:
    from sklearn.metrics.pairwise import haversine_distances

    apart = haversine_distances(np.radians([here]), np.radians(places))[0] * EARTH_RADIUS_KM
    # On the circle itself rounding decides; haversine is blunt near the antipodes.
    assume(all(abs(distance - km) > 0.5 or distance == 0 for distance in apart))
    with listed.connect() as connection:
        listed_ids = connection.scalars(select(venues.c.venue_id).where(venues.c.status != "retired")).all()
        for venue, (lat, lon) in zip(listed_ids, places, strict=False):
            connection.execute(update(venues).where(venues.c.venue_id == venue).values(lat=lat, lon=lon))
        found = set(connection.scalars(matching_venues(VenueFilter(near=Near(*here, km)))))
        connection.rollback()
    assert found == {listed_ids[number] for number, distance in enumerate(apart) if distance <= km}


@pytest.mark.parametrize("place", [(91, 0, 1), (0, 181, 1), (0, 0, -1), (math.nan, 0, 1)])
def test_no_place_is_refused(place: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a place"):
        Near(*place)
