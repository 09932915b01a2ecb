"""From a model's claims to facts: each must stand on its page in words about it, and agree with the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from venue_assets.extract.facts.amenities import mentions
from venue_assets.extract.facts.statements import Statement, page_statements
from venue_assets.extract.facts.vocabulary import AMENITIES, STYLES
from venue_assets.extract.quotes import (
    MAX_GUESTS,
    MAX_LATITUDE,
    MAX_LONGITUDE,
    MAX_PRICE,
    MIN_GUESTS,
    MIN_PRICE,
    normalise,
    verified,
)
from venue_assets.extract.reading import Quoted, SiteFacts, SitePage
from venue_assets.extract.words import one_line
from venue_assets.model_reading.answer import MAX_CLAIMS, MAX_VALUE, ClaimKind, FactClaim
from venue_assets.model_reading.wording import KNOWN_CURRENCIES, is_a_denial, speaks_of, tag_pattern

Value = int | float | str | bool

_SHOWN: Final = 40
_MAX_OWN_WORDS: Final = 5
_WHOLE: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}")
_DECIMAL: Final = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,20})?")

# The least may not exceed the most: field, the field it may not exceed.
_ORDERED: Final = (
    ("capacity_min", "capacity_max"),
    ("price_min", "price_max"),
    ("seated_max", "capacity_max"),
    ("standing_max", "capacity_max"),
)


@dataclass(slots=True)
class _Collected:
    single: dict[str, list[Quoted[Any]]] = field(default_factory=dict)
    several: dict[str, list[Quoted[str]]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def believed(claims: Sequence[FactClaim], pages: Sequence[SitePage]) -> tuple[SiteFacts, list[str]]:
    """The facts among a model's claims, and for each claim not taken one line that says why.

    A field with two different values, or whose values cannot both be (a least above its most), is None, and the
    statements stand in `SiteFacts.conflicts`: which of them is right only the venue knows.

    Args:
        claims: as the model made them.
        pages: those it was shown, in that order.
    """
    page_by_url = {page.url: page for page in pages}
    statements = [statement for page in pages for statement in page_statements(page)]
    collected = _Collected()
    for number, claim in enumerate(claims[:MAX_CLAIMS], start=1):
        reason = _collect(claim, pages, page_by_url, statements, collected)
        if reason:
            shown = one_line(claim.value)[:_SHOWN]
            collected.dropped.append(f"fact {number}, {claim.kind} {shown!r}: {reason}")
    if len(claims) > MAX_CLAIMS:
        collected.dropped.append(f"{len(claims) - MAX_CLAIMS} facts past the {MAX_CLAIMS} that are read")
    return _agreed(collected), collected.dropped


def _collect(
    claim: FactClaim,
    pages: Sequence[SitePage],
    page_by_url: Mapping[str, SitePage],
    statements: Sequence[Statement],
    collected: _Collected,
) -> str:
    """Add the claim to what is collected, or say why not."""
    if not 1 <= claim.page <= len(pages):
        return "there is no such page"
    try:
        value = _PARSERS[claim.kind](one_line(claim.value)[: MAX_VALUE + 1])
    except ValueError as error:
        return str(error)
    quote = one_line(claim.quote).replace("&lt;", "<")
    quoted = Quoted[Any](value=value, quote=quote, page_url=pages[claim.page - 1].url)
    if not verified(quoted, page_by_url):
        number = " or lacks the number" if isinstance(value, int | float) and not isinstance(value, bool) else ""
        return f"its quote does not stand on page {claim.page}{number}"
    if not speaks_of(claim.kind, str(value), quote):
        return "its quote does not say so"
    if claim.kind in ("amenity", "style") and _is_denied(claim.kind, str(value), statements):
        return "the site says that it has none"
    vocabulary = {"amenity": ("amenities", AMENITIES), "style": ("styles", STYLES)}.get(claim.kind)
    if vocabulary is None:
        collected.single.setdefault(claim.kind, []).append(quoted)
    else:
        name, words = vocabulary
        collected.several.setdefault(name if value in words else f"other_{name}", []).append(quoted)
    return ""


def _is_denied(kind: ClaimKind, tag: str, statements: Sequence[Statement]) -> bool:
    """Whether the site speaks of it only to deny it: the quote "parking" stands in "no parking", too."""
    spoken_of = mentions(statements, {tag: tag_pattern(kind, tag)}).get(tag)
    return spoken_of is not None and bool(spoken_of.denied) and not spoken_of.affirmed


def _agreed(collected: _Collected) -> SiteFacts:
    fields: dict[str, Any] = {}
    conflicts: dict[str, tuple[Quoted[Any], ...]] = {}
    for name, statements in collected.single.items():
        distinct = _distinct(statements)
        if len(distinct) == 1:
            fields[name] = distinct[0]
        else:
            conflicts[name] = tuple(distinct)
    for least, most in _ORDERED:
        if least in fields and most in fields and fields[least].value > fields[most].value:
            contradicting = (fields.pop(least), fields.pop(most))
            conflicts |= {least: contradicting, most: contradicting}
    fields |= {name: tuple(_distinct(statements)) for name, statements in collected.several.items()}
    return SiteFacts(**fields, conflicts=conflicts)


def _distinct(statements: Sequence[Quoted[Any]]) -> list[Quoted[Any]]:
    """The first statement of each value."""
    first: dict[object, Quoted[Any]] = {}
    for statement in statements:
        value = statement.value
        first.setdefault(normalise(value) if isinstance(value, str) else value, statement)
    return list(first.values())


def _guests(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("it is not a whole number in digits")
    return int(_in_range(int(text.replace(",", "")), MIN_GUESTS, MAX_GUESTS))


def _decimal(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not _DECIMAL.fullmatch(text):
            raise ValueError("it is not a number in digits")
        return _in_range(float(text.replace(",", "")), least, most)

    return parse


def _in_range(number: float, least: float, most: float) -> float:
    if not least <= number <= most:
        raise ValueError(f"it is not between {least} and {most}")
    return number


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.casefold() not in words:
            raise ValueError(f"it is not one of {', '.join(words)}")
        return text.casefold()

    return parse


def _currency(text: str) -> str:
    if text.upper() not in KNOWN_CURRENCIES:
        raise ValueError("it is not the ISO 4217 code of a currency that venues use")
    return text.upper()


def _on_application(text: str) -> bool:
    if text.casefold() != "true":
        raise ValueError("it is stated only where it is true")
    return True


def _address(text: str) -> str:
    if not 5 <= len(text) <= MAX_VALUE:
        raise ValueError("it is no address")
    return text


def _tag(vocabulary: Collection[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        word = text.casefold().replace(" ", "_").replace("-", "_")
        if word in vocabulary:
            return word
        if not text or len(text.split()) > _MAX_OWN_WORDS or len(text) > _SHOWN or not text[0].isalnum():
            raise ValueError(f"it is not in the list, and no name of up to {_MAX_OWN_WORDS} words")
        if is_a_denial(text):
            raise ValueError("it says what there is not")
        return text.casefold()

    return parse


_PARSERS: Final[dict[ClaimKind, Callable[[str], Value]]] = {
    "capacity_min": _guests,
    "capacity_max": _guests,
    "seated_max": _guests,
    "standing_max": _guests,
    "price_min": _decimal(MIN_PRICE, MAX_PRICE),
    "price_max": _decimal(MIN_PRICE, MAX_PRICE),
    "currency": _currency,
    "price_unit": _one_of("event", "person", "day", "hour"),
    "price_on_application": _on_application,
    "setting": _one_of("indoor", "outdoor", "both"),
    "address": _address,
    "latitude": _decimal(-MAX_LATITUDE, MAX_LATITUDE),
    "longitude": _decimal(-MAX_LONGITUDE, MAX_LONGITUDE),
    "amenity": _tag(AMENITIES),
    "style": _tag(STYLES),
}
