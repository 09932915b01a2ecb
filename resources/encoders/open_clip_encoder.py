"""The image encoder that runs any open_clip model: both of its towers, in the precision the device is fastest in.

Which files a setting stands for is `open_clip_source`; decoding is `pictures`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from resources import torch_runtime
from resources.encoders.devices import Precision, choose_runtime
from resources.encoders.open_clip_source import ClipSource, clip_source
from resources.encoders.pictures import Framing
from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.spec import EncoderSpec
from resources.encoders.vectors import require_words, unit_rows
from resources.encoders.weights import loading_errors
from resources.errors import SetupError
from resources.spaces import EmbeddingSpace

if TYPE_CHECKING:
    import torch

_TEXT_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model on its device. `scale` and `shift` (1, 3, 1, 1) make of pixels from 0 to 255 what it was trained on."""

    model: Any
    framing: Framing
    scale: torch.Tensor
    shift: torch.Tensor


class OpenClipEncoder:
    """An open_clip model, loaded on first use.

    Args:
        spec: of kind "open_clip".
        precision: of the forward pass.
    """

    supports_text: Final = True

    def __init__(self, spec: EncoderSpec, precision: Precision = "auto") -> None:
        self._spec = spec
        self._precision: Precision = precision
        self._lock = threading.Lock()
        self._ready: _Loaded | None = None

    @cached_property
    def _source(self) -> ClipSource:
        return clip_source(self._spec)

    @property
    def space(self) -> EmbeddingSpace:
        """The model's space; finds its weights and does not load them.

        Raises:
            SetupError: see `clip_source`.
        """
        return self._source.space

    @cached_property
    def runtime(self) -> Runtime:
        """Device, precision and batch size."""
        return choose_runtime(self._precision)

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._ready is not None

    @property
    def model(self) -> Any:
        """open_clip's model itself, on its device and in its precision; loads it."""
        return self._loaded().model

    def prepare(self, content: bytes) -> NDArray[np.uint8]:
        """The picture as the model wants it but for normalisation: (height, width, 3) uint8, a quarter of its floats.

        Raises:
            UnreadablePictureError: the bytes are no picture.
        """
        return self._loaded().framing.pixels(content)

    def encode_prepared(self, batch: NDArray[Any]) -> Vectors:
        """Vectors of prepared pictures, (n, height, width, 3) uint8."""
        loaded = self._loaded()
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(loaded.scale.device).permute(0, 3, 1, 2)
            inputs = torch.addcmul(loaded.shift, pixels.float(), loaded.scale).to(self._dtype())
            return unit_rows(loaded.model.encode_image(inputs).float().cpu().numpy())

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors of short texts in the pictures' space, cut at the model's context length.

        Raises:
            ValueError: a text is blank.
        """
        require_words(texts)
        loaded = self._loaded()
        import torch

        parts = [np.empty((0, self.space.dim), dtype=np.float32)]
        with torch.inference_mode():
            for start in range(0, len(texts), _TEXT_BATCH):
                tokens = self._tokenizer(list(texts[start : start + _TEXT_BATCH])).to(loaded.scale.device)
                parts.append(unit_rows(loaded.model.encode_text(tokens).float().cpu().numpy()))
        return np.concatenate(parts)

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            return torch_runtime.open_clip().get_tokenizer(self._source.tokenizer)
        except OSError as error:  # some models' tokenizers are files of another repository
            raise SetupError(
                f"the tokenizer of {self._spec} is not on this machine and cannot be fetched: {error}",
                f"connect this machine once, or name another model in {self._spec.setting}",
            ) from error

    def _dtype(self) -> torch.dtype:
        import torch

        return torch.bfloat16 if self.runtime.dtype == "bfloat16" else torch.float32

    def _loaded(self) -> _Loaded:
        with self._lock:  # several threads prepare the first pictures
            if self._ready is None:
                self._ready = self._load()
            return self._ready

    def _load(self) -> _Loaded:
        open_clip = torch_runtime.open_clip()
        import torch

        source = self._source
        try:
            model = open_clip.create_model(source.model, require_pretrained=True, **source.options)
        except loading_errors() as error:
            raise SetupError(
                f"the weights {source.weights} do not load as {self._spec}: {error}",
                f"replace the file, or name another model in {self._spec.setting}",
            ) from error
        model.eval().to(device=self.runtime.device, dtype=self._dtype())
        wanted = model.visual.preprocess_cfg
        mean = torch.tensor(wanted["mean"], device=self.runtime.device).reshape(1, 3, 1, 1)
        std = torch.tensor(wanted["std"], device=self.runtime.device).reshape(1, 3, 1, 1)
        return _Loaded(model, _framing(wanted), 1 / (255 * std), -mean / std)


def _framing(wanted: dict[str, Any]) -> Framing:
    size = wanted["size"]
    height, width = (size, size) if isinstance(size, int) else size
    # "random" is for training; open_clip infers with bicubic then.
    interpolation: Any = "bilinear" if wanted["interpolation"] == "bilinear" else "bicubic"
    fill = wanted["fill_color"]
    return Framing(height, width, wanted["resize_mode"], interpolation, int(fill))
