"""A plug-in image encoder: the quantised MobileNetV1 embedding extractor of the test material, run by LiteRT.

    IMAGE_ENCODER=python:tests.plugins.mobilenet_litert:encoder

It has no text tower. 1024 dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.encoders.pictures import Framing
from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.vectors import make_space, unit_rows
from resources.encoders.weights import content_sha256
from resources.spaces import EmbeddingSpace

WEIGHTS: Final = (
    Path(__file__).resolve().parents[3]
    / "shared/material/encoders/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite"
)
_MODEL: Final = "python:tests.plugins.mobilenet_litert:encoder"
# The whole picture, as ImageNet classifiers are commonly run; a scene is often told by its edges.
_FRAMING: Final = Framing(224, 224, mode="squash", interpolation="bilinear")


class MobileNetEncoder:
    """Pictures to the 1024 averaged features before the classifier."""

    runtime: Final = Runtime("cpu", "uint8", 32)
    supports_text: Final = False

    @cached_property
    def space(self) -> EmbeddingSpace:
        return make_space("image", _MODEL, content_sha256(WEIGHTS), 1024)

    def prepare(self, content: bytes) -> NDArray[np.uint8]:
        return _FRAMING.pixels(content)

    def encode_prepared(self, batch: NDArray[Any]) -> Vectors:
        into = self._interpreter.get_input_details()[0]
        out = self._interpreter.get_output_details()[0]
        scale, zero = out["quantization"]
        features = np.empty((len(batch), 1024), dtype=np.float32)
        for row, picture in zip(features, batch, strict=True):  # its input has room for one
            self._interpreter.set_tensor(into["index"], picture[np.newaxis])
            self._interpreter.invoke()
            row[:] = (self._interpreter.get_tensor(out["index"]).ravel().astype(np.float32) - zero) * scale
        return unit_rows(features)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError("MobileNet has no text tower")

    @cached_property
    def _interpreter(self) -> Any:
        # Imported by name: it has no types, and where it is not installed these tests are skipped.
        interpreter = import_module("ai_edge_litert.interpreter").Interpreter(model_path=str(WEIGHTS), num_threads=1)
        interpreter.allocate_tensors()
        return interpreter


def encoder() -> MobileNetEncoder:
    """The factory that the setting names."""
    return MobileNetEncoder()
