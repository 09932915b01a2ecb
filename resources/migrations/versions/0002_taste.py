"""People, their boards, pins and ratings, the tastes found in them, and what is recommended to them.

A migration is a record of what was done: it says everything literally and imports nothing that may change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES_CHILDREN_FIRST = (
    "pins",
    "taste_matches",
    "taste_clusters",
    "recommendations",
    "ratings",
    "boards",
    "users",
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "users",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("preferences", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("preference_text", sa.Text(), nullable=True),
        sa.CheckConstraint("bucket BETWEEN 0 AND 31", name=op.f("ck_users_bucket_range")),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("handle", name="uq_users_handle"),
    )
    op.create_index("ix_users_bucket", "users", ["bucket"])
    op.create_table(
        "boards",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("pin_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("board_pins_modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("synced_fingerprint", sa.Text(), nullable=True),
        sa.CheckConstraint("pin_count >= 0", name=op.f("ck_boards_pin_count_not_negative")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_boards_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "board_id", name="pk_boards"),
    )
    op.create_table(
        "ratings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Text(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(photo_id, venue_id) = 1", name=op.f("ck_ratings_one_subject")),
        sa.CheckConstraint("rating BETWEEN 0 AND 5", name=op.f("ck_ratings_rating_range")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_ratings_photo_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_ratings_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.venue_id"], name="fk_ratings_venue_id", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "user_id",
            "photo_id",
            "venue_id",
            name="uq_ratings_user_id_photo_id_venue_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_ratings_photo_id", "ratings", ["photo_id"])
    op.create_index("ix_ratings_venue_id", "ratings", ["venue_id"])
    op.create_table(
        "recommendations",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("visual_score", sa.Double(), nullable=True),
        sa.Column("text_score", sa.Double(), nullable=True),
        sa.Column("matches", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("inputs_hash", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_recommendations_rank_from_one")),
        sa.ForeignKeyConstraint(["space_id"], ["embedding_spaces.space_id"], name="fk_recommendations_space_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_recommendations_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name="fk_recommendations_venue_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "rank", name="pk_recommendations"),
        sa.UniqueConstraint("user_id", "venue_id", name="uq_recommendations_user_id_venue_id"),
    )
    op.create_index("ix_recommendations_venue_id", "recommendations", ["venue_id"])
    op.create_table(
        "taste_clusters",
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_index", sa.SmallInteger(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("medoid_vector", VECTOR(), nullable=False),
        sa.Column("centroid_vector", VECTOR(), nullable=False),
        sa.Column("medoid_pin_id", sa.Text(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("pin_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("polarity IN ('positive', 'negative')", name=op.f("ck_taste_clusters_polarity_known")),
        sa.CheckConstraint(
            "abs(vector_norm(centroid_vector) - 1) <= 0.001", name=op.f("ck_taste_clusters_centroid_vector_unit")
        ),
        sa.CheckConstraint(
            "abs(vector_norm(medoid_vector) - 1) <= 0.001", name=op.f("ck_taste_clusters_medoid_vector_unit")
        ),
        sa.CheckConstraint("cluster_index >= 0", name=op.f("ck_taste_clusters_cluster_index_not_negative")),
        sa.CheckConstraint("pin_count >= 0", name=op.f("ck_taste_clusters_pin_count_not_negative")),
        sa.CheckConstraint("vector_dims(centroid_vector) = dim", name=op.f("ck_taste_clusters_centroid_vector_dim")),
        sa.CheckConstraint("vector_dims(medoid_vector) = dim", name=op.f("ck_taste_clusters_medoid_vector_dim")),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name=op.f("ck_taste_clusters_weight_range")),
        sa.ForeignKeyConstraint(
            ["space_id", "dim"],
            ["embedding_spaces.space_id", "embedding_spaces.dim"],
            name="fk_taste_clusters_space_id_dim",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_taste_clusters_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_taste_clusters"),
        sa.UniqueConstraint(
            "user_id", "polarity", "cluster_index", name="uq_taste_clusters_user_id_polarity_cluster_index"
        ),
    )
    op.create_table(
        "taste_matches",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("other_user_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("matches", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("inputs_hash", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_taste_matches_rank_from_one")),
        sa.CheckConstraint("user_id <> other_user_id", name=op.f("ck_taste_matches_not_oneself")),
        sa.ForeignKeyConstraint(
            ["other_user_id"], ["users.user_id"], name="fk_taste_matches_other_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["embedding_spaces.space_id"], name="fk_taste_matches_space_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_taste_matches_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "rank", name="pk_taste_matches"),
        sa.UniqueConstraint("user_id", "other_user_id", name="uq_taste_matches_user_id_other_user_id"),
    )
    op.create_index("ix_taste_matches_other_user_id", "taste_matches", ["other_user_id"])
    op.create_table(
        "pins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pin_id", sa.Text(), nullable=False),
        sa.Column("board_id", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Text(), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_pins_photo_id"),
        sa.ForeignKeyConstraint(
            ["user_id", "board_id"],
            ["boards.user_id", "boards.board_id"],
            name="fk_pins_user_id_board_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_pins_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "pin_id", name="pk_pins"),
    )
    op.create_index("ix_pins_photo_id", "pins", ["photo_id"])
    op.create_index("ix_pins_user_id_board_id", "pins", ["user_id", "board_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES_CHILDREN_FIRST:
        op.drop_table(table)
