"""What a person asks of a venue, held against what its site states: met, broken, or not said. Pure.

The rules are those of the ranking (`taste_assets.model.wishes`), one venue at a time and with words; a test holds the
two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lookbook.wording import money
from taste_assets.model.wishes import GUESTS_WHEN_UNSAID, Wish, distance_between

Outcome = Literal["met", "broken", "unsaid"]


class StatedWishes(BaseModel):
    """The keys of `serving.people.preferences`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guests: Annotated[int, Field(gt=0)] | None = None
    budget_max: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    currency: str | None = None
    near: str | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    max_distance_km: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    setting: Literal["indoor", "outdoor", "both"] | None = None
    amenities: tuple[str, ...] = ()
    must: tuple[Wish, ...] = ()

    @property
    def asks_something(self) -> bool:
        """Whether anything is asked."""
        return self != StatedWishes()


class Stated(Protocol):
    """What a site states of its venue; None where it does not. Columns of `serving.venues`."""

    lat: float | None
    lon: float | None
    place_precision: str | None
    capacity_min: int | None
    capacity_max: int | None
    price_min: float | None
    currency: str | None
    price_unit: str | None
    setting: str | None
    amenities: list[str] | None


class Verdict(BaseModel):
    """One wish against one venue."""

    wish: Wish
    outcome: Outcome = Field(description="met, broken (the site states otherwise), or unsaid (it does not say).")
    words: str = Field(description="The same for people to read.")


def read_wishes(preferences: Mapping[str, Any]) -> StatedWishes:
    """What somebody asks for; nothing where a key or value is not understood, as the ranking has it."""
    try:
        return StatedWishes.model_validate(preferences)
    except ValidationError:
        return StatedWishes()


def distance_to(wishes: StatedWishes, venue: Stated) -> float | None:
    """Great-circle kilometres from the person's place to the venue; None where either is not known."""
    return distance_between(wishes.lat, wishes.lon, venue.lat, venue.lon)


def judge(wishes: StatedWishes, venue: Stated) -> list[Verdict]:
    """Every wish that was made, in the order people think of them."""
    return [
        Verdict(wish=wish, outcome=outcome, words=words)
        for look in (_guests, _budget, _distance, _setting, _amenities)
        for wish, outcome, words in look(wishes, venue)
    ]


_Judged = Iterator[tuple[Wish, Outcome, str]]


def _guests(wishes: StatedWishes, venue: Stated) -> _Judged:
    wanted = wishes.guests
    if wanted is None:
        return
    if venue.capacity_max is not None and venue.capacity_max < wanted:
        yield "guests", "broken", f"takes {venue.capacity_max} guests at most; you are {wanted}"
    elif venue.capacity_min is not None and venue.capacity_min > wanted:
        yield "guests", "broken", f"takes {venue.capacity_min} guests or more; you are {wanted}"
    elif venue.capacity_max is None:
        yield "guests", "unsaid", f"does not say whether it takes {wanted} guests"
    else:
        yield "guests", "met", f"room for your {wanted} guests (up to {venue.capacity_max})"


def _budget(wishes: StatedWishes, venue: Stated) -> _Judged:
    most = wishes.budget_max
    if most is None or wishes.currency is None:
        return
    price, guests = venue.price_min, wishes.guests or GUESTS_WHEN_UNSAID
    limit = money(most, wishes.currency)
    if price is not None and venue.currency is not None and venue.currency != wishes.currency:
        yield "budget", "unsaid", f"its price is in {venue.currency}, your {limit} are not"
        return
    if price is None or venue.currency is None or venue.price_unit == "hour":
        yield "budget", "unsaid", f"states no price to hold against your {limit}"
        return
    total = price * guests if venue.price_unit == "person" else price
    counted = f" for {guests} guests" if venue.price_unit == "person" else ""
    start = f"starts at {money(total, wishes.currency)}{counted}"
    if total > most:
        yield "budget", "broken", f"{start}, above your {limit}"
    else:
        yield "budget", "met", f"{start}, within your {limit}"


def _distance(wishes: StatedWishes, venue: Stated) -> _Judged:
    most = wishes.max_distance_km
    if most is None or wishes.lat is None or wishes.lon is None:
        return
    place, distance = wishes.near or "your place", distance_to(wishes, venue)
    if distance is None:
        yield "distance", "unsaid", f"does not say how far it is from {place}"
        return
    is_towns = venue.place_precision == "town"
    words = f"{distance:,.0f} km from {place}"
    words = f"about {words}, measured from its town" if is_towns else words
    if distance > most:
        yield "distance", "broken", f"{words}, beyond your {most:,.0f} km"
    else:
        yield "distance", "met", words


def _setting(wishes: StatedWishes, venue: Stated) -> _Judged:
    wanted = {"indoor": "indoors", "outdoor": "outdoors", "both": "indoors and outdoors"}
    if wishes.setting is None:
        return
    if venue.setting is None:
        yield "setting", "unsaid", f"does not say whether it is {wanted[wishes.setting]}"
    elif venue.setting not in (wishes.setting, "both"):
        yield "setting", "broken", f"is {wanted.get(venue.setting, venue.setting)} only"
    else:
        yield "setting", "met", f"{wanted[wishes.setting]}, as you wish"


def _amenities(wishes: StatedWishes, venue: Stated) -> _Judged:
    if not wishes.amenities:
        return
    stated = set(venue.amenities or ())
    missing = [word.replace("_", " ") for word in wishes.amenities if word not in stated]
    if missing:
        yield "amenities", "unsaid", f"does not mention {', '.join(missing)}"
    else:
        yield "amenities", "met", f"has {', '.join(word.replace('_', ' ') for word in wishes.amenities)}"
