"""How well lists agree with a known truth, and how they share their places among venues. Pure numpy.

Where the truth comes from is others' business: `taste_assets.ground_truth` reads one, benchmarks make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from taste_assets.model.vectors import Floats, Ints

TOP: Final = 10
"""Places that people look at: what the figures are about."""

GREAT_TASTE: Final = 0.2
"""Weight from which a taste has to show in the first places."""

SERVES: Final = 0.5
"""Share of the best there is for a taste from which a venue serves it."""


def ndcg(relevance: Floats, order: Ints, top: int = TOP) -> float | None:
    """Σ r_i / log2(i + 1) over the first places i, of what the best order would have (Järvelin, Kekäläinen, 2002).

    Args:
        relevance: (venues,) true gain of each venue, 0 for one that must not be listed.
        order: (places,) indices of the venues that are listed, best first.
        top: places that count.

    Returns:
        0 to 1; None where no venue is relevant.
    """
    discounts = 1 / np.log2(np.arange(2, top + 2))
    best = np.sort(relevance)[::-1][:top]
    ideal = float(best @ discounts[: len(best)])
    gained = relevance[order[:top]]
    return float(gained @ discounts[: len(gained)]) / ideal if ideal > 0 else None


def tastes_served(likeness: Floats, weights: Floats, order: Ints, top: int = TOP) -> list[bool]:
    """Whether each great taste shows in the first places: a venue at least half as like it as the likest there is.

    Args:
        likeness: (tastes, venues) how much each venue is what the taste asks for, 0 for one that must not be listed.
        weights: (tastes,) importance; those below `GREAT_TASTE` are not asked for.
        order: (places,) indices of the venues that are listed, best first.
        top: places that count.

    Returns:
        One entry for each great taste that some venue serves.
    """
    return [
        bool(row[order[:top]].max(initial=0) >= SERVES * row.max())
        for row, weight in zip(likeness, weights, strict=True)
        if weight >= GREAT_TASTE and row.max(initial=0) > 0
    ]


def gini(counts: Sequence[int], venue_count: int) -> float:
    """Gini coefficient of how often venues are shown: 0 when all are shown alike, near 1 when few are shown always.

    Σ_i (2i - n - 1) x_i / (n Σ x) over all n venues by rising count x, those never shown included.

    Args:
        counts: how often each venue is shown that is shown at all.
        venue_count: how many venues there are.
    """
    total = sum(counts)
    if not total or not venue_count:
        return 0.0
    rising = np.sort(np.concatenate([np.zeros(max(0, venue_count - len(counts))), np.array(counts, np.float64)]))
    number = len(rising)
    return float(((2 * np.arange(1, number + 1) - number - 1) * rising).sum() / (number * total))


def share_of_most_shown(counts: Sequence[int], venue_count: int, part: float = 0.1) -> float:
    """Share of all places that the most shown venues have, a tenth of the venues (at least one); 0 without places."""
    total = sum(counts)
    most = sorted(counts, reverse=True)[: max(1, round(part * venue_count))]
    return sum(most) / total if total else 0.0
