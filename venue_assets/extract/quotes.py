"""Evidence: whether a quote stands on a page and contains its number. The one judge for every reader of sites.

What a reader takes for a fact is its own business; a fact whose quote is not `verified` is never stored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from venue_assets.extract.facts.numbers import readings
from venue_assets.extract.values import StructuredItem
from venue_assets.extract.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from venue_assets.extract.reading import Quoted, SitePage
    from venue_assets.extract.values import StructuredData, StructuredValue

MIN_GUESTS: Final = 1
MAX_GUESTS: Final = 100_000
MIN_PRICE: Final = 0
MAX_PRICE: Final = 10_000_000
MAX_LATITUDE: Final = 90
"""Degrees north or south."""

MAX_LONGITUDE: Final = 180
"""Degrees east or west."""

MAX_QUOTE: Final = 600
"""Characters: a longer quote points at nothing."""

_MAX_LINES: Final = 5000
_ADDRESS_PARTS: Final = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES: Final = re.compile('[\u2018-\u201f\u2032-\u2037\u00ab\u00bb\u2039\u203a"`\u00b4]')
_MARKS: Final = re.compile(r"[*_~|#\\]")
_BULLETS: Final = re.compile(r"^[ \t]*(?:[-+>\u2022\u00b7][ \t]+)+", re.MULTILINE)
# The quote's edge would cut a number in two: "200" of "1,200" or of "1 200", "1" of "1.5".
_CUT_BEFORE: Final = re.compile(r"\d[.,']?$|(?<!\d)\d{1,3} $")
_CUT_AFTER: Final = re.compile(r"[.,']?\d| \d{3}(?!\d)")


def statement_lines(structured: StructuredData) -> list[str]:
    """A page's machine-readable statements as lines `name: value`, in page order.

    Names are dotted from the item's first type down, such as `EventVenue.address.postalCode: GL13 9AA`; items without
    a type (Open Graph) begin with the property. Truth values are `true` and `false`. A nested address has a line of its
    own besides those of its parts: `EventVenue.address: 1 High Street, Berkeley, GL13 9AA`.
    """
    lines: list[str] = []
    for item in structured.items:
        for line in item_lines(item):
            lines.append(line)
            if len(lines) >= _MAX_LINES:
                return lines
    return lines


def item_lines(item: StructuredItem) -> Iterator[str]:
    """The lines of one top-level item; see `statement_lines`."""
    return _lines(item, item.types[0] if item.types else "")


def statement_line(name: str, value: StructuredValue) -> str:
    """The line of one plain value under its dotted name."""
    return f"{name}: {_written(value)}"


def written_address(item: StructuredItem) -> str:
    """The parts of a PostalAddress in the order of an envelope, or "" for other items."""
    if "PostalAddress" not in item.types:
        return ""
    parts = [_first_text(item, name) for name in _ADDRESS_PARTS]
    return ", ".join(part for part in parts if part)


def normalise(text: str) -> str:
    """The text as quotes are compared: one line, without invisible characters, emphasis, table bars and bullets.

    Unicode compatibility forms, dashes, quotation marks and letter case are made alike. Normalising twice is the same
    as once.
    """
    text = visible(unicodedata.normalize("NFKC", visible(text))).replace("&lt;", "<")
    text = unicodedata.normalize("NFKC", text.casefold())
    text = _QUOTES.sub("'", _DASHES.sub("-", text))
    return " ".join(_BULLETS.sub("", _MARKS.sub(" ", text)).split())


def stands_on(quote: str, page: SitePage) -> bool:
    """Whether the page says these words: in its text, its title or one of its machine-readable statements.

    The quote must begin and end where words and numbers do: "20 guests" does not stand in "120 guests".
    """
    sought = normalise(quote)
    if len(quote) > MAX_QUOTE or not any(character.isalnum() for character in sought):
        return False
    if _holds(_normalised_page(page.markdown), sought) or _holds(normalise(page.title), sought):
        return True
    return any(_holds(normalise(line), sought) for line in statement_lines(page.structured))


def verified(quoted: Quoted[Any], page_by_url: Mapping[str, SitePage]) -> bool:
    """Whether the quote stands on its page and, for a numeric value, contains the number in some spelling."""
    page = page_by_url.get(quoted.page_url)
    if page is None or not stands_on(quoted.quote, page):
        return False
    value = quoted.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return any(abs(value - number) < 1e-9 for number in readings(normalise(quoted.quote)))


def _lines(item: StructuredItem, path: str) -> Iterator[str]:
    for name, values in item.properties.items():
        dotted = f"{path}.{name}" if path else name
        for value in values:
            if isinstance(value, StructuredItem):
                written = written_address(value)
                if written:
                    yield f"{dotted}: {written}"
                yield from _lines(value, dotted)
            else:
                yield statement_line(dotted, value)


def _written(value: StructuredValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _first_text(item: StructuredItem, name: str) -> str:
    for value in item.properties.get(name, ()):
        if isinstance(value, StructuredItem):  # {"@type": "Country", "name": "France"}
            return _first_text(value, "name")
        return _written(value)
    return ""


@lru_cache(maxsize=64)
def _normalised_page(markdown: str) -> str:
    """Cached, because every fact of a page asks for it."""
    return normalise(markdown)


def _holds(text: str, sought: str) -> bool:
    start = text.find(sought)
    while start >= 0:
        end = start + len(sought)
        before, after = text[max(0, start - 5) : start], text[end : end + 5]
        opens = not (sought[0].isalnum() and before[-1:].isalnum())
        closes = not (sought[-1].isalnum() and after[:1].isalnum())
        if sought[0].isdigit():
            three = re.match(r"\d{3}(?!\d)", sought) is not None
            cut = _CUT_BEFORE.search(before)
            opens = opens and not (cut and (three or not cut[0].endswith(" ")))
        if sought[-1].isdigit():
            closes = closes and not _CUT_AFTER.match(after)
        if opens and closes:
            return True
        start = text.find(sought, start + 1)
    return False
