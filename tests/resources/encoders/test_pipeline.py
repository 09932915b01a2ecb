"""Feeding a model: everything in order, single failures apart, bounded memory, and a clean end at any point."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from resources.encoders.pipeline import EncodedBatch, encode_photos
from resources.encoders.protocols import encode_images
from resources.photo_store import CorruptPhotoError
from tests.plugins.colours import ColourEncoder
from tests.resources.encoders.models import photograph

FILES = {f"photo {number:02}": photograph(number) for number in range(23)}


def decode_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("decode")]


def run(encoder: ColourEncoder, files: dict[str, Any]) -> list[EncodedBatch]:
    def read(photo_id: str) -> bytes:
        content = files[photo_id]
        if isinstance(content, Exception):
            raise content
        assert isinstance(content, bytes)
        return content

    return list(encode_photos(encoder, files, read, threads=3))


def test_vectors_in_order_whatever_the_batches() -> None:
    encoder = ColourEncoder(batch_size=5)
    batches = run(encoder, FILES)
    assert [len(batch.photo_ids) for batch in batches] == [5, 5, 5, 5, 3]
    assert [photo_id for batch in batches for photo_id in batch.photo_ids] == list(FILES)
    vectors = np.concatenate([batch.vectors for batch in batches])
    np.testing.assert_array_equal(vectors, encode_images(ColourEncoder(), list(FILES.values())))
    assert run(encoder, {}) == []
    assert decode_threads() == []


def test_a_photo_that_cannot_be_encoded_stops_none_of_the_others() -> None:
    files: dict[str, Any] = dict(FILES)
    files["photo 03"] = b"no picture"
    files["photo 11"] = FileNotFoundError("gone")
    files["photo 12"] = CorruptPhotoError("other bytes")
    batches = run(ColourEncoder(), files)
    unreadable = {photo: why for batch in batches for photo, why in batch.unreadable.items()}
    absent = {photo: why for batch in batches for photo, why in batch.absent.items()}
    assert unreadable.keys() == {"photo 03"}
    assert "UnidentifiedImageError" in unreadable["photo 03"]
    assert absent == {"photo 11": "gone", "photo 12": "other bytes"}
    encoded = [photo for batch in batches for photo in batch.photo_ids]
    assert encoded == [photo for photo in FILES if photo not in unreadable | absent]
    only_bad = run(ColourEncoder(), {"a": b"", "b": b"x"})
    assert [batch.vectors.shape for batch in only_bad] == [(0, 48)]


def test_a_store_that_is_down_ends_the_run() -> None:
    with pytest.raises(ConnectionError):
        run(ColourEncoder(), {**FILES, "photo 07": ConnectionError("the store is down")})
    assert decode_threads() == []


def test_it_reads_a_few_batches_ahead_and_no_more() -> None:
    reads: list[str] = []

    def read(photo_id: str) -> bytes:
        reads.append(photo_id)
        return FILES["photo 00"]

    batches = encode_photos(ColourEncoder(batch_size=4), (f"{number}" for number in range(10_000)), read, threads=2)
    next(batches)
    assert 4 <= len(reads) <= 3 * 4
    batches.close()  # as an interrupted caller's generator is
    assert decode_threads() == []
    assert len(reads) <= 3 * 4


def test_an_interrupt_in_the_model_leaves_no_thread() -> None:
    class Interrupted(ColourEncoder):
        def encode_prepared(self, batch: NDArray[Any]) -> NDArray[np.float32]:
            if self.encoded:
                raise KeyboardInterrupt
            return super().encode_prepared(batch)

    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        for batch in encode_photos(Interrupted(), FILES, FILES.__getitem__):
            done += batch.photo_ids
    assert done == list(FILES)[:4]
    assert decode_threads() == []
