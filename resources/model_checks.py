"""The doctor's checks of models: are the configured encoders and language model there to be used.

Nothing is loaded or downloaded here: a check looks for packages, cached weights, and servers that answer.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx

from resources.doctor import (
    Check,
    Finding,
    Verdict,
    check_databases,
    check_home,
    check_photo_store,
    check_pinterest,
)
from resources.errors import SetupError
from resources.settings import Settings
from resources.torch_runtime import open_clip, torchvision_operators_work

_HTTP_TIMEOUT_S: Final = 5.0
_OLLAMA_URL: Final = "http://localhost:11434"
_PROVIDER_URLS: Final = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com/v1"}
_ANTHROPIC_VERSION: Final = "2023-06-01"


def check_torch(_: Settings) -> Iterator[Finding]:
    """Torch and torchvision import together."""
    import torch

    if torchvision_operators_work():
        yield Finding("torch", Verdict.OK, f"torch {torch.__version__} with its matching torchvision")
    else:
        detail = f"torch {torch.__version__}; torchvision was built for another torch, its image transforms work"
        yield Finding("torch", Verdict.OK, detail)


def check_image_encoder(settings: Settings) -> Iterator[Finding]:
    """IMAGE_ENCODER names an encoder whose weights are here or can be fetched."""
    kind, name = _split("IMAGE_ENCODER", settings.image_encoder)
    if kind == "python":
        yield _plug_in("image encoder", "IMAGE_ENCODER", name)
    elif kind == "open_clip":
        yield _open_clip(name)
    else:
        raise SetupError(
            f"IMAGE_ENCODER is {settings.image_encoder!r}", "use open_clip:MODEL/TAG or python:package.module:factory"
        )


def check_text_encoder(settings: Settings) -> Iterator[Finding]:
    """TEXT_ENCODER names an encoder whose weights or server are here or can be fetched."""
    subject, setting = "text encoder", "TEXT_ENCODER"
    kind, name = _split(setting, settings.text_encoder)
    if kind == "lexical":
        yield Finding(subject, Verdict.OK, "lexical: hashed n-grams, no weights; it matches words, not meanings")
    elif kind == "sentence-transformers":
        if Path(name).is_dir():
            yield Finding(subject, Verdict.OK, f"{name} is on this machine")
        else:
            yield _hub_weights(subject, setting, name, "config.json", f"{setting}=lexical")
    elif kind == "python":
        yield _plug_in(subject, setting, name)
    elif kind in {"ollama", "openai"}:
        yield _served_model(subject, setting, kind, name, settings)
    else:
        raise SetupError(
            f"{setting} is {settings.text_encoder!r}",
            "use sentence-transformers:NAME, ollama:NAME, openai:NAME, lexical or python:package.module:factory",
        )


def check_language_model(settings: Settings) -> Iterator[Finding]:
    """LANGUAGE_MODEL is `extractive`, or a model its server offers to us."""
    subject, setting = "language model", "LANGUAGE_MODEL"
    kind, name = _split(setting, settings.language_model)
    if kind == "extractive":
        yield Finding(subject, Verdict.OK, "extractive: summaries are sentences of the site, no model is asked")
    elif kind in {"ollama", "openai", "anthropic"}:
        yield _served_model(subject, setting, kind, name, settings)
    else:
        raise SetupError(
            f"{setting} is {settings.language_model!r}", "use extractive, ollama:NAME, openai:NAME or anthropic:NAME"
        )


def _split(setting: str, value: str) -> tuple[str, str]:
    kind, colon, name = value.partition(":")
    if colon and not name:
        raise SetupError(f"{setting} is {value!r}, which names no model", f"set {setting} to {kind}:NAME")
    return kind, name


def _plug_in(subject: str, setting: str, name: str) -> Finding:
    module, _, factory = name.partition(":")
    remedy = f"set {setting} to python:package.module:factory, importable from where you run"
    try:
        found = getattr(importlib.import_module(module), factory, None)
    except (ImportError, ValueError) as error:  # ValueError: no module's name
        raise SetupError(f"the plug-in {module!r} cannot be imported: {error}", remedy) from error
    except Exception as error:  # somebody else's code may raise anything when it is imported
        reason = f"{type(error).__name__}: {error}"
        raise SetupError(f"the plug-in {module!r} fails when it is imported: {reason}", f"mend {module}") from error
    if not callable(found):
        raise SetupError(f"{module!r} has nothing to call named {factory!r}", remedy)
    return Finding(subject, Verdict.OK, f"plug-in {name}")


def _open_clip(name: str) -> Finding:
    subject, setting = "image encoder", "IMAGE_ENCODER"
    offline = f"{setting}=open_clip:local-dir:PATH"
    if name.startswith("local-dir:"):
        folder = Path(name.removeprefix("local-dir:"))
        if not (folder / "open_clip_config.json").is_file():
            raise SetupError(f"{folder} holds no open_clip_config.json", f"correct the path in {setting}")
        return Finding(subject, Verdict.OK, f"{folder} is on this machine")
    if name.startswith("hf-hub:"):
        return _hub_weights(subject, setting, name.removeprefix("hf-hub:"), "open_clip_config.json", offline)
    model, _, tag = name.partition("/")
    known = open_clip().pretrained.get_pretrained_cfg(model, tag)
    if not known:
        tags = ", ".join(open_clip().list_pretrained_tags_by_model(model)) or "none: the model is unknown"
        raise SetupError(f"open_clip has no weights {tag!r} of {model!r}", f"choose among its tags ({tags})")
    repository = str(known.get("hf_hub") or "").strip("/")
    if not repository:
        return Finding(subject, Verdict.NOTE, f"{name}: weights are fetched from their own address on first use")
    return _hub_weights(subject, setting, repository, "open_clip_config.json", offline)


def _hub_weights(subject: str, setting: str, repository: str, file: str, offline: str) -> Finding:
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(repository, file)
    except HFValidationError as error:
        raise SetupError(
            f"{setting} names {repository!r}, which is neither a folder here nor a model of the Hugging Face hub",
            f"correct {setting}: ORG/NAME of a model on the hub, or the path of a folder",
        ) from error
    if isinstance(cached, str):
        return Finding(subject, Verdict.OK, f"{repository} is in {constants.HF_HUB_CACHE}")
    if constants.HF_HUB_OFFLINE:
        raise SetupError(
            f"{setting} needs {repository}, which is not in {constants.HF_HUB_CACHE}, and HF_HUB_OFFLINE is set",
            f"unset HF_HUB_OFFLINE once to fetch it, or set {offline}",
        )
    detail = f"{repository} is not on this machine yet: fetched from the Hugging Face hub on first use"
    return Finding(subject, Verdict.NOTE, detail, f"without a network, set {offline}")


def _served_model(subject: str, setting: str, kind: str, name: str, settings: Settings) -> Finding:
    base, base_setting = _server_of(kind, settings)
    if not base.startswith(("http://", "https://")):
        raise SetupError(f"{base_setting} is {base!r}, which is no web address", f"set {base_setting} to http://{base}")
    key = settings.language_model_api_key
    if key is None and kind != "ollama" and settings.language_model_base_url is None:
        raise SetupError(f"{setting} is {kind}:{name} and there is no API key", "set LANGUAGE_MODEL_API_KEY")
    path = "/api/tags" if kind == "ollama" else "/models"
    address = f"{base.rstrip('/')}{path}"
    headers = _headers(kind, key.get_secret_value() if key else None)
    try:
        answer = httpx.get(address, headers=headers, timeout=_HTTP_TIMEOUT_S)
        offered = _offered(kind, answer)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(
            f"no {kind} server answers at {address}: {error}", f"start it, or correct {base_setting}"
        ) from error
    if name not in offered:
        get_it = f"run `ollama pull {name}`" if kind == "ollama" else f"correct {setting}"
        raise SetupError(f"{base} does not offer {name!r} (it has: {', '.join(sorted(offered)) or 'none'})", get_it)
    return Finding(subject, Verdict.OK, f"{name} at {base}")


def _server_of(kind: str, settings: Settings) -> tuple[str, str]:
    """The address of the model's server, and the variable to change when it is wrong."""
    if kind == "ollama" and settings.language_model_base_url is None and os.environ.get("OLLAMA_HOST"):
        return os.environ["OLLAMA_HOST"], "OLLAMA_HOST"
    base = settings.language_model_base_url or _PROVIDER_URLS.get(kind, _OLLAMA_URL)
    return base, "LANGUAGE_MODEL_BASE_URL"


def _headers(kind: str, key: str | None) -> dict[str, str]:
    if key is None:
        return {}
    if kind == "anthropic":
        return {"x-api-key": key, "anthropic-version": _ANTHROPIC_VERSION}
    return {"Authorization": f"Bearer {key}"}


def _offered(kind: str, answer: httpx.Response) -> set[str]:
    answer.raise_for_status()
    body = answer.json()
    if kind == "ollama":
        # Ollama lists `llama3.1:latest` and accepts `llama3.1` for it.
        names = {str(model["name"]) for model in body.get("models", ())}
        return names | {name.removesuffix(":latest") for name in names}
    return {str(model["id"]) for model in body.get("data", ())}


ALL_CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("home", check_home),
    ("database", check_databases),
    ("photo store", check_photo_store),
    ("torch", check_torch),
    ("image encoder", check_image_encoder),
    ("text encoder", check_text_encoder),
    ("language model", check_language_model),
    ("Pinterest", check_pinterest),
)
"""Everything `venue-taste doctor` looks at, in the order it reports."""
