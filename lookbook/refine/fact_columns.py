"""Each venue's facts beside what is asked, as columns of SQL: what its site contradicts, and what it leaves unsaid.

Whatever is asked, these are the same columns of the same operators over bound values. `filters` says which of them
count; `judging` says the same of one venue's facts, with the reasons.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Numeric,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lookbook.refine.views import venues
from taste_assets.model.wishes import EARTH_RADIUS_KM

DECIMALS: Final = 9  # of a degree: a tenth of a millimetre

_Judged = tuple[ColumnElement[bool], ColumnElement[bool]]
"""Missed, unknown: never both, never null."""


@cache  # building it takes milliseconds
def judged() -> FromClause:
    """A row for each venue that is served.

    Columns: venue_id; for each of `KINDS` `<kind>_missed` and `<kind>_unknown`; amenities and styles, never null.
    """
    nothing = cast(literal("{}", Text), ARRAY(Text))
    words = (func.coalesce(column, nothing).label(column.name) for column in (venues.c.amenities, venues.c.styles))
    outcomes = (
        column.label(f"{kind}_{outcome}")
        for kind, of_kind in _OUTCOMES.items()
        for outcome, column in zip(("missed", "unknown"), of_kind(), strict=True)
    )
    return select(venues.c.venue_id, *words, *outcomes).subquery("judged")


def _stated(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    """The comparison holds, and neither side of it is null."""
    return func.coalesce(comparison, false())


def _guests() -> _Judged:
    too_small = _stated(venues.c.capacity_max < bindparam("guests_most", type_=Integer))
    too_large = _stated(venues.c.capacity_min > bindparam("guests_least", type_=Integer))
    missed = or_(too_small, too_large)
    return missed, and_(not_(missed), venues.c.capacity_max.is_(None))


def _budget() -> _Judged:
    number = cast(bindparam("heads", type_=Integer), Double)
    cost = venues.c.price_min * case((venues.c.price_unit == "person", number), else_=1.0)
    same = _stated(venues.c.currency == bindparam("budget_currency", type_=Text))
    # A price by the hour compares with nothing but an amount by the hour. A site that names no unit means the event.
    is_of_kind = _stated(venues.c.price_unit == "hour") == bindparam("budget_hourly", type_=Boolean)
    comparable = and_(same, is_of_kind, venues.c.price_min.is_not(None))
    return and_(comparable, cost > bindparam("budget_most", type_=Double)), not_(comparable)


def _setting() -> _Judged:
    other = and_(venues.c.setting != bindparam("setting", type_=Text), venues.c.setting != "both")
    return _stated(other), venues.c.setting.is_(None)


def _country() -> _Judged:
    is_named = venues.c.country_code == any_(bindparam("countries", type_=ARRAY(Text)))
    contrary = _stated(is_named != bindparam("country_wanted", type_=Boolean))
    return contrary, venues.c.country_code.is_(None)


def _place() -> _Judged:
    """By the haversine formula (Sinnott 1984); a box of degrees first spares most rows the sines."""
    lat, lon = venues.c.lat, venues.c.lon
    south, north, west, east, further_west, further_east, centre_lat, centre_lon, km = (
        bindparam(f"place_{name}", type_=Double)
        for name in ("south", "north", "west", "east", "further_west", "further_east", "lat", "lon", "km")
    )
    in_box = and_(lat.between(south, north), or_(lon.between(west, east), lon.between(further_west, further_east)))
    up = func.sin(0.5 * func.radians(_degrees(lat) - centre_lat))
    across = func.sin(0.5 * func.radians(_degrees(lon) - centre_lon))
    haversine = up * up + func.cos(func.radians(centre_lat)) * func.cos(func.radians(_degrees(lat))) * across * across
    # Rounding may carry the value past 1 at the antipodes, where asin ends.
    distance = 2 * EARTH_RADIUS_KM * func.asin(func.sqrt(func.least(1.0, haversine)))
    # CASE, because AND does not say which side comes first.
    outside = case((lat.is_(None), false()), (in_box, distance > km), else_=true())
    return outside, lat.is_(None)


def _degrees(column: ColumnElement[float]) -> ColumnElement[float]:
    # Postgres raises an error where the product of two tiny numbers is zero, and a site may say what it likes.
    return cast(func.round(cast(column, Numeric), DECIMALS), Double())


_OUTCOMES: Final = {"guests": _guests, "budget": _budget, "setting": _setting, "country": _country, "place": _place}
KINDS: Final = tuple(_OUTCOMES)
"""What is asked for once at most; amenities and styles are asked for by the word."""
