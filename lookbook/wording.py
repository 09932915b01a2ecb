"""How values are said to people: money, places, likeness, labels, links. Pure; templates use these as filters."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from resources.gazetteer import country_name

CLOSE: Final = 0.5
"""Standard deviations above the average venue from which a venue is called close to a taste."""

VERY_CLOSE: Final = 1.5
NOTICED: Final = 0.1
"""Share of a person's taste from which it is said that a venue does not answer to it."""

_PAGE_DATA: Final = re.compile(r"[A-Z]\w*(?:\.\w+)+: (?P<value>.+)", re.DOTALL)
_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "INR": "₹", "USD": "$"}
_UNITS: Final = {"event": "", "person": " a person", "day": " a day", "hour": " an hour"}


class Priced(Protocol):
    """What a price is made of; columns of `serving.venues`."""

    price_min: float | None
    price_max: float | None
    currency: str | None
    price_unit: str | None


class Placed(Protocol):
    """What a place is made of."""

    city: str | None
    region: str | None
    country: str | None
    country_code: str | None


def shown_label(label: str | None, unnamed: str = "a look of your own") -> str:
    """A taste's name: `industrial loft`, or `unnamed` where the vocabulary has no word for it."""
    return unnamed if label in (None, "unnamed") else str(label).replace("_", " ")


def taste_names(tastes: Iterable[tuple[uuid.UUID, str | None, float]]) -> dict[uuid.UUID, str]:
    """What one person's tastes are called, by their ids: those without a name are numbered, the greatest first.

    Args:
        tastes: id, label and weight of each.
    """
    names, unnamed = {}, 0
    for cluster_id, label, _ in sorted(tastes, key=lambda taste: (-taste[2], taste[0])):
        name = shown_label(label)
        if name == shown_label(None):
            unnamed += 1
            name += f" ({unnamed})" if unnamed > 1 else ""
        names[cluster_id] = name
    return names


def name_of(handle: str) -> str:
    """A handle as a name: `ann_lee7` is shown as `Ann Lee`."""
    name = handle.partition("@")[0].replace("_", " ").replace(".", " ").rstrip("0123456789 ")
    return name.title() or handle


def words(name: str) -> str:
    """A word of a vocabulary for reading: `dance_floor` is `dance floor`."""
    return name.replace("_", " ")


def likeness(standing: float) -> str:
    """How a venue compares with the average one, in words: cosines say nothing to people, nor to each other."""
    if standing >= VERY_CLOSE:
        return "very close"
    if standing >= CLOSE:
        return "close"
    return "about as close as most" if standing >= 0 else "less close than most"


def money(amount: float, currency: str | None) -> str:
    """An amount: `£8,000`, `CHF 8,000`."""
    shown = f"{amount:,.0f}" if amount == round(amount) else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency or "")
    return f"{symbol}{shown}" if symbol else f"{currency or ''} {shown}".strip()


def price(venue: Priced) -> str | None:
    """A venue's price as its site states it; None where it states none."""
    least, most, unit = venue.price_min, venue.price_max, _UNITS.get(venue.price_unit or "event", "")
    if least is not None and most is not None and most > least:
        return f"{money(least, venue.currency)} to {money(most, venue.currency)}{unit}"
    if least is not None:
        return f"from {money(least, venue.currency)}{unit}"
    return f"up to {money(most, venue.currency)}{unit}" if most is not None else None


def percent(share: float) -> str:
    """A share of 1: `70%`."""
    return f"{share * 100:.0f}%"


def count_of(number: int, what: str) -> str:
    """How many of something: `1 pin`, `2 pins`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def guests(least: int | None, most: int | None) -> str | None:
    """How many guests a site takes; None where it does not say."""
    if least is not None and most is not None:
        return f"{least} to {most} guests"
    if most is not None:
        return f"up to {most} guests"
    return f"{least} guests or more" if least is not None else None


def place(venue: Placed) -> str:
    """Town and county or country; empty where unknown."""
    country = venue.country or (country_name(venue.country_code) if venue.country_code else None)
    return ", ".join(part for part in (venue.city, venue.region or country) if part)


def setting(value: str | None) -> str | None:
    """Where it takes place; None where the site does not say."""
    shown = {"indoor": "indoors", "outdoor": "outdoors", "both": "indoors and outdoors"}
    return None if value is None else shown.get(value, value)


def weblink(url: str) -> str | None:
    """A link from a scraped page; None for one that is not http or https, which no page of ours may lead to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def host(url: str) -> str:
    """The host of a link, for showing where it leads."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def pin_link(pin_id: str | None) -> str | None:
    """A pin at Pinterest; None for pictures from folders, which have ids of their own."""
    return f"https://www.pinterest.com/pin/{pin_id}/" if pin_id and pin_id.isascii() and pin_id.isdecimal() else None


def day(moment: datetime | None) -> str:
    """A date: `3 May 2026`."""
    return "" if moment is None else f"{moment.day} {moment:%B %Y}"


def page_data(quote: str) -> str | None:
    """What a statement in a page's data says (`EventVenue.maximumAttendeeCapacity: 180`); None for words of a page."""
    found = _PAGE_DATA.fullmatch(quote)
    return None if found is None else found["value"]


FILTERS: Final = {
    "label": shown_label, "name_of": name_of, "money": money, "percent": percent, "count_of": count_of,
    "words": words, "likeness": likeness, "price": price, "place": place, "country": country_name, "setting": setting,
    "weblink": weblink, "host": host, "pin_link": pin_link, "day": day,
    "page_data": page_data,
}  # fmt: skip
"""By the names templates call them."""
