"""The pipeline's tables as SQLAlchemy Core objects: the one description queries are written against.

Migrations in `resources/migrations` create them; a test asserts that the two agree. Readers outside the
pipeline never see these tables, only the `serving` schema.

Vectors have no fixed dimension. Each row carries its space's `dim`, which a foreign key ties to
`embedding_spaces` and a CHECK ties to the vector itself, so the database refuses a vector of the wrong
dimension or length (NaN and infinity are refused by the type).
"""

from __future__ import annotations

from typing import Final

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Constraint,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem

from resources.identity import USER_BUCKETS, VENUE_BUCKETS

SERVING_SCHEMA: Final = "serving"
"""Schema of the views and tables that downstream apps read."""

READER_ROLE: Final = "venue_taste_reader"
"""Role that may read the serving schema and nothing else. It has no login: grant it to a login role."""

UNIT_TOLERANCE: Final = 1e-3
"""How far a stored vector's L2 norm may be from 1 (float32 and half precision rounding stay far below)."""

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _now(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def _time(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _sha256_check(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} ~ '^[0-9a-f]{{64}}$'", name=f"{column}_sha256")


def _bucket(buckets: int) -> tuple[SchemaItem, ...]:
    return (
        Column("bucket", SmallInteger, nullable=False),
        CheckConstraint(f"bucket BETWEEN 0 AND {buckets - 1}", name="bucket_range"),
    )


def _venue(*, primary_key: bool = False, nullable: bool = False) -> Column[object]:
    return Column(
        "venue_id", Uuid, ForeignKey("venues.venue_id", ondelete="CASCADE"), primary_key=primary_key, nullable=nullable
    )


def _user(name: str = "user_id", *, primary_key: bool = True) -> Column[object]:
    return Column(name, Uuid, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


def _space(*, primary_key: bool = True) -> tuple[SchemaItem, ...]:
    return (
        Column("space_id", Text, primary_key=primary_key, nullable=False),
        Column("dim", Integer, nullable=False),
        ForeignKeyConstraint(["space_id", "dim"], ["embedding_spaces.space_id", "embedding_spaces.dim"]),
    )


def _unit_vector(column: str) -> tuple[SchemaItem, ...]:
    return (
        Column(column, VECTOR(), nullable=False),
        CheckConstraint(f"vector_dims({column}) = dim", name=f"{column}_dim"),
        CheckConstraint(f"abs(vector_norm({column}) - 1) <= {UNIT_TOLERANCE}", name=f"{column}_unit"),
    )


def _one_of(column: str, *values: str) -> Constraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


venues = Table(
    "venues",
    metadata,
    Column("venue_id", Uuid, primary_key=True),
    Column("site_url", Text, nullable=False, unique=True),
    Column("name", Text),
    *_bucket(VENUE_BUCKETS),
    Column("lat", Double),
    Column("lon", Double),
    Column("city", Text),
    Column("region", Text),
    Column("country", Text),
    Column("status", Text, nullable=False, server_default="listed"),
    _now("first_seen_at"),
    _time("crawled_at"),
    Column("start_url", Text),
    Column("source", Text, nullable=False, server_default="command"),
    Column("crawl_note", Text),
    Column("identity", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("site_files", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_range"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_range"),
    CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="lat_with_lon"),
    _one_of("status", "listed", "crawled", "failing", "retired"),
    _one_of("source", "file", "command"),
    Index(None, "bucket"),
)

venue_pages = Table(
    "venue_pages",
    metadata,
    _venue(primary_key=True),
    Column("url", Text, primary_key=True),
    Column("status", SmallInteger, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("content_sha256", Text),
    Column("markdown", Text),
    _time("fetched_at", nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("rejection", Text),
    Column("extraction", JSONB),
    _sha256_check("content_sha256"),
)

photos = Table(
    "photos",
    metadata,
    Column("photo_id", Text, primary_key=True),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("phash", Text),
    Column("bytes", Integer, nullable=False),
    _sha256_check("photo_id"),
    CheckConstraint("width > 0 AND height > 0 AND bytes > 0", name="size_positive"),
)

venue_photos = Table(
    "venue_photos",
    metadata,
    _venue(primary_key=True),
    Column("photo_id", Text, ForeignKey("photos.photo_id"), primary_key=True),
    Column("source_url", Text, nullable=False),
    Column("page_url", Text, nullable=False),
    Column("alt_text", Text),
    Column("position", Integer, nullable=False),
    Index(None, "photo_id"),
)

venue_photo_files = Table(
    "venue_photo_files",
    metadata,
    _venue(primary_key=True),
    Column("source_url", Text, primary_key=True),
    # No foreign key: a file that was refused as a duplicate has an id too, and its photo is not stored.
    Column("photo_id", Text),
    Column("rejection", Text),
    Column("rejection_detail", Text),
    # A `PhotoMemory` of the crawler: validators and measurements that spare the next crawl a download.
    Column("memory", JSONB, nullable=False),
    CheckConstraint("photo_id IS NOT NULL OR rejection IS NOT NULL", name="photo_or_reason"),
)

site_readings = Table(
    "site_readings",
    metadata,
    _venue(primary_key=True),
    # Reader, model and prompt version. One row each, so that a change of model can be compared and taken back.
    Column("summariser", Text, primary_key=True),
    Column("source_hash", Text, nullable=False),
    # A `SiteReading`; null when the reading failed, and then `failure` says why.
    Column("result", JSONB(none_as_null=True)),
    Column("failure", Text),
    Column("input_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    _time("read_at", nullable=False),
    _sha256_check("source_hash"),
    CheckConstraint("num_nonnulls(result, failure) = 1", name="result_or_failure"),
)

venue_summaries = Table(
    "venue_summaries",
    metadata,
    _venue(primary_key=True),
    Column("aesthetic", Text),
    Column("factual", Text),
    Column("vibe", Text),
    Column("summariser", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
)

venue_facts = Table(
    "venue_facts",
    metadata,
    _venue(primary_key=True),
    Column("capacity_min", Integer),
    Column("capacity_max", Integer),
    Column("seated_max", Integer),
    Column("standing_max", Integer),
    Column("price_min", Double),
    Column("price_max", Double),
    Column("currency", Text),
    Column("price_unit", Text),
    Column("price_on_application", Boolean),
    Column("setting", Text),
    Column("address", Text),
    # Words of `venue_assets.extract.facts.vocabulary`; `other_*` are the site's own words beyond it.
    Column("amenities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("styles", ARRAY(Text), nullable=False, server_default="{}"),
    Column("other_amenities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("other_styles", ARRAY(Text), nullable=False, server_default="{}"),
    # Column name -> list of {value, quote, page_url}; "conflicts" holds what the site says against them.
    Column("evidence", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("summariser", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
    CheckConstraint("capacity_min > 0", name="capacity_min_positive"),
    CheckConstraint("capacity_max > 0 AND capacity_max >= coalesce(capacity_min, 0)", name="capacity_range"),
    CheckConstraint("seated_max > 0", name="seated_max_positive"),
    CheckConstraint("standing_max > 0", name="standing_max_positive"),
    CheckConstraint("price_min >= 0", name="price_min_not_negative"),
    CheckConstraint("price_max >= 0 AND price_max >= coalesce(price_min, 0)", name="price_range"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso4217"),
    _one_of("setting", "indoor", "outdoor", "both"),
    _one_of("price_unit", "event", "person", "day", "hour"),
)

embedding_spaces = Table(
    "embedding_spaces",
    metadata,
    Column("space_id", Text, primary_key=True),
    Column("modality", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("dim", Integer, nullable=False),
    _now("created_at"),
    _one_of("modality", "image", "text"),
    # pgvector 0.8: a `vector` has at most 16,000 dimensions.
    CheckConstraint("dim BETWEEN 1 AND 16000", name="dim_range"),
    UniqueConstraint("space_id", "dim"),
)

current_spaces = Table(
    "current_spaces",
    metadata,
    # The space that readers compare in. A new model fills its own space first; this row then flips, in one transaction.
    Column("modality", Text, primary_key=True),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id"), nullable=False),
    _now("switched_at"),
    _one_of("modality", "image", "text"),
)

photo_embeddings = Table(
    "photo_embeddings",
    metadata,
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE"), primary_key=True),
    *_space(),
    *_unit_vector("embedding"),
)

photo_embedding_failures = Table(
    "photo_embedding_failures",
    metadata,
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE"), primary_key=True),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    _time("failed_at", nullable=False),
)

summary_embeddings = Table(
    "summary_embeddings",
    metadata,
    _venue(primary_key=True),
    Column("field", Text, primary_key=True),
    *_space(),
    *_unit_vector("embedding"),
    # Of the text that was embedded: another text, another vector.
    Column("text_sha256", Text, nullable=False),
    _sha256_check("text_sha256"),
    _one_of("field", "aesthetic", "factual", "vibe"),
)

venue_centroids = Table(
    "venue_centroids",
    metadata,
    _venue(primary_key=True),
    *_space(),
    *_unit_vector("embedding"),
    Column("photo_count", Integer, nullable=False),
    CheckConstraint("photo_count > 0", name="photo_count_positive"),
)

users = Table(
    "users",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    *_bucket(USER_BUCKETS),
    _now("connected_at"),
    Column("preferences", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("preference_text", Text),
    Index(None, "bucket"),
)

boards = Table(
    "boards",
    metadata,
    _user(),
    Column("board_id", Text, primary_key=True),
    Column("name", Text),
    Column("pin_count", Integer, nullable=False, server_default="0"),
    _time("board_pins_modified_at"),
    Column("fingerprint", Text),
    Column("synced_fingerprint", Text),
    CheckConstraint("pin_count >= 0", name="pin_count_not_negative"),
)

pins = Table(
    "pins",
    metadata,
    _user(),
    Column("pin_id", Text, primary_key=True),
    Column("board_id", Text, nullable=False),
    Column("photo_id", Text, ForeignKey("photos.photo_id")),
    _time("pinned_at", nullable=False),
    ForeignKeyConstraint(["user_id", "board_id"], ["boards.user_id", "boards.board_id"], ondelete="CASCADE"),
    Index(None, "user_id", "board_id"),
    Index(None, "photo_id"),
)

ratings = Table(
    "ratings",
    metadata,
    _user(primary_key=False),
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE")),
    _venue(nullable=True),
    Column("rating", SmallInteger, nullable=False),
    _time("rated_at", nullable=False),
    CheckConstraint("rating BETWEEN 0 AND 5", name="rating_range"),
    CheckConstraint("num_nonnulls(photo_id, venue_id) = 1", name="one_subject"),
    UniqueConstraint("user_id", "photo_id", "venue_id", postgresql_nulls_not_distinct=True),
    Index(None, "photo_id"),
    Index(None, "venue_id"),
)

taste_clusters = Table(
    "taste_clusters",
    metadata,
    Column("cluster_id", Uuid, primary_key=True),
    _user(primary_key=False),
    Column("cluster_index", SmallInteger, nullable=False),
    Column("polarity", Text, nullable=False),
    *_space(primary_key=False),
    *_unit_vector("medoid_vector"),
    *_unit_vector("centroid_vector"),
    Column("medoid_pin_id", Text),
    Column("weight", Double, nullable=False),
    Column("pin_count", Integer, nullable=False),
    Column("label", Text),
    _now("created_at"),
    _now("updated_at"),
    _one_of("polarity", "positive", "negative"),
    CheckConstraint("cluster_index >= 0", name="cluster_index_not_negative"),
    CheckConstraint("weight BETWEEN 0 AND 1", name="weight_range"),
    CheckConstraint("pin_count >= 0", name="pin_count_not_negative"),
    UniqueConstraint("user_id", "polarity", "cluster_index"),
)

recommendations = Table(
    "recommendations",
    metadata,
    _user(),
    Column("rank", Integer, primary_key=True),
    _venue(),
    Column("score", Double, nullable=False),
    Column("visual_score", Double),
    Column("text_score", Double),
    Column("matches", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("strategy", Text, nullable=False),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id")),
    Column("inputs_hash", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    _time("generated_at", nullable=False),
    CheckConstraint("rank >= 1", name="rank_from_one"),
    UniqueConstraint("user_id", "venue_id"),
    Index(None, "venue_id"),
)

taste_matches = Table(
    "taste_matches",
    metadata,
    _user(),
    Column("rank", Integer, primary_key=True),
    _user("other_user_id", primary_key=False),
    Column("score", Double, nullable=False),
    Column("matches", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("strategy", Text, nullable=False),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id")),
    Column("inputs_hash", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    _time("generated_at", nullable=False),
    CheckConstraint("rank >= 1", name="rank_from_one"),
    CheckConstraint("user_id <> other_user_id", name="not_oneself"),
    UniqueConstraint("user_id", "other_user_id"),
    Index(None, "other_user_id"),
)

index_settings = Table(
    "index_settings",
    metadata,
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("m", Integer),
    Column("ef_construction", Integer),
    Column("ef_search", Integer),
    Column("target_recall", Double),
    Column("measured_recall", Double),
    Column("p95_ms", Double),
    _time("built_at", nullable=False),
    CheckConstraint("measured_recall BETWEEN 0 AND 1", name="measured_recall_range"),
)
