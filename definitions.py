"""Assembly only: which assets, checks, sensors and resources make up the project.

Importing this module reads no file, opens no connection and imports no model library.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.encoders.load import EncodersResource
from resources.photo_store import PhotoStoreResource
from venue_assets.crawl import crawl
from venue_assets.indexes import photo_index, summary_index
from venue_assets.photo_embeddings import photo_embeddings
from venue_assets.sites import venue_sites
from venue_assets.summaries import site_reading
from venue_assets.summary_embeddings import summary_embeddings
from venue_assets.venue_centroids import venue_centroids
from venue_assets.venue_map import venue_map


def build_definitions(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """The project's definitions; `resources` replaces some by name (tests, other deployments)."""
    return dg.Definitions(
        assets=[
            venue_sites,
            crawl,
            site_reading,
            photo_embeddings,
            summary_embeddings,
            venue_centroids,
            venue_map,
            photo_index,
            summary_index,
        ],
        resources={
            "database": DatabaseResource(),
            "photo_store": PhotoStoreResource(),
            "encoders": EncodersResource(),
            "pipes": dg.PipesSubprocessClient(),
            **(resources or {}),
        },
    )


defs = build_definitions()
