"""The photographs of venues nearest to query vectors."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, FromClause, Select, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from resources.schema import photo_embeddings, venue_photos
from resources.search.filters import VenueFilter, matching_venues
from resources.search.statement import exact_distance, fetched, in_space, index_distance, query_rows, set_index_scan
from resources.spaces import EmbeddingSpace
from resources.vector_index import IndexSettings, stored_settings
from resources.vectors import checked_vectors

EXACT_ROWS: Final = 10_000
"""When the venues that pass a filter have at most this many photos, all are compared. An index scan would have to wade
through the rest to find them, and might give up before it has k."""


@dataclass(frozen=True, slots=True)
class PhotoHit:
    """A photograph near a query.

    Attributes:
        photo_id: which.
        similarity: cosine, of the float32 vectors.
        venue_ids: the venues that show it and pass the filter, ascending; at least one.
    """

    photo_id: str
    similarity: float
    venue_ids: tuple[uuid.UUID, ...]


def nearest_photos(
    connection: Connection,
    queries: npt.NDArray[np.float32],
    k: int,
    space: EmbeddingSpace,
    wanted: VenueFilter | None = None,
) -> list[list[PhotoHit]]:
    """For each query the k nearest photographs that venues show, nearest first, equally near ones by id.

    Exact where the space has no index or the filter leaves few photos. Else by index at the measured recall, and no
    list is short for that: one that an index scan leaves short of k is found again exactly.

    Args:
        connection: in a transaction (index settings are set for the rest of it).
        queries: (q, dim) float32 unit vectors.
        k: at least 1.
        space: an image space.
        wanted: which venues; all on the list when None.

    Raises:
        ValueError: queries are not unit vectors of the space, or k is not positive.
    """
    checked_vectors(space, queries, len(queries))
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    wanted = wanted or VenueFilter()
    settings = index_to_use(connection, space, wanted)
    if settings is None:
        return _run(connection, queries, _exact(queries, k, space, wanted))
    set_index_scan(connection, settings, k)
    found = [hits[:k] for hits in _run(connection, queries, _by_index(queries, k, space, wanted))]
    short = [number for number, hits in enumerate(found) if len(hits) < k]
    if short:
        again = queries[short]
        for number, hits in zip(short, _run(connection, again, _exact(again, k, space, wanted)), strict=True):
            found[number] = hits
    return found


def index_to_use(connection: Connection, space: EmbeddingSpace, wanted: VenueFilter) -> IndexSettings | None:
    """Settings of the index that serves this search; None when comparing all is exact and quick."""
    settings = stored_settings(connection, space.space_id)
    if settings is None or settings.kind == "exact":
        return None
    if wanted.asks_nothing:
        return settings
    passing = select(venue_photos.c.photo_id).where(_passes(wanted)).limit(EXACT_ROWS + 1).subquery()
    photos = connection.scalar(select(func.count()).select_from(passing)) or 0
    return settings if photos > EXACT_ROWS else None


def _passes(wanted: VenueFilter) -> ColumnElement[bool]:
    return venue_photos.c.venue_id.in_(matching_venues(wanted))


def _exact(queries: npt.NDArray[np.float32], k: int, space: EmbeddingSpace, wanted: VenueFilter) -> Select[Any]:
    asked = query_rows(queries)
    shown = select(venue_photos.c.photo_id).distinct().where(_passes(wanted)).cte("shown")
    embedded = photo_embeddings.c
    distance = exact_distance(embedded.embedding, asked.c.vector)
    nearest = (
        select(embedded.photo_id, distance.label("distance"))
        .join(shown, shown.c.photo_id == embedded.photo_id)
        .where(in_space(embedded.space_id, space))
        .order_by(distance, embedded.photo_id)
        .limit(k)
        .lateral("hit")
    )
    return _with_venues(asked, nearest, wanted)


def _by_index(queries: npt.NDArray[np.float32], k: int, space: EmbeddingSpace, wanted: VenueFilter) -> Select[Any]:
    asked = query_rows(queries)
    embedded = photo_embeddings.c
    # Photos that only people pinned are in the space, too, and are nobody else's business.
    is_shown = select(venue_photos.c.photo_id).where(venue_photos.c.photo_id == embedded.photo_id, _passes(wanted))
    nearest = (
        select(embedded.photo_id, exact_distance(embedded.embedding, asked.c.vector).label("distance"))
        .where(in_space(embedded.space_id, space), is_shown.exists())
        .order_by(index_distance(embedded.embedding, asked.c.vector, space))
        .limit(fetched(k))
        .lateral("hit")
    )
    return _with_venues(asked, nearest, wanted)


def _with_venues(asked: Any, nearest: FromClause, wanted: VenueFilter) -> Select[Any]:
    showing = (
        select(venue_photos.c.venue_id)
        .where(venue_photos.c.photo_id == nearest.c.photo_id, _passes(wanted))
        .order_by(venue_photos.c.venue_id)
    )
    venue_ids = cast(func.array(showing.scalar_subquery()), ARRAY(UUID))
    return (
        select(asked.c.number, nearest.c.photo_id, nearest.c.distance, venue_ids.label("venue_ids"))
        .select_from(asked)
        .join(nearest, true())
        .order_by(asked.c.number, nearest.c.distance, nearest.c.photo_id)
    )


def _run(connection: Connection, queries: npt.NDArray[np.float32], statement: Select[Any]) -> list[list[PhotoHit]]:
    found: list[list[PhotoHit]] = [[] for _ in queries]
    for number, photo_id, distance, venue_ids in connection.execute(statement):
        found[number - 1].append(PhotoHit(photo_id, 1 - distance, tuple(venue_ids)))
    return found
