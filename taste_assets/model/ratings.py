"""Ratings 0-5 as tastes and distastes: signed weights, two clusterings, and which of their clusters are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.clusters import cluster_taste
from taste_assets.model.importance import DECAY_PER_DAY, decayed
from taste_assets.model.taste import ClusteringOptions, Pins, Taste
from taste_assets.model.vectors import Floats, Ints

NEUTRAL: Final = 2.5
"""τ: the rating that says nothing, the middle of 0 to 5."""

NEVER: Final = 0
"""The rating that keeps a venue off a person's lists, whatever it looks like."""

KEEP_FRACTION: Final = 0.5
"""Share of a person's clusters kept, the strongest first."""

_HIGHEST: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class RatedSide:
    """The rated pictures on one side of τ.

    Attributes:
        places: (m,) places of these pictures among the ratings given; the taste's own places count within them.
        taste: their clusters.
        scores: Σ w_i e^(-λ Δt_i) of each cluster: above 0 for liked ones, below for disliked ones.
        kept: whether each cluster is among the strongest.
    """

    places: Ints
    taste: Taste
    scores: Floats
    kept: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class RatedTaste:
    """Both sides; None where a person liked, or disliked, nothing."""

    liked: RatedSide | None
    disliked: RatedSide | None


def signed_weights(ratings: NDArray[Any], neutral: float = NEUTRAL) -> Floats:
    """w_i = r_i - τ, (n,): above 0 for what a person likes, below for what they dislike.

    Raises:
        ValueError: a rating outside 0 to 5, or not a number.
    """
    if not ((ratings >= 0) & (ratings <= _HIGHEST)).all():
        raise ValueError(f"ratings go from 0 to {_HIGHEST:g}")
    weights: Floats = ratings.astype(np.float64) - neutral
    return weights


def balanced_neutral(ratings: NDArray[Any]) -> float:
    """The τ that makes a person's likes and dislikes most equal in number, for people who never rate low, or high.

    Halfway between two neighbouring ratings the person gave, so that none becomes neutral; of equally balanced ones
    the nearest to `NEUTRAL`. Somebody who gave one rating only has no scale of their own: `NEUTRAL`.

    Raises:
        ValueError: as `signed_weights`.
    """
    signed_weights(ratings)
    levels = np.unique(ratings.astype(np.float64))
    if len(levels) < 2:
        return NEUTRAL
    candidates = (levels[1:] + levels[:-1]) / 2
    surplus = np.abs(np.sign(ratings[None, :] - candidates[:, None]).sum(axis=1))
    return float(candidates[np.lexsort((np.abs(candidates - NEUTRAL), surplus))[0]])


def cluster_ratings(
    vectors: NDArray[Any],
    ratings: NDArray[Any],
    ages_days: NDArray[Any],
    *,
    neutral: float = NEUTRAL,
    decay_per_day: float = DECAY_PER_DAY,
    keep_fraction: float = KEEP_FRACTION,
    options: ClusteringOptions | None = None,
) -> RatedTaste:
    """What a person likes and what they dislike, clustered separately; ratings of exactly τ take no part.

    Args:
        vectors: (n, d) unit vectors of the rated pictures.
        ratings: (n,) from 0 to 5.
        ages_days: (n,) days since each rating.
        neutral: τ; `balanced_neutral(ratings)` adjusts it to the person.
        decay_per_day: λ.
        keep_fraction: share of all clusters, of both sides, kept by |score|.
        options: of both clusterings.

    Raises:
        ValueError: numbers of ratings, ages and vectors differ, or as `signed_weights`, `decayed`, `cluster_taste`.
    """
    if not len(vectors) == len(ratings) == len(ages_days):
        raise ValueError(f"{len(vectors)} vectors, {len(ratings)} ratings and {len(ages_days)} ages are not one each")
    weights = signed_weights(ratings, neutral) * decayed(ages_days, decay_per_day)
    signs = np.sign(ratings - neutral)  # of the weights, an old one may have decayed to 0
    sides = []
    for sign in (1, -1):
        places = np.flatnonzero(signs == sign)
        taste = cluster_taste(Pins(vectors[places], np.abs(weights[places])), options) if places.size else None
        scores = _scores(taste, weights[places]) if taste else np.empty(0)
        sides.append((places, taste, scores))
    kept = strongest(np.concatenate([scores for _, _, scores in sides]), keep_fraction)
    likes = len(sides[0][2])
    halves = (kept[:likes], kept[likes:])
    liked, disliked = (
        RatedSide(places, taste, scores, half) if taste else None
        for (places, taste, scores), half in zip(sides, halves, strict=True)
    )
    return RatedTaste(liked, disliked)


def strongest(scores: Floats, keep_fraction: float = KEEP_FRACTION) -> NDArray[np.bool_]:
    """Which clusters are kept: the top fraction by |score|, rounded up, (k,).

    The best liked cluster stays in any case, since a list of recommendations has to look for something.

    Raises:
        ValueError: the fraction is not above 0 and at most 1.
    """
    if not 0 < keep_fraction <= 1:
        raise ValueError(f"keep_fraction must be above 0 and at most 1, not {keep_fraction}")
    kept = np.zeros(len(scores), np.bool_)
    if len(scores):
        kept[np.argsort(-np.abs(scores), kind="stable")[: math.ceil(keep_fraction * len(scores))]] = True
        kept[scores.argmax()] |= scores.max() > 0
    return kept


def _scores(taste: Taste, weights: Floats) -> Floats:
    return np.array([weights[cluster.members].sum() for cluster in taste.clusters])
