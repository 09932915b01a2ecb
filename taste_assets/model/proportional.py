"""A list in which every taste has its share of places, and every place the venue most likely to please.

The default way of building lists. The other ways are in `lists`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats, Ints

_CANDIDATES: Final = 512  # venues whose score is followed from place to place


def proportional(similarities: NDArray[Any], weights: Floats, length: int, temperature: float) -> Ints:
    """The venues of a list, best first: the mixture of `strategies.mixture`, with weights that fall as they are served.

    Each place goes to argmax_v Σ_k w_k / (2 a_k + 1) · e^(x_kv / τ), and then a_k grows by the share of taste k in
    the chosen venue, w_k e^(x_kv / τ) / Σ_j w_j e^(x_jv / τ). The quotients are those of Sainte-Laguë, by which seats
    are given to parties in proportion to votes; dealing places of a list so is PM-2 (Dang, Croft: Diversity by
    Proportionality, SIGIR 2012), whose document probabilities are likelihoods of the mixture here. A venue that serves
    two tastes counts for both. A taste that no venue serves well has small likelihoods and takes few places, which
    places dealt in turn (`lists.slots`) would give to whatever comes nearest.

    Exact, though most venues are looked at once: quotients only fall, so the score a venue has had is the most it can
    have, and who had less than the best has now cannot be next.

    Args:
        similarities: x, (tastes, venues), in standard deviations over all tastes and venues together.
        weights: w, (tastes,) non-negative, one of them above 0.
        length: how many places; fewer where there are fewer venues.
        temperature: τ, above 0. Low lets what is most similar come first whatever taste it serves; high makes the
            shares count more.

    Returns:
        (places,) indices of venues; of equals the first.
    """
    scaled = similarities.astype(np.float64) / temperature
    peak = scaled.max(axis=0)
    likelihood = np.exp(scaled - peak)  # one of each venue's is 1, so no temperature makes all of them 0
    share = weights[:, None] * likelihood
    share /= np.maximum(share.sum(axis=0), np.finfo(np.float64).tiny)
    places = np.zeros(len(weights))
    remaining = np.ones(len(peak), np.bool_)
    candidates, most_elsewhere = np.zeros(0, np.intp), np.inf
    chosen: list[int] = []
    while len(chosen) < min(length, len(peak)):
        quotients = weights / (2 * places + 1)
        score = _score(peak[candidates], likelihood[:, candidates], quotients, remaining[candidates])
        if score.max(initial=-np.inf) < most_elsewhere:
            everywhere = _score(peak, likelihood, quotients, remaining)
            candidates, most_elsewhere = _best(everywhere)
            score = everywhere[candidates]
        venue = int(candidates[np.argmax(score)])
        remaining[venue] = False
        chosen.append(venue)
        places += share[:, venue]
    return np.array(chosen, np.intp)


def _score(peak: Floats, likelihood: Floats, quotients: Floats, remaining: NDArray[np.bool_]) -> Floats:
    """Log Σ_k quotient_k e^(x_kv / τ), (venues,)."""
    total = np.maximum(quotients @ likelihood, np.finfo(np.float64).tiny)
    score: Floats = np.where(remaining, peak + np.log(total), -np.inf)
    return score


def _best(score: Floats) -> tuple[Ints, float]:
    """Indices of the highest scores, ascending, and the highest of the others."""
    if len(score) <= _CANDIDATES:
        return np.arange(len(score)), -np.inf
    order = np.argpartition(-score, _CANDIDATES)
    return np.sort(order[:_CANDIDATES]), float(score[order[_CANDIDATES]])
