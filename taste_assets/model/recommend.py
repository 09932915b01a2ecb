"""Recommendations for many people at once: every venue is scored for everybody, exactly.

The order of a person's list is decided here from the parts: `scoring` for rankings by pictures, `wishes` for what is
allowed, `fusion` for channels, `proportional` and `lists` for the order. Where tastes come from and where lists go is
other modules' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.fusion import (
    TEXT_WEIGHT,
    VISUAL_WEIGHT,
    distribution_based_score_fusion,
    first_places,
    reciprocal_rank_fusion,
    standardise,
    standardise_together,
    standardised_at,
    weighted_sum,
)
from taste_assets.model.lists import BY_TASTE, TOGETHER, ListOptions, merged, mmr, slots
from taste_assets.model.max_sim import BestPhotos, best_photos, best_similarities
from taste_assets.model.proportional import proportional
from taste_assets.model.scoring import (
    PER_TASTE,
    PersonTaste,
    Rankings,
    Strategy,
    stored_scores,
    visual_rankings,
)
from taste_assets.model.strategies import TEMPERATURE
from taste_assets.model.vectors import Floats, Ints

__all__ = ["Fusion", "PersonTaste", "RankedList", "RecommendOptions", "recommend"]

Fusion = Literal["weighted", "rrf", "dbsf"]

QUERIES_AT_ONCE: Final = 512
"""Rows of similarities that are held at once: 20 MB for 10,000 venues."""


@dataclass(frozen=True, slots=True)
class RecommendOptions:
    """How a recommendation is made; recorded with it.

    Attributes:
        strategy: what ranks venues by pictures.
        length: places in a list.
        lists: how the list is built of the rankings. A strategy with one ranking leaves nothing to merge.
        fusion: how the channels of pictures and words become one: `weighted` standardised sum, `rrf` or `dbsf`.
        visual_weight, text_weight: of the weighted sum, and of rrf.
        dislike: what a venue's similarity to the disliked takes off its similarity to the liked.
        unknown_penalty: standard deviations that a venue of which nothing wished for is known loses.
        temperature: of the order `proportional` and the strategy `mixture`; in standard deviations of similarity.
        min_score: venues whose score is lower are not listed; None lists all. A property of the embedding space:
            look at the distribution of scores before you set it.
    """

    strategy: Strategy = "top5"
    length: int = 50
    lists: ListOptions = field(default_factory=ListOptions)
    fusion: Fusion = "weighted"
    visual_weight: float = VISUAL_WEIGHT
    text_weight: float = TEXT_WEIGHT
    dislike: float = 0.25
    unknown_penalty: float = 0.5
    temperature: float = TEMPERATURE
    min_score: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no list can be made with.

        Raises:
            ValueError: naming the option.
        """
        if self.length < 1:
            raise ValueError(f"length must be at least 1, not {self.length}")
        for name in ("visual_weight", "text_weight", "dislike", "unknown_penalty"):
            if not getattr(self, name) >= 0:  # written so that NaN is refused
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")
        if not self.temperature > 0:
            raise ValueError(f"temperature must be above 0, not {self.temperature}")


@dataclass(frozen=True, slots=True, eq=False)
class RankedList:
    """A person's list, best first, with its evidence.

    Attributes:
        venues: (places,) indices into the catalogue.
        score: (places,) weighted max-sim Σ_k w_k max_p s(c_k, p), less `dislike` times that of the disliked; for who
            has no liked cluster, the similarity of their words.
        visual: (places,) the channel of pictures, standardised over the venues that are allowed; None without liked
            clusters.
        text: (places,) the channel of words, standardised likewise; None without words.
        standing: (clusters, places) how far above the average allowed venue each taste finds it, in standard
            deviations.
        photos: for each liked cluster and place the best photo, (clusters, places).
    """

    venues: Ints
    score: Floats
    visual: Floats | None
    text: Floats | None
    standing: Floats
    photos: BestPhotos


def recommend(
    people: Iterable[PersonTaste], catalogue: Catalogue, options: RecommendOptions | None = None
) -> Iterator[RankedList]:
    """A list for each person, in their order.

    Exact: every photo of every venue is compared with every query. Memory is bounded by `QUERIES_AT_ONCE` rows of
    similarities, however many people there are.

    Raises:
        ValueError: a person with neither a liked cluster nor words (give them a cold-start list).
    """
    options = options or RecommendOptions()
    waiting: list[PersonTaste] = []
    rows = 0
    for person in people:
        if len(person.liked) == 0 and person.text is None:
            raise ValueError("a person without a liked cluster and without words has no order of venues")
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
    if not people or catalogue.venue_count == 0:
        yield from (_empty(person) for person in people)
        return
    mean_mix = options.lists.mean_mix if options.lists.order in BY_TASTE else 0.0
    rankings = visual_rankings(
        people,
        catalogue,
        options.strategy,
        mean_mix=mean_mix,
        dislike=options.dislike,
        temperature=options.temperature,
    )
    for person, ranked in zip(people, rankings, strict=True):
        yield _ranked(person, ranked, catalogue, options)


def _empty(person: PersonTaste) -> RankedList:
    nothing = np.zeros(0)
    shape = (len(person.liked), 0)
    photos = BestPhotos(np.zeros(shape), np.zeros(shape, np.intp))
    visual, text = nothing if len(person.liked) else None, None if person.text is None else nothing
    return RankedList(np.zeros(0, np.intp), nothing, visual, text, np.zeros(shape), photos)


def _ranked(person: PersonTaste, rankings: Rankings, catalogue: Catalogue, options: RecommendOptions) -> RankedList:
    allowed = _allowed(person, catalogue, options)
    text = None if person.text is None else person.text[allowed]
    unknown = None if person.fit is None else person.fit.unknown[allowed]
    everywhere = len(allowed) == catalogue.venue_count
    scores = rankings.scores if everywhere else rankings.scores[:, allowed]  # spared a copy for most people
    places = _places(scores, rankings.weights, text, unknown, options)
    venues = allowed[places]
    photos = best_photos(person.liked, catalogue, venues)
    per_taste = scores if options.strategy in PER_TASTE else best_similarities(person.liked, catalogue)[:, allowed]
    return RankedList(
        venues=venues,
        score=_score(person, photos, catalogue, venues, options),
        visual=standardised_at(rankings.weights @ scores, places) if len(scores) else None,
        text=None if text is None else standardised_at(text, places),
        standing=standardised_at(per_taste, places),
        photos=photos,
    )


def _allowed(person: PersonTaste, catalogue: Catalogue, options: RecommendOptions) -> Ints:
    """Indices of the venues that may be listed, ascending."""
    allowed = np.ones(catalogue.venue_count, np.bool_) if person.fit is None else person.fit.allowed
    if options.min_score is not None:
        words_alone = person.text if len(person.liked) == 0 else None
        score = stored_scores(person, catalogue, options.dislike) if words_alone is None else words_alone
        allowed = allowed & (score >= options.min_score)
    return np.flatnonzero(allowed)


def _score(
    person: PersonTaste, photos: BestPhotos, catalogue: Catalogue, venues: Ints, options: RecommendOptions
) -> Floats:
    if len(person.liked) == 0 and person.text is not None:
        return person.text[venues].astype(np.float64)
    score: Floats = person.liked_weights @ photos.similarity
    if len(person.disliked):
        against = best_photos(person.disliked, catalogue, venues).similarity
        score = score - options.dislike * (person.disliked_weights @ against)
    return score


def _places(
    scores: NDArray[np.float32], weights: Floats, text: Floats | None, unknown: Floats | None, options: RecommendOptions
) -> Ints:
    """The places of the list, as indices into the columns of `scores`."""
    order, length = options.lists.order, options.length
    if len(scores) == 0:
        return first_places(_channels(scores, text, unknown, options)[0], length)
    if order in ("plain", "mmr"):
        # Of the sum, not a sum of what was standardised by taste: that would weigh the tastes anew.
        (summed,) = _channels((weights @ scores.astype(np.float64))[None], text, unknown, options)
        if order == "plain":
            return first_places(summed, length)
        return mmr(summed, standardise(scores).T, length, options.lists.diversity)
    by_taste = _channels(scores, text, unknown, options)
    if order == "proportional":
        return proportional(by_taste, weights, length, options.temperature)
    if order == "slots":
        return slots(by_taste, weights, length)
    return first_places(merged(by_taste.astype(np.float32), weights, options.lists.rrf_k), length)


def _channels(
    similarities: NDArray[Any], text: Floats | None, unknown: Floats | None, options: RecommendOptions
) -> Floats:
    """For each ranking, pictures and words as one standardised score less the penalty; words alone are one ranking."""
    scale = standardise_together if options.lists.order in TOGETHER else standardise
    both: list[NDArray[Any]] = [similarities]
    if text is not None and len(similarities) == 0:
        both = [text[None]]
    elif text is not None:
        both = [similarities, np.broadcast_to(text, similarities.shape)]
    weights = (options.visual_weight, options.text_weight)[: len(both)]
    if len(both) == 1 or both[0].size == 0:
        fused = both[0]
    elif options.fusion == "rrf":
        fused = reciprocal_rank_fusion(both, weights)
    elif options.fusion == "dbsf":
        fused = distribution_based_score_fusion(both)
    else:
        fused = weighted_sum(both, weights, scale)
    fused = scale(fused)
    return fused if unknown is None else fused - options.unknown_penalty * unknown
