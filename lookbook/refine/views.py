"""The views of the schema `serving` that refining reads, as SQLAlchemy sees them. docs/serving.md is their contract."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Double, Integer, SmallInteger, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import ARRAY

from resources.binary_types.vectors import SentVector
from resources.schema import SERVING_SCHEMA

venues = table(
    "venues",
    column("venue_id", Uuid),
    column("name", Text),
    column("city", Text),
    column("region", Text),
    column("country", Text),
    column("country_code", Text),
    column("country_evidence", Text),
    column("lat", Double),
    column("lon", Double),
    column("capacity_min", Integer),
    column("capacity_max", Integer),
    column("price_min", Double),
    column("currency", Text),
    column("price_unit", Text),
    column("setting", Text),
    column("amenities", ARRAY(Text)),
    column("styles", ARRAY(Text)),
    schema=SERVING_SCHEMA,
).alias("v")

photo_embeddings = table(
    "photo_embeddings",
    column("venue_id", Uuid),
    column("photo_id", Text),
    column("position", Integer),
    column("space_id", Text),
    column("embedding", SentVector()),
    schema=SERVING_SCHEMA,
)

summary_embeddings = table(
    "summary_embeddings",
    column("venue_id", Uuid),
    column("field", Text),
    column("space_id", Text),
    column("embedding", SentVector()),
    schema=SERVING_SCHEMA,
)

embedding_spaces = table(
    "embedding_spaces",
    column("space_id", Text),
    column("modality", Text),
    column("model", Text),
    column("revision", Text),
    column("dim", Integer),
    column("is_current", Boolean),
    schema=SERVING_SCHEMA,
)

index_settings = table(
    "index_settings",
    column("space_id", Text),
    column("kind", Text),
    column("rows", Integer),
    column("m", Integer),
    column("ef_construction", Integer),
    column("ef_search", Integer),
    column("target_recall", Double),
    column("measured_recall", Double),
    column("p95_ms", Double),
    schema=SERVING_SCHEMA,
)

taste_clusters = table(
    "taste_clusters",
    column("user_id", Uuid),
    column("polarity", Text),
    column("cluster_index", SmallInteger),
    column("cluster_id", Uuid),
    column("label", Text),
    column("weight", Double),
    column("medoid_pin_id", Text),
    column("medoid_photo_id", Text),
    column("space_id", Text),
    column("centroid_vector", SentVector()),
    schema=SERVING_SCHEMA,
)

recommendations = table(
    "recommendations",
    column("user_id", Uuid),
    column("rank", Integer),
    column("venue_id", Uuid),
    schema=SERVING_SCHEMA,
)

ratings = table(
    "ratings",
    column("user_id", Uuid),
    column("venue_id", Uuid),
    column("rating", SmallInteger),
    schema=SERVING_SCHEMA,
)

people = table(
    "people",
    column("user_id", Uuid),
    column("preference_text", Text),
    schema=SERVING_SCHEMA,
)

VENUE_FACTS: Final = (
    venues.c.venue_id,
    venues.c.capacity_min,
    venues.c.capacity_max,
    venues.c.price_min,
    venues.c.currency,
    venues.c.price_unit,
    venues.c.city,
    venues.c.country,
    venues.c.country_code,
    venues.c.country_evidence,
    venues.c.setting,
    venues.c.amenities,
    venues.c.styles,
    venues.c.lat,
    venues.c.lon,
)
"""What is asked of: the columns of a `Facts`."""
