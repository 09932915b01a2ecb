"""Where a venue is, and in which country: what its site states, else what the town it names tells. Values only.

Which town an address means is decided in `resources.gazetteer`; what a site states in `venue_assets.extract`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from resources.gazetteer import country_code, is_state_elsewhere, town_centre

TOWN_RULES: Final = 4
"""Raise it when an address may mean another town than before: what was looked up is then looked up anew at the next
crawl."""

_WITH_DIGIT: Final = re.compile(r"\S*\d\S*")
_BRITISH_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}\b")
_CROWN_DEPENDENCIES: Final = {"IM": "IM", "JE": "JE", "GY": "GG"}
"""Which have postcodes of the British form, and are countries of their own by ISO 3166-1."""


def place_columns(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `venues` that say where it is: a position and a country, and the towns that told them.

    `town_centre` and `country_town` are null where the position and the country are the site's own words. A stated
    country that is not known ("Atlantis"), or is a state's name as well ("Georgia"), says no more than a region does.

    Args:
        said: values of a site's identity by their names in `SiteIdentity`; missing ones are not stated.
    """
    address = _address(said)
    town = town_centre(address.town, address.region, address.country) if leaves_it_to_the_town(said) else None
    columns = {
        "lat": said.get("latitude"), "lon": said.get("longitude"), "town_centre": None,
        "country_code": country_code(address.country), "country_town": None,
    }  # fmt: skip
    if town is not None and columns["lat"] is None:
        columns |= {"lat": town.lat, "lon": town.lon, "town_centre": town.full_name}
    if town is not None and columns["country_code"] is None:
        columns |= {"country_code": town.country, "country_town": town.full_name}
    return columns


def leaves_it_to_the_town(said: Mapping[str, Any]) -> bool:
    """Whether the site names a town, and without it there would be no position or no country.

    Only then does `place_columns` look the town up, which takes seconds the first time.
    """
    address = _address(said)
    return bool(address.town) and (said.get("latitude") is None or address.country is None)


@dataclass(frozen=True, slots=True)
class _Address:
    town: str | None
    region: str | None
    country: str | None  # of a known spelling, as written: "Scotland" says more of a town than its code


def _address(said: Mapping[str, Any]) -> _Address:
    town, region, country = (said.get(name) for name in ("locality", "region", "country"))
    line = said.get("written_address")
    if town and line and not country:
        written_region, country = after_town(line, town)
        region = region or written_region
    if country and not _is_country(country):
        return _Address(town, f"{region}, {country}" if region else country, None)
    return _Address(town, region, country or None)


def _is_country(written: str) -> bool:
    """Whether it is a country's name, and no state's as well: Savannah is in the one Georgia, Tbilisi in the other."""
    return country_code(written) is not None and not is_state_elsewhere(written)


def after_town(address: str, town: str) -> tuple[str | None, str | None]:
    """Region and country as an address on one line writes them after its town; None for what it leaves out.

    A British postcode tells its country, too; others are too much alike.
    """
    named = list(re.finditer(rf"(?<!\w){re.escape(town)}(?!\w)", address, re.IGNORECASE))
    if not named:
        return None, None
    rest = [" ".join(_WITH_DIGIT.sub("", part).split()) for part in address[named[-1].end() :].split(",")]
    parts = [part for part in rest if part]
    country = parts.pop() if parts and len(parts[-1]) > 2 and _is_country(parts[-1]) else None
    postcode = _BRITISH_POSTCODE.search(address)
    if country is None and postcode:
        country = _CROWN_DEPENDENCIES.get(postcode[1], "GB")
    return ", ".join(parts) or None, country
