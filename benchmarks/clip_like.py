"""Made-up vectors shaped like CLIP's, for benchmarks: photographs of venues, and what people like among them.

Any two photographs are about 0.56 alike, as under CLIP ViT-B/32; photographs of one venue are more so, and venues fall
into some looks. Variance decays over the dimensions as real spectra do.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DIM: Final = 512

_LOOKS: Final = 24
_COMMON: Final = 0.56  # mean cosine of unrelated photographs under CLIP ViT-B/32
_LOOK, _VENUE, _PHOTO = 0.5, 0.5, 0.7  # amplitudes; their squares add up to about 1
_DECAY: Final = 0.4  # standard deviation of dimension i is i ** -0.4
_PINNED: Final = 6
_AT_ONCE: Final = 10_000


def clip_like(venue_of: npt.NDArray[np.intp], seed: int = 0) -> Vectors:
    """A photo vector for each entry of `venue_of`, the ascending number of its venue: (photos, 512) float32, unit."""
    rng = np.random.default_rng(seed)
    spread = np.arange(1, DIM + 1) ** -_DECAY
    spread /= np.linalg.norm(spread)
    venues = int(venue_of[-1]) + 1
    looks = rng.standard_normal((_LOOKS, DIM)) * spread
    venue = _LOOK * looks[rng.integers(_LOOKS, size=venues)] + _VENUE * rng.standard_normal((venues, DIM)) * spread
    common = np.zeros(DIM)
    common[rng.integers(DIM)] = 1.0
    vectors = np.empty((len(venue_of), DIM), dtype=np.float32)
    for start in range(0, len(venue_of), _AT_ONCE):
        part = venue_of[start : start + _AT_ONCE]
        own = venue[part] + _PHOTO * rng.standard_normal((len(part), DIM)) * spread
        own -= np.outer(own @ common, common)
        own /= np.linalg.norm(own, axis=1, keepdims=True)
        vectors[start : start + _AT_ONCE] = np.sqrt(_COMMON) * common + np.sqrt(1 - _COMMON) * own
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def made_up_clusters(rng: np.random.Generator, vectors: Vectors, venue_of: npt.NDArray[np.intp], count: int) -> Vectors:
    """Centroids of `count` tastes, each the mean of some photographs of a venue, as pins of one kind are; unit rows."""
    chosen = rng.integers(int(venue_of[-1]) + 1, size=count)
    first = np.searchsorted(venue_of, chosen)
    ends = np.minimum(first + _PINNED, np.searchsorted(venue_of, chosen, side="right"))
    means = np.array([vectors[start:end].mean(axis=0) for start, end in zip(first, ends, strict=True)])
    centroids: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return centroids
