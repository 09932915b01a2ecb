"""What was read out of a site, by whom: a reading per summariser, and more facts with their evidence."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FACT_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "seated_max": sa.Integer(),
    "standing_max": sa.Integer(),
    "price_on_application": sa.Boolean(),
    "address": sa.Text(),
}
_FACT_LISTS = ("other_amenities", "other_styles")
_FACT_ORIGIN = ("summariser", "source_hash")
_FACT_CHECKS = {
    "seated_max_positive": "seated_max > 0",
    "standing_max_positive": "standing_max > 0",
    "price_unit_known": "price_unit IN ('event', 'person', 'day', 'hour')",
}


def upgrade() -> None:
    """Add the readings; facts and summaries are derived from them and so begin anew."""
    op.create_table(
        "site_readings",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("summariser", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.Column("result", JSONB(none_as_null=True)),
        sa.Column("failure", sa.Text()),
        sa.Column("input_tokens", sa.Integer(), server_default="0", nullable=False),
        sa.Column("output_tokens", sa.Integer(), server_default="0", nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_site_readings_source_hash_sha256")),
        sa.CheckConstraint("num_nonnulls(result, failure) = 1", name=op.f("ck_site_readings_result_or_failure")),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venues.venue_id"], name=op.f("fk_site_readings_venue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", "summariser", name=op.f("pk_site_readings")),
    )
    op.execute("DELETE FROM venue_facts")
    for name, kind in _FACT_COLUMNS.items():
        op.add_column("venue_facts", sa.Column(name, kind))
    for name in _FACT_LISTS:
        op.add_column("venue_facts", sa.Column(name, ARRAY(sa.Text()), server_default="{}", nullable=False))
    for name in _FACT_ORIGIN:
        op.add_column("venue_facts", sa.Column(name, sa.Text(), nullable=False))
    for name, condition in _FACT_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_venue_facts_{name}"), "venue_facts", condition)


def downgrade() -> None:
    """Take them away; the next summaries are made anew."""
    for name in _FACT_CHECKS:
        op.drop_constraint(op.f(f"ck_venue_facts_{name}"), "venue_facts")
    for name in (*_FACT_COLUMNS, *_FACT_LISTS, *_FACT_ORIGIN):
        op.drop_column("venue_facts", name)
    op.drop_table("site_readings")
