"""Words to vectors: looks in the space of pictures, descriptions in the space of summaries. No search here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resources.encoders.load import image_encoder, text_encoder
from resources.encoders.protocols import ImageEncoder, TextEncoder
from resources.settings import Settings
from resources.spaces import EmbeddingSpace

Vectors = NDArray[np.float32]

REMEMBERED: Final = 2_000
"""Texts whose vectors are kept: people say the same words, and a conversation searches again at each turn."""

PROMPTS: Final = ("a photo of {}", "a wedding venue, {}", "{}")
"""Captions that a picture of a look might have: their mean names pictures better than one (Radford et al., ICML 2021,
section 3.1.4)."""


class SpaceNotServedError(RuntimeError):
    """Words cannot be compared in the current space; the message says why."""


class QueryEncoders:
    """The encoders of the settings, asked for words only; usable from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    def looks(self, texts: Sequence[str], space: EmbeddingSpace) -> Vectors:
        """Unit vectors of looks among the pictures: (n, dim) float32.

        Raises:
            SpaceNotServedError: IMAGE_ENCODER reads no text, or makes vectors of another space than the current one.
            SetupError: its weights cannot be loaded.
        """
        encoder: ImageEncoder = image_encoder(self._settings)
        if encoder.space != space:
            raise SpaceNotServedError(f"the pictures are compared in {space.space_id}, IMAGE_ENCODER is another")
        if not encoder.supports_text:
            raise SpaceNotServedError(f"{space.model} reads no words")
        return self._vectors(texts, space, lambda text: _ensemble(encoder, text))

    def descriptions(self, texts: Sequence[str], space: EmbeddingSpace) -> Vectors:
        """Unit vectors of what people ask for among the summaries: (n, dim) float32.

        Raises:
            SpaceNotServedError: TEXT_ENCODER makes vectors of another space than the current one.
            SetupError: it cannot be loaded or reached.
        """
        encoder: TextEncoder = text_encoder(self._settings)
        if encoder.space != space:
            raise SpaceNotServedError(f"the summaries are compared in {space.space_id}, TEXT_ENCODER is another")
        return self._vectors(texts, space, lambda text: encoder.encode_queries([text])[0])

    def _vectors(
        self, texts: Sequence[str], space: EmbeddingSpace, encode: Callable[[str], NDArray[np.float32]]
    ) -> Vectors:
        with self._lock:  # a model answers one thread at a time
            return np.stack([self._vector((space.space_id, text), encode) for text in texts])

    def _vector(self, key: tuple[str, str], encode: Callable[[str], NDArray[np.float32]]) -> NDArray[np.float32]:
        if key not in self._known:
            self._known[key] = encode(key[1])
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def _ensemble(encoder: ImageEncoder, text: str) -> NDArray[np.float32]:
    mean = encoder.encode_texts([prompt.format(text) for prompt in PROMPTS]).astype(np.float64).sum(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
