"""The Dagster resource that hands assets the encoders. `resources.encoders.load` is used by apps without Dagster."""

from __future__ import annotations

from typing import Any

import dagster as dg

from resources.encoders.load import image_encoder, text_encoder
from resources.encoders.protocols import ImageEncoder, TextEncoder
from resources.settings import Settings, load_settings


class EncodersResource(dg.ConfigurableResource[Any]):
    """The encoders for assets. `image` and `text` override IMAGE_ENCODER and TEXT_ENCODER."""

    image: str | None = None
    text: str | None = None

    def image_encoder(self) -> ImageEncoder:
        """The image encoder; see the function of this name."""
        return image_encoder(self._settings())

    def text_encoder(self) -> TextEncoder:
        """The text encoder; see the function of this name."""
        return text_encoder(self._settings())

    def _settings(self) -> Settings:
        chosen = {"image_encoder": self.image, "text_encoder": self.text}
        return load_settings().model_copy(update={name: value for name, value in chosen.items() if value is not None})
