"""What a crawl must remember to ask only for what has changed, and where a listed venue came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table of picture files."""
    op.add_column("venues", sa.Column("start_url", sa.Text()))
    op.add_column("venues", sa.Column("source", sa.Text(), server_default="command", nullable=False))
    op.add_column("venues", sa.Column("crawl_note", sa.Text()))
    op.add_column("venues", sa.Column("identity", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False))
    op.add_column("venues", sa.Column("site_files", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))
    op.create_check_constraint(op.f("ck_venues_source_known"), "venues", "source IN ('file', 'command')")
    op.add_column("venue_pages", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("venue_pages", sa.Column("rejection", sa.Text()))
    op.add_column("venue_pages", sa.Column("extraction", JSONB()))
    op.create_table(
        "venue_photo_files",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Text()),
        sa.Column("rejection", sa.Text()),
        sa.Column("rejection_detail", sa.Text()),
        sa.Column("memory", JSONB(), nullable=False),
        sa.CheckConstraint(
            "photo_id IS NOT NULL OR rejection IS NOT NULL", name=op.f("ck_venue_photo_files_photo_or_reason")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name=op.f("fk_venue_photo_files_venue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", "source_url", name=op.f("pk_venue_photo_files")),
    )


def downgrade() -> None:
    """Take them away; the next crawl downloads everything again."""
    op.drop_table("venue_photo_files")
    for column in ("extraction", "rejection", "position"):
        op.drop_column("venue_pages", column)
    op.drop_constraint(op.f("ck_venues_source_known"), "venues")
    for column in ("site_files", "identity", "crawl_note", "source", "start_url"):
        op.drop_column("venues", column)
