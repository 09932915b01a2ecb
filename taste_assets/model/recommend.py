"""Recommendations for many people at once: every venue is scored for everybody, exactly.

The order of a person's list is decided here from the parts: `max_sim` for similarities, `wishes` for what is allowed,
`fusion` for channels, `lists` for the merge. Where tastes come from and where lists go is other modules' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.fusion import (
    TEXT_WEIGHT,
    VISUAL_WEIGHT,
    best_first,
    distribution_based_score_fusion,
    reciprocal_rank_fusion,
    standardise,
    weighted_sum,
)
from taste_assets.model.lists import ListOptions, merged, mixed_queries, mmr, slots
from taste_assets.model.max_sim import BestPhotos, best_photos, best_similarities
from taste_assets.model.vectors import Floats, Ints
from taste_assets.model.wishes import Fit

QUERIES_AT_ONCE: Final = 512
"""Rows of similarities that are held at once: 20 MB for 10,000 venues."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonTaste:
    """What is known of a person, in the catalogue's space.

    Attributes:
        liked: (clusters, dim) unit vectors.
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


@dataclass(frozen=True, slots=True)
class RecommendOptions:
    """How a recommendation is made; recorded with it.

    Attributes:
        length: places in a list.
        lists: how the list is built.
        fusion: how the channels of pictures and words become one: `weighted` standardised sum, `rrf` or `dbsf`.
        visual_weight, text_weight: of the weighted sum, and of rrf.
        dislike: what a venue's similarity to the disliked takes off its similarity to the liked.
        unknown_penalty: standard deviations that a venue of which nothing wished for is known loses.
    """

    length: int = 50
    lists: ListOptions = field(default_factory=ListOptions)
    fusion: Literal["weighted", "rrf", "dbsf"] = "weighted"
    visual_weight: float = VISUAL_WEIGHT
    text_weight: float = TEXT_WEIGHT
    dislike: float = 0.5
    unknown_penalty: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class RankedList:
    """A person's list, best first, with its evidence.

    Attributes:
        venues: (places,) indices into the catalogue.
        score: (places,) weighted max-sim Σ_k w_k max_p s(c_k, p), less `dislike` times that of the disliked.
        visual: (places,) the visual channel that ordered the list, standardised over the venues that are allowed.
        text: (places,) the text channel, standardised likewise; None without words.
        photos: for each liked cluster and place the best photo, (clusters, places).
    """

    venues: Ints
    score: Floats
    visual: Floats
    text: Floats | None
    photos: BestPhotos


def recommend(
    people: Sequence[PersonTaste], catalogue: Catalogue, options: RecommendOptions | None = None
) -> Iterator[RankedList]:
    """A list for each person, in their order.

    Exact: every photo of every venue is compared with every query. Memory is bounded by `QUERIES_AT_ONCE` rows of
    similarities, however many people there are.

    Raises:
        ValueError: a person without a liked cluster (give them a cold-start list), or options that cannot be.
    """
    options = options or RecommendOptions()
    waiting: list[PersonTaste] = []
    rows = 0
    for person in people:
        if len(person.liked) == 0:
            raise ValueError("a person without a liked cluster has no order of venues")
        needed = len(person.liked) + len(person.disliked)
        if waiting and rows + needed > QUERIES_AT_ONCE:
            yield from _recommend_block(waiting, catalogue, options)
            waiting, rows = [], 0
        waiting.append(person)
        rows += needed
    yield from _recommend_block(waiting, catalogue, options)


def _recommend_block(
    people: Sequence[PersonTaste], catalogue: Catalogue, options: RecommendOptions
) -> Iterator[RankedList]:
    queries = [part for person in people for part in (_queries(person, options), person.disliked)]
    if not queries:
        return
    similarities = best_similarities(np.concatenate(queries), catalogue)
    row = 0
    for person in people:
        liked = similarities[row : row + len(person.liked)]
        row += len(person.liked)
        disliked = similarities[row : row + len(person.disliked)]
        row += len(person.disliked)
        yield _ranked(person, liked, disliked, catalogue, options)


def _queries(person: PersonTaste, options: RecommendOptions) -> NDArray[np.float32]:
    mix = options.lists.mean_mix if options.lists.order in ("merge", "slots") else 0.0
    return mixed_queries(person.liked, person.liked_weights, mix)


def _ranked(
    person: PersonTaste,
    liked: NDArray[np.float32],
    disliked: NDArray[np.float32],
    catalogue: Catalogue,
    options: RecommendOptions,
) -> RankedList:
    allowed = np.arange(catalogue.venue_count) if person.fit is None else np.flatnonzero(person.fit.allowed)
    weights = person.liked_weights
    similarities = liked[:, allowed]
    if len(disliked):
        taken_off = options.dislike * (person.disliked_weights @ disliked[:, allowed])
        similarities = similarities - taken_off.astype(np.float32)
    text = None if person.text is None else person.text[allowed]
    per_taste = _channels(similarities, text, options)
    if person.fit is not None:
        per_taste = per_taste - options.unknown_penalty * person.fit.unknown[allowed]
    places = _ordered(per_taste.astype(np.float32), weights, options)
    venues = allowed[places]
    photos = best_photos(person.liked, catalogue, venues)
    score = weights @ photos.similarity
    if len(person.disliked):
        score = score - options.dislike * (
            person.disliked_weights @ best_photos(person.disliked, catalogue, venues).similarity
        )
    visual = standardise(weights @ similarities)[places]
    return RankedList(venues, score, visual, None if text is None else standardise(text)[places], photos)


def _channels(similarities: NDArray[np.float32], text: Floats | None, options: RecommendOptions) -> Floats:
    """For each taste, pictures and words as one standardised score, (clusters, venues)."""
    if similarities.shape[1] == 0 or text is None:
        return standardise(similarities)
    both: list[NDArray[Any]] = [similarities, np.broadcast_to(text, similarities.shape)]
    weights = (options.visual_weight, options.text_weight)
    if options.fusion == "rrf":
        fused = reciprocal_rank_fusion(both, weights)
    elif options.fusion == "dbsf":
        fused = distribution_based_score_fusion(both)
    else:
        fused = weighted_sum(both, weights)
    return standardise(fused)


def _ordered(per_taste: NDArray[np.float32], weights: Floats, options: RecommendOptions) -> Ints:
    """The places of the list, as indices into the columns."""
    order, length = options.lists.order, options.length
    if order == "slots":
        return slots(per_taste, weights, length)
    plain = (weights @ per_taste).astype(np.float64)
    if order == "mmr":
        return mmr(standardise(plain), per_taste.T, length, options.lists.diversity)
    score = merged(per_taste, weights, options.lists.rrf_k) if order == "merge" else plain
    return best_first(score)[:length]
