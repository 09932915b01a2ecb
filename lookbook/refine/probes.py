"""What the pictures and summaries are asked with: one vector for each taste, look, example photograph, description.

Made from what was asked and what is known of the person; what cannot be used is said, never dropped in silence.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from lookbook.refine import statements
from lookbook.refine.asks import LookAsk
from lookbook.refine.encoding import QueryEncoders, SpaceNotServedError
from lookbook.refine.profile import Example, SearchedSpace, Taste, read_examples, read_tastes
from lookbook.refine.refinement import Refinement
from lookbook.refine.scoring import EXAMPLE, LOOK, TASTE_PHOTOS
from lookbook.refine.wording import chip_text
from taste_assets.model.lists import mixed_queries

Vectors = NDArray[np.float32]

TURN: Final = 0.5
"""Share of what the ranking adds up by which a query is turned; docs/refine.md has recall."""

_NOWHERE = 1e-3  # of a sum of unit vectors that cancel


@dataclass(frozen=True, slots=True, eq=False)
class Probes:
    """Everything there is to ask with.

    Attributes:
        image, text: the current spaces; None where there is none yet.
        tastes: all of the person's, with their weights as asked.
        looks, look_vectors: in this order, (looks, dim).
        examples: of "more like" and "less like".
        words, word_vectors: descriptions, (descriptions, dim) in the text space.
        is_last_stated: the last of them is what the person said when they joined, which counts beside their tastes as
            it does in the stored lists.
        refused: venues that the person never wants to see again.
        left_out: what could not be used, for people to read.
    """

    image: SearchedSpace | None = None
    text: SearchedSpace | None = None
    tastes: tuple[Taste, ...] = ()
    looks: tuple[LookAsk, ...] = ()
    look_vectors: Vectors | None = None
    examples: tuple[Example, ...] = ()
    words: tuple[str, ...] = ()
    word_vectors: Vectors | None = None
    is_last_stated: bool = False
    refused: tuple[uuid.UUID, ...] = ()
    left_out: tuple[str, ...] = field(default=())

    @property
    def liked(self) -> list[Taste]:
        """The tastes that count."""
        return [taste for taste in self.tastes if taste.is_liked and taste.weight > 0]

    @property
    def disliked(self) -> list[Taste]:
        """What is disliked and still counts."""
        return [taste for taste in self.tastes if not taste.is_liked and taste.weight > 0]

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to compare venues by."""
        return not (self.liked or self.looks or self.examples or self.words)

    @property
    def asks_only_against(self) -> bool:
        """Whether there is nothing to look for, only something to avoid: then their stored list is what is changed."""
        looks_for_nothing = all(look.amount != "more" for look in self.looks)
        return not (self.liked or self.words) and looks_for_nothing and not any(one.ask.more for one in self.examples)

    def queries(self) -> Vectors:
        """What ranks the venues: the tastes' mixed queries, then `others`; (n, dim)."""
        liked = self.liked
        if not liked:
            return self.others()
        centroids = np.stack([taste.vector for taste in liked])
        weights = np.array([taste.weight for taste in liked])
        return np.concatenate([mixed_queries(centroids, weights), self.others()])

    def photos_compared(self) -> list[int]:
        """For each of `queries`, by how many of a venue's photographs it is judged: tastes as in the stored lists."""
        tastes = len(self.liked) + len(self.disliked)
        return [TASTE_PHOTOS] * tastes + [1] * (len(self.queries()) - tastes)

    def evidence(self) -> Vectors:
        """What venues are explained by: the liked tastes' centroids, then `others`; (n, dim)."""
        return np.concatenate([_stacked([taste.vector for taste in self.liked], self._dim), self.others()])

    def others(self) -> Vectors:
        """The disliked tastes, the looks, the examples' photographs; (n, dim)."""
        parts = [_stacked([taste.vector for taste in self.disliked], self._dim)]
        if self.look_vectors is not None:
            parts.append(self.look_vectors)
        return np.concatenate([*parts, *(example.vectors for example in self.examples)])

    def seeking(self) -> Vectors:
        """What good candidates are near to, (n, dim).

        Each taste's query, turned towards the looks and examples of which more is wanted and away from the others; and,
        by themselves, those of which more is wanted. Turned less than the ranking adds up: of the photographs of a
        venue, one may answer to the taste and another to the look.
        """
        towards = np.zeros(self._dim)
        wanted: list[NDArray[np.float32]] = []
        for look, vector in zip(self.looks, self.look_vectors if self.looks and self.look_vectors is not None else (),
                                strict=True):  # fmt: skip
            towards = towards + TURN * (LOOK if look.amount == "more" else -LOOK) * vector
            wanted += [vector] if look.amount == "more" else []
        for example in self.examples:
            towards = towards + TURN * (EXAMPLE if example.ask.more else -EXAMPLE) * example.vectors.mean(axis=0)
            wanted += list(example.vectors) if example.ask.more else []
        turned = self.queries()[: len(self.liked)] + towards
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        turned = (turned / np.maximum(lengths, 1e-6)).astype(np.float32)[lengths[:, 0] > _NOWHERE]
        return np.concatenate([turned, _stacked(wanted, self._dim)])

    @property
    def _dim(self) -> int:
        return self.image.space.dim if self.image else 1


def read_probes(
    connection: Connection, user_id: uuid.UUID, wanted: Refinement, spaces: dict[str, SearchedSpace],
    encoders: QueryEncoders,
) -> Probes:  # fmt: skip
    """Everything this refinement can ask with, for this person."""
    image, text = spaces.get("image"), spaces.get("text")
    left_out: list[str] = []
    tastes = read_tastes(connection, user_id, image.space, wanted) if image else []
    look_vectors = _looks(wanted.looks, image, encoders, left_out)
    examples = read_examples(connection, wanted.likes, image.space, tastes) if image else []
    with_pictures = {example.ask for example in examples}
    left_out += [f"{chip_text(like)}: no picture of it is here" for like in wanted.likes if like not in with_pictures]
    asked = tuple(ask.words for ask in wanted.words)
    stated = (connection.scalar(statements.preference_text(), {"user_id": user_id}) or "").strip()
    is_last_stated = bool(stated and any(taste.is_liked and taste.weight > 0 for taste in tastes))
    # Who has no pictures is taken at their word, unless they say something else now.
    words = (*asked, stated) if is_last_stated or (stated and not asked) else asked
    word_vectors = _descriptions(words, text, encoders, left_out)
    if any(taste.is_liked for taste in tastes) and not any(taste.is_liked and taste.weight > 0 for taste in tastes):
        left_out.append("all your tastes are turned off, so none of them decides")
    return Probes(
        image=image,
        text=text,
        tastes=tuple(tastes),
        looks=wanted.looks if look_vectors is not None else (),
        look_vectors=look_vectors,
        examples=tuple(examples),
        words=words if word_vectors is not None else (),
        word_vectors=word_vectors,
        is_last_stated=is_last_stated and word_vectors is not None,
        refused=tuple(connection.scalars(statements.refused(), {"user_id": user_id})),
        left_out=tuple(left_out),
    )


def _looks(
    looks: Sequence[LookAsk], searched: SearchedSpace | None, encoders: QueryEncoders, left_out: list[str]
) -> Vectors | None:
    if not looks:
        return None
    if searched is None:
        left_out.append(f"{', '.join(map(chip_text, looks))}: no venue has pictures to compare yet")
        return None
    try:
        return encoders.looks([look.words for look in looks], searched.space)
    except SpaceNotServedError as error:
        left_out.append(f"{', '.join(map(chip_text, looks))} among the pictures: {error}")
        return None


def _descriptions(
    words: Sequence[str], searched: SearchedSpace | None, encoders: QueryEncoders, left_out: list[str]
) -> Vectors | None:
    if not words:
        return None
    if searched is None:
        left_out.append(f"{', '.join(words)}: no venue has summaries to compare yet")
        return None
    try:
        return encoders.descriptions(words, searched.space)
    except SpaceNotServedError as error:
        left_out.append(f"{', '.join(words)} among the descriptions: {error}")
        return None


def _stacked(vectors: Sequence[NDArray[np.float32]], dim: int) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, dim), np.float32)
