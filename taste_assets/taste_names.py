"""What clusters are called, and what words without pictures mean: the image encoder's text tower, where it has one.

The comparison itself is `taste_assets.model.labels`, the words compared with `taste_assets.model.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from resources.encoders.protocols import ImageEncoder, Vectors
from resources.schema import photo_embeddings
from resources.spaces import EmbeddingSpace
from resources.vectors import photo_vectors
from taste_assets.model.labels import UNNAMED, LabelBaseline, label_baseline, label_clusters
from taste_assets.model.vectors import mean_similarity, unit_rows
from taste_assets.model.vocabulary import AESTHETICS

SAMPLE: Final = 2000
"""Stored pictures that stand for all: the mean similarity of that many is good to the third digit."""

LEAST_SAMPLE: Final = 100
"""With fewer, nothing is said of what is ordinary in a space."""


@dataclass(frozen=True, slots=True)
class Name:
    """A cluster's label and by how much it leads; both None where nothing can be said in words."""

    label: str | None
    margin: float | None


def sample_vectors(connection: Connection, space: EmbeddingSpace) -> NDArray[np.float32]:
    """Vectors of up to `SAMPLE` stored pictures, (n, dim): by id, which is a hash and so as good as chance."""
    ids = connection.scalars(
        select(photo_embeddings.c.photo_id)
        .where(photo_embeddings.c.space_id == space.space_id)
        .order_by(photo_embeddings.c.photo_id)
        .limit(SAMPLE)
    )
    return photo_vectors(connection, space.space_id, list(ids)).matrix


def unrelated_similarity(sample: NDArray[np.float32]) -> float | None:
    """Mean cosine similarity of pictures picked at random; None where the sample is too small to say."""
    return mean_similarity(unit_rows(sample)) if len(sample) >= LEAST_SAMPLE else None


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
        texts, baseline = self._vocabulary
        labels = label_clusters(centroids, [one.name for one in AESTHETICS], texts, baseline)
        return [Name(label.name, label.margin) for label in labels]

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """What these words look like, (n, dim); None where the space has no words."""
        return None if self.encoder is None else self.encoder.encode_texts(texts)

    @cached_property
    def _vocabulary(self) -> tuple[NDArray[np.float64], LabelBaseline]:
        assert self.encoder is not None  # noqa: S101 - for the type checker
        prompts = [prompt for aesthetic in AESTHETICS for prompt in aesthetic.prompts]
        rows = iter(self.encoder.encode_texts(prompts).astype(np.float64))
        sums = np.stack([np.sum([next(rows) for _ in aesthetic.prompts], axis=0) for aesthetic in AESTHETICS])
        texts = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return texts, label_baseline(self.sample, texts)
