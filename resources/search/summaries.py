"""Venues whose summary is nearest to a text's vector."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, select, true

from resources.schema import summary_embeddings, venue_summaries
from resources.search.filters import VenueFilter, matching_venues
from resources.search.statement import exact_distance, fetched, in_space, index_distance, query_rows, set_index_scan
from resources.spaces import EmbeddingSpace, has_words
from resources.vector_index import stored_settings
from resources.vectors import checked_vectors

SummaryField = Literal["aesthetic", "factual", "vibe"]


@dataclass(frozen=True, slots=True)
class SummaryHit:
    """A venue whose summary is near.

    Attributes:
        venue_id: which.
        similarity: cosine, of the float32 vectors.
    """

    venue_id: uuid.UUID
    similarity: float


def nearest_summaries(
    connection: Connection,
    query: npt.NDArray[np.float32],
    k: int,
    space: EmbeddingSpace,
    field: SummaryField,
    wanted: VenueFilter | None = None,
) -> list[SummaryHit]:
    """The k venues whose summary of this field is nearest to the query, equally near ones by id.

    By index where the space has one; a list that this leaves short of k is found again exactly. A venue that has no
    such summary any more is not found, though its vector may still be stored.

    Args:
        connection: in a transaction (index settings are set for the rest of it).
        query: (dim,) float32 unit vector, of a query (not a document) where the encoder tells them apart.
        k: at least 1.
        space: a text space.
        field: which summary.
        wanted: which venues; all on the list when None.

    Raises:
        ValueError: the query is not a unit vector of the space, or k is not positive.
    """
    queries = checked_vectors(space, query[None], 1)
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    wanted = wanted or VenueFilter()
    settings = stored_settings(connection, space.space_id)
    if settings is not None and settings.kind == "hnsw":
        set_index_scan(connection, settings, k)
        found = _run(connection, _nearest(queries, k, space, field, wanted, by_index=True))[:k]
        if len(found) == k:
            return found
    return _run(connection, _nearest(queries, k, space, field, wanted, by_index=False))


def _nearest(
    queries: npt.NDArray[np.float32],
    k: int,
    space: EmbeddingSpace,
    field: SummaryField,
    wanted: VenueFilter,
    *,
    by_index: bool,
) -> Select[Any]:
    asked = query_rows(queries)
    embedded = summary_embeddings.c
    exact = exact_distance(embedded.embedding, asked.c.vector)
    order = (index_distance(embedded.embedding, asked.c.vector, space),) if by_index else (exact, embedded.venue_id)
    # A vector outlives its text until the asset has run again, and a venue is not found by what it no longer says.
    is_written = select(venue_summaries.c.venue_id).where(
        venue_summaries.c.venue_id == embedded.venue_id, has_words(venue_summaries.c[field])
    )
    nearest = (
        select(embedded.venue_id, exact.label("distance"))
        .where(
            in_space(embedded.space_id, space),
            embedded.field == field,
            embedded.venue_id.in_(matching_venues(wanted)),
            is_written.exists(),
        )
        .order_by(*order)
        .limit(fetched(k) if by_index else k)
        .lateral("hit")
    )
    return select(nearest.c.venue_id, nearest.c.distance).select_from(asked).join(nearest, true())


def _run(connection: Connection, statement: Select[Any]) -> list[SummaryHit]:
    hits = [SummaryHit(venue_id, 1 - distance) for venue_id, distance in connection.execute(statement)]
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.venue_id))
