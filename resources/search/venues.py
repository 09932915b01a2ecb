"""Venues ranked by weighted max-sim: candidates by nearest photographs of each cluster, then exact scores."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from resources.schema import photo_embeddings, venue_photos
from resources.search.filters import VenueFilter, matching_venues
from resources.search.photos import PhotoHit, index_to_use, nearest_photos
from resources.search.statement import exact_distance, in_space, query_rows
from resources.spaces import EmbeddingSpace
from resources.vectors import checked_vectors

DEPTH: Final = 512
"""Photos per cluster that name candidates: recall of the 20 best venues against time, docs/search.md."""


@dataclass(frozen=True, slots=True)
class VenueMatch:
    """The photograph of a venue that is nearest to one cluster.

    Attributes:
        photo_id: which; of equally near ones the smallest id.
        similarity: cosine.
    """

    photo_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class VenueHit:
    """A venue found.

    Attributes:
        venue_id: which.
        score: weighted max-sim.
        matches: one per cluster, in the clusters' order.
    """

    venue_id: uuid.UUID
    score: float
    matches: tuple[VenueMatch, ...]


@dataclass(frozen=True, slots=True)
class VenueRanking:
    """The venues found, best first.

    Attributes:
        hits: by score, equal ones by id.
        is_bounded: no venue that was not looked at can score as high as the last hit. Always so after an exact
            search; after one by index as far as the index's recall goes.
    """

    hits: list[VenueHit]
    is_bounded: bool


def nearest_venues(
    connection: Connection,
    clusters: npt.NDArray[np.float32],
    weights: npt.NDArray[np.floating[Any]],
    k: int,
    space: EmbeddingSpace,
    wanted: VenueFilter | None = None,
    depth: int = DEPTH,
) -> VenueRanking:
    """The k venues with the highest weighted max-sim, score(v) = sum_k w_k max_p s(c_k, p) (DESIGN.md, section 5).

    Exact where the space has no index or the filter leaves few photos. Else in two stages, as in PinnerSage (Pal et
    al. 2020): the nearest photos of each cluster name candidates, and every candidate is then scored exactly against
    every cluster. If they are fewer than k, all venues are scored.

    A venue outside the candidates has no photo nearer to cluster k than t_k, the last photo seen there, so its score is
    at most sum_k w_k t_k: where the last hit scores higher, nothing was missed (the threshold algorithm of Fagin, Lotem
    and Naor 2003).

    Args:
        connection: in a transaction (index settings are set for the rest of it).
        clusters: (K, dim) float32 unit vectors.
        weights: (K,) not negative, not all zero.
        k: at least 1.
        space: an image space.
        wanted: which venues; all on the list when None.
        depth: photos per cluster that name candidates in a search by index.

    Raises:
        ValueError: clusters are not unit vectors of the space, weights do not fit them, or k or depth is not positive.
    """
    checked_vectors(space, clusters, len(clusters))
    if weights.shape != (len(clusters),) or not (np.all(weights >= 0) and np.isfinite(weights.sum()) and weights.sum()):
        raise ValueError(f"weights must be {len(clusters)} numbers, none negative, not all zero: {weights}")
    if k < 1 or depth < 1:
        raise ValueError(f"k and depth must be at least 1, not {k} and {depth}")
    wanted = wanted or VenueFilter()
    if index_to_use(connection, space, wanted) is not None:
        photos = nearest_photos(connection, clusters, depth, space, wanted)
        # A cluster with fewer has seen every photo, and with it every venue.
        seen_all = any(len(hits) < depth for hits in photos)
        candidates = {venue_id for hits in photos for hit in hits for venue_id in hit.venue_ids}
        if seen_all or len(candidates) >= k:
            # That they pass the filter is known already.
            chosen = venue_photos.c.venue_id.in_(sorted(candidates))
            hits = _scored(connection, clusters, weights, space, chosen)[:k]
            return VenueRanking(hits, is_bounded=seen_all or hits[-1].score > _bound(photos, weights))
    passing = venue_photos.c.venue_id.in_(matching_venues(wanted))
    return VenueRanking(_scored(connection, clusters, weights, space, passing)[:k], is_bounded=True)


def _bound(photos: list[list[PhotoHit]], weights: npt.NDArray[np.floating[Any]]) -> float:
    """What a venue without any of these photos can score at most: they are the nearest of each cluster."""
    return float(np.dot(weights, [hits[-1].similarity for hits in photos]))


def _scored(
    connection: Connection,
    clusters: npt.NDArray[np.float32],
    weights: npt.NDArray[np.floating[Any]],
    space: EmbeddingSpace,
    chosen: ColumnElement[bool],
) -> list[VenueHit]:
    """Exact scores of the chosen venues, best first: every pair of cluster and venue is compared, none is zero."""
    asked = query_rows(clusters)
    distance = exact_distance(photo_embeddings.c.embedding, asked.c.vector)
    statement = (
        select(venue_photos.c.venue_id, asked.c.number, photo_embeddings.c.photo_id, distance)
        .ext(distinct_on(venue_photos.c.venue_id, asked.c.number))
        .select_from(venue_photos)
        .join(photo_embeddings, photo_embeddings.c.photo_id == venue_photos.c.photo_id)
        .join(asked, true())
        .where(in_space(photo_embeddings.c.space_id, space), chosen)
        .order_by(venue_photos.c.venue_id, asked.c.number, distance, photo_embeddings.c.photo_id)
    )
    matches: defaultdict[uuid.UUID, list[VenueMatch]] = defaultdict(list)
    for venue_id, _, photo_id, apart in connection.execute(statement):
        matches[venue_id].append(VenueMatch(photo_id, 1 - apart))
    hits = [
        VenueHit(venue_id, float(np.dot(weights, [match.similarity for match in found])), tuple(found))
        for venue_id, found in matches.items()
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.venue_id))
