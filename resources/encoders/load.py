"""From the settings to encoders: one of each kind per process, whose weights load on first use.

How each kind works is in its own file; the Dagster resource that hands them to assets is `resources.encoders_resource`.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Final

import httpx

from resources.encoders.devices import Precision
from resources.encoders.http_json import ModelServer
from resources.encoders.lexical import LexicalEncoder
from resources.encoders.ollama import OllamaApi
from resources.encoders.open_clip_encoder import OpenClipEncoder
from resources.encoders.openai_compatible import OpenAiApi
from resources.encoders.protocols import ImageEncoder, TextEncoder
from resources.encoders.sentence_transformers_encoder import SentenceTransformersEncoder
from resources.encoders.served import ServedTextEncoder
from resources.encoders.spec import IMAGE_SETTING, TEXT_SETTING, EncoderSpec, parse_spec, plug_in_factory
from resources.errors import SetupError
from resources.settings import Settings

BASE_URL_SETTING: Final = "TEXT_ENCODER_BASE_URL"
_OLLAMA_URL: Final = "http://localhost:11434"
_OPENAI_URL: Final = "https://api.openai.com/v1"


def image_encoder(settings: Settings) -> ImageEncoder:
    """The encoder that IMAGE_ENCODER names; the same object for the same settings.

    Raises:
        SetupError: the setting names none. Missing weights are said on first use.
    """
    return _image_encoder(parse_spec(IMAGE_SETTING, settings.image_encoder), settings.encoder_precision)


def text_encoder(settings: Settings) -> TextEncoder:
    """The encoder that TEXT_ENCODER names; the same object for the same settings.

    Raises:
        SetupError: the setting names none, or it needs a key that is not set. Missing weights are said on first use.
    """
    spec = text_spec(settings)
    server = embedding_server(spec.kind, settings) if spec.kind in {"ollama", "openai"} else None
    return _text_encoder(spec, settings.text_embedding_dim, settings.encoder_precision, server)


def text_spec(settings: Settings) -> EncoderSpec:
    """TEXT_ENCODER taken apart, and found to go with TEXT_EMBEDDING_DIM.

    Raises:
        SetupError: it names no encoder, or one whose vectors cannot be cut to that dimension.
    """
    spec = parse_spec(TEXT_SETTING, settings.text_encoder)
    if settings.text_embedding_dim is not None and spec.kind in {"lexical", "python"}:
        raise SetupError(f"TEXT_EMBEDDING_DIM is set, and {spec} has one size only", "unset TEXT_EMBEDDING_DIM")
    return spec


def embedding_server(kind: str, settings: Settings) -> ModelServer:
    """The server that "ollama" or "openai" encoders ask, by TEXT_ENCODER_BASE_URL or the provider's own address.

    Raises:
        SetupError: the address is none, or OpenAI itself is to be asked and there is no key.
    """
    base, setting = settings.text_encoder_base_url, BASE_URL_SETTING
    if base is None and kind == "ollama" and os.environ.get("OLLAMA_HOST"):
        base, setting = os.environ["OLLAMA_HOST"], "OLLAMA_HOST"
    key = settings.text_encoder_api_key
    if base is None and kind == "openai" and key is None:
        raise SetupError(
            "TEXT_ENCODER asks OpenAI, and there is no API key",
            f"set TEXT_ENCODER_API_KEY, or {BASE_URL_SETTING} to a server that wants none",
        )
    address = base or (_OLLAMA_URL if kind == "ollama" else _OPENAI_URL)
    if not _is_web_address(address):
        raise SetupError(
            f"{setting} is {address!r}, which is no web address", f"set {setting} to http://HOST:PORT or https://HOST"
        )
    headers = () if key is None else (("Authorization", f"Bearer {key.get_secret_value()}"),)
    return ModelServer(address.rstrip("/"), setting, headers)


def _is_web_address(address: str) -> bool:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)


@cache
def _image_encoder(spec: EncoderSpec, precision: Precision) -> ImageEncoder:
    return OpenClipEncoder(spec, precision) if spec.kind == "open_clip" else _plug_in(spec, ImageEncoder)


@cache
def _text_encoder(spec: EncoderSpec, dim: int | None, precision: Precision, server: ModelServer | None) -> TextEncoder:
    if spec.kind == "sentence-transformers":
        return SentenceTransformersEncoder(spec, dim, precision)
    if server is not None:
        api = OllamaApi(server) if spec.kind == "ollama" else OpenAiApi(server)
        return ServedTextEncoder(spec, api, dim)
    return LexicalEncoder() if spec.kind == "lexical" else _plug_in(spec, TextEncoder)


def _plug_in(spec: EncoderSpec, protocol: type[Any]) -> Any:
    made = plug_in_factory(spec)()
    if not isinstance(made, protocol):
        raise SetupError(
            f"{spec} made a {type(made).__name__}, which is no {protocol.__name__}",
            f"have it return what resources.encoders.protocols.{protocol.__name__} describes",
        )
    modality = "image" if protocol is ImageEncoder else "text"
    if made.space.modality != modality:
        raise SetupError(f"{spec} makes {made.space.modality} vectors", f"set {spec.setting} to one for {modality}s")
    return made
