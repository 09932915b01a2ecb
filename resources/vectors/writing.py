"""Storing vectors: bulk load, what is missing, what failed. All functions run in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, delete, exists, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from resources.errors import SetupError
from resources.schema import (
    UNIT_TOLERANCE,
    embedding_spaces,
    photo_embedding_failures,
    photo_embeddings,
    summary_embeddings,
    venue_photos,
    venues,
)
from resources.spaces import EmbeddingSpace
from resources.vectors.binary_copy import copy_in

Vectors = npt.NDArray[np.float32]

_PHOTO_ID_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class SummaryKey:
    """Which text a summary vector was made from.

    Attributes:
        venue_id: whose.
        field: "aesthetic", "factual" or "vibe".
        text_sha256: SHA-256 of the embedded text, 64 hexadecimal digits.
    """

    venue_id: uuid.UUID
    field: str
    text_sha256: str


def ensure_space(connection: Connection, space: EmbeddingSpace) -> None:
    """Register a space, once.

    Raises:
        SetupError: the id is registered for another model, revision, modality or dimension; vectors of the two must
            never meet.
    """
    wanted = {name: getattr(space, name) for name in ("space_id", "modality", "model", "revision", "dim")}
    connection.execute(insert(embedding_spaces).values(wanted).on_conflict_do_nothing(index_elements=["space_id"]))
    columns = [embedding_spaces.c[name] for name in wanted]
    known = connection.execute(select(*columns).where(embedding_spaces.c.space_id == space.space_id)).mappings().one()
    other = {name: known[name] for name in wanted if known[name] != wanted[name]}
    if other:
        setting = "IMAGE_ENCODER" if space.modality == "image" else "TEXT_ENCODER"
        raise SetupError(
            f"the embedding space {space.space_id!r} is registered with {other}, and the encoder says "
            f"{ {name: wanted[name] for name in other} }",
            f"have the encoder of {setting} name a space of its own, or remove the old one: "
            f"`venue-taste spaces prune {space.space_id}`",
        )


def checked_vectors(space: EmbeddingSpace, vectors: Vectors, count: int) -> Vectors:
    """`vectors`, if they are `count` finite float32 unit vectors of the space's dimension: shape (count, dim).

    Raises:
        ValueError: they are not; the message says which is the first that is wrong, and how.
    """
    if vectors.dtype != np.float32:
        raise ValueError(f"vectors of {space.space_id} must be float32, not {vectors.dtype}")
    if vectors.shape != (count, space.dim):
        raise ValueError(f"vectors of {space.space_id} must have shape {(count, space.dim)}, not {vectors.shape}")
    norms = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    wrong = np.flatnonzero(~(np.abs(norms - 1) <= UNIT_TOLERANCE))  # NaN compares false, and so is wrong
    if wrong.size:
        raise ValueError(
            f"{wrong.size} of {count} vectors of {space.space_id} are not unit vectors; "
            f"number {wrong[0]} has norm {norms[wrong[0]]}"
        )
    return vectors


def missing_photo_ids(connection: Connection, space_id: str, buckets: Sequence[int]) -> list[str]:
    """Photos that venues of these buckets show and that have neither a vector in the space nor a recorded failure.

    Ascending; retired venues' photos are left out; a photo that several venues show comes once.
    """
    embedded = exists().where(
        photo_embeddings.c.photo_id == venue_photos.c.photo_id, photo_embeddings.c.space_id == space_id
    )
    failed = exists().where(
        photo_embedding_failures.c.photo_id == venue_photos.c.photo_id,
        photo_embedding_failures.c.space_id == space_id,
    )
    query = (
        select(venue_photos.c.photo_id)
        .distinct()
        .join(venues, venues.c.venue_id == venue_photos.c.venue_id)
        .where(venues.c.bucket.in_(buckets), venues.c.status != "retired", ~embedded, ~failed)
        .order_by(venue_photos.c.photo_id)
    )
    return list(connection.scalars(query))


def store_photo_vectors(
    connection: Connection, space: EmbeddingSpace, photo_ids: Sequence[str], vectors: Vectors
) -> int:
    """Store photos' vectors; those that have one in the space keep it. A recorded failure of theirs is forgotten.

    Args:
        connection: inside a transaction that the caller commits.
        space: registered (`ensure_space`).
        photo_ids: n ids of stored photos.
        vectors: (n, dim) float32, unit length.

    Returns:
        How many were new.

    Raises:
        ValueError: not unit vectors of the space, or not photo ids.
        IntegrityError: a photo or the space is unknown to the database.
    """
    checked_vectors(space, vectors, len(photo_ids))
    if not len(photo_ids):
        return 0
    if any(len(photo_id) != _PHOTO_ID_CHARS or not photo_id.isascii() for photo_id in photo_ids):
        raise ValueError("a photo id has 64 hexadecimal digits")
    # A row of 512 dimensions is a little too long for Postgres' default: each vector would be cut up and stored apart
    # here, and again in the table itself.
    columns = "(photo_id text, embedding vector) WITH (toast_tuple_target = 8160)"
    connection.execute(text(f"CREATE TEMPORARY TABLE staged_photo_vectors {columns}"))
    encoded = {"photo_id": "".join(photo_ids).encode()}
    copy_in(connection, "staged_photo_vectors", {"photo_id": _PHOTO_ID_CHARS}, encoded, vectors)
    of_space = {"space_id": space.space_id, "dim": space.dim}
    stored = connection.execute(
        text(
            "INSERT INTO photo_embeddings (photo_id, space_id, dim, embedding)"
            " SELECT photo_id, :space_id, :dim, embedding FROM staged_photo_vectors ON CONFLICT DO NOTHING"
        ),
        of_space,
    ).rowcount
    connection.execute(
        text(
            "DELETE FROM photo_embedding_failures AS failed USING staged_photo_vectors AS staged"
            " WHERE failed.photo_id = staged.photo_id AND failed.space_id = :space_id"
        ),
        of_space,
    )
    connection.execute(text("DROP TABLE staged_photo_vectors"))
    return stored


def record_photo_failures(connection: Connection, space_id: str, reasons: Mapping[str, str]) -> int:
    """Remember photos that the space's encoder cannot read, with the reason; how many rows that wrote."""
    if not reasons:
        return 0
    rows = [{"photo_id": photo, "space_id": space_id, "reason": why} for photo, why in sorted(reasons.items())]
    statement = insert(photo_embedding_failures).values(failed_at=func.now())
    upsert = statement.on_conflict_do_update(
        index_elements=["photo_id", "space_id"],
        set_={"reason": statement.excluded.reason, "failed_at": statement.excluded.failed_at},
        where=photo_embedding_failures.c.reason != statement.excluded.reason,
    )
    return len(connection.execute(upsert.returning(photo_embedding_failures.c.photo_id), rows).all())


def store_summary_vectors(
    connection: Connection, space: EmbeddingSpace, summaries: Sequence[SummaryKey], vectors: Vectors
) -> int:
    """Store the vectors of venues' summaries; one whose text is the stored one's is left as it is.

    Args:
        connection: inside a transaction that the caller commits.
        space: registered (`ensure_space`).
        summaries: n different (venue, field) with the hash of the text.
        vectors: (n, dim) float32, unit length.

    Returns:
        How many were new or replaced.

    Raises:
        ValueError: not unit vectors of the space.
        IntegrityError: a venue, field or the space is unknown to the database.
    """
    checked_vectors(space, vectors, len(summaries))
    if not summaries:
        return 0
    rows: list[dict[str, Any]] = [
        {"venue_id": key.venue_id, "field": key.field, "text_sha256": key.text_sha256,
         "space_id": space.space_id, "dim": space.dim, "embedding": vector}
        for key, vector in zip(summaries, vectors, strict=True)
    ]  # fmt: skip
    statement = insert(summary_embeddings)
    replaced = {name: statement.excluded[name] for name in ("embedding", "text_sha256")}
    upsert = statement.on_conflict_do_update(
        index_elements=["venue_id", "field", "space_id"],
        set_=replaced,
        where=summary_embeddings.c.text_sha256 != statement.excluded.text_sha256,
    )
    # Some hundred rows a bucket: no COPY, and RETURNING counts what was really written.
    written = connection.execute(upsert.returning(summary_embeddings.c.venue_id), rows)
    return len(written.all())


def stored_summary_hashes(
    connection: Connection, space_id: str, buckets: Sequence[int]
) -> dict[tuple[uuid.UUID, str], str]:
    """(venue, field) -> `text_sha256` of the summary vectors that venues of these buckets have in the space."""
    stored = summary_embeddings.c
    query = (
        select(stored.venue_id, stored.field, stored.text_sha256)
        .join(venues, venues.c.venue_id == stored.venue_id)
        .where(stored.space_id == space_id, venues.c.bucket.in_(buckets))
    )
    return {(row.venue_id, row.field): row.text_sha256 for row in connection.execute(query)}


def delete_summary_vectors(connection: Connection, space_id: str, keys: Sequence[tuple[uuid.UUID, str]]) -> int:
    """Remove the vectors of texts that are no longer there; how many were removed."""
    if not keys:
        return 0
    own = summary_embeddings.c
    gone = delete(summary_embeddings).where(own.space_id == space_id, tuple_(own.venue_id, own.field).in_(keys))
    return connection.execute(gone).rowcount
