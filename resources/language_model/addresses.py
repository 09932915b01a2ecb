"""Which model LANGUAGE_MODEL names and at which address it answers. Pure; whether it does answer is asked elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final, Literal, get_args

from resources.errors import SetupError
from resources.settings import Settings

ModelKind = Literal["ollama", "openai", "anthropic"]

EXTRACTIVE: Final = "extractive"
"""The value of LANGUAGE_MODEL that asks no model."""

_DEFAULT_URLS: Final[dict[ModelKind, str]] = {
    "ollama": "http://localhost:11434",
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com/v1",
}


@dataclass(frozen=True, slots=True)
class ModelAddress:
    """A served model.

    Attributes:
        kind: the protocol it is asked in.
        name: as its server calls it.
        base_url: what LANGUAGE_MODEL_BASE_URL means for the kind: the server's root for `ollama`, the address that
            `/models` follows (usually ending in `/v1`) for `openai` and `anthropic`. Without a slash at the end.
        api_key: None where the server wants none.
    """

    kind: ModelKind
    name: str
    base_url: str
    api_key: str | None

    @property
    def label(self) -> str:
        """What LANGUAGE_MODEL says: `kind:name`."""
        return f"{self.kind}:{self.name}"


def model_address(settings: Settings) -> ModelAddress | None:
    """The model the settings name; None for the extractive reader.

    Raises:
        SetupError: LANGUAGE_MODEL is none of the known forms, or a provider's own server is named without a key.
    """
    setting = settings.language_model
    if setting == EXTRACTIVE:
        return None
    kind, _, name = setting.partition(":")
    known: ModelKind | None = next((each for each in get_args(ModelKind) if each == kind), None)
    if known is None or not name:
        raise SetupError(f"LANGUAGE_MODEL is {setting!r}", "use extractive, ollama:NAME, openai:NAME or anthropic:NAME")
    key = settings.language_model_api_key
    if key is None and known != "ollama" and settings.language_model_base_url is None:
        raise SetupError(f"LANGUAGE_MODEL is {setting} and there is no API key", "set LANGUAGE_MODEL_API_KEY")
    return ModelAddress(known, name, _base_url(known, settings), key.get_secret_value() if key else None)


def _base_url(kind: ModelKind, settings: Settings) -> str:
    own = os.environ.get("OLLAMA_HOST") if kind == "ollama" else None
    return (settings.language_model_base_url or own or _DEFAULT_URLS[kind]).rstrip("/")
