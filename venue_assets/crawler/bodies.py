"""Response bodies as they come in: decoding gzip and brotli piece by piece, never past a cap.

A decompression bomb is a few kilobytes that unfold to gigabytes, so the cap is on what comes out, and decoding stops
in the middle of a piece once it is reached. The reverse, gigabytes that unfold to nothing, is capped by what goes in.
No network here.
"""

from __future__ import annotations

import zlib
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

ACCEPT_ENCODING: Final = "gzip, br"
"""Header value: the codings a `BodyBuffer` reads."""

_GZIP_WINDOW: Final = 31

_CODING_OVERHEAD: Final = 64 * 1024
"""Bytes by which a coded body may be longer than what it decodes to; gzip adds 5 to 65,535 it cannot compress."""


class BodyTooLargeError(ValueError):
    """The body, decoded, is larger than allowed."""


class EncodingError(ValueError):
    """The body is in a coding nobody asked for, or is not what its coding says."""


class _Decoder(Protocol):
    def decode(self, data: bytes, most: int) -> bytes:
        """Decode further data; at most (about) `most` bytes come out, the rest is lost."""
        ...


class _Identity:
    def decode(self, data: bytes, most: int) -> bytes:
        return data[:most]


class _Gzip:
    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_WINDOW)

    def decode(self, data: bytes, most: int) -> bytes:
        out = bytearray()
        while data and len(out) < most:
            if self._member.eof:
                if not data.startswith(b"\x1f\x8b"):
                    break  # padding after the last member, as gzip itself ignores it
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                out += self._member.decompress(data, most - len(out))
            except zlib.error as error:
                raise EncodingError(f"gzip: {error}") from error
            data = self._member.unused_data
        return bytes(out)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes, most: int) -> bytes:
        out = bytearray()
        try:
            while len(out) < most:
                piece = self._stream.process(data, output_buffer_limit=most - len(out))
                out += piece
                data = b""
                if not piece or self._stream.is_finished():
                    break
        except brotli.error as error:
            raise EncodingError(f"brotli: {error}") from error
        return bytes(out)


class BodyBuffer:
    """A body in the making.

    Args:
        coding: the Content-Encoding header.
        limit: most bytes the decoded body may have; as transferred it may have hardly more.

    Raises:
        EncodingError: an unknown coding, or several on top of each other.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._limit = limit
        self._transferred = 0
        self._body = bytearray()
        self._decoder: _Decoder
        match coding.strip().lower():
            case "" | "identity":
                self._decoder = _Identity()
            case "gzip" | "x-gzip":
                self._decoder = _Gzip()
            case "br":
                self._decoder = _Brotli()
            case other:
                raise EncodingError(f"Content-Encoding {other!r}")

    def feed(self, data: bytes) -> None:
        """Take the next piece as it was transferred.

        Raises:
            BodyTooLargeError: the body is over its limit; what fits stays in `value`.
            EncodingError: the piece cannot be decoded.
        """
        self._transferred += len(data)
        self._body += self._decoder.decode(data, self._limit - len(self._body) + 1)
        if len(self._body) > self._limit:
            raise BodyTooLargeError(f"over {self._limit} bytes")
        if self._transferred > self._limit + _CODING_OVERHEAD:
            raise BodyTooLargeError(f"over {self._limit} bytes as transferred, {len(self._body)} decoded")

    def value(self) -> bytes:
        """The decoded body so far, within its limit."""
        return bytes(self._body[: self._limit])
