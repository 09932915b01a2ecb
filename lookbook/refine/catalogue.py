"""What an interpreter may know of the venues, read from `serving.venues`."""

from __future__ import annotations

import math
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, Select, select

from lookbook.refine.context import Catalogue, ShownVenue
from lookbook.refine.views import venues
from resources.folding import folded
from resources.gazetteer import Place, area_name
from taste_assets.model.wishes import distance_km

MAX_VENUES: Final = 50_000
_LONGEST_REGION: Final = 60  # characters; what is longer is no name
_LEAST_RADIUS_KM: Final = 25.0  # of a region with a venue or two, as much as "in" a town
_LEAST_SHARE: Final = 0.6  # of the venues that say: below it no country goes without saying


def catalogue_statement() -> Select[Any]:
    """Every venue with what is read of it here."""
    columns = venues.c
    return (
        select(columns.venue_id, columns.name, columns.city, columns.region, columns.country, columns.country_code,
               columns.lat, columns.lon, columns.currency, columns.amenities, columns.styles)
        .order_by(columns.venue_id)
        .limit(MAX_VENUES)
    )  # fmt: skip


def catalogue_of(connection: Connection) -> Catalogue:
    """What the venues as a whole say; see `Catalogue`."""
    rows = connection.execute(catalogue_statement()).all()
    called: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        if row.name:
            called[folded(row.name)].append(row.venue_id)
    return Catalogue(
        amenities=frozenset(word for row in rows for word in row.amenities or ()),
        styles=frozenset(word for row in rows for word in row.styles or ()),
        names={row.venue_id: row.name for row in rows if row.name},
        venue_by_name={name: found[0] for name, found in called.items() if name and len(found) == 1},
        towns=tuple(_towns(rows)),
        regions=tuple(_regions(rows)),
        currency=_commonest(row.currency for row in rows),
        country=_prevailing(row.country_code for row in rows),
    )


def shown_venues(catalogue: Catalogue, venue_ids: Sequence[uuid.UUID]) -> tuple[ShownVenue, ...]:
    """The list on the screen, with the names that the catalogue knows."""
    return tuple(ShownVenue(venue_id, catalogue.names.get(venue_id)) for venue_id in venue_ids)


def _towns(rows: Iterable[Row[Any]]) -> Iterable[Place]:
    """Each town of the venues once, in the middle of those that have a place."""
    placed: defaultdict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row.city and row.lat is not None:
            placed[row.city, row.region or "", row.country_code or row.country or ""].append((row.lat, row.lon))
    for (city, region, country), points in sorted(placed.items()):
        # The middle one of each coordinate, not their mean: one venue with a wrong place must not move a town.
        lats, lons = (sorted(values) for values in zip(*points, strict=True))
        middle = len(points) // 2
        yield Place(city, region, country, lats[middle], lons[middle])


def _regions(rows: Iterable[Row[Any]]) -> Iterator[Place]:
    """Each region that venues state once, as the circle that holds those that have a place."""
    placed: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row.region and row.lat is not None and len(row.region) <= _LONGEST_REGION:
            name = area_name(row.region, row.country_code)
            placed[name, row.country_code or row.country or ""].append((row.lat, row.lon))
    for (name, country), points in sorted(placed.items()):
        lats, lons = (np.array(values) for values in zip(*points, strict=True))
        lat, lon = float(lats.min() + lats.max()) / 2, float(lons.min() + lons.max()) / 2
        farthest = float(distance_km(lat, lon, lats, lons).max())
        yield Place(name, "", country, lat, lon, radius_km=max(_LEAST_RADIUS_KM, 5.0 * math.ceil(farthest / 5)))


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def _prevailing(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    best = _commonest(counted.elements())
    return best if best and counted[best] >= _LEAST_SHARE * counted.total() else None
