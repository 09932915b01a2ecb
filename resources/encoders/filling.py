"""Filling an image space: photos in, vectors committed batch by batch. Which photos, decides the caller.

Venues' photographs and people's pins go through here alike, so a photo that both have is encoded once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine

from resources.encoders.pipeline import EncodedBatch, encode_photos
from resources.encoders.protocols import ImageEncoder
from resources.photo_store import PhotoStore
from resources.vectors import record_photo_failures, store_photo_vectors

COMMIT_EVERY: Final = 256
"""Photos per transaction: what a killed run loses at most, beside the batch in the model."""


@dataclass(slots=True)
class Filled:
    """What was done.

    Attributes:
        written: ids of the photos that got a vector.
        unreadable: photo id to reason: no pictures; recorded, and not tried again in this space.
        absent: photo id to reason: not in the photo store as they should be; tried again next time.
        seconds: from the first read to the last commit, loading the model included.
    """

    written: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def photos_per_second(self) -> float:
        """Speed of the whole way from stored bytes to rows."""
        return len(self.written) / self.seconds if self.seconds else 0.0


def fill_space(
    engine: Engine,
    store: PhotoStore,
    encoder: ImageEncoder,
    photo_ids: Sequence[str],
    on_commit: Callable[[Filled], None] | None = None,
) -> Filled:
    """Encode stored photos and store their vectors, some hundred a transaction.

    Args:
        engine: on the tables' database.
        store: has the photos' bytes.
        encoder: whose space is registered (`ensure_space`).
        photo_ids: photos without a vector in that space, each once.
        on_commit: told after each transaction what has been done so far.

    Raises:
        ValueError: the encoder returned other than unit vectors of its space.
        SetupError: the model does not load.
    """
    filled = Filled()
    started = time.perf_counter()
    for group in _grouped(encode_photos(encoder, photo_ids, store.get)):
        with engine.begin() as connection:
            for batch in group:
                store_photo_vectors(connection, encoder.space, batch.photo_ids, batch.vectors)
                record_photo_failures(connection, encoder.space.space_id, batch.unreadable)
        for batch in group:
            filled.written += batch.photo_ids
            filled.unreadable |= batch.unreadable
            filled.absent |= batch.absent
        filled.seconds = time.perf_counter() - started
        if on_commit is not None:
            on_commit(filled)
    return filled


def _grouped(batches: Iterable[EncodedBatch]) -> Iterator[list[EncodedBatch]]:
    group: list[EncodedBatch] = []
    photos = 0
    for batch in batches:
        group.append(batch)
        photos += len(batch.photo_ids)
        if photos >= COMMIT_EVERY:
            yield group
            group, photos = [], 0
    if group:
        yield group
