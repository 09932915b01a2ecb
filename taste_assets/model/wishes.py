"""What a person asks of a venue besides its looks, against what the venues' sites state.

A stated fact that breaks a wish rules the venue out. A fact the site does not state is not a no: the venue ranks lower
and stays, unless the person says that they must know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius (IUGG)."""

GUESTS_WHEN_UNSAID: Final = 100
"""Guests a price per person is multiplied with where the person does not say how many they are."""

Wish = Literal["guests", "budget", "distance", "setting", "amenities"]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asks for; None and empty ask for nothing.

    Attributes:
        guests: how many come.
        budget_max: for the whole event, in `currency`.
        currency: ISO 4217.
        lat, lon: degrees; with `max_distance_km` a circle.
        max_distance_km: radius of the circle.
        setting: `both` asks for a venue that offers both.
        amenities: words of the vocabulary, all wanted.
        must: wishes for which an unknown fact is a no.
    """

    guests: int | None = None
    budget_max: float | None = None
    currency: str | None = None
    lat: float | None = None
    lon: float | None = None
    max_distance_km: float | None = None
    setting: Literal["indoor", "outdoor", "both"] | None = None
    amenities: frozenset[str] = frozenset()
    must: frozenset[Wish] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class VenueFacts:
    """What sites state, one entry a venue; NaN and "" where they do not.

    Attributes:
        capacity_min, capacity_max: (venues,) float64 guests.
        price_min: (venues,) float64 amount of `currency` per `price_unit`.
        currency, price_unit, setting: (venues,) str.
        lat, lon: (venues,) float64 degrees.
        amenities: for each venue the words it states; an empty set states nothing.
    """

    capacity_min: Floats
    capacity_max: Floats
    price_min: Floats
    currency: NDArray[np.str_]
    price_unit: NDArray[np.str_]
    setting: NDArray[np.str_]
    lat: Floats
    lon: Floats
    amenities: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How venues meet a person's wishes.

    Attributes:
        allowed: (venues,) bool: nothing stated rules it out, and what must be known is.
        unknown: (venues,) share of the wishes the site says nothing about, 0 to 1; 0 where nothing is wished.
    """

    allowed: Bools
    unknown: Floats


def fit(wishes: Wishes, facts: VenueFacts) -> Fit:
    """Judge every venue by every wish."""
    allowed, unknown, asked = np.ones(len(facts.lat), np.bool_), np.zeros(len(facts.lat)), 0
    for wish, broken, unsaid in _judgements(wishes, facts):
        allowed &= ~broken
        if wish in wishes.must:
            allowed &= ~unsaid
        unknown += unsaid
        asked += 1
    return Fit(allowed, unknown / max(asked, 1))


def _judgements(wishes: Wishes, facts: VenueFacts) -> Iterator[tuple[Wish, Bools, Bools]]:
    """For each wish made: which venues break it, and which do not say. A comparison with NaN is False."""
    if wishes.guests is not None:
        broken = (facts.capacity_max < wishes.guests) | (facts.capacity_min > wishes.guests)
        yield "guests", broken, np.isnan(facts.capacity_max)
    if wishes.budget_max is not None:
        total = event_price(facts, wishes.guests or GUESTS_WHEN_UNSAID)
        # Without rates of the day an amount in another currency says nothing.
        comparable = (facts.currency == wishes.currency) & ~np.isnan(total)
        yield "budget", comparable & (total > wishes.budget_max), ~comparable
    if wishes.max_distance_km is not None and wishes.lat is not None and wishes.lon is not None:
        distance = distance_km(wishes.lat, wishes.lon, facts.lat, facts.lon)
        yield "distance", distance > wishes.max_distance_km, np.isnan(distance)
    if wishes.setting is not None:
        unsaid = facts.setting == ""
        yield "setting", (facts.setting != wishes.setting) & (facts.setting != "both") & ~unsaid, unsaid
    if wishes.amenities:
        # Sites list what they have, not what they lack: a word that is missing is unsaid, never a no.
        missing = [not wishes.amenities <= stated for stated in facts.amenities]
        yield "amenities", np.zeros(len(missing), np.bool_), np.array(missing, np.bool_)


def event_price(facts: VenueFacts, guests: int) -> Floats:
    """The least an event costs in each venue's currency, (venues,); NaN where no price is stated or one by the hour."""
    per_person = np.where(facts.price_unit == "person", facts.price_min * guests, facts.price_min)
    return np.where(facts.price_unit == "hour", np.nan, per_person)


def distance_between(lat: float | None, lon: float | None, to_lat: float | None, to_lon: float | None) -> float | None:
    """`distance_km` from one point to another; None where either is not known."""
    if lat is None or lon is None or to_lat is None or to_lon is None:
        return None
    return float(distance_km(lat, lon, np.array([to_lat]), np.array([to_lon]))[0])


def distance_km(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Great-circle distance from one point to each of many, by the haversine formula; degrees in, kilometres out."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distance
