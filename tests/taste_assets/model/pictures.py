"""Unit vectors as CLIP makes them of pictures: all somewhat alike, those of one taste more so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def pictures(sizes: Sequence[int], *, seed: int = 0, dim: int = 48, apart: float = 0.35) -> Vectors:
    """Pins of one person, taste after taste: `sizes` pins each, unrelated ones about 0.5 similar.

    `apart` is how much of a pin its taste explains: 0 for none, 0.45 for nearly all.
    """
    rng = np.random.default_rng(seed)
    shared = np.zeros(dim)
    shared[0] = np.sqrt(0.5)
    rows = []
    for size in sizes:
        centre = rng.normal(size=dim) / np.sqrt(dim)
        rows.append(
            shared + np.sqrt(apart) * centre + np.sqrt(0.5 - apart) * rng.normal(size=(size, dim)) / np.sqrt(dim)
        )
    return unit(np.concatenate(rows))


def unit(rows: NDArray[np.float64]) -> Vectors:
    vectors: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return vectors
