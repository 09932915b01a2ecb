"""A model's address as a pydantic-ai model. Imports the providers' SDKs, so it is imported where a model is asked."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider

from resources.language_model.addresses import ModelAddress

_NO_KEY = "none"  # the SDKs insist on a key, and would otherwise take one meant for others from the environment


def pydantic_ai_model(address: ModelAddress, client: httpx2.AsyncClient) -> Model:
    """The model behind an address, asked through `client`.

    Ollama is asked through its OpenAI-compatible API, which lies at `/v1` of its root, and the Anthropic SDK adds
    `/v1` by itself: `ModelAddress.base_url` says what the setting holds for each.
    """
    key = address.api_key or _NO_KEY
    if address.kind == "anthropic":
        root = address.base_url.removesuffix("/v1")
        return AnthropicModel(address.name, provider=AnthropicProvider(api_key=key, base_url=root, http_client=client))
    if address.kind == "ollama":
        root = f"{address.base_url}/v1"
        return OllamaModel(address.name, provider=OllamaProvider(api_key=key, base_url=root, http_client=client))
    return OpenAIChatModel(
        address.name, provider=OpenAIProvider(api_key=key, base_url=address.base_url, http_client=client)
    )
