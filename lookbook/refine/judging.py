"""A venue's facts against what is asked: met, unknown or missed, and the site's word for it. Pure.

`filters` decides the same in SQL for all venues at once; a test holds the two together.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final, TypeAlias

from lookbook.refine.asks import AmenityAsk, BudgetAsk, CountryAsk, GuestsAsk, LookAsk, PlaceAsk, SettingAsk
from lookbook.refine.filters import heads, most_for_event
from lookbook.refine.refinement import Refinement
from lookbook.refine.results import Outcome, WishOutcome
from lookbook.refine.wording import chip_text, money, readable
from resources.gazetteer import country_name
from taste_assets.model.wishes import distance_between

_CODE_LENGTH: Final = 3  # of ISO 3166-1 alpha-2 and alpha-3, and of "USA" and "UK"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a venue's site states, as `serving.venues` has it; None where it does not.

    Attributes:
        country_code: of the country; `is_country_of_town` where the town tells it and not the site's own words.
    """

    venue_id: uuid.UUID
    capacity_min: int | None = None
    capacity_max: int | None = None
    price_min: float | None = None
    currency: str | None = None
    price_unit: str | None = None
    city: str | None = None
    country: str | None = None
    country_code: str | None = None
    is_country_of_town: bool = False
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


def wish_outcomes(wanted: Refinement, facts: Facts) -> tuple[WishOutcome, ...]:
    """How a venue meets each of `fact_asks`, with what its site says about it."""
    number = heads(wanted)
    return tuple(
        WishOutcome(
            kind=ask.kind, text=chip_text(ask), strength=ask.strength, outcome=_outcome(ask, facts, number),
            stated=_stated(ask, facts),
        )
        for ask in fact_asks(wanted)
    )  # fmt: skip


def rules_out(wish: WishOutcome) -> bool:
    """Whether this keeps the venue off the list."""
    if wish.strength == "prefer":
        return False
    return wish.outcome == "missed" or (wish.strength == "must" and wish.outcome == "unknown")


def distance_to(place: PlaceAsk, facts: Facts) -> float | None:
    """Great-circle kilometres; None where the venue's place is unknown."""
    return distance_between(place.lat, place.lon, facts.lat, facts.lon)


def _outcome(ask: FactAsk, facts: Facts, number: int) -> Outcome:
    match ask:
        case GuestsAsk():
            return _guests(ask, facts)
        case BudgetAsk():
            return _budget(ask, facts, number)
        case PlaceAsk():
            distance = distance_to(ask, facts)
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
    cost = facts.price_min * (number if facts.price_unit == "person" else 1)
    return "missed" if cost > most_for_event(ask, number) else "met"


def _country(ask: CountryAsk, facts: Facts) -> Outcome:
    if facts.country_code is None:
        return "unknown"
    return "met" if (facts.country_code in ask.codes) == ask.wanted else "missed"


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
            distance = distance_to(ask, facts)
            return "" if distance is None else f"{distance:.0f} km from {ask.name}"
        case CountryAsk():
            return _where(facts)
        case SettingAsk():
            return "indoor and outdoor" if facts.setting == "both" else facts.setting or ""
        case AmenityAsk():
            return readable(ask.word) if ask.word in facts.amenities else ""
    return readable(ask.style) if ask.style and ask.style in facts.styles else ""


def _where(facts: Facts) -> str:
    """The site's word for the country, unless that is a code; else its name, and by which town that is known."""
    written = facts.country or ""
    if facts.country_code is None:
        return written
    if facts.is_country_of_town:
        return f"{country_name(facts.country_code)}, by its town {facts.city}"
    return written if len(written) > _CODE_LENGTH else country_name(facts.country_code)


def _capacity(least: int | None, most: int | None) -> str:
    if most is None:
        return "" if least is None else f"at least {least} guests"
    return f"up to {most} guests" if least is None or least <= 1 else f"{least} to {most} guests"
