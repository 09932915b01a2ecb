"""A photograph's perceptual hash: 64 bits that survive resizing and recompression. Folding is `photo_set`'s work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE: Final = 32
_KEPT: Final = 8


def _cosines() -> NDArray[np.float64]:
    """Rows are the first 8 basis functions of the orthonormal DCT-II of length 32."""
    places = (2 * np.arange(_SIDE) + 1) / (2 * _SIDE)
    basis: NDArray[np.float64] = np.cos(np.pi * np.outer(np.arange(_KEPT), places)) * np.sqrt(2 / _SIDE)
    basis[0] /= np.sqrt(2)
    return basis


_BASIS: Final = _cosines()


def perceptual_hash(image: Image.Image) -> int:
    """The DCT hash ("pHash") of an image, as an unsigned 64-bit number.

    The luminance is reduced to 32 x 32 pixels; a bit says whether one of the 8 x 8 lowest frequencies of its discrete
    cosine transform lies over their median (the constant term, left out of the median, gives the first bit).
    """
    grey = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    frequencies = _BASIS @ np.asarray(grey, dtype=np.float64) @ _BASIS.T
    values = frequencies.ravel()
    bits = values > np.median(values[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def hash_distance(first: int, second: int) -> int:
    """The number of bits (0 to 64) in which two hashes differ."""
    return (first ^ second).bit_count()
