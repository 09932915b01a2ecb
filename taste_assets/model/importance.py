"""How much each cluster matters: weights of pins by age, and of clusters by their pins.

Refreshed daily from stored labels and dates, without clustering again.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats, Ints

DECAY_PER_DAY: Final = 0.01
"""λ: a pin counts half after 69 days. PinnerSage (Pal et al., KDD 2020) balances at 0.01; 0 counts pins."""


def decayed(ages_days: NDArray[Any], decay_per_day: float = DECAY_PER_DAY) -> Floats:
    """Weight of each pin, e^(-λ Δt), (n,), in [0, 1].

    Args:
        ages_days: Δt, (n,); a date in the future (another clock) counts as now.
        decay_per_day: λ >= 0.

    Raises:
        ValueError: an age or λ that is not finite, or λ negative.
    """
    if not (0 <= decay_per_day < np.inf and np.isfinite(ages_days).all()):
        raise ValueError(f"ages must be finite, and the decay finite and at least 0 (it is {decay_per_day})")
    weights: Floats = np.exp(-decay_per_day * np.maximum(ages_days, 0.0))
    return weights


def cluster_weights(labels: Ints, pin_weights: Floats, clusters: int) -> Floats:
    """w_k, each cluster's share of the weight of all clustered pins, (clusters,), sum 1.

    Where every pin's weight has decayed to nothing, the shares are those of the numbers of pins.

    Args:
        labels: (n,) cluster of each pin, -1 for none; each cluster has a pin or more.
        pin_weights: (n,), not negative.
        clusters: how many there are.
    """
    placed = labels >= 0
    totals = np.bincount(labels[placed], weights=pin_weights[placed], minlength=clusters)
    if not totals.sum() > 0:
        totals = np.bincount(labels[placed], minlength=clusters).astype(np.float64)
    shares: Floats = totals / totals.sum()
    return shares
