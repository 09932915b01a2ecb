"""Whether bytes are a picture worth keeping, judged by decoding them. Pillow only.

For people's pins, which are kept as they came. What makes a file on a venue's site a photograph of the venue is
`venue_assets.extract`; turning pictures into a model's input is `resources.encoders.pictures`.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
"""The formats read, by their bytes; names and declared types are not believed."""

MAX_BYTES: Final = 30 * 2**20
MAX_PIXELS: Final = 50_000_000
"""Judged by the header, before decoding. The largest telephones' 48-megapixel photographs pass."""

MIN_SIDE: Final = 64
"""Pixels. Smaller ones say nothing to a model that looks at 224."""

_QUARTER_TURNS: Final = (5, 6, 7, 8)  # values of EXIF's Orientation that exchange width and height
_DECODED_SIDE: Final = 512  # a JPEG is decoded at a fraction of its size, which tells as well whether it is whole
# What Pillow's decoders raise on broken files; the one for AVIF raises RuntimeError.
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
                  ZeroDivisionError, RuntimeError, struct.error, zlib.error, MemoryError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture file is: media type, and size in pixels as it is shown (EXIF orientation applied)."""

    mime: str
    width: int
    height: int


def inspect_picture(content: bytes) -> Picture | str:
    """Judge the bytes of a file; any bytes give a value.

    Returns:
        The picture, or why it is none: `too_large` (bytes), `not_an_image` (none of `FORMATS`), `too_many_pixels` (also
        decompression bombs), `tiny`, `broken` (truncated or malformed).
    """
    if len(content) > MAX_BYTES:
        return "too_large"
    with warnings.catch_warnings():
        # Pillow warns at half its own limit on pixels, and of odd metadata.
        warnings.simplefilter("ignore")
        try:
            return _inspect(content)
        except UnidentifiedImageError:
            return "not_an_image"
        except Image.DecompressionBombError:
            return "too_many_pixels"
        except _BROKEN:
            return "broken"


def _inspect(content: bytes) -> Picture | str:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            return "too_many_pixels"
        if min(width, height) < MIN_SIDE:
            return "tiny"
        mime = Image.MIME[opened.format or ""]
        if opened.getexif().get(ExifTags.Base.Orientation) in _QUARTER_TURNS:
            width, height = height, width
        opened.draft("RGB", (_DECODED_SIDE, _DECODED_SIDE))
        opened.load()
    return Picture(mime, width, height)
