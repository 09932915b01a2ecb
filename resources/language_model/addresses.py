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

BASE_URL_SETTING: Final = "LANGUAGE_MODEL_BASE_URL"
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
        setting: environment variable to change when the address is wrong, for messages.
    """

    kind: ModelKind
    name: str
    base_url: str
    api_key: str | None
    setting: str = BASE_URL_SETTING

    @property
    def label(self) -> str:
        """What LANGUAGE_MODEL says: `kind:name`."""
        return f"{self.kind}:{self.name}"


def model_address(settings: Settings) -> ModelAddress | None:
    """The model the settings name; None for the extractive reader.

    Raises:
        SetupError: LANGUAGE_MODEL is none of the known forms, its server's address is none, or a provider's own server
            is named without a key.
    """
    setting = settings.language_model.strip()
    if setting == EXTRACTIVE:
        return None
    kind, _, name = setting.partition(":")
    known: ModelKind | None = next((each for each in get_args(ModelKind) if each == kind), None)
    if known is None:
        raise SetupError(f"LANGUAGE_MODEL is {setting!r}", "use extractive, ollama:NAME, openai:NAME or anthropic:NAME")
    if not name:
        raise SetupError(f"LANGUAGE_MODEL is {setting!r}, which names no model", f"set LANGUAGE_MODEL to {kind}:NAME")
    key = settings.language_model_api_key
    if key is None and known != "ollama" and settings.language_model_base_url is None:
        raise SetupError(f"LANGUAGE_MODEL is {setting} and there is no API key", "set LANGUAGE_MODEL_API_KEY")
    base, base_setting = settings.language_model_base_url, BASE_URL_SETTING
    if base is None and known == "ollama" and os.environ.get("OLLAMA_HOST"):
        base, base_setting = os.environ["OLLAMA_HOST"], "OLLAMA_HOST"
    base = base or _DEFAULT_URLS[known]
    if not base.startswith(("http://", "https://")):
        raise SetupError(f"{base_setting} is {base!r}, which is no web address", f"set {base_setting} to http://{base}")
    return ModelAddress(known, name, base.rstrip("/"), key.get_secret_value() if key else None, base_setting)
