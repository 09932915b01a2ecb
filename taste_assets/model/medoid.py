"""The two vectors that stand for a cluster: its centroid, for querying, and its medoid, a member, for showing."""

from __future__ import annotations

from typing import Final

import numpy as np

from taste_assets.model.vectors import Floats

_CANCELLED: Final = 1e-6
"""Means shorter than this have no direction worth the name: opposite vectors cancelled."""


def medoid(rows: Floats) -> int:
    """Index of the member nearest the mean of the rows; of equals the first.

    For squared Euclidean distances this is the member with the least sum of distances to all members (PinnerSage,
    KDD 2020), because Σ_j |x_i - x_j|² = n |x_i - m|² + Σ_j |x_j - m|².

    Args:
        rows: (n, d) unit vectors, n >= 1.
    """
    return int((rows @ rows.mean(axis=0)).argmax())


def centroid(rows: Floats) -> Floats:
    """The direction of the mean of the rows, a unit vector (d,); the medoid where the rows cancel each other out.

    Args:
        rows: (n, d) unit vectors, n >= 1.
    """
    mean = rows.mean(axis=0)
    length = float(np.linalg.norm(mean))
    unit: Floats = mean / length if length > _CANCELLED else rows[medoid(rows)]
    return unit
