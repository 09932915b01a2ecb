"""Where a venue is: the position its site states, else the centre of the town it names. Values only.

Which town an address means is decided in `resources.gazetteer`; what a site states in `venue_assets.extract`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from resources.gazetteer import Place, country_code, town_centre

TOWN_RULES: Final = 2
"""Raise it when an address may mean another town than before: stored places are then found anew at the next crawl."""

_WITH_DIGIT: Final = re.compile(r"\S*\d\S*")
_BRITISH_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


def place_columns(said: Mapping[str, Any]) -> dict[str, Any]:
    """`lat`, `lon` and `town_centre` of `venues`, the last one where the position is a town's and not the site's.

    Args:
        said: values of a site's identity by their names in `SiteIdentity`; missing ones are not stated.
    """
    lat, lon = said.get("latitude"), said.get("longitude")
    town = None if lat is not None else _town(said)
    if town is None:
        return {"lat": lat, "lon": lon, "town_centre": None}
    return {"lat": town.lat, "lon": town.lon, "town_centre": town.full_name}


def _town(said: Mapping[str, Any]) -> Place | None:
    city, region, country = (said.get(name) for name in ("locality", "region", "country"))
    address = said.get("written_address")
    if city and address and not country:
        written_region, country = after_town(address, city)
        region = region or written_region
    return town_centre(city, region, country)


def after_town(address: str, town: str) -> tuple[str | None, str | None]:
    """Region and country as an address on one line writes them after its town; None for what it leaves out.

    A British postcode tells its country; others are too much alike.
    """
    named = list(re.finditer(rf"(?<!\w){re.escape(town)}(?!\w)", address, re.IGNORECASE))
    if not named:
        return None, None
    rest = [" ".join(_WITH_DIGIT.sub("", part).split()) for part in address[named[-1].end() :].split(",")]
    parts = [part for part in rest if part]
    country = parts.pop() if parts and len(parts[-1]) > 2 and country_code(parts[-1]) else None
    if country is None and _BRITISH_POSTCODE.search(address):
        country = "GB"
    return ", ".join(parts) or None, country
