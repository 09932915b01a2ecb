"""What an interpreter may know of the venues, read from `serving.venues`."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from lookbook.refine.context import Catalogue, Place, ShownVenue
from lookbook.refine.gazetteer import country_code
from lookbook.refine.rules.folding import folded
from lookbook.refine.views import venues

MAX_VENUES: Final = 50_000
_LEAST_SHARE: Final = 0.6  # of the venues that say: below it no country goes without saying


def catalogue_statement() -> Select[Any]:
    """Every venue with what is read of it here."""
    columns = venues.c
    return (
        select(columns.venue_id, columns.name, columns.city, columns.region, columns.country, columns.lat, columns.lon,
               columns.currency, columns.amenities, columns.styles)
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
        currency=_commonest(row.currency for row in rows),
        country=_prevailing(country_code(row.country) for row in rows if row.country),
    )


def shown_venues(catalogue: Catalogue, venue_ids: Sequence[uuid.UUID]) -> tuple[ShownVenue, ...]:
    """The list on the screen, with the names that the catalogue knows."""
    return tuple(ShownVenue(venue_id, catalogue.names.get(venue_id)) for venue_id in venue_ids)


def _towns(rows: Iterable[Row[Any]]) -> Iterable[Place]:
    """Each town of the venues once, in the middle of those that have a place."""
    placed: defaultdict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row.city and row.lat is not None:
            placed[row.city, row.region or "", row.country or ""].append((row.lat, row.lon))
    for (city, region, country), points in sorted(placed.items()):
        # The middle one of each coordinate, not their mean: one venue with a wrong place must not move a town.
        lats, lons = (sorted(values) for values in zip(*points, strict=True))
        middle = len(points) // 2
        yield Place(city, region, country_code(country) or country, lats[middle], lons[middle])


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def _prevailing(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    best = _commonest(counted.elements())
    return best if best and counted[best] >= _LEAST_SHARE * counted.total() else None
