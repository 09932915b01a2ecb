"""Keeping an image model fed: reading and decoding in threads, forward passes in the calling thread.

One thread at a time is in the model; torch spreads its work over the cores. What is done with the vectors is the
caller's business.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.encoders.pictures import UnreadablePictureError
from resources.encoders.protocols import ImageEncoder, Vectors
from resources.photo_store import CorruptPhotoError

_MOST_THREADS: Final = 16
_BATCHES_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """What one forward pass brought.

    Attributes:
        photo_ids: n ids.
        vectors: (n, dim), in the same order.
        unreadable: photo id to reason, for bytes that are no picture and never will be.
        absent: photo id to reason, for photos that the store does not have, or not as they were.
    """

    photo_ids: list[str]
    vectors: Vectors
    unreadable: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Prepared:
    photo_id: str
    pixels: NDArray[Any] | None = None
    unreadable: str | None = None
    absent: str | None = None


def encode_photos(
    encoder: ImageEncoder, photo_ids: Iterable[str], read: Callable[[str], bytes], *, threads: int | None = None
) -> Generator[EncodedBatch, None, None]:
    """Encode photos in batches, in order; a photo that cannot be encoded is reported and stops none of the others.

    At most a few batches of pictures are in memory. Closing the iterator, or an exception (Ctrl-C, too), drops what
    has not begun and waits for what has.

    Args:
        encoder: see `ImageEncoder`.
        photo_ids: each once.
        read: bytes of a photo; called in several threads. FileNotFoundError and CorruptPhotoError are about that
            photo; anything else it raises ends the run, because then the store is at fault.
        threads: for reading and decoding; None takes one per core, at most 16.

    Yields:
        Batches of at most `encoder.runtime.batch_size` vectors, none of them without news.
    """
    size = encoder.runtime.batch_size
    workers = threads or min(os.cpu_count() or 1, _MOST_THREADS)
    prepared = _prepared(encoder, photo_ids, read, workers, ahead=_BATCHES_AHEAD * size)
    try:
        while batch := list(islice(prepared, size)):
            yield _encoded(encoder, batch)
    finally:
        prepared.close()


def _prepared(
    encoder: ImageEncoder, photo_ids: Iterable[str], read: Callable[[str], bytes], workers: int, ahead: int
) -> Generator[_Prepared, None, None]:
    """Prepared photos in order, up to `ahead` of them before they are asked for."""

    def prepare(photo_id: str) -> _Prepared:
        try:
            return _Prepared(photo_id, pixels=encoder.prepare(read(photo_id)))
        except UnreadablePictureError as error:
            return _Prepared(photo_id, unreadable=str(error))
        except (FileNotFoundError, CorruptPhotoError) as error:
            return _Prepared(photo_id, absent=str(error))

    remaining = iter(photo_ids)
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        waiting: deque[Future[_Prepared]] = deque()
        try:
            waiting.extend(pool.submit(prepare, photo_id) for photo_id in islice(remaining, ahead))
            while waiting:
                one = waiting.popleft().result()
                waiting.extend(pool.submit(prepare, photo_id) for photo_id in islice(remaining, 1))
                yield one
        finally:
            for future in waiting:
                future.cancel()


def _encoded(encoder: ImageEncoder, batch: list[_Prepared]) -> EncodedBatch:
    ready = [(photo.photo_id, photo.pixels) for photo in batch if photo.pixels is not None]
    if ready:
        vectors = encoder.encode_prepared(np.stack([pixels for _, pixels in ready]))
    else:
        vectors = np.empty((0, encoder.space.dim), dtype=np.float32)
    return EncodedBatch(
        [photo_id for photo_id, _ in ready],
        vectors,
        {photo.photo_id: photo.unreadable for photo in batch if photo.unreadable is not None},
        {photo.photo_id: photo.absent for photo in batch if photo.absent is not None},
    )
