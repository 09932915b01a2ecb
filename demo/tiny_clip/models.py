"""Opening and saving models as open_clip does. What a model is trained on, and how, belongs elsewhere."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.tiny_clip import WEIGHTS
from resources import torch_runtime

if TYPE_CHECKING:
    import torch

CONFIG_FILE: Final = "open_clip_config.json"
WEIGHTS_FILE: Final = "open_clip_model.safetensors"
"""The first of the names that open_clip looks for in a `local-dir:`."""

FRESH: Final = "fresh"
_OPEN_CLIP: Final = "open_clip:"
_LOCAL_DIR: Final = "local-dir:"
_WEIGHTS_SUFFIXES: Final = frozenset({".safetensors", ".bin", ".pth"})
# open_clip's own augmentation. No mirroring: the painter mirrors half of its pictures, and captions of real
# photographs may say left and right.
_AUGMENTATION: Final = {
    "scale": (0.55, 1.0),
    "color_jitter": (0.25, 0.25, 0.25, 0.03),
    "color_jitter_prob": 0.8,
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model with all that belongs to it.

    Attributes:
        clip: open_clip's model.
        config: the content of its `open_clip_config.json`.
        train_view: PIL picture to input tensor, augmented.
        view: PIL picture to input tensor, as at inference.
        tokenizer: texts to a (texts, context length) tensor of token ids.
    """

    clip: torch.nn.Module
    config: dict[str, Any]
    train_view: Callable[[Image.Image], torch.Tensor]
    view: Callable[[Image.Image], torch.Tensor]
    tokenizer: Callable[[Sequence[str]], torch.Tensor]


def open_model(init: str, device: str = "cpu", seed: int = 0) -> Model:
    """The model that `init` names, on `device`.

    Args:
        init: `fresh` (the tiny model with random weights), `local-dir:PATH` or `open_clip:MODEL/TAG`
            (a tag may be the path of a weights file).
        device: torch's name of it.
        seed: decides random weights.

    Raises:
        ValueError: `init` is none of these.
        FileNotFoundError: the folder is not there or holds no weights.
        RuntimeError: open_clip does not know the model or tag, or cannot fetch it.
    """
    open_clip = torch_runtime.open_clip()
    import torch

    name, options = _named(init)
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        # Said of the colour jitter, which is used.
        warnings.filterwarnings("ignore", message="Unused augmentation cfg items")
        made = open_clip.create_model_and_transforms(name, device=device, aug_cfg=_AUGMENTATION, **options)
    clip, train_view, view = made
    # Convolutions on a CPU are several times faster in this layout of memory.
    clip.to(memory_format=torch.channels_last)
    config = {"model_cfg": open_clip.get_model_config(name), "preprocess_cfg": clip.visual.preprocess_cfg}
    return Model(clip, config, train_view, view, open_clip.get_tokenizer(name))


def _named(init: str) -> tuple[str, dict[str, Any]]:
    """open_clip's name of a model, and the options to create it with."""
    if init == FRESH:
        return f"{_LOCAL_DIR}{WEIGHTS}", {"load_weights": False}
    if init.startswith(_LOCAL_DIR):
        folder = Path(init.removeprefix(_LOCAL_DIR))
        # open_clip would only warn, and go on with random weights.
        if not any(file.suffix in _WEIGHTS_SUFFIXES for file in folder.glob("*")):
            raise FileNotFoundError(f"{folder} holds no weights")
        return init, {}
    if init.startswith(_OPEN_CLIP) and "/" in init:
        name, _, tag = init.removeprefix(_OPEN_CLIP).partition("/")
        return name, {"pretrained": tag}
    raise ValueError(f"init is {FRESH}, {_LOCAL_DIR}PATH or {_OPEN_CLIP}MODEL/TAG, not {init!r}")


def save_model(model: Model, folder: Path) -> None:
    """Write the model as a folder that open_clip opens as `local-dir:`, weights in half precision.

    Each file is replaced as a whole, so an interrupted call leaves the older one.

    Raises:
        ValueError: a weight is not finite in half precision.
    """
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, tensor in model.clip.state_dict().items():
        tensors[name] = (tensor.half() if tensor.is_floating_point() else tensor).cpu().contiguous()
        if not bool(tensors[name].isfinite().all()):
            raise ValueError(f"{name} is not finite in half precision")
    _replace(folder / WEIGHTS_FILE, lambda path: path.write_bytes(save(tensors)))
    text = json.dumps(model.config, indent=2) + "\n"
    _replace(folder / CONFIG_FILE, lambda path: path.write_text(text))


def _replace(file: Path, write: Callable[[Path], Any]) -> None:
    partial = file.with_suffix(f".{os.getpid()}.part")
    write(partial)
    partial.replace(file)


def _batches(pictures: Iterable[Image.Image], size: int) -> Iterator[list[Image.Image]]:
    remaining = iter(pictures)
    while batch := list(islice(remaining, size)):
        yield batch


class Encoder:
    """A trained model that turns pictures and texts into unit vectors, read from its folder by open_clip."""

    def __init__(self, folder: Path, batch_size: int = 64) -> None:
        """Open the model in `folder` for inference on the CPU.

        Raises:
            FileNotFoundError: the folder is not there or holds no weights.
        """
        self._model = open_model(f"{_LOCAL_DIR}{folder}")
        self._model.clip.eval()
        self._batch_size = batch_size

    def images(self, pictures: Iterable[Image.Image]) -> NDArray[np.float32]:
        """Unit vectors of `pictures`, one row each."""
        import torch

        encode: Any = self._model.clip.encode_image
        with torch.inference_mode():
            parts = [
                encode(torch.stack([self._model.view(picture) for picture in batch]), normalize=True).numpy()
                for batch in _batches(pictures, self._batch_size)
            ]
        return np.concatenate(parts)

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of `texts`, one row each."""
        import torch

        encode: Any = self._model.clip.encode_text
        with torch.inference_mode():
            vectors: NDArray[np.float32] = encode(self._model.tokenizer(texts), normalize=True).numpy()
        return vectors
