"""Which countries words name. What is asked of them is told by the words around (`rules.countries`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from lookbook.refine.rules.folding import FoldedText
from lookbook.refine.rules.regions import REGIONS
from resources.folding import folded
from resources.gazetteer import country_spellings, gazetteer

_WORD: Final = re.compile(r"(?<![\w'-])[a-z]+")
_NEXT_WORD: Final = re.compile(r"\s([a-z]+)(?!\w)")
_WORD_BEFORE: Final = re.compile(r"(?<![\w'-])([a-z]+)\s$")
_AMERICAS: Final = frozenset({"central", "latin", "north", "south"})
_GOES_ON: Final = re.compile(r"\w|[-'][a-z]")
_NOT_A_COUNTRY: Final = re.compile(
    r"(?:\s|-)(?:dollars?|pounds?|sterling|money|style[ds]?|inspired|themed?|food|cuisine|vibes?|feel|guests?|family"
    r"|relatives|friends|citizens?|time|side)\b"
)
_CODES: Final = frozenset({"gb", "uk", "us"})
"""Codes that are said; the others are words, or nobody says them."""
_INFLECTED: Final = {"niederlanden": "NL", "vereinigten staaten": "US", "vereinigten konigreich": "GB",
                     "the states": "US"}  # fmt: skip
_ORDINARY: Final = frozenset({"chad", "china", "guinea", "jersey", "jordan", "reunion", "turkey"})
"""Other things, too, without a capital letter; with one, people."""


@dataclass(frozen=True, slots=True)
class NamedCountry:
    """A country where its name stands in a folded text.

    Attributes:
        start, end: of the name.
        code: ISO 3166-1 alpha-2.
        is_ordinary: whether the name says nothing by itself, being another thing's as well.
    """

    start: int
    end: int
    code: str
    is_ordinary: bool = False


def is_country(name: str) -> bool:
    """Whether a folded name is said of a country, rather than of a region or a thing."""
    return name in _names()


def country_at(text: FoldedText, position: int) -> NamedCountry | None:
    """The country whose name begins at a position; None where it goes on as something else (Mexico City)."""
    word = _WORD.match(text.text, position)
    for name in _by_word().get(word.group(), ()) if word else ():
        end = position + len(name)
        if not text.text.startswith(name, position) or _GOES_ON.match(text.text, end):
            continue
        following = _NEXT_WORD.match(text.text, end)
        is_ordinary = name in _ORDINARY
        if _NOT_A_COUNTRY.match(text.text, end):
            return None
        if following and gazetteer().towns(f"{name} {following[1]}"):
            return None
        if (is_ordinary or name == "us") and not _is_name(text, position, end):
            return None
        return NamedCountry(position, end, _names()[name], is_ordinary)
    return None


def countries_in(text: FoldedText) -> Iterator[NamedCountry]:
    """The countries that are named, in their order."""
    position = 0
    while word := _WORD.search(text.text, position):
        found = country_at(text, word.start())
        if found and not _belongs_to_another(text.text, found):
            yield found
        position = found.end if found else word.end()


def _belongs_to_another(text: str, found: NamedCountry) -> bool:
    """Whether the name ends another: New Mexico, Northern Ireland, South America."""
    before = _WORD_BEFORE.search(text, 0, found.start)
    name = text[found.start : found.end]
    return before is not None and (
        f"{before[1]} {name}" in REGIONS or before[1] == "new" or (name == "america" and before[1] in _AMERICAS)
    )


def _is_name(text: FoldedText, start: int, end: int) -> bool:
    """Whether it is typed as a name: China, and not china; US, or "the us", and not us."""
    said = text.said(start, end)
    return said.isupper() or (text.text.endswith("the ", 0, start) if len(said) == 2 else said[:1].isupper())


@cache
def _names() -> Mapping[str, str]:
    """Folded names without an article to codes; not those of nations and states that `REGIONS` has."""
    said = {folded(name): code for name, code in country_spellings().items() if len(name) > 2 or name in _CODES}
    said |= _INFLECTED
    return {name.removeprefix("the "): code for name, code in said.items() if name not in REGIONS}


@cache
def _by_word() -> Mapping[str, tuple[str, ...]]:
    """The first letters of names to the names, the longest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in _names():
        found[_WORD.match(name).group()].append(name)  # type: ignore[union-attr]  # every name begins with letters
    return {word: tuple(sorted(names, key=len, reverse=True)) for word, names in found.items()}
