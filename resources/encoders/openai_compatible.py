"""OpenAI's protocol for embeddings (API reference, "Create embeddings"), which vLLM, LM Studio and others serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resources.encoders.http_json import ModelServer
from resources.encoders.served import ServedModel
from resources.errors import SetupError


@dataclass(frozen=True, slots=True)
class OpenAiApi:
    """A server with `/embeddings` below its base address."""

    server: ModelServer

    def describe(self, model: str) -> ServedModel:
        """The model's width, by embedding one word. The protocol tells no version: the name stands for the weights.

        Raises:
            SetupError: no answer, or the server does not have it.
        """
        return ServedModel(model, len(self.embed(model, ["venue"])[0]))

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """Full vectors of texts, in order.

        Raises:
            SetupError: no answer, or one without a vector for each text.
        """
        body = {"model": model, "input": list(texts), "encoding_format": "float"}
        try:
            data = self.server.ask("POST", "/embeddings", body)["data"]
            by_index = {int(entry["index"]): entry["embedding"] for entry in data}
            return [[float(value) for value in by_index[index]] for index in range(len(texts))]
        except (KeyError, TypeError, ValueError) as error:
            raise SetupError(
                f"{self.server.base_url} answered without embeddings: {error!r}",
                f"see that it serves an OpenAI-compatible API, or correct {self.server.setting}",
            ) from error
