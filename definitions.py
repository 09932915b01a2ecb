"""Assembly only: which assets, checks, sensors and resources make up the project.

Importing this module reads no file, opens no connection and imports no model library.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.photo_store_resource import PhotoStoreResource
from sensors.alerts import failure_alerts
from sensors.everything import everything_job
from sensors.jobs import JOBS
from sensors.schedules import SCHEDULES
from sensors.taste_sensors import TASTE_SENSORS
from taste_assets.boards import boards
from taste_assets.clusters import taste_clusters
from taste_assets.export import serving_export
from taste_assets.importance_refresh import taste_importance
from taste_assets.list_quality import list_quality
from taste_assets.matches import taste_matches
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.pins import pins
from taste_assets.recommendation_options import MatchOptions, RecommendationOptions
from taste_assets.recommendations import recommendations
from taste_assets.reports import taste_reports
from taste_assets.taste_options import TasteOptions
from venue_assets.crawl import crawl
from venue_assets.indexes import photo_index, summary_index
from venue_assets.photo_embeddings import photo_embeddings
from venue_assets.sites import venue_sites
from venue_assets.summaries import site_reading
from venue_assets.summary_embeddings import summary_embeddings
from venue_assets.venue_centroids import venue_centroids
from venue_assets.venue_map import venue_map

VENUE_ASSETS = (
    venue_sites,
    crawl,
    site_reading,
    photo_embeddings,
    summary_embeddings,
    venue_centroids,
    venue_map,
    photo_index,
    summary_index,
)
TASTE_ASSETS = (boards, pins, pin_embeddings, taste_clusters, taste_importance)
LIST_ASSETS = (recommendations, taste_matches, taste_reports, list_quality, serving_export)


def build_definitions(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """The project's definitions; `resources` replaces some by name (tests, other deployments)."""
    lineage = dg.Definitions(
        assets=[*VENUE_ASSETS, *TASTE_ASSETS, *LIST_ASSETS],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=[*TASTE_SENSORS, failure_alerts],
        resources={
            "database": DatabaseResource(),
            "photo_store": PhotoStoreResource(),
            "encoders": EncodersResource(),
            "taste_options": TasteOptions(),
            "recommendation_options": RecommendationOptions(),
            "match_options": MatchOptions(),
            "pipes": dg.PipesSubprocessClient(),
            **(resources or {}),
        },
    )
    return dg.Definitions.merge(lineage, dg.Definitions(jobs=[everything_job(lineage)]))


defs = build_definitions()
