"""What an encoder is: two small protocols, for our own implementations and for plug-ins alike.

No implementation belongs here. Every vector handed out is float32 and of length 1, whatever precision the model
computes in: conversion to float32 comes first, normalisation after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from resources.spaces import EmbeddingSpace

Vectors = NDArray[np.float32]
"""Shape (n, dim), float32, rows of length 1."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """How a model runs here.

    Attributes:
        device: "cpu", "cuda", or what a plug-in calls its own.
        dtype: precision of the forward pass, e.g. "bfloat16".
        batch_size: pictures per forward pass that serve the device best.
    """

    device: str
    dtype: str
    batch_size: int


@runtime_checkable
class ImageEncoder(Protocol):
    """Photographs, and with a two-tower model short texts, to vectors of one space.

    `space` must be cheap: it is asked for in every run, also when there is nothing to encode. Load weights on the first
    call of another member.
    """

    @property
    def space(self) -> EmbeddingSpace:
        """The space of every vector this encoder makes; modality "image"."""

    @property
    def runtime(self) -> Runtime:
        """Device, precision and batch size."""

    @property
    def supports_text(self) -> bool:
        """Whether `encode_texts` works."""

    def prepare(self, content: bytes) -> NDArray[Any]:
        """Decode and transform one picture file to the model's input, the same shape and dtype for every picture.

        Called from several threads at once.

        Raises:
            UnreadablePictureError: these bytes are no picture, and will not become one.
        """

    def encode_prepared(self, batch: NDArray[Any]) -> Vectors:
        """Vectors of n prepared pictures, stacked along a new first axis. Called from one thread."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors of short texts in the pictures' space; cut at the model's context length.

        Raises:
            NotImplementedError: the model has no text tower (`supports_text` is False).
        """


@runtime_checkable
class TextEncoder(Protocol):
    """Documents and queries to vectors of one space. What a model wants before a text is added inside.

    As with pictures, `space` must be cheap.
    """

    @property
    def space(self) -> EmbeddingSpace:
        """The space of every vector this encoder makes; modality "text"."""

    @property
    def runtime(self) -> Runtime:
        """Device, precision and batch size."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found.

        Raises:
            ValueError: a text is blank.
        """

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask for.

        Raises:
            ValueError: a text is blank.
        """


def encode_images(encoder: ImageEncoder, contents: Sequence[bytes]) -> Vectors:
    """Vectors of a few picture files, one row each, in order; for many, see `pipeline.encode_photos`.

    Raises:
        UnreadablePictureError: one of them is no picture.
    """
    size = encoder.runtime.batch_size
    parts = [np.empty((0, encoder.space.dim), dtype=np.float32)]
    for start in range(0, len(contents), size):
        batch = np.stack([encoder.prepare(content) for content in contents[start : start + size]])
        parts.append(encoder.encode_prepared(batch))
    return np.concatenate(parts)
