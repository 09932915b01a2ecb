"""The Dagster resource that hands assets the photo store. `photo_store` itself is used by commands without Dagster."""

from __future__ import annotations

from typing import Any

import dagster as dg

from resources.photo_store import PhotoStore
from resources.settings import load_settings


class PhotoStoreResource(dg.ConfigurableResource[Any]):
    """The photo store for assets. `url` overrides PHOTO_STORE_URL."""

    url: str | None = None

    def open(self) -> PhotoStore:
        """The store that `url`, or else the setting, names."""
        return PhotoStore(self.url or load_settings().photo_store)
