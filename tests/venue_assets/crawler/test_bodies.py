"""Decoding bodies piece by piece: what went in comes out, and never more than the cap."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.crawler.bodies import BodyBuffer, BodyTooLargeError, EncodingError

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "br": partial(brotli.compress, quality=1),
}
codings = st.sampled_from(sorted(ENCODERS))


@given(st.binary(max_size=5000), codings, st.integers(1, 700))
def test_pieces_of_any_size_give_the_body(body: bytes, coding: str, piece: int) -> None:
    encoded = ENCODERS[coding](body)
    buffer = BodyBuffer(coding, max(1, len(body)))
    for start in range(0, len(encoded), piece):
        buffer.feed(encoded[start : start + piece])
    assert buffer.value() == body


@given(st.integers(1, 3000), st.integers(1, 3000), codings)
def test_one_byte_over_the_cap_is_too_large_and_what_fits_is_kept(limit: int, over: int, coding: str) -> None:
    buffer = BodyBuffer(coding, limit)
    with pytest.raises(BodyTooLargeError):
        buffer.feed(ENCODERS[coding](bytes(limit + over)))
    assert buffer.value() == bytes(limit)


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_bomb_is_stopped_at_the_cap(coding: str) -> None:
    bomb = ENCODERS[coding](bytes(100_000_000))
    assert len(bomb) < 100_000
    buffer = BodyBuffer(coding, 1000)
    with pytest.raises(BodyTooLargeError):
        buffer.feed(bomb)
    assert len(buffer.value()) == 1000


@pytest.mark.parametrize("piece", [gzip.compress(b"") * 50, gzip.compress(b"", mtime=0)[:10] + b"\0\0\0\xff\xff" * 200])
def test_what_decodes_to_nothing_is_stopped_too(piece: bytes) -> None:
    """Empty gzip members, and one member of empty blocks, without end."""
    buffer = BodyBuffer("gzip", 1000)
    buffer.feed(piece)
    following = piece if piece.count(b"\x1f\x8b") > 1 else b"\0\0\0\xff\xff" * 200
    with pytest.raises(BodyTooLargeError):
        for _ in range(1000):
            buffer.feed(following)
    assert buffer.value() == b""


def test_gzip_members_follow_each_other_and_padding_is_ignored() -> None:
    buffer = BodyBuffer("gzip", 100)
    buffer.feed(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(5))
    assert buffer.value() == b"one two"


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_bytes_that_are_not_what_they_say_are_an_error(coding: str) -> None:
    with pytest.raises(EncodingError):
        BodyBuffer(coding, 100).feed(b"<!DOCTYPE html><title>plain</title>")


@pytest.mark.parametrize("coding", ["deflate", "zstd", "gzip, gzip", "bogus"])
def test_codings_nobody_asked_for_are_an_error(coding: str) -> None:
    with pytest.raises(EncodingError):
        BodyBuffer(coding, 100)
