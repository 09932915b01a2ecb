"""Photographs are looked up by their id's hash: it is 64 letters long, and a search looks up thousands."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hash indexes where searches look photographs up one by one."""
    op.create_index("ix_photo_embeddings_photo_id", "photo_embeddings", ["photo_id"], postgresql_using="hash")
    op.drop_index("ix_venue_photos_photo_id")
    op.create_index("ix_venue_photos_photo_id", "venue_photos", ["photo_id"], postgresql_using="hash")


def downgrade() -> None:
    """The sorted index of before; the primary key serves the rest."""
    op.drop_index("ix_venue_photos_photo_id")
    op.create_index("ix_venue_photos_photo_id", "venue_photos", ["photo_id"])
    op.drop_index("ix_photo_embeddings_photo_id")
