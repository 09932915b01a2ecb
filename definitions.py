"""Assembly only: which assets, checks, sensors and resources make up the project.

Importing this module reads no file, opens no connection and imports no model library.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.photo_store import PhotoStoreResource
from venue_assets.crawl import crawl
from venue_assets.sites import venue_sites


def build_definitions(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """The project's definitions; `resources` replaces some by name (tests, other deployments)."""
    return dg.Definitions(
        assets=[venue_sites, crawl],
        resources={
            "database": DatabaseResource(),
            "photo_store": PhotoStoreResource(),
            "pipes": dg.PipesSubprocessClient(),
            **(resources or {}),
        },
    )


defs = build_definitions()
