"""The text encoder that runs any sentence-transformers model on this machine.

Prefixes are `text_recipes`, cutting vectors is `vectors`. No code of a model repository is executed: the nomic models'
architecture is part of transformers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources import torch_runtime
from resources.encoders.devices import Precision, choose_runtime
from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.spec import EncoderSpec
from resources.encoders.text_recipes import NOMIC, PLAIN, TextRecipe
from resources.encoders.vectors import chosen_dim, make_space, matryoshka, require_words
from resources.encoders.weights import combined_sha256, hub_folder, loading_errors, weight_files
from resources.errors import SetupError
from resources.spaces import EmbeddingSpace

_OFFLINE: Final = "lexical (matches words, not meanings), or sentence-transformers:PATH of a model's folder"
_BATCH: Final = 16
# The last module that changes the width decides it: sentence-transformers' modules.json and their config.json.
_WIDTHS: Final = ("out_features", "embedding_dimension", "word_embedding_dimension")
_HIDDEN: Final = ("hidden_size", "n_embd", "dim", "d_model")


class SentenceTransformersEncoder:
    """A sentence-transformers model, loaded on first use.

    Args:
        spec: of kind "sentence-transformers"; the name is a folder, or ORG/NAME on the Hugging Face hub.
        dim: dimensions to keep; None keeps all.
        precision: of the forward pass.
    """

    def __init__(self, spec: EncoderSpec, dim: int | None = None, precision: Precision = "auto") -> None:
        self._spec = spec
        self._wanted_dim = dim
        self._precision: Precision = precision
        self._lock = threading.Lock()
        self._model: Any = None

    @cached_property
    def _folder(self) -> Path:
        local = Path(self._spec.name).expanduser()
        if local.is_dir():
            return local.absolute()
        return hub_folder(self._spec.setting, self._spec.name, _OFFLINE)

    @cached_property
    def space(self) -> EmbeddingSpace:
        """The model's space; reads its configuration and does not load it.

        Raises:
            SetupError: the model is not here and cannot be fetched, its folder is none of a model, or it has fewer
                dimensions than TEXT_EMBEDDING_DIM.
        """
        weights = weight_files(self._folder)
        if not weights:
            raise SetupError(f"{self._folder} holds no weights", f"correct {self._spec.setting}")
        dim = chosen_dim(self._wanted_dim, _full_dim(self._folder, self._spec.setting), str(self._spec))
        is_local = Path(self._spec.name).expanduser().is_dir()
        named = f"{self._spec.kind}:{self._folder.name}" if is_local else str(self._spec)
        return make_space("text", named, combined_sha256(weights), dim)

    @cached_property
    def runtime(self) -> Runtime:
        """Device, precision and texts per forward pass."""
        found = choose_runtime(self._precision)
        return Runtime(found.device, found.dtype, _BATCH)

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._model is not None

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found.

        Raises:
            ValueError: a text is blank.
        """
        return self._encode(self._loaded().encode_document, texts, self._recipe.document)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask for.

        Raises:
            ValueError: a text is blank.
        """
        return self._encode(self._loaded().encode_query, texts, self._recipe.query)

    @cached_property
    def _recipe(self) -> TextRecipe:
        # By architecture, because a folder may have any name.
        config = _read_json(self._folder / "config.json", self._spec.setting)
        return NOMIC if config.get("model_type") == "nomic_bert" else PLAIN

    def _encode(self, encode: Callable[..., NDArray[Any]], texts: Sequence[str], prefix: str) -> Vectors:
        require_words(texts)
        if not texts:
            return np.empty((0, self.space.dim), dtype=np.float32)
        # A prompt of ours overrides the model's own; without one, it uses what its folder says.
        prompt = {"prompt": prefix} if prefix else {}
        vectors = encode(list(texts), batch_size=self.runtime.batch_size, show_progress_bar=False, **prompt)
        return matryoshka(vectors, self.space.dim, layer_norm=self._recipe.layer_norm)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:
        try:
            # From the folder, never by name: the hub may have another version by now.
            model = torch_runtime.sentence_transformers().SentenceTransformer(
                str(self._folder), device=self.runtime.device, model_kwargs={"dtype": self.runtime.dtype}
            )
        except loading_errors() as error:
            raise SetupError(
                f"the model in {self._folder} does not load: {error}",
                f"replace that folder, or name another model in {self._spec.setting}",
            ) from error
        return model.eval()


def _full_dim(folder: Path, setting: str) -> int:
    """Dimensions of the vectors of the model in `folder`, from its configuration files.

    Raises:
        SetupError: they do not say.
    """
    config = _read_json(folder / "config.json", setting)
    found = next((config[name] for name in _HIDDEN if isinstance(config.get(name), int)), None)
    modules = folder / "modules.json"
    for module in _read_json(modules, setting) if modules.is_file() else ():
        part = folder / module["path"] / "config.json"
        if module["path"] and part.is_file():
            said = _read_json(part, setting)
            found = next((said[name] for name in _WIDTHS if isinstance(said.get(name), int)), found)
    if found is None:
        raise SetupError(f"{folder} does not say how wide the model's vectors are", f"correct {setting}")
    return int(found)


def _read_json(file: Path, setting: str) -> Any:
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise SetupError(f"{file} is not the configuration of a model: {error}", f"correct {setting}") from error
