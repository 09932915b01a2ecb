"""Venues, their pages, photos, summaries and facts, and the embeddings of them.

A migration is a record of what was done: it says everything literally and imports nothing that may change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES_CHILDREN_FIRST = (
    "venue_summaries",
    "venue_photos",
    "venue_pages",
    "venue_facts",
    "venue_centroids",
    "summary_embeddings",
    "photo_embeddings",
    "index_settings",
    "venues",
    "photos",
    "embedding_spaces",
)


def upgrade() -> None:
    """Create the tables and the extension their vectors need."""
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "embedding_spaces",
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("modality IN ('image', 'text')", name=op.f("ck_embedding_spaces_modality_known")),
        sa.CheckConstraint("dim BETWEEN 1 AND 16000", name=op.f("ck_embedding_spaces_dim_range")),
        sa.PrimaryKeyConstraint("space_id", name="pk_embedding_spaces"),
        sa.UniqueConstraint("space_id", "dim", name="uq_embedding_spaces_space_id_dim"),
    )
    op.create_table(
        "photos",
        sa.Column("photo_id", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("phash", sa.Text(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.CheckConstraint("photo_id ~ '^[0-9a-f]{64}$'", name=op.f("ck_photos_photo_id_sha256")),
        sa.CheckConstraint("width > 0 AND height > 0 AND bytes > 0", name=op.f("ck_photos_size_positive")),
        sa.PrimaryKeyConstraint("photo_id", name="pk_photos"),
    )
    op.create_table(
        "venues",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("site_url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="listed", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("crawled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('listed', 'crawled', 'failing', 'retired')", name=op.f("ck_venues_status_known")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_venues_lat_with_lon")),
        sa.CheckConstraint("bucket BETWEEN 0 AND 15", name=op.f("ck_venues_bucket_range")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_venues_lat_range")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_venues_lon_range")),
        sa.PrimaryKeyConstraint("venue_id", name="pk_venues"),
        sa.UniqueConstraint("site_url", name="uq_venues_site_url"),
    )
    op.create_index("ix_venues_bucket", "venues", ["bucket"])
    op.create_table(
        "index_settings",
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("m", sa.Integer(), nullable=True),
        sa.Column("ef_construction", sa.Integer(), nullable=True),
        sa.Column("ef_search", sa.Integer(), nullable=True),
        sa.Column("measured_recall", sa.Double(), nullable=True),
        sa.Column("p95_ms", sa.Double(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("measured_recall BETWEEN 0 AND 1", name=op.f("ck_index_settings_measured_recall_range")),
        sa.ForeignKeyConstraint(
            ["space_id"], ["embedding_spaces.space_id"], name="fk_index_settings_space_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("space_id", "kind", name="pk_index_settings"),
    )
    op.create_table(
        "photo_embeddings",
        sa.Column("photo_id", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("embedding", VECTOR(), nullable=False),
        sa.CheckConstraint("abs(vector_norm(embedding) - 1) <= 0.001", name=op.f("ck_photo_embeddings_embedding_unit")),
        sa.CheckConstraint("vector_dims(embedding) = dim", name=op.f("ck_photo_embeddings_embedding_dim")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.photo_id"], name="fk_photo_embeddings_photo_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["space_id", "dim"],
            ["embedding_spaces.space_id", "embedding_spaces.dim"],
            name="fk_photo_embeddings_space_id_dim",
        ),
        sa.PrimaryKeyConstraint("photo_id", "space_id", name="pk_photo_embeddings"),
    )
    op.create_table(
        "summary_embeddings",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("embedding", VECTOR(), nullable=False),
        sa.CheckConstraint("field IN ('aesthetic', 'factual', 'vibe')", name=op.f("ck_summary_embeddings_field_known")),
        sa.CheckConstraint(
            "abs(vector_norm(embedding) - 1) <= 0.001", name=op.f("ck_summary_embeddings_embedding_unit")
        ),
        sa.CheckConstraint("vector_dims(embedding) = dim", name=op.f("ck_summary_embeddings_embedding_dim")),
        sa.ForeignKeyConstraint(
            ["space_id", "dim"],
            ["embedding_spaces.space_id", "embedding_spaces.dim"],
            name="fk_summary_embeddings_space_id_dim",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name="fk_summary_embeddings_venue_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", "field", "space_id", name="pk_summary_embeddings"),
    )
    op.create_table(
        "venue_centroids",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("embedding", VECTOR(), nullable=False),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("abs(vector_norm(embedding) - 1) <= 0.001", name=op.f("ck_venue_centroids_embedding_unit")),
        sa.CheckConstraint("photo_count > 0", name=op.f("ck_venue_centroids_photo_count_positive")),
        sa.CheckConstraint("vector_dims(embedding) = dim", name=op.f("ck_venue_centroids_embedding_dim")),
        sa.ForeignKeyConstraint(
            ["space_id", "dim"],
            ["embedding_spaces.space_id", "embedding_spaces.dim"],
            name="fk_venue_centroids_space_id_dim",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name="fk_venue_centroids_venue_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", "space_id", name="pk_venue_centroids"),
    )
    op.create_table(
        "venue_facts",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("capacity_min", sa.Integer(), nullable=True),
        sa.Column("capacity_max", sa.Integer(), nullable=True),
        sa.Column("price_min", sa.Double(), nullable=True),
        sa.Column("price_max", sa.Double(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("price_unit", sa.Text(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("amenities", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("styles", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("evidence", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_venue_facts_currency_iso4217")),
        sa.CheckConstraint("setting IN ('indoor', 'outdoor', 'both')", name=op.f("ck_venue_facts_setting_known")),
        sa.CheckConstraint(
            "capacity_max > 0 AND capacity_max >= coalesce(capacity_min, 0)", name=op.f("ck_venue_facts_capacity_range")
        ),
        sa.CheckConstraint("capacity_min > 0", name=op.f("ck_venue_facts_capacity_min_positive")),
        sa.CheckConstraint(
            "price_max >= 0 AND price_max >= coalesce(price_min, 0)", name=op.f("ck_venue_facts_price_range")
        ),
        sa.CheckConstraint("price_min >= 0", name=op.f("ck_venue_facts_price_min_not_negative")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.venue_id"], name="fk_venue_facts_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("venue_id", name="pk_venue_facts"),
    )
    op.create_table(
        "venue_pages",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.Text(), nullable=True),
        sa.Column("markdown", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("content_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_venue_pages_content_sha256_sha256")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.venue_id"], name="fk_venue_pages_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("venue_id", "url", name="pk_venue_pages"),
    )
    op.create_table(
        "venue_photos",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_venue_photos_photo_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.venue_id"], name="fk_venue_photos_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("venue_id", "photo_id", name="pk_venue_photos"),
    )
    op.create_index("ix_venue_photos_photo_id", "venue_photos", ["photo_id"])
    op.create_table(
        "venue_summaries",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("aesthetic", sa.Text(), nullable=True),
        sa.Column("factual", sa.Text(), nullable=True),
        sa.Column("vibe", sa.Text(), nullable=True),
        sa.Column("summariser", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name="fk_venue_summaries_venue_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", name="pk_venue_summaries"),
    )


def downgrade() -> None:
    """Drop the tables. The extension stays: others in the database may use it."""
    for table in _TABLES_CHILDREN_FIRST:
        op.drop_table(table)
