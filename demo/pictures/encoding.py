"""Pictures as bytes: one place that fixes every encoder setting, so equal pictures give equal bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

from PIL import Image


def encode(image: Image.Image, *, format: Literal["JPEG", "PNG", "WEBP"] = "JPEG", quality: int = 88) -> bytes:  # noqa: A002
    """`image` (RGB) as a file's bytes.

    Args:
        image: the picture.
        format: file format; PNG ignores `quality`.
        quality: 1..95, the encoder's own scale.

    Raises:
        ValueError: the format is none of the three or the quality is out of range.
    """
    if format not in ("JPEG", "PNG", "WEBP"):
        raise ValueError(f"unknown picture format {format!r}: JPEG, PNG or WEBP")
    if not 1 <= quality <= 95:
        raise ValueError(f"quality must be 1 to 95, not {quality}")
    out = BytesIO()
    if format == "PNG":
        image.save(out, "PNG", compress_level=6)
    elif format == "WEBP":
        image.save(out, "WEBP", quality=quality, method=4)
    else:
        image.save(out, "JPEG", quality=quality, subsampling=2, optimize=False)
    return out.getvalue()
