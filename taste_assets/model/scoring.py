"""The rankings by pictures that a list is made of: what is asked, and what a strategy makes of the answers.

Formulas of single strategies are in `strategies`, the search for best photos in `max_sim`. Wishes, words and the
merge into one list come later, in `recommend`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.lists import mixed_queries
from taste_assets.model.max_sim import best_similarities, mean_of_best
from taste_assets.model.strategies import TEMPERATURE, average_vector, best_score, max_score, mixture
from taste_assets.model.vectors import Floats
from taste_assets.model.wishes import Fit

Strategy = Literal["top5", "top3", "weighted_max_sim", "mixture", "max", "average_vector", "best_score", "sum_scores"]

PER_TASTE: Final[frozenset[Strategy]] = frozenset({"top5", "top3", "weighted_max_sim"})
"""Strategies that rank venues once for each taste, so that tastes can share a list; the others rank them once."""

_MIXED: Final[frozenset[Strategy]] = PER_TASTE | {"mixture"}  # asked with norm(centroid + mean)
PHOTOS_OF: Final[Mapping[Strategy, int]] = {"top5": 5, "top3": 3, "mixture": 5}
"""How many of a venue's photos a taste looks at; one under the other strategies. One beautiful photograph is found at
many venues, five only where that is what the place looks like (docs/recommendations.md)."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonTaste:
    """What is known of a person, in the catalogue's space.

    Attributes:
        liked: (clusters, dim) unit vectors; may have no rows where there are words.
        liked_weights: (clusters,) summing to 1.
        disliked: (clusters, dim) unit vectors; may have no rows.
        disliked_weights: (clusters,) summing to 1.
        text: (venues,) similarity of the person's words to each venue's summaries; None without words.
        fit: how the venues meet the person's wishes; None without wishes.
    """

    liked: NDArray[np.float32]
    liked_weights: Floats
    disliked: NDArray[np.float32]
    disliked_weights: Floats
    text: Floats | None = None
    fit: Fit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """Scores of all venues, larger is better.

    Attributes:
        scores: (rankings, venues) float32; one row for each liked cluster under a strategy of `PER_TASTE`, else one.
        weights: (rankings,) how much each counts, summing to 1.
    """

    scores: NDArray[np.float32]
    weights: Floats


def visual_rankings(
    people: Sequence[PersonTaste],
    catalogue: Catalogue,
    strategy: Strategy,
    *,
    mean_mix: float,
    dislike: float,
    temperature: float = TEMPERATURE,
) -> Iterator[Rankings]:
    """The rankings of each person, in their order; without a row for who has no liked cluster.

    Args:
        people: few enough for a row of similarities per cluster to be held at once.
        catalogue: the venues.
        strategy: a venue's score under a strategy that scores photos is that of its best photo, or the mean of its
            best ones.
        mean_mix: how much of a person's overall mean the queries of strategies by taste carry (`lists.mixed_queries`).
        dislike: what similarity to the disliked takes off, where the strategy itself does not say.
        temperature: of `mixture`.
    """
    if strategy == "best_score":
        yield from (_by_best_photo_score(person, catalogue) for person in people)
        return
    asked = [_queries(person, strategy, mean_mix) for person in people]
    queries = np.concatenate([part for pair in asked for part in pair])
    found = mean_of_best(queries, catalogue, PHOTOS_OF.get(strategy, 1))
    row = 0
    for person, (wanted, unwanted) in zip(people, asked, strict=True):
        liked = found[row : row + len(wanted)]
        row += len(wanted)
        disliked = found[row : row + len(unwanted)]
        row += len(unwanted)
        yield _rankings(person, liked, disliked, strategy, dislike, temperature)


def stored_scores(person: PersonTaste, catalogue: Catalogue, dislike: float) -> Floats:
    """Σ_k w_k max_p s(c_k, p), less `dislike` times that of the disliked, for every venue: what a list's rows store."""
    score: Floats = person.liked_weights @ best_similarities(person.liked, catalogue).astype(np.float64)
    if len(person.disliked):
        score = score - dislike * (person.disliked_weights @ best_similarities(person.disliked, catalogue))
    return score


def _queries(person: PersonTaste, strategy: Strategy, mean_mix: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """What is asked with: for the liked, and for the disliked."""
    nothing = person.liked[:0]
    if len(person.liked) == 0:
        return nothing, nothing
    if strategy in _MIXED:
        return mixed_queries(person.liked, person.liked_weights, mean_mix), person.disliked
    if strategy == "max":
        return person.liked, person.disliked
    # Linear in the photo, so one product with the combined query is the score of a photo, dislikes included.
    if strategy == "average_vector":
        query = average_vector(person.liked, person.disliked)
        query = query / max(float(np.linalg.norm(query)), 1e-12)
    else:
        query = person.liked.astype(np.float64).sum(axis=0) - person.disliked.astype(np.float64).sum(axis=0)
    return query[None].astype(np.float32), nothing


def _rankings(
    person: PersonTaste,
    liked: NDArray[np.float32],
    disliked: NDArray[np.float32],
    strategy: Strategy,
    dislike: float,
    temperature: float,
) -> Rankings:
    if len(liked) == 0:
        return Rankings(liked, np.zeros(0))
    by_taste = strategy in _MIXED
    scores = liked if by_taste else max_score(liked)[None]
    if len(disliked):
        against = person.disliked_weights @ disliked if by_taste else max_score(disliked)
        scores = scores - dislike * against
    if strategy == "mixture":
        scores = mixture(scores, person.liked_weights, temperature)[None]
    weights = person.liked_weights if strategy in PER_TASTE else np.ones(1)
    return Rankings(scores.astype(np.float32, copy=False), weights)


def _by_best_photo_score(person: PersonTaste, catalogue: Catalogue) -> Rankings:
    if len(person.liked) == 0 or catalogue.venue_count == 0:
        rows = min(1, len(person.liked))
        return Rankings(np.zeros((rows, catalogue.venue_count), np.float32), np.ones(rows))
    photos = best_score(person.liked @ catalogue.vectors.T, person.disliked @ catalogue.vectors.T)
    return Rankings(np.maximum.reduceat(photos, catalogue.starts[:-1])[None].astype(np.float32), np.ones(1))
