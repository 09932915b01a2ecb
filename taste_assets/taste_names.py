"""What clusters are called, what pictures are about, and what words without pictures mean: the text tower, where it is.

The comparisons are `taste_assets.model.labels` and `topics`, the words compared with `taste_assets.model.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, exists, select

from resources.encoders.protocols import ImageEncoder, Vectors
from resources.schema import photo_embeddings, venue_photos
from resources.spaces import EmbeddingSpace
from resources.vectors import photo_vectors
from taste_assets.model.chance import Chance, measure_chance
from taste_assets.model.labels import UNNAMED, label_baseline, label_clusters
from taste_assets.model.taste import ClusteringOptions
from taste_assets.model.topics import Words, off_topic_share
from taste_assets.model.vectors import mean_similarity, unit_rows
from taste_assets.model.vocabulary import AESTHETICS, OTHER_SUBJECTS, Aesthetic

SAMPLE: Final = 2000
"""Stored pictures that stand for all: the mean similarity of that many is good to the third digit."""

LEAST_SAMPLE: Final = 100
"""With fewer, nothing is said of what is ordinary in a space."""


@dataclass(frozen=True, slots=True)
class Name:
    """A cluster's label and by how much it leads; both None where nothing can be said in words."""

    label: str | None
    margin: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Stored pictures that stand for what is ordinary in a space.

    Attributes:
        vectors: (n, dim) float32, by photo id, which is a hash and so as good as chance.
        is_catalogue: whether they are of venues; else of whatever is stored, which may be one person's pins.
    """

    vectors: NDArray[np.float32] = field(repr=False)
    is_catalogue: bool

    @property
    def unrelated_similarity(self) -> float | None:
        """Mean cosine similarity of pictures picked at random; None where the sample is too small to say."""
        return mean_similarity(unit_rows(self.vectors)) if len(self.vectors) >= LEAST_SAMPLE else None

    def chance(self, options: ClusteringOptions) -> tuple[Chance, ...]:
        """For `ClusteringOptions`; empty without a catalogue, since nobody is compared with their own pins."""
        if not self.is_catalogue:
            return ()
        return measure_chance(self.vectors, options.most_clusters, options.restarts)


def read_sample(connection: Connection, space: EmbeddingSpace) -> Sample:
    """Up to `SAMPLE` venues' photographs, or of all stored pictures where fewer than `LEAST_SAMPLE` are venues'."""
    stored = select(photo_embeddings.c.photo_id).where(photo_embeddings.c.space_id == space.space_id)
    stored = stored.order_by(photo_embeddings.c.photo_id).limit(SAMPLE)
    of_venues = stored.where(exists().where(venue_photos.c.photo_id == photo_embeddings.c.photo_id))
    catalogue = list(connection.scalars(of_venues))
    is_catalogue = len(catalogue) >= LEAST_SAMPLE
    ids = catalogue if is_catalogue else list(connection.scalars(stored))
    return Sample(photo_vectors(connection, space.space_id, ids).matrix, is_catalogue)


@dataclass
class TextTower:
    """The text side of a space; nothing is loaded before it is asked.

    Attributes:
        encoder: whose space is the one clusters lie in, and which has a text tower; None where there is none.
        sample: pictures of the space, (n, dim).
    """

    encoder: ImageEncoder | None
    sample: NDArray[np.float32] = field(repr=False)

    @classmethod
    def of(cls, encoder: ImageEncoder, space: EmbeddingSpace, sample: NDArray[np.float32]) -> TextTower:
        """The tower of this encoder, if it has one and readers compare in its space (not while models change)."""
        fits = encoder.space.space_id == space.space_id and encoder.supports_text
        return cls(encoder if fits else None, sample)

    def names(self, centroids: NDArray[Any]) -> list[Name]:
        """A name for each cluster, (k, dim) unit vectors in."""
        if self.encoder is None:
            return [Name(None, None)] * len(centroids)
        if len(self.sample) < LEAST_SAMPLE:
            return [Name(UNNAMED, None)] * len(centroids)
        words = self._aesthetics
        labels = label_clusters(centroids, [one.name for one in AESTHETICS], words.texts, words.baseline)
        return [Name(label.name, label.margin) for label in labels]

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """What these words look like, (n, dim); None where the space has no words."""
        return None if self.encoder is None else self.encoder.encode_texts(texts)

    def off_topic_share(self, pictures: NDArray[np.float32]) -> float | None:
        """Share of these pictures, (n, dim), that show one of `OTHER_SUBJECTS`; None where nothing can be said."""
        if self.encoder is None or len(self.sample) < LEAST_SAMPLE:
            return None
        return off_topic_share(pictures, self._aesthetics, self._other_subjects)

    @cached_property
    def _aesthetics(self) -> Words:
        return self._words(AESTHETICS)

    @cached_property
    def _other_subjects(self) -> Words:
        return self._words(OTHER_SUBJECTS)

    def _words(self, labels: Sequence[Aesthetic]) -> Words:
        assert self.encoder is not None  # noqa: S101 - for the type checker
        rows = iter(self.encoder.encode_texts([prompt for label in labels for prompt in label.prompts]))
        sums = np.stack([np.sum([next(rows) for _ in label.prompts], axis=0, dtype=np.float64) for label in labels])
        texts = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return Words(texts, label_baseline(self.sample, texts))
