"""The text encoder that asks a server, whichever protocol it speaks: prefixes, batches, dimensions.

The protocols are `ollama` and `openai_compatible`. Vectors are asked for at full size and cut here: Ollama's own
`dimensions` leaves out nomic's layer norm, and many servers know no such parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.spec import EncoderSpec
from resources.encoders.text_recipes import TextRecipe, recipe_by_name
from resources.encoders.vectors import chosen_dim, make_space, matryoshka, require_words
from resources.errors import SetupError
from resources.spaces import EmbeddingSpace

_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What a server says of a model.

    Attributes:
        revision: changes when the weights do, as far as the server tells.
        dim: dimensions of its full vectors.
    """

    revision: str
    dim: int


class EmbeddingApi(Protocol):
    """One protocol for embeddings over HTTP."""

    def describe(self, model: str) -> ServedModel:
        """What the server says of `model`.

        Raises:
            SetupError: no answer, or the server does not have it.
        """

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """Full vectors of at most `_BATCH` texts, in order.

        Raises:
            SetupError: no answer, or one that holds no vectors.
        """


class ServedTextEncoder:
    """A model behind `api`; asked for what it is on first use.

    Args:
        spec: its kind names the protocol, its name the model.
        api: of that protocol.
        dim: dimensions to keep; None keeps all.
    """

    runtime: Final = Runtime("server", "float32", _BATCH)

    def __init__(self, spec: EncoderSpec, api: EmbeddingApi, dim: int | None = None) -> None:
        self._spec = spec
        self._api = api
        self._wanted_dim = dim
        self._recipe: TextRecipe = recipe_by_name(spec.name)

    @cached_property
    def space(self) -> EmbeddingSpace:
        """The model's space.

        Raises:
            SetupError: the server cannot be asked, or the model has fewer dimensions than TEXT_EMBEDDING_DIM.
        """
        model = self._api.describe(self._spec.name)
        return make_space(
            "text", str(self._spec), model.revision, chosen_dim(self._wanted_dim, model.dim, str(self._spec))
        )

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found.

        Raises:
            ValueError: a text is blank.
            SetupError: the server does not answer as it should.
        """
        return self._encode(texts, self._recipe.document)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask for; errors as `encode_documents`."""
        return self._encode(texts, self._recipe.query)

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        require_words(texts)
        parts = [np.empty((0, self.space.dim), dtype=np.float32)]
        for start in range(0, len(texts), _BATCH):
            batch = [f"{prefix}{text}" for text in texts[start : start + _BATCH]]
            full = self._matrix(self._api.embed(self._spec.name, batch), len(batch))
            parts.append(matryoshka(full, self.space.dim, layer_norm=self._recipe.layer_norm))
        return np.concatenate(parts)

    def _matrix(self, vectors: list[list[float]], count: int) -> NDArray[Any]:
        widths = {len(vector) for vector in vectors}
        if len(vectors) != count or len(widths) != 1 or min(widths) < self.space.dim:
            raise SetupError(
                f"{self._spec} answered {count} texts with {len(vectors)} vectors of {sorted(widths)} dimensions",
                f"name a model that makes embeddings in {self._spec.setting}",
            )
        return np.array(vectors, dtype=np.float32)
