"""From what people said of pictures to their tastes: both polarities, every treatment, ids and names.

No SQL and no Dagster: inputs come from `taste_assets.taste_inputs`, what comes out is stored by
`taste_assets.taste_store`, and the numbers are made in `taste_assets.model`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.clusters import cluster_many
from taste_assets.model.identity import cluster_ids
from taste_assets.model.importance import decayed
from taste_assets.model.ratings import strongest
from taste_assets.model.taste import Cluster, ClusteringOptions, Pins, Taste
from taste_assets.model.vectors import Floats
from taste_assets.off_topic import OffTopicBoard, OffTopicMode, off_topic_boards, without_boards
from taste_assets.taste_inputs import Statement, TasteInputs
from taste_assets.taste_names import Name, TextTower

Polarity = Literal["positive", "negative"]
Treatment = Literal["clustered", "uniform", "scattered", "cold_start", "words", "none"]
Centroids = Mapping[tuple[uuid.UUID, Polarity], Sequence[tuple[uuid.UUID, NDArray[np.float32]]]]
"""Ids and centroids of the clusters that people had, in the same space."""

SECONDS_PER_DAY: Final = 86_400
_SIGNS: Final[tuple[tuple[Polarity, int], ...]] = (("positive", 1), ("negative", -1))


@dataclass(frozen=True, slots=True, eq=False)
class FoundCluster:
    """One taste of a person.

    Attributes:
        cluster_id: kept where it continues a taste they had.
        polarity: whether they like it.
        centroid: (dim,) unit vector, float32.
        medoid_vector: (dim,) unit vector, float32; of words it is the centroid.
        medoid: the statement whose picture stands for it; None for words.
        members: statements it is made of; none for words.
        weight: share of the person's taste of this polarity.
        name: what it is called.
    """

    cluster_id: uuid.UUID
    polarity: Polarity
    centroid: NDArray[np.float32]
    medoid_vector: NDArray[np.float32]
    medoid: Statement | None
    members: tuple[Statement, ...]
    weight: float
    name: Name


@dataclass(frozen=True, slots=True, eq=False)
class FoundTaste:
    """All tastes of one person.

    Attributes:
        inputs: everything the person said, what was not heard included.
        off_topic: their boards that are about something else.
        heard: how many of the statements took part.
        treatment: how: of what the person likes; `none` where neither picture nor words say anything.
        silhouette: of the division of what they like, or of the best that was rejected; None where none was tried.
        clusters: positive ones first, in each polarity the largest first.
    """

    inputs: TasteInputs
    off_topic: tuple[OffTopicBoard, ...]
    heard: int
    treatment: Treatment
    silhouette: float | None
    clusters: tuple[FoundCluster, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Clusters of one polarity before they have ids and names; members are places in the person's statements."""

    polarity: Polarity
    places: NDArray[np.intp]
    ages: Floats
    taste: Taste


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    polarity: Polarity
    cluster: Cluster
    members: tuple[Statement, ...]
    medoid: Statement
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """How tastes are found.

    Attributes:
        options: of the clustering.
        keep_fraction: share kept of the clusters that rest on ratings alone; one with a pin in it always stays.
        decay_per_day: of importance.
        off_topic: what is done about boards that are about something else.
        tower: words to vectors and back.
        now: from which ages are counted; with zone.
    """

    options: ClusteringOptions
    keep_fraction: float
    decay_per_day: float
    off_topic: OffTopicMode
    tower: TextTower
    now: datetime

    def tastes(self, people: Sequence[TasteInputs], before: Centroids) -> list[FoundTaste]:
        """The tastes of these people, in their order; each as if found alone."""
        looked_at = people if self.off_topic != "ignore" else ()
        elsewhere = {person.user_id: off_topic_boards(person, self.tower) for person in looked_at}
        heard = people
        if self.off_topic == "leave_out":
            heard = [without_boards(person, elsewhere[person.user_id]) for person in people]
        sides = self._sides(heard)
        tastes = []
        for whole, person, found in zip(people, heard, sides, strict=True):
            # One by one: in a batch a text's vector is rounded otherwise, and would move with who else is due.
            vectors = self.tower.vectors([person.words]) if _only_words(person, found) else None
            word = None if vectors is None else vectors[0]
            treatment, silhouette, clusters = self._taste(person, found, before, word)
            boards = elsewhere.get(person.user_id, ())
            tastes.append(FoundTaste(whole, boards, len(person.statements), treatment, silhouette, clusters))
        return tastes

    def _sides(self, people: Sequence[TasteInputs]) -> list[list[_Side]]:
        asked: list[tuple[int, Polarity, NDArray[np.intp], Floats]] = []
        pins: list[Pins] = []
        for number, person in enumerate(people):
            weights = np.array([statement.weight for statement in person.statements])
            ages = np.array([self._age(statement) for statement in person.statements])
            for polarity, sign in _SIGNS:
                places = np.flatnonzero(np.sign(weights) == sign)
                if places.size:
                    strength = np.abs(weights[places]) * decayed(ages[places], self.decay_per_day)
                    asked.append((number, polarity, places, ages))
                    pins.append(Pins(person.vectors[places], strength))
        sides: list[list[_Side]] = [[] for _ in people]
        for (number, polarity, places, ages), taste in zip(asked, cluster_many(pins, self.options), strict=True):
            sides[number].append(_Side(polarity, places, ages, taste))
        return sides

    def _age(self, statement: Statement) -> float:
        return (self.now - statement.said_at).total_seconds() / SECONDS_PER_DAY

    def _taste(
        self, person: TasteInputs, sides: Sequence[_Side], before: Centroids, word: NDArray[np.float32] | None
    ) -> tuple[Treatment, float | None, tuple[FoundCluster, ...]]:
        drafts = self._kept([draft for side in sides for draft in self._drafts(person, side)])
        clusters = [one for polarity, _ in _SIGNS for one in self._clusters(person, polarity, drafts, before)]
        liked = next((side.taste for side in sides if side.polarity == "positive"), None)
        if liked is not None:
            return liked.shape, liked.silhouette, tuple(clusters)
        if word is None:
            return "none", None, tuple(clusters)
        return "words", None, (self._of_words(person, word, before), *clusters)

    def _drafts(self, person: TasteInputs, side: _Side) -> list[_Draft]:
        drafts = []
        for cluster in side.taste.clusters:
            places = side.places[cluster.members]
            members = tuple(person.statements[place] for place in places)
            signed = np.array([member.weight for member in members])
            score = float(signed @ decayed(side.ages[places], self.decay_per_day))
            medoid = person.statements[side.places[cluster.medoid]]
            drafts.append(_Draft(side.polarity, cluster, members, medoid, score))
        return drafts

    def _kept(self, drafts: list[_Draft]) -> list[_Draft]:
        """Without the weakest of what rests on ratings alone."""
        rated = [draft for draft in drafts if all(member.pin_id is None for member in draft.members)]
        if not rated:
            return drafts
        strong = strongest(np.array([draft.score for draft in rated]), self.keep_fraction)
        weak = {id(draft) for draft, kept in zip(rated, strong, strict=True) if not kept}
        return [draft for draft in drafts if id(draft) not in weak]

    def _clusters(
        self, person: TasteInputs, polarity: Polarity, drafts: Sequence[_Draft], before: Centroids
    ) -> list[FoundCluster]:
        mine = [draft for draft in drafts if draft.polarity == polarity]
        if not mine:
            return []
        centroids = np.stack([draft.cluster.centroid for draft in mine])
        medoids = np.stack([draft.cluster.medoid_vector for draft in mine])
        ids = cluster_ids(person.user_id, polarity, medoids, centroids, before.get((person.user_id, polarity), ()))
        total = sum(draft.cluster.weight for draft in mine)
        shares = [draft.cluster.weight / total if total > 0 else 1 / len(mine) for draft in mine]
        return [
            FoundCluster(
                identifier, polarity, draft.cluster.centroid, draft.cluster.medoid_vector, draft.medoid, draft.members,
                share, name,
            )
            for identifier, draft, share, name in zip(ids, mine, shares, self.tower.names(centroids), strict=True)
        ]  # fmt: skip

    def _of_words(self, person: TasteInputs, word: NDArray[np.float32], before: Centroids) -> FoundCluster:
        rows = word[None]
        (identifier,) = cluster_ids(
            person.user_id, "positive", rows, rows, before.get((person.user_id, "positive"), ())
        )
        # A text is no picture: comparing it with the vocabulary by what is ordinary for pictures would say nothing.
        return FoundCluster(identifier, "positive", word, word, None, (), 1.0, Name(None, None))


def _only_words(person: TasteInputs, sides: Sequence[_Side]) -> bool:
    return bool(person.words) and all(side.polarity != "positive" for side in sides)
