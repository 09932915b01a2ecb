"""Facts in a site's machine-readable statements, each with the line that `quotes.statement_lines` writes for it.

Which statement of several counts is `identity.site_identity`'s choice: by notation, then type, then page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from venue_assets.extract.facts.amenities import words_for
from venue_assets.extract.facts.money import CURRENCIES
from venue_assets.extract.facts.price import PriceClaim
from venue_assets.extract.facts.statements import Statement, folded
from venue_assets.extract.quotes import MAX_PRICE, MAX_QUOTE, item_lines, statement_line
from venue_assets.extract.reading import Quoted
from venue_assets.extract.values import StructuredItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from venue_assets.extract.reading import SitePage
    from venue_assets.extract.values import SiteIdentity, Stated

T = TypeVar("T")

_FUNCTION_MENU: Final = re.compile(r"\b(?:banquets?|weddings?|functions?|set menus?|groups?|events?|private dining)\b")
_MAX_FREE: Final = 20


class MachineFacts:
    """The machine-readable statements of a site, and the fact each field of its identity is.

    Args:
        pages: the site's, the home page first.
        identity: merged from the same pages.
    """

    def __init__(self, pages: Sequence[SitePage], identity: SiteIdentity) -> None:
        self._pages = {page.url: page for page in pages}
        self._identity = identity

    def capacity(self) -> Quoted[int] | None:
        """`maximumAttendeeCapacity`."""
        return self._quoted(self._identity.capacity, "maximumAttendeeCapacity")

    def coordinates(self) -> tuple[Quoted[float], Quoted[float]] | tuple[None, None]:
        """Latitude and longitude, both or neither."""
        latitude = self._quoted(self._identity.latitude, "latitude")
        longitude = self._quoted(self._identity.longitude, "longitude")
        return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)

    def address(self) -> Quoted[str] | None:
        """The PostalAddress that the identity's street, or else its town, is part of."""
        stated = self._identity.street or self._identity.locality
        if stated is None:
            return None
        for name, line in self._lines(stated.page_url):
            text = line.removeprefix(f"{name}: ")
            if name.endswith(".address") and stated.value in text:
                return Quoted(value=text, quote=line, page_url=stated.page_url)
        return None

    def price_statement(self) -> Statement | None:
        """`priceRange` as a statement like those of the text; what it means is read there."""
        stated = self._identity.price_range
        quoted = self._quoted(stated, "priceRange")
        if stated is None or quoted is None:
            return None
        return Statement(quoted.quote, folded(quoted.quote), "price", folded(stated.value), (), stated.page_url)

    def amenities(self) -> Iterator[Quoted[str]]:
        """Amenities of the vocabulary that `amenityFeature` and `petsAllowed` state."""
        for stated in self._identity.amenities:
            for word in words_for(stated.value):
                quoted = self._quoted(stated, "name", "amenityFeature")
                if quoted is not None:
                    yield Quoted(value=word, quote=quoted.quote, page_url=quoted.page_url)
        for url in self._pages:
            for name, line in self._lines(url):
                if name.endswith(".petsAllowed") and line.endswith((": true", ": yes", ": True", ": Yes")):
                    yield Quoted(value="pet_friendly", quote=line, page_url=url)

    def free_amenities(self) -> Iterator[Quoted[str]]:
        """Names of `amenityFeature` that the vocabulary has no word for."""
        for stated in self._identity.amenities[:_MAX_FREE]:
            quoted = self._quoted(stated, "name", "amenityFeature")
            if quoted is not None and not words_for(stated.value):
                yield quoted

    def menu_prices(self) -> Iterator[PriceClaim]:
        """The prices of menus for celebrations: a Menu whose name or section says banquet, wedding and such.

        A Menu does not say what its prices are for, so neither do the claims.
        """
        for page in self._pages.values():
            for item in page.structured.items:
                if "Menu" in item.types and _FUNCTION_MENU.search(folded(" ".join(_texts(item, "name")))):
                    yield from _offers(item, page.url, "Menu", 0)

    def _quoted(self, stated: Stated[T] | None, *names: str) -> Quoted[T] | None:
        """The stated value with its line: the first whose value it is and whose name has all of `names` in it."""
        if stated is None:
            return None
        for name, line in self._lines(stated.page_url):
            parts = name.split(".")
            if all(part in parts for part in names) and _is(line.removeprefix(f"{name}: "), stated.value):
                return Quoted(value=stated.value, quote=line, page_url=stated.page_url)
        return None

    def _lines(self, page_url: str) -> Iterator[tuple[str, str]]:
        for item in self._pages[page_url].structured.items:
            for line in item_lines(item):
                if len(line) <= MAX_QUOTE:
                    yield line.partition(": ")[0], line


def _offers(item: StructuredItem, page_url: str, path: str, depth: int) -> Iterator[PriceClaim]:
    currency = next(iter(_texts(item, "priceCurrency")), "")
    for price in _texts(item, "price") if currency.casefold() in CURRENCIES else ():
        if re.fullmatch(r"\d{1,8}(?:\.\d{1,2})?", price) and 0 < float(price) <= MAX_PRICE:
            amount = _line(f"{path}.price", price, page_url)
            code = _line(f"{path}.priceCurrency", currency, page_url)
            yield PriceClaim(float(price), None, False, CURRENCIES[currency.casefold()], None, amount, code)
    for name, values in item.properties.items() if depth < 5 else ():
        for value in values:
            if isinstance(value, StructuredItem):
                yield from _offers(value, page_url, f"{path}.{name}", depth + 1)


def _line(name: str, value: str, page_url: str) -> Statement:
    line = statement_line(name, value)
    return Statement(line, folded(line), name.rpartition(".")[2], folded(value), (), page_url)


def _texts(item: StructuredItem, name: str) -> list[str]:
    values = item.properties.get(name, ())
    return [str(value) for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)]


def _is(text: str, value: Any) -> bool:
    """Whether the line's text is the value that was read from it: 1,200 for 1200."""
    if isinstance(value, str):
        return text == value
    try:
        return float(text.replace(",", "")) == float(value)
    except ValueError:
        return False
