"""Vectors out of the database as float32 matrices, by binary COPY: 150,000 of 512 dimensions in a second or two."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from psycopg import sql
from sqlalchemy import Connection, select

from resources.schema import embedding_spaces
from resources.spaces import VECTOR_TABLES, EmbeddingSpace
from resources.vectors.binary_copy import copy_out, copy_out_blocks, split

_PHOTO_ID_CHARS: Final = 64
_UUID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class PhotoVectors:
    """Photos and their vectors.

    Attributes:
        photo_ids: n ids, ascending.
        matrix: (n, dim) float32, unit rows, in the same order.
    """

    photo_ids: list[str]
    matrix: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VenuePhotoVectors:
    """The photos that venues show, venue by venue. A photo that two venues show stands twice.

    Attributes:
        venue_ids: n ids, ascending: whose photo it is.
        photo_ids: n ids, ascending within a venue.
        matrix: (n, dim) float32, unit rows, in the same order.
    """

    venue_ids: list[uuid.UUID]
    photo_ids: list[str]
    matrix: npt.NDArray[np.float32]


def photo_vectors(connection: Connection, space_id: str, photo_ids: Sequence[str] | None = None) -> PhotoVectors:
    """Vectors of these photos, or of all, in the space; photos without one are left out.

    Raises:
        KeyError: no such space.
    """
    chosen = sql.SQL("" if photo_ids is None else " AND photo_id = ANY(%(photo_ids)s)")
    query = sql.SQL(
        "SELECT photo_id, embedding FROM photo_embeddings WHERE space_id = %(space_id)s{} ORDER BY photo_id"
    ).format(chosen)
    parameters: dict[str, Any] = {"space_id": space_id}
    if photo_ids is not None:
        parameters["photo_ids"] = list(photo_ids)
    columns = {"photo_id": _PHOTO_ID_CHARS}
    ids, matrix = copy_out(connection, query, parameters, columns, space_dim(connection, space_id))
    return PhotoVectors(_texts(ids["photo_id"]), matrix)


def venue_photo_vectors(
    connection: Connection, space_id: str, *, buckets: Sequence[int] | None = None, retired: bool = False
) -> VenuePhotoVectors:
    """Vectors of the photos that venues show, in the space.

    Args:
        connection: to the tables.
        space_id: a registered space.
        buckets: only venues of these; all when None.
        retired: retired venues too.

    Raises:
        KeyError: no such space.
    """
    conditions = [sql.SQL("embedded.space_id = %(space_id)s")]
    parameters: dict[str, Any] = {"space_id": space_id}
    if buckets is not None:
        conditions.append(sql.SQL("venues.bucket = ANY(%(buckets)s)"))
        parameters["buckets"] = list(buckets)
    if not retired:
        conditions.append(sql.SQL("venues.status <> 'retired'"))
    query = sql.SQL(
        "SELECT shown.venue_id, shown.photo_id, embedded.embedding"
        " FROM photo_embeddings AS embedded JOIN venue_photos AS shown USING (photo_id) JOIN venues USING (venue_id)"
        " WHERE {} ORDER BY shown.venue_id, shown.photo_id"
    ).format(sql.SQL(" AND ").join(conditions))
    columns = {"venue_id": _UUID_BYTES, "photo_id": _PHOTO_ID_CHARS}
    ids, matrix = copy_out(connection, query, parameters, columns, space_dim(connection, space_id))
    venue_ids = [uuid.UUID(bytes=value) for value in split(ids["venue_id"], _UUID_BYTES)]
    return VenuePhotoVectors(venue_ids, _texts(ids["photo_id"]), matrix)


def vector_blocks(connection: Connection, space: EmbeddingSpace) -> Iterator[npt.NDArray[np.float32]]:
    """All vectors of a space, of photos or of summaries, in blocks (n, dim) of some thousand, in no order."""
    query = sql.SQL("SELECT embedding FROM {} WHERE space_id = %(space_id)s").format(
        sql.Identifier(VECTOR_TABLES[space.modality].name)
    )
    for _, matrix in copy_out_blocks(connection, query, {"space_id": space.space_id}, {}, space.dim):
        yield matrix


def space_dim(connection: Connection, space_id: str) -> int:
    """Dimensions of a registered space.

    Raises:
        KeyError: no such space.
    """
    dim = connection.scalar(select(embedding_spaces.c.dim).where(embedding_spaces.c.space_id == space_id))
    if dim is None:
        raise KeyError(space_id)
    return int(dim)


def _texts(values: bytes) -> list[str]:
    return [value.decode("ascii") for value in split(values, _PHOTO_ID_CHARS)]
