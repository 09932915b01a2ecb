"""A venue's verdicts against the ranking's own judgement of it, for any wishes and facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lookbook.wishes import StatedWishes, distance_to, judge, read_wishes
from taste_assets.model.wishes import VenueFacts, Wishes, fit

WORDS = ["parking", "garden", "bar"]
GUESTS = st.integers(1, 300)
COUNTS = st.none() | GUESTS
LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)


@dataclass
class Site:
    lat: float | None
    lon: float | None
    capacity_min: int | None
    capacity_max: int | None
    price_min: float | None
    currency: str | None
    price_unit: str | None
    setting: str | None
    amenities: list[str] | None
    place_precision: str | None = None


@st.composite
def sites(draw: st.DrawFn) -> Site:
    lat, lon = draw(st.none() | st.tuples(LATS, LONS)) or (None, None)
    return Site(
        lat, lon, draw(COUNTS), draw(COUNTS), draw(st.none() | st.floats(0, 30_000)),
        draw(st.sampled_from([None, "EUR", "USD"])), draw(st.sampled_from([None, "event", "person", "day", "hour"])),
        draw(st.sampled_from([None, "indoor", "outdoor", "both"])),
        draw(st.none() | st.lists(st.sampled_from(WORDS), unique=True)),
    )  # fmt: skip


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if draw(st.booleans()):
        asked["guests"] = draw(GUESTS)
    if draw(st.booleans()):
        asked |= {"budget_max": draw(st.floats(1, 40_000)), "currency": "EUR"}
    if draw(st.booleans()):
        asked |= {"lat": draw(LATS), "lon": draw(LONS), "max_distance_km": draw(st.floats(1, 20_000))}
    if draw(st.booleans()):
        asked["setting"] = draw(st.sampled_from(["indoor", "outdoor", "both"]))
    if draw(st.booleans()):
        asked["amenities"] = tuple(draw(st.lists(st.sampled_from(WORDS), unique=True, min_size=1)))
    return asked


def as_facts(site: Site) -> VenueFacts:
    def number(value: float | None) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([np.nan if value is None else value], np.float64)

    return VenueFacts(
        number(site.capacity_min), number(site.capacity_max), number(site.price_min), np.array([site.currency or ""]),
        np.array([site.price_unit or ""]), np.array([site.setting or ""]), number(site.lat), number(site.lon),
        (frozenset(site.amenities or ()),),
    )  # fmt: skip


@given(wishes(), sites())
def test_a_venue_is_ruled_out_here_exactly_where_the_ranking_rules_it_out(asked: dict[str, Any], site: Site) -> None:
    verdicts = judge(StatedWishes(**asked), site)
    judged = fit(Wishes(**{**asked, "amenities": frozenset(asked.get("amenities", ()))}), as_facts(site))
    assert bool(judged.allowed[0]) == all(verdict.outcome != "broken" for verdict in verdicts)
    unsaid = sum(verdict.outcome == "unsaid" for verdict in verdicts)
    if all(verdict.outcome != "broken" for verdict in verdicts):
        assert judged.unknown[0] == (unsaid / len(verdicts) if verdicts else 0)
    assert len({verdict.wish for verdict in verdicts}) == len(verdicts)


def test_preferences_that_are_not_understood_ask_nothing() -> None:
    assert read_wishes({"guests": 80}).guests == 80
    assert not read_wishes({"guests": 80, "moon": "full"}).asks_something
    assert not read_wishes({"guests": "many"}).asks_something


def test_distance_is_that_of_a_globe() -> None:
    london, paris = StatedWishes(lat=51.5074, lon=-0.1278), Site(48.8566, 2.3522, *[None] * 7)
    distance = distance_to(london, paris)
    assert distance is not None
    assert abs(distance - 343.6) < 1
    assert distance_to(StatedWishes(), paris) is None


def test_a_distance_from_the_town_says_so() -> None:
    asked = StatedWishes(lat=51.5074, lon=-0.1278, max_distance_km=400, near="London")
    paris = Site(48.8566, 2.3522, *[None] * 7)
    (exact,) = judge(asked, replace(paris, place_precision="stated"))
    (about,) = judge(asked, replace(paris, place_precision="town"))
    assert (exact.words, exact.outcome) == ("344 km from London", "met")
    assert (about.words, about.outcome) == ("about 344 km from London, measured from its town", "met")
