"""The pipeline's tables as SQLAlchemy Core objects: the one description queries are written against.

Migrations in `resources/migrations` create them; a test asserts that the two agree. Readers outside the
pipeline never see these tables, only the `serving` schema. The tables stand in three files by side of the lineage;
import them from here.
"""

from __future__ import annotations

from resources.schema_columns import READER_ROLE, SERVING_SCHEMA, UNIT_TOLERANCE, metadata
from resources.schema_spaces import (
    current_spaces,
    embedding_spaces,
    index_settings,
    photo_embedding_failures,
    photo_embeddings,
    summary_embeddings,
    venue_centroids,
)
from resources.schema_taste import (
    boards,
    pins,
    pinterest_accounts,
    ratings,
    recommendation_states,
    recommendations,
    refine_conversations,
    taste_cluster_members,
    taste_clusters,
    taste_history,
    taste_match_states,
    taste_matches,
    taste_states,
    users,
)
from resources.schema_venues import (
    photos,
    site_readings,
    venue_facts,
    venue_pages,
    venue_photo_files,
    venue_photos,
    venue_summaries,
    venues,
)

__all__ = [
    "READER_ROLE",
    "SERVING_SCHEMA",
    "UNIT_TOLERANCE",
    "boards",
    "current_spaces",
    "embedding_spaces",
    "index_settings",
    "metadata",
    "photo_embedding_failures",
    "photo_embeddings",
    "photos",
    "pins",
    "pinterest_accounts",
    "ratings",
    "recommendation_states",
    "recommendations",
    "refine_conversations",
    "site_readings",
    "summary_embeddings",
    "taste_cluster_members",
    "taste_clusters",
    "taste_history",
    "taste_match_states",
    "taste_matches",
    "taste_states",
    "users",
    "venue_centroids",
    "venue_facts",
    "venue_pages",
    "venue_photo_files",
    "venue_photos",
    "venue_summaries",
    "venues",
]
