"""A venue's facts against what is asked: met, unknown or missed, and the site's word for it. Pure.

`filters` decides the same in SQL for all venues at once; a test holds the two together.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lookbook.refine.asks import AmenityAsk, BudgetAsk, CountryAsk, GuestsAsk, LookAsk, PlaceAsk, SettingAsk
from lookbook.refine.filters import country_words, heads
from lookbook.refine.refinement import Refinement
from lookbook.refine.results import Outcome, WishOutcome
from lookbook.refine.wording import chip_text, money, readable
from taste_assets.model.wishes import distance_km


@dataclass(frozen=True, slots=True)
class Facts:
    """What a venue's site states, as `serving.venues` has it; None where it does not."""

    venue_id: uuid.UUID
    capacity_min: int | None = None
    capacity_max: int | None = None
    price_min: float | None = None
    currency: str | None = None
    price_unit: str | None = None
    country: str | None = None
    setting: str | None = None
    amenities: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


FactAsk: TypeAlias = GuestsAsk | BudgetAsk | PlaceAsk | CountryAsk | SettingAsk | AmenityAsk | LookAsk


def fact_asks(wanted: Refinement) -> tuple[FactAsk, ...]:
    """What is asked of the facts, in the order of the refinement's fields.

    "Less" of a look is a matter of degree, and a look that is no word of the vocabulary one of pictures.
    """
    single = (wanted.guests, wanted.budget, wanted.place, wanted.country, wanted.setting)
    looks = (look for look in wanted.looks if look.style is not None and look.amount != "less")
    return (*(ask for ask in single if ask is not None), *wanted.amenities, *looks)


def outcomes(wanted: Refinement, venues: Sequence[Facts]) -> list[tuple[Outcome, ...]]:
    """How each venue meets each of `fact_asks`."""
    number, asks = heads(wanted), fact_asks(wanted)
    distances = distances_to(wanted.place, venues) if wanted.place else [None] * len(venues)
    return [
        tuple(_outcome(ask, facts, number, distance) for ask in asks)
        for facts, distance in zip(venues, distances, strict=True)
    ]


def wish_outcomes(wanted: Refinement, facts: Facts) -> tuple[WishOutcome, ...]:
    """The same of one venue, with what its site says about each."""
    return tuple(
        WishOutcome(
            kind=ask.kind, text=chip_text(ask), strength=ask.strength, outcome=outcome, stated=_stated(ask, facts)
        )
        for ask, outcome in zip(fact_asks(wanted), outcomes(wanted, [facts])[0], strict=True)
    )


def rules_out(wish: WishOutcome) -> bool:
    """Whether this keeps the venue off the list."""
    if wish.strength == "prefer":
        return False
    return wish.outcome == "missed" or (wish.strength == "must" and wish.outcome == "unknown")


def distances_to(place: PlaceAsk, venues: Sequence[Facts]) -> list[float | None]:
    """Great-circle kilometres to each venue; None where its place is unknown."""
    lats, lons = (np.array([getattr(facts, name) for facts in venues], np.float64) for name in ("lat", "lon"))
    kilometres = distance_km(place.lat, place.lon, lats, lons).tolist()
    return [None if math.isnan(one) else one for one in kilometres]  # None becomes NaN in an array


def _outcome(ask: FactAsk, facts: Facts, number: int, distance: float | None) -> Outcome:
    match ask:
        case GuestsAsk():
            return _guests(ask, facts)
        case BudgetAsk():
            return _budget(ask, facts, number)
        case PlaceAsk():
            return "unknown" if distance is None else "missed" if distance > ask.km else "met"
        case CountryAsk():
            return _country(ask, facts)
        case SettingAsk():
            if facts.setting is None:
                return "unknown"
            return "met" if facts.setting in (ask.setting, "both") else "missed"
        case AmenityAsk():
            return _word(ask.word in facts.amenities, is_wanted=ask.wanted)
    return _word(ask.style in facts.styles, is_wanted=ask.amount == "more")


def _guests(ask: GuestsAsk, facts: Facts) -> Outcome:
    least, most = facts.capacity_min, facts.capacity_max
    if (most is not None and most < ask.most) or (least is not None and least > ask.least):
        return "missed"
    return "unknown" if most is None else "met"


def _budget(ask: BudgetAsk, facts: Facts, number: int) -> Outcome:
    is_comparable = facts.currency == ask.currency and (facts.price_unit == "hour") == (ask.per == "hour")
    if facts.price_min is None or not is_comparable:
        return "unknown"
    times, over = (number if unit == "person" else 1 for unit in (facts.price_unit, ask.per))
    return "missed" if facts.price_min * times / over > ask.amount else "met"


def _country(ask: CountryAsk, facts: Facts) -> Outcome:
    agreeing, contrary = country_words(ask.codes, wanted=ask.wanted)
    written = (facts.country or "").lower()
    return "met" if written in agreeing else "missed" if written in contrary else "unknown"


def _word(is_stated: bool, *, is_wanted: bool) -> Outcome:
    """Sites say what they have: a word that is missing is unsaid, and good enough where it is not wanted."""
    if is_stated:
        return "met" if is_wanted else "missed"
    return "unknown" if is_wanted else "met"


def _stated(ask: FactAsk, facts: Facts) -> str:
    match ask:
        case GuestsAsk():
            return _capacity(facts.capacity_min, facts.capacity_max)
        case BudgetAsk():
            if facts.price_min is None or facts.currency is None:
                return ""
            unit = f" per {facts.price_unit}" if facts.price_unit else ""
            return f"from {money(facts.price_min, facts.currency)}{unit}"
        case PlaceAsk():
            (distance,) = distances_to(ask, [facts])
            return "" if distance is None else f"{distance:.0f} km from {ask.name}"
        case CountryAsk():
            return facts.country or ""
        case SettingAsk():
            return "indoor and outdoor" if facts.setting == "both" else facts.setting or ""
        case AmenityAsk():
            return readable(ask.word) if ask.word in facts.amenities else ""
    return readable(ask.style) if ask.style and ask.style in facts.styles else ""


def _capacity(least: int | None, most: int | None) -> str:
    if most is None:
        return "" if least is None else f"at least {least} guests"
    return f"up to {most} guests" if least is None or least <= 1 else f"{least} to {most} guests"
