"""Tables of embedding spaces, their vectors and their indexes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Double, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from resources.schema_columns import (
    metadata,
    now_column,
    one_of,
    sha256_check,
    space_columns,
    time_column,
    unit_vector,
    venue_column,
)

embedding_spaces = Table(
    "embedding_spaces",
    metadata,
    Column("space_id", Text, primary_key=True),
    Column("modality", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("dim", Integer, nullable=False),
    now_column("created_at"),
    one_of("modality", "image", "text"),
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
    now_column("switched_at"),
    one_of("modality", "image", "text"),
)

photo_embeddings = Table(
    "photo_embeddings",
    metadata,
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE"), primary_key=True),
    *space_columns(),
    *unit_vector("embedding"),
    # Beside the primary key, because a search looks up thousands: by hash each takes less than half the time.
    Index(None, "photo_id", postgresql_using="hash"),
)

photo_embedding_failures = Table(
    "photo_embedding_failures",
    metadata,
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE"), primary_key=True),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    time_column("failed_at", nullable=False),
)

summary_embeddings = Table(
    "summary_embeddings",
    metadata,
    venue_column(primary_key=True),
    Column("field", Text, primary_key=True),
    *space_columns(),
    *unit_vector("embedding"),
    # Of the text that was embedded: another text, another vector.
    Column("text_sha256", Text, nullable=False),
    sha256_check("text_sha256"),
    one_of("field", "aesthetic", "factual", "vibe"),
)

venue_centroids = Table(
    "venue_centroids",
    metadata,
    venue_column(primary_key=True),
    *space_columns(),
    *unit_vector("embedding"),
    Column("photo_count", Integer, nullable=False),
    CheckConstraint("photo_count > 0", name="photo_count_positive"),
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
    time_column("built_at", nullable=False),
    CheckConstraint("measured_recall BETWEEN 0 AND 1", name="measured_recall_range"),
)
