"""The doctor's checks of models: are the configured encoders and language model there to be used.

What a setting means is decided where it is used, in `resources.encoders` and `resources.language_model`. No model is
loaded and nothing is downloaded here: a check looks for packages, weights, and servers that answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from resources.doctor import (
    Check,
    Finding,
    Verdict,
    check_alerts,
    check_databases,
    check_home,
    check_photo_store,
    check_pinterest,
)
from resources.encoders.load import embedding_server, image_encoder, text_encoder, text_spec
from resources.encoders.spec import IMAGE_SETTING, EncoderSpec, parse_spec, plug_in_factory
from resources.encoders.weights import weight_files
from resources.errors import SetupError
from resources.language_model.addresses import ModelAddress, model_address
from resources.settings import Settings
from resources.torch_runtime import open_clip, torchvision_operators_work

_HTTP_TIMEOUT_S: Final = 5.0
_ANTHROPIC_VERSION: Final = "2023-06-01"
_REFUSED: Final = frozenset({401, 403})
_NO_LIST: Final = frozenset({404, 405, 501})
_SHOWN_MODELS: Final = 10


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
    subject = "image encoder"
    spec = parse_spec(IMAGE_SETTING, settings.image_encoder)
    if spec.kind == "python":
        yield _plug_in(subject, spec)
    elif source := _clip_is_fetched_from(spec):
        yield _to_fetch(subject, spec, source, "open_clip:local-dir:PATH")
    else:
        yield Finding(subject, Verdict.OK, f"{spec}: {image_encoder(settings).space.dim} dimensions, on this machine")


def check_text_encoder(settings: Settings) -> Iterator[Finding]:
    """TEXT_ENCODER names an encoder whose weights or server are here or can be fetched."""
    subject = "text encoder"
    spec = text_spec(settings)
    if spec.kind == "lexical":
        yield Finding(subject, Verdict.OK, "lexical: hashed n-grams, no weights; it matches words, not meanings")
    elif spec.kind == "python":
        yield _plug_in(subject, spec)
    elif spec.kind in {"ollama", "openai"}:
        server = embedding_server(spec.kind, settings)
        asked = _Asked(server.base_url, server.setting, dict(server.headers), server.uses_proxy)
        yield _served_model(subject, spec.setting, spec.kind, spec.name, asked)
    elif _sentence_transformer_is_fetched(spec.name):
        yield _to_fetch(subject, spec, f"{spec.name} of the Hugging Face hub", "lexical")
    else:
        yield Finding(subject, Verdict.OK, f"{spec}: {text_encoder(settings).space.dim} dimensions, on this machine")


def check_language_model(settings: Settings) -> Iterator[Finding]:
    """LANGUAGE_MODEL is `extractive`, or a model whose server answers us and, as far as it tells, offers it."""
    subject = "language model"
    address = model_address(settings)
    if address is None:
        yield Finding(subject, Verdict.OK, "extractive: summaries are sentences of the site, no model is asked")
    else:
        asked = _Asked(address.base_url, address.setting, _headers(address), uses_proxy=False)
        yield _served_model(subject, "LANGUAGE_MODEL", address.kind, address.name, asked)


def _plug_in(subject: str, spec: EncoderSpec) -> Finding:
    plug_in_factory(spec)
    return Finding(subject, Verdict.OK, f"plug-in {spec.name}")


def _to_fetch(subject: str, spec: EncoderSpec, source: str, offline: str) -> Finding:
    detail = f"{spec} is fetched on first use from {source}"
    return Finding(subject, Verdict.NOTE, detail, f"without a network, set {spec.setting}={offline}")


def _clip_is_fetched_from(spec: EncoderSpec) -> str | None:
    """Where the first use would fetch weights from; None if from nowhere, be they here or the name a wrong one."""
    if spec.name.startswith("local-dir:"):
        return None
    constants = open_clip().constants
    weights = [constants.HF_SAFE_WEIGHTS_NAME, constants.HF_WEIGHTS_NAME]
    if spec.name.startswith("hf-hub:"):
        repository = spec.name.removeprefix("hf-hub:")
        needed = [[constants.HF_CONFIG_NAME], weights]
    else:
        model, _, tag = spec.name.partition("/")
        known = open_clip().pretrained.get_pretrained_cfg(model, tag)
        repository, _, file = str(known.get("hf_hub") or "").rpartition("/")
        if not repository:
            return f"{known['url']}, if it is not in {Path.home() / '.cache/clip'}" if known else None
        needed = [[f"{Path(file).stem}.safetensors", file] if file else weights]
    return f"{repository} of the Hugging Face hub" if _hub_is_asked(repository, needed) else None


def _hub_is_asked(repository: str, needed: Sequence[Sequence[str]]) -> bool:
    """Whether the cache lacks one of the needed files, each given by its alternatives, and the hub may be asked."""
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        here = all(any(isinstance(try_to_load_from_cache(repository, name), str) for name in names) for names in needed)
    except HFValidationError:
        return False
    return not here and not constants.HF_HUB_OFFLINE


def _sentence_transformer_is_fetched(name: str) -> bool:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    if constants.HF_HUB_OFFLINE or Path(name).is_dir():
        return False
    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        return True
    except HFValidationError:
        return False
    return not ((folder / "config.json").is_file() and weight_files(folder))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a model server is asked: its address, the setting of that, and what is sent along.

    `uses_proxy` is whether the environment's proxies are used, as whoever works with the server does or does not.
    """

    base_url: str
    setting: str
    headers: Mapping[str, str]
    uses_proxy: bool


def _served_model(subject: str, setting: str, kind: str, name: str, server: _Asked) -> Finding:
    address = f"{server.base_url}{'/api/tags' if kind == 'ollama' else '/models'}"
    try:
        answer = httpx.get(address, headers=dict(server.headers), timeout=_HTTP_TIMEOUT_S, trust_env=server.uses_proxy)
        if kind != "ollama" and answer.status_code in _NO_LIST:
            return _cannot_tell(subject, setting, name, server, f"answers {answer.status_code} at /models")
        if answer.status_code in _REFUSED:
            raise SetupError(
                f"{address} refuses the key (status {answer.status_code})",
                f"correct {setting}_API_KEY or {server.setting}",
            )
        answer.raise_for_status()
        offered = _offered(kind, answer.json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(
            f"no {kind} server answers at {address}: {error}", f"start it, or correct {server.setting}"
        ) from error
    if name in offered:
        return Finding(subject, Verdict.OK, f"{name} at {server.base_url}")
    listed = _shown(offered)
    if kind == "ollama":
        raise SetupError(
            f"{server.base_url} does not offer {name!r} (it has: {listed})",
            f"run `ollama pull {name}`, or correct {setting}",
        )
    return _cannot_tell(subject, setting, name, server, f"lists other models ({listed})")


def _cannot_tell(subject: str, setting: str, name: str, server: _Asked, seen: str) -> Finding:
    # Gateways route names that they do not list, and Anthropic's list comes in pages and without aliases.
    detail = f"{server.base_url} {seen}: cannot tell whether it offers {name!r}"
    return Finding(subject, Verdict.NOTE, detail, f"if a run is refused, correct {setting} or {server.setting}")


def _shown(names: set[str]) -> str:
    more = f" and {len(names) - _SHOWN_MODELS} more" if len(names) > _SHOWN_MODELS else ""
    return ", ".join(sorted(names)[:_SHOWN_MODELS]) + more or "none"


def _headers(address: ModelAddress) -> dict[str, str]:
    if address.api_key is None:
        return {}
    if address.kind == "anthropic":
        return {"x-api-key": address.api_key, "anthropic-version": _ANTHROPIC_VERSION}
    return {"Authorization": f"Bearer {address.api_key}"}


def _offered(kind: str, body: Any) -> set[str]:
    if kind == "ollama":
        # Ollama lists `llama3.1:latest` and accepts `llama3.1` for it.
        names = {str(model["name"]) for model in body["models"]}
        return names | {name.removesuffix(":latest") for name in names}
    models = body if isinstance(body, list) else body["data"]  # some gateways answer the bare list
    return {str(model["id"]) for model in models}


ALL_CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("home", check_home),
    ("database", check_databases),
    ("photo store", check_photo_store),
    ("torch", check_torch),
    ("image encoder", check_image_encoder),
    ("text encoder", check_text_encoder),
    ("language model", check_language_model),
    ("Pinterest", check_pinterest),
    ("alerts", check_alerts),
)
"""Everything `venue-taste doctor` looks at, in the order it reports."""
