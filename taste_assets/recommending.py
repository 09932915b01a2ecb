"""From people and venues to the rows of their lists, with the evidence as readers get it. No SQL and no Dagster.

The order of a list is decided in `taste_assets.model`; people come from `taste_assets.recommendation_inputs`, venues
from `taste_assets.venue_catalogue`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.coverage import centroids, covering, near_disliked
from taste_assets.model.fusion import says_nothing
from taste_assets.model.recommend import RankedList, RecommendOptions, recommend
from taste_assets.model.scoring import PersonTaste
from taste_assets.model.vectors import Floats, Ints
from taste_assets.model.wishes import Fit, Wishes, fit
from taste_assets.recommendation_inputs import Kind, Person, QueryVector, Taste
from taste_assets.venue_catalogue import Venues

EncodeWords = Callable[[Sequence[str]], NDArray[np.float32]]
"""Queries to unit vectors of the current text space, (texts, dim)."""

WordVectors = Mapping[uuid.UUID, NDArray[np.float32]]
"""What people say, encoded: (dim,) by their ids."""

_WORDS_AT_ONCE: Final = 64  # rows of similarities to every venue: 5 MB for 10,000


@dataclass(frozen=True, slots=True)
class ListRow:
    """A place of a list; `matches` is JSON."""

    venue_id: uuid.UUID
    score: float
    visual_score: float | None
    text_score: float | None
    matches: str


@dataclass(frozen=True, slots=True)
class PersonList:
    """One person's list, best first, and how it was made."""

    person: Person
    kind: Kind
    strategy: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class HowToRecommend:
    """The model's options, and which vector of a taste venues are asked with."""

    options: RecommendOptions
    query: QueryVector = "centroid"

    def parameters(self) -> dict[str, Any]:
        """Everything that was set, as it is stored with every list."""
        return asdict(self.options) | {"query": self.query}

    def strategy(self, kind: Kind) -> str:
        """The name a list of this kind goes by."""
        if kind == "curated":
            return "coverage"
        return f"{self.options.strategy}/{self.options.lists.order}"


class Recommender:
    """Lists from one catalogue.

    Args:
        venues: the catalogue.
        how: the options.
        encode_words: called only when somebody has words and the venues have vectors of texts.
    """

    def __init__(self, venues: Venues, how: HowToRecommend, encode_words: EncodeWords) -> None:
        self._venues = venues
        self._how = how
        self._encode_words = encode_words
        self._looks: NDArray[np.float32] | None = None
        self._curated: dict[Wishes | None, tuple[ListRow, ...]] = {}

    def lists(self, people: Sequence[Person]) -> Iterator[PersonList]:
        """A list for each person, in no particular order; empty where wishes leave no venue."""
        words = self._telling_words(people)
        kinds = [person.kind(words_tell=person.user_id in words) for person in people]
        everybody = list(zip(people, kinds, strict=True))
        known = [(person, kind) for person, kind in everybody if kind != "curated"]
        tastes = self._tastes([person for person, _ in known], words)
        ranked_lists = recommend(tastes, self._venues.catalogue, self._how.options)
        for (person, kind), ranked in zip(known, ranked_lists, strict=True):
            yield PersonList(person, kind, self._how.strategy(kind), self._rows(person, ranked))
        for newcomer in (person for person, kind in everybody if kind == "curated"):
            yield PersonList(newcomer, "curated", self._how.strategy("curated"), self._curated_rows(newcomer))

    def _curated_rows(self, person: Person) -> tuple[ListRow, ...]:
        """The list for somebody who is known to like nothing, made once for all who only differ in who they are."""
        if person.never or person.disliked:
            return self._covering_rows(person)
        if person.wishes not in self._curated:
            self._curated[person.wishes] = self._covering_rows(person)
        return self._curated[person.wishes]

    def _covering_rows(self, person: Person) -> tuple[ListRow, ...]:
        """Of the venues they could take, those that together show most.

        What a venue adds counts less by `unknown_penalty` times the share of the wishes that its site is silent about,
        and venues near to what the person dislikes come last.
        """
        if self._looks is None:
            self._looks = centroids(self._venues.catalogue)
        met = self._fit(person)
        near = near_disliked(self._stacked(person.disliked)[0], self._venues.catalogue)
        allowed = np.arange(len(self._venues.ids)) if met is None else np.flatnonzero(met.allowed)
        worth = None if met is None else np.maximum(1 - self._how.options.unknown_penalty * met.unknown[allowed], 0)
        chosen, shares = covering(self._looks[allowed], self._how.options.length, worth, near[allowed])
        return tuple(
            ListRow(self._venues.ids[venue], float(share), None, None, "[]")
            for venue, share in zip(allowed[chosen], shares, strict=True)
        )

    def _fit(self, person: Person) -> Fit | None:
        """How the venues meet what a person asks for, without those they never want; None where they rule out none."""
        if person.wishes is None and not person.never:
            return None
        met = fit(person.wishes or Wishes(), self._venues.facts)
        if not person.never:
            return met
        wanted = np.array([venue not in person.never for venue in self._venues.ids], np.bool_)
        return Fit(met.allowed & wanted, met.unknown)

    def _tastes(self, people: Sequence[Person], words: WordVectors) -> Iterator[PersonTaste]:
        for start in range(0, len(people), _WORDS_AT_ONCE):
            part = people[start : start + _WORDS_AT_ONCE]
            by_words = self._by_words({one.user_id: words[one.user_id] for one in part if one.user_id in words})
            for person in part:
                liked, liked_weights = self._stacked(person.liked)
                disliked, disliked_weights = self._stacked(person.disliked)
                text = by_words.get(person.user_id)
                yield PersonTaste(liked, liked_weights, disliked, disliked_weights, text, self._fit(person))

    def _telling_words(self, people: Sequence[Person]) -> WordVectors:
        """The encoded words of those whose words tell one venue from another; other words count as none."""
        speaking = [person for person in people if person.words]
        if self._venues.summaries is None or not speaking:
            return {}
        queries = self._encode_words([person.words for person in speaking])
        telling: dict[uuid.UUID, NDArray[np.float32]] = {}
        for start in range(0, len(speaking), _WORDS_AT_ONCE):
            part = speaking[start : start + _WORDS_AT_ONCE]
            asked = {one.user_id: row for one, row in zip(part, queries[start : start + len(part)], strict=True)}
            telling |= {one: asked[one] for one, row in self._by_words(asked).items() if not says_nothing(row)}
        return telling

    def _by_words(self, queries: WordVectors) -> Mapping[uuid.UUID, Floats]:
        """Similarity of each query to each venue, (venues,)."""
        if self._venues.summaries is None or not queries:
            return {}
        rows = self._venues.summaries.similarities(np.stack(list(queries.values())), len(self._venues.ids))
        return dict(zip(queries, rows, strict=True))

    def _stacked(self, tastes: Sequence[Taste]) -> tuple[NDArray[np.float32], Floats]:
        vectors = np.array([taste.vector for taste in tastes], np.float32)
        weights = np.array([taste.weight for taste in tastes], np.float64)
        if weights.sum() > 0:
            weights = weights / weights.sum()
        return vectors.reshape(len(tastes), self._venues.catalogue.dim), weights

    def _rows(self, person: Person, ranked: RankedList) -> tuple[ListRow, ...]:
        evidence = _Evidence(person.liked, ranked, self._venues.photo_ids)
        return tuple(
            ListRow(
                venue_id=self._venues.ids[venue],
                score=float(ranked.score[place]),
                visual_score=_rounded(ranked.visual, place),
                text_score=_rounded(ranked.text, place),
                matches=evidence.at(place),
            )
            for place, venue in enumerate(ranked.venues)
        )


def _rounded(channel: Floats | None, place: int) -> float | None:
    # From products in float32, whose last digits depend on how many people are computed together.
    return None if channel is None else round(float(channel[place]), 6)


class _Evidence:
    """The reasons for each place as JSON. Written by hand: it is most of the work of making a list."""

    def __init__(self, tastes: Sequence[Taste], ranked: RankedList, photo_ids: Sequence[str]) -> None:
        self._about = [_opened(taste) for taste in tastes]
        self._similarity = ranked.photos.similarity
        self._row: Ints = ranked.photos.row
        self._standing = ranked.standing
        self._order = np.argsort(-ranked.standing, axis=0, kind="stable")
        weights = np.array([taste.weight for taste in tastes])
        parts = np.maximum(weights[:, None] * self._similarity, 0)
        self._share = parts / np.maximum(parts.sum(axis=0, keepdims=True), 1e-12)
        self._photo_ids = photo_ids

    def at(self, place: int) -> str:
        """The tastes in the order of their standing at a place of the list."""
        entries = (
            f'{self._about[taste]}"photo_id":"{self._photo_ids[self._row[taste, place]]}"'
            f',"similarity":{self._similarity[taste, place]:.6f},"standing":{self._standing[taste, place]:.6f}'
            f',"contribution":{self._share[taste, place]:.6f}}}'
            for taste in self._order[:, place]
        )
        return f"[{','.join(entries)}]"


def _opened(taste: Taste) -> str:
    """The part of a reason that is the same at every place, as an object still open."""
    about = {
        "cluster_id": str(taste.cluster_id),
        "cluster_index": taste.cluster_index,
        "label": taste.label,
        "weight": round(taste.weight, 6),
        "medoid_pin_id": taste.medoid_pin_id,
        "medoid_photo_id": taste.medoid_photo_id,
    }
    return json.dumps(about).removesuffix("}") + ","
