"""Making one score of several channels: standardised sums, reciprocal ranks, distribution-based fusion.

Similarities of different channels (picture to picture, text to text) have different means and spreads, so no
channel's numbers are ever added raw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats, Ints

VISUAL_WEIGHT: Final = 0.7
TEXT_WEIGHT: Final = 0.3
RRF_K: Final = 60
"""Cormack, Clarke, Büttcher: Reciprocal Rank Fusion (SIGIR 2009)."""

FLAT: Final = 1e-3
"""Standard deviation of cosine similarities over venues below which words tell no venue from another. Words without a
feature of the hashed encoder reach 6e-5 and words with one 0.02 and more; standardising the former would make an
order of rounding."""


def says_nothing(similarities: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether a channel is as good as the same everywhere: standard deviation over the last axis below `FLAT`."""
    if similarities.shape[-1] == 0:
        return np.ones(similarities.shape[:-1], np.bool_)
    flat: NDArray[np.bool_] = np.asarray(similarities.std(axis=-1, dtype=np.float64) < FLAT)
    return flat


def standardise(scores: NDArray[Any]) -> Floats:
    """Mean 0 and standard deviation 1 over the last axis; a channel that says the same of everything becomes 0."""
    exact = scores.astype(np.float64)
    if exact.shape[-1] == 0:
        return exact
    centred = exact - exact.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True))
    flat = spread <= 1e-12 * np.maximum(1, np.abs(exact).max(axis=-1, keepdims=True, initial=0))
    result: Floats = np.where(flat, 0, centred / np.where(flat, 1, spread))
    return result


def standardised_at(scores: NDArray[Any], places: Ints) -> Floats:
    """`standardise`, of these entries of the last axis only."""
    if scores.shape[-1] == 0:
        return scores.astype(np.float64)
    mean = scores.mean(axis=-1, keepdims=True, dtype=np.float64)
    spread = scores.std(axis=-1, keepdims=True, dtype=np.float64)
    flat = spread <= 1e-12 * np.maximum(1, np.abs(mean))
    result: Floats = np.where(flat, 0, (scores[..., places] - mean) / np.where(flat, 1, spread))
    return result


def standardise_together(scores: NDArray[Any]) -> Floats:
    """Mean 0 and standard deviation 1 over all axes: by how much the rows differ from one another stays."""
    return standardise(scores.reshape(-1)).reshape(scores.shape)


def weighted_sum(
    channels: Sequence[NDArray[Any]], weights: Sequence[float], scale: Callable[[NDArray[Any]], Floats] = standardise
) -> Floats:
    """Σ weight · standardised channel, over channels of one shape (..., venues).

    Args:
        channels: larger is better.
        weights: one for each.
        scale: how a channel is standardised.

    Raises:
        ValueError: not as many weights as channels.
    """
    standardised = [weight * scale(scores) for scores, weight in zip(channels, weights, strict=True)]
    total: Floats = np.sum(standardised, axis=0)
    return total


def ranks_of(scores: NDArray[Any]) -> Ints:
    """Rank of each entry along the last axis, the best 1; of equals the first is the better."""
    order = best_first(scores)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, scores.shape[-1] + 1), scores.shape), axis=-1)
    return ranks


def best_first(scores: NDArray[Any]) -> Ints:
    """Indices along the last axis that sort from best to worst; of equals the first comes first.

    float32 scores are sorted as 64-bit keys, the number's order in the upper half and the index in the lower: numpy
    sorts those with vector instructions, several times faster than it argsorts, and no two are equal.
    """
    if scores.dtype != np.float32 or scores.shape[-1] >= 2**32:
        return np.argsort(-scores, axis=-1, kind="stable")
    bits = (-scores + np.float32(0)).view(np.uint32)  # adding 0 makes one zero of two
    # IEEE 754 numbers sort as integers once the sign bit is flipped, and all bits of negative ones.
    ordered = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    keys = ordered.astype(np.uint64) << np.uint64(32) | np.arange(scores.shape[-1], dtype=np.uint64)
    keys.sort(axis=-1)
    return (keys & np.uint64(2**32 - 1)).astype(np.intp)


def first_places(scores: NDArray[Any], length: int) -> Ints:
    """The first `length` of `best_first`, of (venues,) scores, without sorting what is not listed."""
    if length >= len(scores):
        return best_first(scores)
    last = np.partition(scores, len(scores) - length)[len(scores) - length]
    candidates = np.flatnonzero(scores >= last)  # ascending, so that of equals the first stays the first
    return candidates[np.argsort(-scores[candidates], kind="stable")][:length]


def reciprocal_rank_fusion(
    channels: Sequence[NDArray[Any]], weights: Sequence[float] | None = None, k: float = RRF_K
) -> Floats:
    """Σ weight / (k + rank), ranks from 1 as in the paper (Qdrant counts from 0: its k is this k + 1)."""
    weights = [1.0] * len(channels) if weights is None else weights
    parts = [weight / (k + ranks_of(scores)) for scores, weight in zip(channels, weights, strict=True)]
    total: Floats = np.sum(parts, axis=0)
    return total


def distribution_based_score_fusion(channels: Sequence[NDArray[Any]]) -> Floats:
    """Σ (s - (μ - 3σ)) / 6σ with the sample's σ, and ½ where σ = 0, as Qdrant's DBSF."""
    parts = []
    for scores in channels:
        exact = scores.astype(np.float64)
        spread = exact.std(axis=-1, ddof=1, keepdims=True) if exact.shape[-1] > 1 else np.zeros((*exact.shape[:-1], 1))
        mean = exact.mean(axis=-1, keepdims=True)
        scaled = (exact - mean) / np.where(spread == 0, 1, 6 * spread) + 0.5
        parts.append(np.where(spread == 0, 0.5, scaled))
    total: Floats = np.sum(parts, axis=0)
    return total
