"""Structured filters on venues: what may be asked, and the SQL conditions it becomes. Values are always bound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Double, Numeric, Select, and_, cast, func, or_, select, true

from resources.schema import venue_facts, venues

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius R1 of the International Union of Geodesy and Geophysics."""

_DECIMALS: Final = 9  # of a degree: a tenth of a millimetre
_POLAR: Final = 89.9  # degrees of latitude beyond which a box of longitudes says nothing


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent, in the venue's own terms: amounts of different units or currencies are not compared.

    Attributes:
        amount: at most this much.
        currency: ISO 4217, such as "GBP".
        unit: what the price is for.
    """

    amount: float
    currency: str
    unit: Literal["event", "person", "day", "hour"] = "event"


@dataclass(frozen=True, slots=True)
class Near:
    """Within a great-circle distance of a place.

    Attributes:
        lat: degrees north, -90 to 90.
        lon: degrees east, -180 to 180.
        km: kilometres, on a sphere of the Earth's mean radius (up to 0.5 % off the ellipsoid).
    """

    lat: float
    lon: float
    km: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180 and self.km >= 0):
            raise ValueError(f"not a place and a distance: {self}")


@dataclass(frozen=True, slots=True)
class VenueFilter:
    """What a venue must offer; what is None or empty is not asked. Retired venues are never found.

    Attributes:
        guests: it takes this many people, all told, seated or standing, and does not ask for more.
        budget: its lowest price is within.
        setting: it has this; a venue with both has either.
        amenities: it has all of these (words of the vocabulary of amenities).
        near: it is there.
        keep_unknown: keep venues of which it is not known; otherwise only those known to fit.
    """

    guests: int | None = None
    budget: Budget | None = None
    setting: Literal["indoor", "outdoor"] | None = None
    amenities: frozenset[str] = frozenset()
    near: Near | None = None
    keep_unknown: bool = False

    @property
    def asks_nothing(self) -> bool:
        """Whether every venue on the list passes."""
        return self == VenueFilter(keep_unknown=self.keep_unknown)


def matching_venues(wanted: VenueFilter) -> Select[tuple[object]]:
    """Ids of the venues on the list that pass."""
    query = select(venues.c.venue_id).where(venues.c.status != "retired")
    if wanted.asks_nothing:
        return query
    facts = query.outerjoin(venue_facts, venue_facts.c.venue_id == venues.c.venue_id)
    return facts.where(*(_known(fits, unknown, wanted) for fits, unknown in _conditions(wanted)))


def _known(fits: ColumnElement[bool], unknown: ColumnElement[bool], wanted: VenueFilter) -> ColumnElement[bool]:
    return or_(fits, unknown) if wanted.keep_unknown else fits


def _conditions(wanted: VenueFilter) -> Iterator[tuple[ColumnElement[bool], ColumnElement[bool]]]:
    """Per question: the venue is known to fit; it is not known whether it does."""
    facts = venue_facts.c
    if wanted.guests is not None:
        most = func.greatest(facts.capacity_max, facts.seated_max, facts.standing_max)  # of those that are not null
        welcome = func.coalesce(facts.capacity_min, 1) <= wanted.guests
        yield and_(most >= wanted.guests, welcome), and_(most.is_(None), welcome)
    if wanted.budget is not None:
        budget = wanted.budget
        same_terms = and_(facts.currency == budget.currency, facts.price_unit == budget.unit)
        stated = and_(facts.price_min.is_not(None), facts.currency.is_not(None), facts.price_unit.is_not(None))
        yield and_(same_terms, facts.price_min <= budget.amount), stated.is_not(true())
    if wanted.setting is not None:
        yield facts.setting.in_((wanted.setting, "both")), facts.setting.is_(None)
    if wanted.amenities:
        # A site that names no amenity at all says nothing about them.
        known = func.coalesce(func.cardinality(facts.amenities), 0) > 0
        yield facts.amenities.contains(sorted(wanted.amenities)), ~known
    if wanted.near is not None:
        yield within(wanted.near), venues.c.lat.is_(None)


def within(near: Near) -> ColumnElement[bool]:
    """Within `near.km` by the haversine formula (Sinnott 1984); a box of degrees first spares most rows the sines."""
    lat, lon = _degrees(venues.c.lat), _degrees(venues.c.lon)
    north = func.sin(0.5 * func.radians(lat - round(near.lat, _DECIMALS)))
    east = func.sin(0.5 * func.radians(lon - round(near.lon, _DECIMALS)))
    haversine = north * north + math.cos(math.radians(near.lat)) * func.cos(func.radians(lat)) * east * east
    # Rounding may carry the value past 1 at the antipodes, where asin ends.
    distance = 2 * EARTH_RADIUS_KM * func.asin(func.sqrt(func.least(1.0, haversine)))
    return and_(_box(near), distance <= near.km)


def _degrees(column: ColumnElement[float]) -> ColumnElement[float]:
    # Postgres raises an error where the product of two tiny numbers is zero, and a site may say what it likes.
    return cast(func.round(cast(column, Numeric), _DECIMALS), Double())


def _box(near: Near) -> ColumnElement[bool]:
    lat, lon = venues.c.lat, venues.c.lon
    angle = near.km / EARTH_RADIUS_KM
    reach = math.degrees(angle) + 1e-9
    south, north = near.lat - reach, near.lat + reach
    rows = lat.between(south, north)
    if south <= -_POLAR or north >= _POLAR:
        return rows  # the circle holds a pole: every longitude
    # Widest where the circle touches its outermost meridian, not at the centre's latitude.
    width = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(near.lat))))) + 1e-9
    west, east = near.lon - width, near.lon + width
    if west < -180:
        return and_(rows, or_(lon >= west + 360, lon <= east))
    if east > 180:
        return and_(rows, or_(lon >= west, lon <= east - 360))
    return and_(rows, lon.between(west, east))
