"""A plug-in image encoder with no model behind it: mean colours on a grid, which are real, comparable vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.encoders.pictures import Framing
from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.vectors import make_space, unit_rows
from resources.spaces import EmbeddingSpace

_FRAMING: Final = Framing(4, 4, mode="squash", interpolation="bilinear")


class ColourEncoder:
    """Sixteen colours, less their grey."""

    supports_text: Final = False

    def __init__(self, version: str = "1", batch_size: int = 4) -> None:
        self.space: EmbeddingSpace = make_space("image", "python:tests.plugins.colours:encoder", version, 48)
        self.runtime = Runtime("cpu", "float32", batch_size)
        self.encoded = 0

    def prepare(self, content: bytes) -> NDArray[np.uint8]:
        return _FRAMING.pixels(content)

    def encode_prepared(self, batch: NDArray[Any]) -> Vectors:
        self.encoded += len(batch)
        return unit_rows(batch.reshape(len(batch), -1).astype(np.float32) - 127.3)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError("colours have no words")


def encoder() -> ColourEncoder:
    """The factory that a setting names."""
    return ColourEncoder()


def another_version() -> ColourEncoder:
    """As after a change of the model: another space."""
    return ColourEncoder(version="2")


def not_an_encoder() -> str:
    """A factory that is wrong."""
    return "no encoder"
