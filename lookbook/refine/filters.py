"""Which venues nothing asked rules out, and how well the others' facts meet it: conditions that are always the same.

Whatever is asked, they have the same columns and operators (`fact_columns`): what is not asked is switched off by a
bound boolean. `judging` says the same of one venue's facts, with the reasons.
"""

from __future__ import annotations

import math
import operator
import uuid
from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lookbook.refine.asks import BudgetAsk, LookAmount, PlaceAsk, Strength
from lookbook.refine.fact_columns import DECIMALS, KINDS, judged
from lookbook.refine.refinement import Refinement
from taste_assets.model.wishes import EARTH_RADIUS_KM, GUESTS_WHEN_UNSAID

_STRENGTHS: Final[tuple[Strength, ...]] = ("prefer", "want", "must")
_POLAR: Final = 89.9  # degrees of latitude beyond which a box of longitudes says nothing


def fits() -> ColumnElement[bool]:
    """Nothing that is wanted or must be is contradicted by the site, what must be is stated, and it is not refused.

    Binds `filter_values`.
    """
    venue = judged().c
    singles = (
        or_(
            not_(_switch(kind, "counts")),
            and_(not_(venue[f"{kind}_missed"]), not_(and_(_switch(kind, "must"), venue[f"{kind}_unknown"]))),
        )
        for kind in KINDS
    )
    is_refused = venue.venue_id == any_(bindparam("refused", type_=ARRAY(Uuid)))
    return and_(*singles, _has_all("must_amenities"), _has_none("not_amenities"), _has_all("must_styles"),
                _has_none("not_styles"), not_(is_refused))  # fmt: skip


def states() -> ColumnElement[bool]:
    """Of a venue that fits: its site states what is preferred, and every word that is asked for.

    Binds `preference_values`.
    """
    venue = judged().c
    singles = (
        or_(not_(_switch(kind, "prefers")), not_(or_(venue[f"{kind}_missed"], venue[f"{kind}_unknown"])))
        for kind in KINDS
    )
    return and_(*singles, _has_all("wanted_amenities"), _has_none("unwanted_amenities"), _has_all("wanted_styles"))


def unknown() -> ColumnElement[int]:
    """How many of the things asked the site says nothing about. Binds `preference_values`."""
    return (
        _asked("unknown") + _counted("wanted_amenities", is_stated=False) + _counted("wanted_styles", is_stated=False)
    )


def missed() -> ColumnElement[int]:
    """How many of the things asked it contradicts. Binds `preference_values`."""
    return (
        _asked("missed") + _counted("unwanted_amenities", is_stated=True) + _counted("unwanted_styles", is_stated=True)
    )


def filter_values(wanted: Refinement, refused: Sequence[uuid.UUID] = ()) -> dict[str, Any]:
    """What `judged` and `fits` bind; `refused` are venues that the person never wants to see again."""
    guests, budget, setting, country = wanted.guests, wanted.budget, wanted.setting, wanted.country
    return {
        "refused": list(refused),
        **_strengths(wanted, counts=("want", "must"), must=("must",)),
        "guests_most": guests.most if guests else 0,
        "guests_least": guests.least if guests else 0,
        "budget_most": most_for_event(budget, heads(wanted)) if budget else 0.0,
        "budget_currency": budget.currency if budget else "",
        "budget_hourly": budget is not None and budget.per == "hour",
        "heads": heads(wanted),
        "setting": setting.setting if setting else "",
        "countries": list(country.codes) if country else [],
        "country_wanted": country.wanted if country else True,
        **_circle(wanted.place),
        "must_amenities": _amenities(wanted, ("must",), wanted=True),
        "not_amenities": _amenities(wanted, ("want", "must"), wanted=False),
        "must_styles": _styles(wanted, "more", ("must",)),
        "not_styles": _styles(wanted, "none", ("want", "must")),
    }


def preference_values(wanted: Refinement) -> dict[str, Any]:
    """What `states`, `unknown` and `missed` bind besides."""
    return {
        **_strengths(wanted, asked=_STRENGTHS, prefers=("prefer",)),
        "wanted_amenities": _amenities(wanted, _STRENGTHS, wanted=True),
        "unwanted_amenities": _amenities(wanted, _STRENGTHS, wanted=False),
        "wanted_styles": _styles(wanted, "more", _STRENGTHS),
        "unwanted_styles": _styles(wanted, "none", _STRENGTHS),
    }


def rules_out(wanted: Refinement) -> bool:
    """Whether `fits` could be false of a venue that is not refused."""
    values = filter_values(wanted)
    words = ("must_amenities", "not_amenities", "must_styles", "not_styles")
    return any(values[name] for name in (*(f"{kind}_counts" for kind in KINDS), *words))


def asks_to_state(wanted: Refinement) -> bool:
    """Whether something is asked that few sites state, and that does not rule the others out."""
    singles = (getattr(wanted, kind) for kind in KINDS)
    asked = [ask.strength for ask in (*singles, *wanted.amenities) if ask]
    words = [ask.strength for ask in wanted.amenities if ask.wanted]
    looks = [ask.strength for ask in wanted.looks if ask.style and ask.amount == "more"]
    return "prefer" in asked or any(strength != "must" for strength in (*words, *looks))


def heads(wanted: Refinement) -> int:
    """How many a price per person is multiplied with."""
    return wanted.guests.most if wanted.guests else GUESTS_WHEN_UNSAID


def most_for_event(budget: BudgetAsk, number: int) -> float:
    """What an event may cost with so many guests; or an hour, where that is asked."""
    return budget.amount * (number if budget.per == "person" else 1)


def _switch(kind: str, name: str) -> ColumnElement[bool]:
    return bindparam(f"{kind}_{name}", type_=Boolean)


def _strengths(wanted: Refinement, **switches: Sequence[Strength]) -> dict[str, bool]:
    asks = {kind: getattr(wanted, kind) for kind in KINDS}
    return {
        f"{kind}_{name}": ask is not None and ask.strength in strengths
        for kind, ask in asks.items()
        for name, strengths in switches.items()
    }


def _amenities(refinement: Refinement, strengths: Sequence[Strength], *, wanted: bool) -> list[str]:
    asks = refinement.amenities
    return sorted(ask.word for ask in asks if ask.wanted == wanted and ask.strength in strengths)


def _styles(refinement: Refinement, amount: LookAmount, strengths: Sequence[Strength]) -> list[str]:
    asks = refinement.looks
    return sorted(ask.style for ask in asks if ask.style and ask.amount == amount and ask.strength in strengths)


def _words(name: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What is asked, and the venue's column of the same."""
    return bindparam(name, type_=ARRAY(Text)), judged().c[name.partition("_")[2]]


def _has_all(name: str) -> ColumnElement[bool]:
    # Without words the planner drops the comparison, which would be a quarter of the time of the whole condition.
    asked, stated = _words(name)
    return or_(func.cardinality(asked) == 0, stated.op("@>", return_type=Boolean())(asked))


def _has_none(name: str) -> ColumnElement[bool]:
    asked, stated = _words(name)
    return or_(func.cardinality(asked) == 0, not_(stated.op("&&", return_type=Boolean())(asked)))


def _asked(outcome: str) -> ColumnElement[int]:
    found = (and_(_switch(kind, "asked"), judged().c[f"{kind}_{outcome}"]) for kind in KINDS)
    return reduce(operator.add, (cast(one, Integer) for one in found))


def _counted(name: str, *, is_stated: bool) -> ColumnElement[int]:
    asked, stated = _words(name)
    word = func.unnest(asked).table_valued(column("word", Text)).render_derived(name="asked")
    is_there = word.c.word == any_(stated)
    found = select(func.count()).select_from(word).where(is_there if is_stated else not_(is_there))
    return case((func.cardinality(asked) == 0, 0), else_=found.scalar_subquery())


def _circle(place: PlaceAsk | None) -> dict[str, float]:
    """Centre, radius, and the box of degrees around: two ranges of longitudes, the second for what lies past 180."""
    names = ("lat", "lon", "km", "south", "north", "west", "east", "further_west", "further_east")
    if place is None:
        values = (0.0,) * len(names)
    else:
        values = (round(place.lat, DECIMALS), round(place.lon, DECIMALS), place.km, *_box(place))
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
