"""A broken wish rules a venue out, an unknown fact lowers it, and `must` makes the unknown a no."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste_assets.model.wishes import VenueFacts, Wishes, distance_km, event_price, fit

NAN = float("nan")
LONDON, PARIS, AUSTIN = (51.5074, -0.1278), (48.8566, 2.3522), (30.2672, -97.7431)


def venues(**columns: list[Any]) -> VenueFacts:
    count = len(next(iter(columns.values())))
    numbers: dict[str, Any] = {
        name: np.array(columns.get(name, [NAN] * count), np.float64)
        for name in ("capacity_min", "capacity_max", "price_min", "lat", "lon")
    }
    words: dict[str, Any] = {
        name: np.array(columns.get(name, [""] * count), np.str_) for name in ("currency", "price_unit", "setting")
    }
    amenities = tuple(frozenset(stated) for stated in columns.get("amenities", [()] * count))
    return VenueFacts(**numbers, **words, amenities=amenities)


@pytest.mark.parametrize(
    ("wishes", "facts", "allowed", "unknown"),
    [
        (Wishes(guests=120), venues(capacity_max=[119, 120, NAN]), [False, True, True], [0, 0, 1]),
        (Wishes(guests=20), venues(capacity_min=[30, NAN], capacity_max=[99, 99]), [False, True], [0, 0]),
        (Wishes(budget_max=5000, currency="GBP", guests=50),
         venues(price_min=[5001, 100, 101, 4000, NAN, 100], currency=["GBP", "GBP", "GBP", "EUR", "GBP", "GBP"],
                price_unit=["event", "person", "person", "event", "event", "hour"]),
         [False, True, False, True, True, True], [0.5, 0.5, 0.5, 1, 1, 1]),
        (Wishes(lat=LONDON[0], lon=LONDON[1], max_distance_km=400),
         venues(lat=[PARIS[0], AUSTIN[0], NAN], lon=[PARIS[1], AUSTIN[1], NAN]), [True, False, True], [0, 0, 1]),
        (Wishes(setting="outdoor"), venues(setting=["outdoor", "both", "indoor", ""]), [True, True, False, True],
         [0, 0, 0, 1]),
        (Wishes(setting="both"), venues(setting=["outdoor", "both"]), [False, True], [0, 0]),
        (Wishes(amenities=frozenset({"parking", "bar"})), venues(amenities=[["parking", "bar", "wifi"], ["bar"]]),
         [True, True], [0, 1]),
        (Wishes(), venues(setting=["", "indoor"]), [True, True], [0, 0]),
    ],
)  # fmt: skip
def test_wishes(wishes: Wishes, facts: VenueFacts, allowed: list[bool], unknown: list[float]) -> None:
    judged = fit(wishes, facts)
    assert judged.allowed.tolist() == allowed
    assert judged.unknown.tolist() == unknown


def test_what_must_be_known_rules_the_silent_out_and_shares_are_of_the_wishes() -> None:
    facts = venues(capacity_max=[200, NAN], setting=["", "indoor"])
    assert fit(Wishes(guests=100, setting="indoor"), facts).unknown.tolist() == [0.5, 0.5]
    assert fit(Wishes(guests=100, setting="indoor", must=frozenset({"guests"})), facts).allowed.tolist() == [
        True,
        False,
    ]


def test_prices_are_for_the_whole_event() -> None:
    facts = venues(price_min=[90, 4000, 2000, 300], price_unit=["person", "event", "day", "hour"])
    assert event_price(facts, 50).tolist()[:3] == [4500, 4000, 2000]
    assert np.isnan(event_price(facts, 50)[3])


def test_distances_are_those_of_the_atlas() -> None:
    to = distance_km(*LONDON, np.array([PARIS[0], AUSTIN[0], LONDON[0]]), np.array([PARIS[1], AUSTIN[1], LONDON[1]]))
    assert to == pytest.approx([343.6, 7900, 0], rel=5e-3)


@given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
def test_distance_is_symmetric_and_at_most_half_around_the_earth(
    lat: float, lon: float, other_lat: float, other_lon: float
) -> None:
    there = distance_km(lat, lon, np.array([other_lat]), np.array([other_lon]))[0]
    back = distance_km(other_lat, other_lon, np.array([lat]), np.array([lon]))[0]
    assert 0 <= there <= 20016
    assert there == pytest.approx(back, abs=1e-6)
