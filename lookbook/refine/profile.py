"""What is known of the person and the spaces before anything is searched: tastes, their weights as asked, examples."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from lookbook.refine import statements, vector_statements
from lookbook.refine.asks import LikeAsk
from lookbook.refine.looks import FACTORS, TASTES_OF_STYLE
from lookbook.refine.refinement import Refinement
from resources.spaces import EmbeddingSpace

EXAMPLE_PHOTOS: Final = 3
"""Photographs that stand for an example: never the mean of a venue, which is like none of its rooms."""


@dataclass(frozen=True, slots=True)
class SearchedSpace:
    """A current space, and the `ef_search` of its index; None where it has none."""

    space: EmbeddingSpace
    ef_search: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """A taste of the person.

    Attributes:
        share: among those of its polarity, as stored.
        weight: after what was asked; those of the liked sum to 1 unless all were asked away.
        vector: (dim,) float32, its centroid.
    """

    cluster_id: uuid.UUID
    is_liked: bool
    label: str | None
    medoid_pin_id: str | None
    medoid_photo_id: str | None
    share: float
    weight: float
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A venue or photograph that others shall be like, or not.

    Attributes:
        vectors: (1 to 3, dim) float32, of the photographs `photo_ids`.
    """

    ask: LikeAsk
    photo_ids: tuple[str, ...]
    vectors: NDArray[np.float32]


def current_spaces(connection: Connection) -> dict[str, SearchedSpace]:
    """The current space of each modality (`image`, `text`)."""
    found = {}
    for row in connection.execute(statements.current_spaces()).mappings():
        space = EmbeddingSpace(row["space_id"], row["modality"], row["model"], row["revision"], row["dim"])
        found[space.modality] = SearchedSpace(space, row["ef_search"] if row["kind"] == "hnsw" else None)
    return {str(modality): space for modality, space in found.items()}


def read_tastes(connection: Connection, user_id: uuid.UUID, space: EmbeddingSpace, wanted: Refinement) -> list[Taste]:
    """The person's tastes, liked ones first, with the weights that the refinement gives them."""
    rows = connection.execute(statements.tastes(), {"user_id": user_id, "space_id": space.space_id})
    tastes = [
        Taste(
            row.cluster_id, row.polarity == "positive", row.label, row.medoid_pin_id, row.medoid_photo_id, row.weight,
            row.weight, row.centroid_vector,
        )
        for row in rows
    ]  # fmt: skip
    return reweighted(tastes, wanted)


def reweighted(tastes: Sequence[Taste], wanted: Refinement) -> list[Taste]:
    """The tastes with the weights that are asked for.

    What is liked sums to 1 again. Of what is disliked each is scaled by itself, so that caring less about one does not
    make another worse.
    """
    scaled = [replace(taste, weight=taste.share * _factor(taste, wanted)) for taste in tastes]
    total = sum(taste.weight for taste in scaled if taste.is_liked)
    return [replace(taste, weight=taste.weight / total) if taste.is_liked and total else taste for taste in scaled]


def _factor(taste: Taste, wanted: Refinement) -> float:
    factor = next((ask.factor for ask in wanted.tastes if ask.cluster_id == taste.cluster_id), 1.0)
    if taste.is_liked:
        for look in wanted.looks:
            if look.style and taste.label in TASTES_OF_STYLE.get(look.style, ()):
                factor *= FACTORS[look.amount]
    return factor


def read_examples(
    connection: Connection, likes: Iterable[LikeAsk], space: EmbeddingSpace, tastes: Sequence[Taste]
) -> list[Example]:
    """The examples that have pictures in this space, each with the photographs that speak most to the person.

    Of a venue these are the nearest to each of the person's tastes, the heaviest taste first, and then the first
    on its site.
    """
    asks = tuple(likes)
    if not asks:
        return []
    values = {
        "venue_ids": sorted(ask.venue_id for ask in asks if ask.venue_id and not ask.photo_id),
        "photo_ids": sorted(ask.photo_id for ask in asks if ask.photo_id),
        "space_id": space.space_id,
    }
    rows = connection.execute(vector_statements.example_vectors(), values).all()
    examples = []
    for ask in asks:
        own = {
            row.photo_id: row.embedding
            for row in rows
            if (row.photo_id == ask.photo_id if ask.photo_id else row.venue_id == ask.venue_id)
        }
        if own:
            chosen = _telling(own, tastes)
            examples.append(Example(ask, chosen, np.stack([own[photo] for photo in chosen])))
    return examples


def _telling(photos: dict[str, NDArray[np.float32]], tastes: Sequence[Taste]) -> tuple[str, ...]:
    ids, vectors = list(photos), np.stack(list(photos.values()))
    liked = sorted((taste for taste in tastes if taste.is_liked), key=lambda taste: -taste.weight)
    nearest = [ids[int(np.argmax(vectors @ taste.vector))] for taste in liked]
    return tuple(dict.fromkeys([*nearest, *ids]))[:EXAMPLE_PHOTOS]
