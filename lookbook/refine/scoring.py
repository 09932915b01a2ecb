"""From similarities to the order of a refined list. Pure: matrices in, places out.

The frame is that of the stored lists (`taste_assets.model.recommend`, its default options): a ranking for each taste,
and places in proportion to the tastes' weights. What is asked besides shifts every one of those rankings, so that a
list still serves every taste and each place of it is the best answer of a taste to what was asked. docs/refine.md has
the formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.proportional import proportional
from taste_assets.model.recommend import RecommendOptions
from taste_assets.model.scoring import PHOTOS_OF
from taste_assets.model.strategies import context
from taste_assets.model.vectors import Floats, Ints

STORED: Final = RecommendOptions()
"""How the stored lists are made unless an operator says otherwise."""
TASTE_PHOTOS: Final = PHOTOS_OF[STORED.strategy]
"""By how many of a venue's photographs a taste judges it."""
LOOK: Final = 1.0
WORDS: Final = 0.7
EXAMPLE: Final = 1.5
AWAY: Final = 0.5
"""Of a counterexample by itself: it must fall even where it is what a taste likes best, which `context` forgives."""
PAIR: Final = 4.0
"""Of the context score, which lies between -1 and 0 for each pair."""
MISSED: Final = 2.0
"""Standard deviations when everything preferred is stated to be otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Similarities:
    """How near every compared venue is to everything asked: cosine of its nearest photograph, NaN where it has none.

    Attributes:
        tastes: (K, venues) mean over the `TASTE_PHOTOS` nearest photographs to the liked tastes' queries, K >= 1; or
            one row of any other order where there are none.
        weights: (K,) summing to 1.
        dislikes: (venues,) likewise, weighted sum over the disliked; zeros without any.
        looks: (L, venues); `look_signs` (L,) is 1 for more, -1 for less or none.
        more, less: each example's mean over its photographs, (examples, venues).
        words: (W, venues) nearest summary to each description.
        stated: (0 or 1, venues) likewise to what the person said when they joined.
        unknown, missed: (venues,) shares of the things asked of the facts that are not stated; preferred and stated to
            be otherwise.
        sample: (venues,) bool, a random sample of all venues that fit: what is ordinary.
    """

    tastes: Floats
    weights: Floats
    dislikes: Floats
    looks: Floats
    look_signs: Floats
    more: Floats
    less: Floats
    words: Floats
    stated: Floats
    unknown: Floats
    missed: Floats
    sample: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The venues in order.

    Attributes:
        places: (at most `limit`,) indices of venues, best first; of equals the first in the order given.
        taste_standing: (K, venues) standard deviations above the ordinary venue.
        look_standing, more_standing, less_standing, words_standing: likewise.
    """

    places: Ints
    taste_standing: Floats
    look_standing: Floats
    more_standing: Floats
    less_standing: Floats
    words_standing: Floats


def ordered(found: Similarities, limit: int) -> Order:
    """The best `limit` venues; see docs/refine.md for the formula."""
    looks, more, less, words, stated = (
        standing(part, found.sample) for part in (found.looks, found.more, found.less, found.words, found.stated)
    )
    tastes = found.tastes - STORED.dislike * found.dislikes
    alone = standing(tastes, found.sample)
    rankings = together(tastes, found.sample)
    if len(stated):
        rankings = together(STORED.visual_weight * rankings + STORED.text_weight * stated, found.sample)
    shared = (
        LOOK * (found.look_signs @ looks) + EXAMPLE * more.sum(axis=0) - AWAY * less.sum(axis=0)
        + WORDS * words.sum(axis=0) - STORED.unknown_penalty * found.unknown - MISSED * found.missed
    )  # fmt: skip
    rankings = rankings + shared + PAIR * pairs(alone, more, less)
    places = proportional(rankings, found.weights, limit, STORED.temperature)
    return Order(places, alone, looks, more, less, np.concatenate([words, stated]))


def pairs(tastes: Floats, more: Floats, less: Floats) -> Floats:
    """Context score in each taste's ranking, (K, venues): at most 0, lower the nearer to what it should not be like.

    The positive of a pair is an example of "more like", or the taste itself where there is none.
    """
    if len(less) == 0:
        return np.zeros_like(tastes)
    if len(more):
        both = context(np.repeat(more, len(less), axis=0), np.tile(less, (len(more), 1)))
        return np.broadcast_to(both, tastes.shape)
    return np.stack([context(np.repeat(taste[None], len(less), axis=0), less) for taste in tastes])


def standing(values: NDArray[Any], sample: NDArray[np.bool_]) -> Floats:
    """Standard deviations above the mean of the sampled columns, row by row; 0 where the sample is all alike.

    A venue without a value stands where the lowest of its row does: nothing speaks for it.
    """
    return _standing(_filled(values), sample, (1,))


def together(values: NDArray[Any], sample: NDArray[np.bool_]) -> Floats:
    """The same with one mean and one deviation for all rows: by how much they differ from one another stays."""
    return _standing(_filled(values), sample, (0, 1))


def _filled(values: NDArray[Any]) -> Floats:
    exact = values.astype(np.float64)
    if exact.size == 0:
        return exact
    known = np.where(np.isnan(exact).all(axis=1, keepdims=True), 0.0, exact)
    filled: Floats = np.where(np.isnan(known), np.nanmin(known, axis=1, keepdims=True), known)
    return filled


def _standing(values: Floats, sample: NDArray[np.bool_], axes: tuple[int, ...]) -> Floats:
    if values.size == 0:
        return values
    basis = values[:, sample] if sample.any() else values
    spread = basis.std(axis=axes, keepdims=True)
    flat = spread <= 1e-9
    result: Floats = np.where(flat, 0.0, (values - basis.mean(axis=axes, keepdims=True)) / np.where(flat, 1.0, spread))
    return result


def rows_of(parts: Sequence[NDArray[Any]], venues: int) -> Floats:
    """Rows stacked to a matrix, (0, venues) without any."""
    return np.stack(parts).astype(np.float64) if parts else np.zeros((0, venues))
