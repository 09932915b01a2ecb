"""Named ways of scoring from similarities to what a person likes and dislikes.

Names and results agree with Qdrant's recommendation, discovery and context queries
(https://qdrant.tech/documentation/concepts/explore/), whose local mode is the tests' oracle. Everything takes
similarities or vectors and gives scores, larger is better; nothing here knows venues, blocks or tables.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats

CONTEXT_MARGIN: Final = float(np.finfo(np.float32).eps)
"""The ε of the context score: how much nearer the positive must be for a pair to be content."""

TEMPERATURE: Final = 0.5
"""τ of `mixture`. On the demo world 0.1 to 0.7 give the same NDCG@10 to within 0.02."""


def weighted_max_sim(best: NDArray[Any], weights: Floats) -> Floats:
    """Σ_k w_k max_p s(c_k, p), the default score of a venue.

    Args:
        best: (clusters, venues) similarity of each cluster to each venue's best photo.
        weights: (clusters,) non-negative; those of a person sum to 1.
    """
    score: Floats = weights @ best.astype(np.float64)
    return score


def max_score(best: NDArray[Any]) -> Floats:
    """Similarity of the best pair of any liked vector and any photo: (liked, venues) to (venues,)."""
    score: Floats = best.astype(np.float64).max(axis=0)
    return score


def mixture(similarities: NDArray[Any], weights: Floats, temperature: float = TEMPERATURE) -> Floats:
    """Log Σ_k w_k exp(x_k / τ): how likely a venue is under the person's tastes as a mixture, (venues,).

    Up to constants the log-likelihood of a mixture of von Mises-Fisher distributions around the tastes. Between a
    maximum (τ → 0, a venue need serve one taste only, however small) and the weighted mean (τ → ∞, the middle of all
    tastes). x is similarity in standard deviations over all tastes and venues together, so that τ means the same in
    every embedding space while a taste that no venue serves well stays below one that many do.

    Best where few venues serve each taste. Where hundreds serve the greatest taste equally well they all come before
    those of the next: then merge rankings instead (`lists`).

    Args:
        similarities: (clusters, venues).
        weights: (clusters,) non-negative, one of them above 0.
        temperature: τ, above 0.
    """
    exact = similarities.astype(np.float64)
    spread = float(exact.std())
    scaled = (exact - exact.mean()) / (temperature * spread) if spread > 0 else np.zeros_like(exact)
    peak = scaled.max(axis=0)
    score: Floats = peak + np.log(np.maximum(weights @ np.exp(scaled - peak), np.finfo(np.float64).tiny))
    return score


def average_vector(liked: NDArray[Any], disliked: NDArray[Any] | None = None) -> Floats:
    """The query of the strategy `average_vector`: 2·avg⁺ - avg⁻, or avg⁺ without dislikes; (dim,), not normalised."""
    positive: Floats = liked.astype(np.float64).mean(axis=0)
    if disliked is None or len(disliked) == 0:
        return positive
    query: Floats = 2 * positive - disliked.astype(np.float64).mean(axis=0)
    return query


def best_score(liked: NDArray[Any], disliked: NDArray[Any]) -> Floats:
    """σ(p*) where the nearest liked example is nearer than the nearest disliked one, else -σ(n*).

    Args:
        liked: (liked examples, items) similarities; may have no rows.
        disliked: (disliked examples, items) similarities; may have no rows.
    """
    positive = _nearest(liked)
    negative = _nearest(disliked)
    return np.where(positive > negative, _sigmoid(positive), -_sigmoid(negative))


def sum_scores(liked: NDArray[Any], disliked: NDArray[Any]) -> Floats:
    """Σ s⁺ - Σ s⁻ over all examples, (items,)."""
    total: Floats = liked.astype(np.float64).sum(axis=0) - disliked.astype(np.float64).sum(axis=0)
    return total


def discover(target: NDArray[Any], positive: NDArray[Any], negative: NDArray[Any]) -> Floats:
    """Σ sign(s⁺ - s⁻) + σ(s_target): the context decides the zone, the target the order within it.

    Args:
        target: (items,) similarities to the target.
        positive: (pairs, items) similarities to the positive of each pair.
        negative: (pairs, items) similarities to the negative of each pair.
    """
    ranks = np.sign(positive.astype(np.float64) - negative.astype(np.float64)).sum(axis=0)
    score: Floats = ranks + _sigmoid(target.astype(np.float64))
    return score


def context(positive: NDArray[Any], negative: NDArray[Any]) -> Floats:
    """Σ x / (1 + |x|) with x = min(s⁺ - s⁻ - ε, 0): how far an item is from being content with every pair; at most 0.

    Args:
        positive: (pairs, items) similarities to the positive of each pair.
        negative: (pairs, items) similarities to the negative of each pair.
    """
    lacking = np.minimum(positive.astype(np.float64) - negative.astype(np.float64) - CONTEXT_MARGIN, 0)
    score: Floats = (lacking / (1 + np.abs(lacking))).sum(axis=0)
    return score


def _nearest(similarities: NDArray[Any]) -> Floats:
    nearest: Floats = similarities.astype(np.float64).max(axis=0, initial=-np.inf)
    return nearest


def _sigmoid(values: Floats) -> Floats:
    """½ (x / (1 + |x|) + 1), Qdrant's "scaled fast sigmoid"; infinities stay what they are."""
    finite = np.isfinite(values)
    safe = np.where(finite, values, 0)
    return np.where(finite, 0.5 * (safe / (1 + np.abs(safe)) + 1), values)
