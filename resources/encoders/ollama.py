"""Ollama's protocol for embeddings (its API reference: `POST /api/embed`, `POST /api/show`, `GET /api/tags`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resources.encoders.http_json import ModelServer
from resources.encoders.served import ServedModel
from resources.errors import SetupError


@dataclass(frozen=True, slots=True)
class OllamaApi:
    """An Ollama server."""

    server: ModelServer

    def describe(self, model: str) -> ServedModel:
        """The model's digest and width, without loading it.

        Raises:
            SetupError: no answer, the server does not have it, or it makes no embeddings.
        """
        tagged = model if ":" in model else f"{model}:latest"
        try:
            listed = self.server.ask("GET", "/api/tags")["models"]
            digest = next((str(entry["digest"]) for entry in listed if entry["name"] == tagged), None)
            if digest is None:
                raise SetupError(
                    f"{self.server.base_url} does not have {model!r}",
                    f"run `ollama pull {model}`, or correct TEXT_ENCODER",
                )
            facts = self.server.ask("POST", "/api/show", {"model": model})["model_info"]
            dim = int(facts[f"{facts['general.architecture']}.embedding_length"])
        except (KeyError, TypeError, ValueError) as error:
            raise _strange(self.server, "describes the model without", error) from error
        return ServedModel(digest.removeprefix("sha256:"), dim)

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """Full vectors of texts, in order; texts longer than the model's context are cut by the server.

        Raises:
            SetupError: no answer, or one without vectors.
        """
        try:
            answer = self.server.ask("POST", "/api/embed", {"model": model, "input": list(texts), "truncate": True})
            return [[float(value) for value in vector] for vector in answer["embeddings"]]
        except (KeyError, TypeError, ValueError) as error:
            raise _strange(self.server, "answered without", error) from error


def _strange(server: ModelServer, what: str, error: Exception) -> SetupError:
    return SetupError(
        f"{server.base_url} {what} {error}", f"see that it is an Ollama server, or correct {server.setting}"
    )
