"""Which place somebody means who names one: the words that name it, and which of several it is.

Names of towns are in `resources.gazetteer`, the venues' own in the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from lookbook.refine.context import Catalogue
from lookbook.refine.countries import is_country
from lookbook.refine.rules.regions import REGIONS
from lookbook.refine.rules.spelling import nearest_word
from resources.folding import folded
from resources.gazetteer import LEAST_KNOWN, Place, clearly_largest, country_code, gazetteer
from taste_assets.model.wishes import distance_km

_SAME_KM: Final = 30.0
_VENUES_WITHIN_KM: Final = 50.0
_AROUND_KM: Final = 40.0
_LONGEST_NAME: Final = 6  # words


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


def locate(words: Sequence[str], catalogue: Catalogue, *, only_regions: bool = False) -> Located | None:
    """The place that the first of these folded words name; the longest name counts, then a likely misspelling.

    None, too, for a region without venues, and for a country: a town of its name in another country is not meant. With
    `only_regions` towns are not looked for, nor misspellings.
    """
    for count in range(_until_comma(words), 0, -1):
        name = " ".join(words[:count]).rstrip(",")
        found = (*(() if only_regions else _towns(name, catalogue)), *_venue_regions(catalogue).get(name, ()))
        if found:
            area, used = _area(words[count : count + 3])
            there = [place for place in found if area in (place.area, place.country)] if area else []
            meant = _meant(there or _not_far_away(name, found, catalogue), catalogue)
            return Located(meant, count + (used if there else 0)) if meant else None
        if name in REGIONS or is_country(name):
            return None
    if only_regions:
        return None
    meant_name = nearest_word(words[0].rstrip(","), _well_known(catalogue)) if words else None
    return Located(likeliest(_towns(meant_name, catalogue), catalogue), 1, is_exact=False) if meant_name else None


def _not_far_away(name: str, found: Sequence[Place], catalogue: Catalogue) -> list[Place]:
    """Of the places of a region's name the regions, and the towns near which or in whose country there are venues."""
    is_region = name in REGIONS or is_country(name) or any(place.radius_km for place in found)
    return [
        place for place in found
        if not is_region or place.radius_km or place.country in (catalogue.country, country_code(name))
        or _has_venues(place, catalogue)
    ]  # fmt: skip


def namesakes(name: str, catalogue: Catalogue) -> tuple[Place, ...]:
    """Towns and regions that bear a country's folded name elsewhere, and are not far away."""
    found = (*_towns(name, catalogue), *_venue_regions(catalogue).get(name, ()))
    there = country_code(name)
    return tuple(place for place in _not_far_away(name, found, catalogue) if place.country != there)


def _meant(found: Sequence[Place], catalogue: Catalogue) -> tuple[Place, ...]:
    """The town or the region, the likeliest first; both where each has venues and it matters which of them is meant."""
    regions = [place for place in found if place.radius_km]
    towns = [place for place in found if not place.radius_km]
    if not regions or not towns:
        return likeliest(towns, catalogue) if towns else tuple(regions)
    towns = [town for town in towns if _has_venues(town, catalogue)]
    # The region of Porto's venues is Porto, give or take a suburb.
    apart = [one for one in regions if not any(_is_around(one, town) for town in towns)]
    return (*(likeliest(towns, catalogue) if towns else ()), *apart)


def _is_around(region: Place, town: Place) -> bool:
    return region.radius_km <= _AROUND_KM and _apart_km(region, town) <= _AROUND_KM


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
    largest = clearly_largest(left)
    return (largest,) if largest else tuple(sorted(left, key=lambda place: -place.population))


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


@lru_cache(maxsize=4)
def _venue_regions(catalogue: Catalogue) -> Mapping[str, tuple[Place, ...]]:
    """The venues' regions by folded name, without an article; states of the USA by their codes, too."""
    codes = {name: code for code, name in gazetteer().states.items() if len(code) == 2 and code not in _COMMON_CODES}
    regions: defaultdict[str, list[Place]] = defaultdict(list)
    for region in catalogue.regions:
        regions[folded(region.name).removeprefix("the ")].append(region)
        if region.country == "US" and region.name in codes:
            regions[codes[region.name]].append(region)
    return {name: tuple(found) for name, found in regions.items()}


def _has_venues(place: Place, catalogue: Catalogue) -> bool:
    if not catalogue.towns:
        return False
    lats, lons = (np.array(values) for values in zip(*((town.lat, town.lon) for town in catalogue.towns), strict=True))
    return bool((distance_km(place.lat, place.lon, lats, lons) <= _VENUES_WITHIN_KM).any())


def _is_same(one: Place, other: Place) -> bool:
    return _apart_km(one, other) <= _SAME_KM


def _apart_km(one: Place, other: Place) -> float:
    return float(distance_km(one.lat, one.lon, np.array([other.lat]), np.array([other.lon]))[0])


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


@lru_cache(maxsize=4)
def _well_known(catalogue: Catalogue) -> frozenset[str]:
    large = {name for name, places in gazetteer().named.items() if places[0].population >= LEAST_KNOWN}
    return frozenset(large | _venue_towns(catalogue).keys())
