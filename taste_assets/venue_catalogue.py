"""The venues that can be recommended, out of the database: photo vectors, facts, summary vectors, and their version.

Everything is read in the caller's transaction, so that version and content are of one snapshot. What is made of it is
the model's business.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from resources.schema import photo_embeddings, summary_embeddings, venue_facts, venue_photos, venues
from resources.spaces import EmbeddingSpace
from resources.vectors import venue_photo_vectors
from resources.vectors.binary_copy import copy_out, split
from taste_assets.model.catalogue import Catalogue, catalogue_of
from taste_assets.model.vectors import Floats
from taste_assets.model.wishes import VenueFacts

UUID_BYTES: Final = 16

# As `serving.venues`: a site that is down keeps its place.
SHOWN = and_(venues.c.status.in_(("crawled", "failing")), venues.c.crawled_at.is_not(None))


@dataclass(frozen=True, slots=True)
class CatalogueVersion:
    """What lists depend on, each as a hash: equal hashes, equal lists.

    Attributes:
        venue_ids: venues with a vector in the space, ascending.
        pictures: of the space, those venues and their photos.
        facts: of what their sites state.
        texts: of the text space and the texts whose vectors it holds; None without a text space.
        venues_with_photos: venues that show photos, with vectors or without.
    """

    venue_ids: tuple[uuid.UUID, ...]
    pictures: str
    facts: str
    texts: str | None
    venues_with_photos: int

    def hash_for(self, *, wishes: bool, words: bool) -> str:
        """What somebody's list depends on: facts only where they wish something, texts where they say something."""
        return digest_of([self.pictures, self.facts if wishes else "", (self.texts or "") if words else ""])

    def hashes(self) -> frozenset[str]:
        """The hash for everybody: a list that has none of these was made from other venues."""
        either = (False, True)
        return frozenset(self.hash_for(wishes=wishes, words=words) for wishes in either for words in either)

    @property
    def coverage(self) -> float:
        """Share of the venues that show photos which have a vector; 0 without venues."""
        return len(self.venue_ids) / self.venues_with_photos if self.venues_with_photos else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Summaries:
    """Vectors of what is written about venues.

    Attributes:
        vectors: (summaries, dim) float32, venue by venue.
        starts: where the summaries of each venue that has some begin.
        venues: the index of that venue.
    """

    vectors: NDArray[np.float32]
    starts: NDArray[np.intp]
    venues: NDArray[np.intp]

    def similarities(self, queries: NDArray[np.float32], venue_count: int) -> Floats:
        """Similarity of each query to each venue's most similar summary, (queries, venues).

        A venue nothing is written about gets the mean of the others: words speak neither for it nor against it.
        """
        best = np.zeros((len(queries), venue_count))
        if len(self.venues):
            products = (queries @ self.vectors.T).astype(np.float64)
            known = np.maximum.reduceat(products, self.starts, axis=1)
            best[:] = known.mean(axis=1, keepdims=True)
            best[:, self.venues] = known
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Venues:
    """What people are compared with. Everything is in the order of `ids`.

    Attributes:
        ids: of the venues, ascending.
        photo_ids: for each row of `catalogue.rows` its photo.
        catalogue: the photo vectors.
        facts: what sites state.
        summaries: vectors of texts; None without a text space.
    """

    ids: tuple[uuid.UUID, ...]
    photo_ids: list[str]
    catalogue: Catalogue
    facts: VenueFacts
    summaries: Summaries | None


def catalogue_version(
    connection: Connection, space: EmbeddingSpace, text_space: EmbeddingSpace | None
) -> CatalogueVersion:
    """The version of the catalogue in these spaces, without reading a vector."""
    shown, vector = venue_photos.c, photo_embeddings.c
    photos = func.string_agg(vector.photo_id, aggregate_order_by(literal_column("''"), vector.photo_id))
    query = (
        select(shown.venue_id, func.md5(photos))
        .join(venues, venues.c.venue_id == shown.venue_id)
        .outerjoin(photo_embeddings, and_(vector.photo_id == shown.photo_id, vector.space_id == space.space_id))
        .where(SHOWN)
        .group_by(shown.venue_id)
        .order_by(shown.venue_id)
    )
    rows = connection.execute(query).all()
    ids = tuple(venue_id for venue_id, digest in rows if digest is not None)
    pictures = [space.space_id, *(f"{venue_id} {digest}" for venue_id, digest in rows if digest is not None)]
    texts = None
    if text_space is not None:
        texts = digest_of([text_space.space_id, *map(str, _summary_hashes(connection, text_space))])
    return CatalogueVersion(
        venue_ids=ids,
        pictures=digest_of(pictures),
        facts=digest_of(map(str, _fact_rows(connection))),
        texts=texts,
        venues_with_photos=len(rows),
    )


def load_venues(
    connection: Connection, space: EmbeddingSpace, text_space: EmbeddingSpace | None, version: CatalogueVersion
) -> Venues:
    """The catalogue of that version, which must have been read in the same transaction.

    Raises:
        ValueError: a vector is not of unit length.
    """
    index = {venue_id: number for number, venue_id in enumerate(version.venue_ids)}
    found = venue_photo_vectors(connection, space.space_id)
    venue_of = np.array([index.get(venue_id, -1) for venue_id in found.venue_ids], np.intp)
    wanted = venue_of >= 0
    matrix, photo_ids = found.matrix, found.photo_ids
    if not wanted.all():
        matrix, venue_of = matrix[wanted], venue_of[wanted]
        photo_ids = [photo_id for photo_id, keep in zip(photo_ids, wanted, strict=True) if keep]
    return Venues(
        ids=version.venue_ids,
        photo_ids=photo_ids,
        catalogue=catalogue_of(matrix, venue_of, len(index)),
        facts=_facts(connection, version.venue_ids),
        summaries=None if text_space is None else _summaries(connection, text_space, index),
    )


def digest_of(parts: Iterable[str | bytes]) -> str:
    """SHA-256 over parts, each with its length, so that no two lists of parts are alike."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.hexdigest()


_FACT_COLUMNS = (
    venues.c.venue_id, venues.c.lat, venues.c.lon, venue_facts.c.capacity_min, venue_facts.c.capacity_max,
    venue_facts.c.price_min, venue_facts.c.currency, venue_facts.c.price_unit, venue_facts.c.setting,
    venue_facts.c.amenities,
)  # fmt: skip


def _fact_rows(connection: Connection) -> Sequence[Any]:
    query = select(*_FACT_COLUMNS).outerjoin(venue_facts, venue_facts.c.venue_id == venues.c.venue_id)
    return connection.execute(query.where(SHOWN).order_by(venues.c.venue_id)).all()


def _facts(connection: Connection, venue_ids: Sequence[uuid.UUID]) -> VenueFacts:
    wanted = set(venue_ids)
    rows = [row for row in _fact_rows(connection) if row.venue_id in wanted]

    def numbers(name: str) -> Floats:
        return np.array([getattr(row, name) for row in rows], np.float64)  # None becomes NaN

    def words(name: str) -> NDArray[np.str_]:
        return np.array([getattr(row, name) or "" for row in rows], np.str_)

    return VenueFacts(
        capacity_min=numbers("capacity_min"),
        capacity_max=numbers("capacity_max"),
        price_min=numbers("price_min"),
        currency=words("currency"),
        price_unit=words("price_unit"),
        setting=words("setting"),
        lat=numbers("lat"),
        lon=numbers("lon"),
        amenities=tuple(frozenset(row.amenities or ()) for row in rows),
    )


def _summary_hashes(connection: Connection, text_space: EmbeddingSpace) -> Sequence[Any]:
    stored = summary_embeddings.c
    query = (
        select(stored.venue_id, stored.field, stored.text_sha256)
        .join(venues, venues.c.venue_id == stored.venue_id)
        .where(SHOWN, stored.space_id == text_space.space_id)
        .order_by(stored.venue_id, stored.field)
    )
    return connection.execute(query).all()


def _summaries(connection: Connection, text_space: EmbeddingSpace, index: Mapping[uuid.UUID, int]) -> Summaries:
    query = sql.SQL(
        "SELECT venue_id, embedding FROM summary_embeddings WHERE space_id = %(space_id)s ORDER BY venue_id, field"
    )
    columns = {"venue_id": UUID_BYTES}
    ids, matrix = copy_out(connection, query, {"space_id": text_space.space_id}, columns, text_space.dim)
    owners = np.array([index.get(uuid.UUID(bytes=one), -1) for one in split(ids["venue_id"], UUID_BYTES)], np.intp)
    wanted = owners >= 0
    found, starts = np.unique(owners[wanted], return_index=True)
    return Summaries(matrix[wanted], starts, found)
