"""Which venues nothing asked rules out, as one SQL condition that is always the same, and the values bound in it.

Whatever is asked, the condition has the same columns and operators: what is not asked is switched off by a bound
boolean. `judging` says the same of one venue's facts, with the reasons.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lookbook.refine.asks import CountryAsk, PlaceAsk, Strength
from lookbook.refine.refinement import Refinement
from lookbook.refine.views import venues
from resources.gazetteer import country_spellings
from taste_assets.model.wishes import EARTH_RADIUS_KM, GUESTS_WHEN_UNSAID

_DECIMALS: Final = 9  # of a degree: a tenth of a millimetre
_POLAR: Final = 89.9  # degrees of latitude beyond which a box of longitudes says nothing


@cache  # building it takes milliseconds
def fits(named: str = "") -> ColumnElement[bool]:
    """Nothing that is wanted or must be is contradicted by the site, what must be is stated, and it is not refused.

    Args:
        named: before the name of each bound value, where a statement has the condition twice.
    """
    is_refused = venues.c.venue_id == any_(bindparam(f"{named}refused", type_=ARRAY(Uuid)))
    conditions = (part(named) for part in _PARTS)
    return and_(*conditions, not_(is_refused))


def filter_values(wanted: Refinement, refused: Sequence[uuid.UUID] = (), named: str = "") -> dict[str, Any]:
    """The values that `fits` binds; `refused` are venues that the person never wants to see again."""
    guests, budget, setting = wanted.guests, wanted.budget, wanted.setting
    values = {
        "refused": list(refused),
        **_switches("guests", guests.strength if guests else None),
        "guests_most": guests.most if guests else 0,
        "guests_least": guests.least if guests else 0,
        **_switches("budget", budget.strength if budget else None),
        "budget_amount": budget.amount if budget else 0.0,
        "budget_currency": budget.currency if budget else "",
        "budget_per": budget.per if budget else "event",
        "heads": heads(wanted),
        **_switches("setting", setting.strength if setting else None),
        "setting": setting.setting if setting else "",
        **_switches("country", wanted.country.strength if wanted.country else None),
        **_spellings(wanted.country),
        **_switches("place", wanted.place.strength if wanted.place else None),
        **_circle(wanted.place),
        "must_amenities": sorted(ask.word for ask in wanted.amenities if ask.wanted and ask.strength == "must"),
        "not_amenities": sorted(ask.word for ask in wanted.amenities if not ask.wanted and ask.strength != "prefer"),
        "must_styles": sorted(
            ask.style for ask in wanted.looks if ask.style and _is_required(ask.amount, ask.strength)
        ),
        "not_styles": sorted(ask.style for ask in wanted.looks if ask.style and _is_excluded(ask.amount, ask.strength)),
    }
    return {f"{named}{name}": value for name, value in values.items()}


def heads(wanted: Refinement) -> int:
    """How many a price per person is multiplied with."""
    return wanted.guests.most if wanted.guests else GUESTS_WHEN_UNSAID


def _is_required(amount: str, strength: Strength) -> bool:
    return amount == "more" and strength == "must"


def _is_excluded(amount: str, strength: Strength) -> bool:
    return amount == "none" and strength != "prefer"


def _switches(name: str, strength: Strength | None) -> dict[str, bool]:
    return {f"{name}_counts": strength in ("want", "must"), f"{name}_must": strength == "must"}


def _passes(name: str, broken: ColumnElement[bool], unknown: ColumnElement[bool]) -> ColumnElement[bool]:
    counts, must = (bindparam(f"{name}_{switch}", type_=Boolean) for switch in ("counts", "must"))
    return or_(not_(counts), and_(not_(broken), not_(and_(must, unknown))))


def _stated(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    """The comparison holds, and neither side of it is null."""
    return func.coalesce(comparison, false())


def _guests_fit(named: str) -> ColumnElement[bool]:
    too_small = _stated(venues.c.capacity_max < bindparam(f"{named}guests_most", type_=Integer))
    too_large = _stated(venues.c.capacity_min > bindparam(f"{named}guests_least", type_=Integer))
    return _passes(f"{named}guests", or_(too_small, too_large), venues.c.capacity_max.is_(None))


def _budget_fits(named: str) -> ColumnElement[bool]:
    unit, per = venues.c.price_unit, bindparam(f"{named}budget_per", type_=Text)
    number = cast(bindparam(f"{named}heads", type_=Integer), Double)
    times = case((unit == "person", number), else_=1.0)
    over = case((per == "person", number), else_=1.0)
    # A price by the hour compares with nothing but an amount by the hour. A site that names no unit means the event.
    hourly = _stated(unit == "hour")
    cost = case((hourly != (per == "hour"), null()), else_=venues.c.price_min * times / over)
    same = _stated(venues.c.currency == bindparam(f"{named}budget_currency", type_=Text))
    comparable = and_(same, cost.is_not(None))
    dearer = _stated(cost > bindparam(f"{named}budget_amount", type_=Double))
    return _passes(f"{named}budget", and_(comparable, dearer), not_(comparable))


def _setting_fits(named: str) -> ColumnElement[bool]:
    other = and_(venues.c.setting != bindparam(f"{named}setting", type_=Text), venues.c.setting != "both")
    return _passes(f"{named}setting", _stated(other), venues.c.setting.is_(None))


def _country_fits(named: str) -> ColumnElement[bool]:
    """By how sites write it; what is no known country's name says nothing."""
    agreeing, contrary = (
        _stated(func.lower(venues.c.country) == any_(bindparam(f"{named}{name}", type_=ARRAY(Text))))
        for name in ("countries", "other_countries")
    )
    return _passes(f"{named}country", contrary, not_(agreeing))


def _spellings(country: CountryAsk | None) -> dict[str, list[str]]:
    agreeing, contrary = country_words(country.codes, wanted=country.wanted) if country else ((), ())
    return {"countries": sorted(agreeing), "other_countries": sorted(contrary)}


@lru_cache(maxsize=64)
def country_words(codes: tuple[str, ...], *, wanted: bool) -> tuple[frozenset[str], frozenset[str]]:
    """How a site writes, in lower case, the countries that are as asked, and those that are not."""
    named = frozenset(name for name, code in country_spellings().items() if code in codes)
    others = frozenset(country_spellings().keys() - named)
    return (named, others) if wanted else (others, named)


def _words_fit(named: str) -> ColumnElement[bool]:
    nothing = cast(literal("{}", Text), ARRAY(Text))
    amenities, styles = (func.coalesce(column, nothing) for column in (venues.c.amenities, venues.c.styles))
    return and_(
        amenities.op("@>", return_type=Boolean())(bindparam(f"{named}must_amenities", type_=ARRAY(Text))),
        not_(amenities.op("&&", return_type=Boolean())(bindparam(f"{named}not_amenities", type_=ARRAY(Text)))),
        styles.op("@>", return_type=Boolean())(bindparam(f"{named}must_styles", type_=ARRAY(Text))),
        not_(styles.op("&&", return_type=Boolean())(bindparam(f"{named}not_styles", type_=ARRAY(Text)))),
    )


def _place_fits(named: str) -> ColumnElement[bool]:
    """By the haversine formula (Sinnott 1984); a box of degrees first spares most rows the sines."""
    lat, lon = venues.c.lat, venues.c.lon
    south, north, west, east, further_west, further_east, centre_lat, centre_lon, km = (
        bindparam(f"{named}place_{name}", type_=Double)
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
    return _passes(f"{named}place", outside, lat.is_(None))


def _degrees(column: ColumnElement[float]) -> ColumnElement[float]:
    # Postgres raises an error where the product of two tiny numbers is zero, and a site may say what it likes.
    return cast(func.round(cast(column, Numeric), _DECIMALS), Double())


def _circle(place: PlaceAsk | None) -> dict[str, float]:
    """Centre, radius, and the box of degrees around: two ranges of longitudes, the second for what lies past 180."""
    names = ("lat", "lon", "km", "south", "north", "west", "east", "further_west", "further_east")
    if place is None:
        values = (0.0,) * len(names)
    else:
        values = (round(place.lat, _DECIMALS), round(place.lon, _DECIMALS), place.km, *_box(place))
    return {f"place_{name}": value for name, value in zip(names, values, strict=True)}


def _box(place: PlaceAsk) -> tuple[float, ...]:
    angle = place.km / EARTH_RADIUS_KM
    reach = math.degrees(angle) + 1e-6
    south, north = place.lat - reach, place.lat + reach
    if south <= -_POLAR or north >= _POLAR:
        return (south, north, -180.0, 180.0, -180.0, 180.0)  # the circle holds a pole, or nearly
    # Widest where the circle touches its outermost meridian, not at the centre's latitude.
    width = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(place.lat))))) + 1e-6
    west, east = place.lon - width, place.lon + width
    further = (west + 360, 180.0) if west < -180 else (-180.0, east - 360) if east > 180 else (west, east)
    return (south, north, west, east, *further)


_PARTS: Final = (_guests_fit, _budget_fits, _setting_fits, _country_fits, _place_fits, _words_fit)
