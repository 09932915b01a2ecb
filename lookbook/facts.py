"""What a site states of its venue as rows for reading, each with the site's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lookbook.reading.venues import Quote, VenueDetail
from lookbook.wording import guests, price, setting, words

_PRICE: Final = ("price_min", "price_max", "currency", "price_unit")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row.

    Attributes:
        name: what it is about.
        value: what the site states.
        quotes: the site's own words, each once.
        against: what it says elsewhere.
    """

    name: str
    value: str
    quotes: tuple[Quote, ...]
    against: tuple[Quote, ...] = ()


def facts(venue: VenueDetail) -> list[Fact]:
    """Every stated fact: the figures first, then amenities and styles by name."""
    return [*_figures(venue), *_named(venue, "amenities"), *_named(venue, "styles")]


def _figures(venue: VenueDetail) -> Iterator[Fact]:
    asked = "on request" if venue.price_on_application else None
    rows = (
        ("Guests", guests(venue.capacity_min, venue.capacity_max), ("capacity_max", "capacity_min")),
        ("Seated", guests(None, venue.seated_max), ("seated_max",)),
        ("Standing", guests(None, venue.standing_max), ("standing_max",)),
        ("Price", price(venue) or asked, _PRICE if price(venue) else ("price_on_application",)),
        ("Where it happens", setting(venue.setting), ("setting",)),
        ("Address", venue.address, ("address",)),
    )
    for name, value, columns in rows:
        if value is not None:
            yield Fact(name, value, _quotes(venue.evidence, columns), _quotes(venue.conflicts, columns))


def _named(venue: VenueDetail, column: str) -> Iterator[Fact]:
    stated: list[str] = getattr(venue, column) or []
    others: list[str] = getattr(venue, f"other_{column}") or []
    for word in [*stated, *others]:
        about = [quote for name in (column, f"other_{column}") for quote in venue.evidence.get(name, ())
                 if quote.value == word]  # fmt: skip
        yield Fact({"amenities": "Amenity", "styles": "Style"}[column], words(word), _once(about))


def _quotes(stated: Mapping[str, Sequence[Quote]], columns: tuple[str, ...]) -> tuple[Quote, ...]:
    return _once([quote for column in columns for quote in stated.get(column, ())])


def _once(quotes: list[Quote]) -> tuple[Quote, ...]:
    return tuple({(quote.quote, quote.page_url): quote for quote in quotes}.values())
