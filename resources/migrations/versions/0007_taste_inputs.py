"""Pinterest accounts, what a taste was found from, its members and history; triggers that count every change of taste.

The count is kept by the database because pins and ratings have many writers (a poll, a webhook, an app, a person with
psql), and a change that one of them forgot to announce would never be clustered.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ADDED = {
    "users": ("rating_tau", "shares_taste", "taste_version"),
    "boards": ("source", "source_url"),
    "pins": ("rejection", "title", "alt_text"),
    "taste_clusters": ("medoid_photo_id", "label_margin"),
}
_CHECKS = (
    ("users", "rating_tau_range", "rating_tau BETWEEN 0 AND 5"),
    ("boards", "source_known", "source IN ('pinterest', 'folder')"),
    ("pins", "photo_or_rejection", "num_nonnulls(photo_id, rejection) <= 1"),
)
_COUNTED = ("pins", "ratings")


def upgrade() -> None:
    """Add columns, tables and triggers."""
    op.add_column("users", sa.Column("rating_tau", sa.Double()))
    op.add_column("users", sa.Column("shares_taste", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("users", sa.Column("taste_version", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("boards", sa.Column("source", sa.Text(), server_default="pinterest", nullable=False))
    op.add_column("boards", sa.Column("source_url", sa.Text()))
    for name in _ADDED["pins"]:
        op.add_column("pins", sa.Column(name, sa.Text()))
    op.add_column("taste_clusters", sa.Column("medoid_photo_id", sa.Text()))
    op.add_column("taste_clusters", sa.Column("label_margin", sa.Double()))
    for table, name, condition in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    _create_accounts()
    _create_taste_tables()
    _create_triggers()


def _create_accounts() -> None:
    op.create_table(
        "pinterest_accounts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("access_token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=False),
        sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True)),
        sa.Column("poll_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_pinterest_accounts_failures_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_pinterest_accounts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pinterest_accounts")),
        sa.UniqueConstraint("account_id", name=op.f("uq_pinterest_accounts_account_id")),
    )
    op.create_index(op.f("ix_pinterest_accounts_poll_due_at"), "pinterest_accounts", ["poll_due_at"])


def _create_taste_tables() -> None:
    op.create_table(
        "taste_cluster_members",
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Text(), nullable=False),
        sa.Column("pin_id", sa.Text()),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["taste_clusters.cluster_id"],
            name=op.f("fk_taste_cluster_members_cluster_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.photo_id"], name=op.f("fk_taste_cluster_members_photo_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cluster_id", "photo_id", name=op.f("pk_taste_cluster_members")),
    )
    op.create_index(op.f("ix_taste_cluster_members_photo_id"), "taste_cluster_members", ["photo_id"])
    op.create_table(
        "taste_states",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("taste_version", sa.BigInteger(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("inputs_hash", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("silhouette", sa.Double()),
        sa.Column("cluster_count", sa.Integer(), nullable=False),
        sa.Column("pin_count", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("clustered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "treatment IN ('clustered', 'uniform', 'scattered', 'cold_start', 'words', 'none')",
            name=op.f("ck_taste_states_treatment_known"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["embedding_spaces.space_id"], name=op.f("fk_taste_states_space_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_taste_states_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_taste_states")),
    )
    op.create_table(
        "taste_history",
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("pin_count", sa.Integer(), nullable=False),
        sa.Column("drift", sa.Double()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_taste_history_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cluster_id", "recorded_at", name=op.f("pk_taste_history")),
    )
    op.create_index(op.f("ix_taste_history_user_id_recorded_at"), "taste_history", ["user_id", "recorded_at"])


def _create_triggers() -> None:
    # One statement, one update, however many rows it wrote: a board of 10,000 pins counts once.
    op.execute(
        """
        CREATE FUNCTION count_taste_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE users SET taste_version = taste_version + 1
            WHERE user_id IN (SELECT user_id FROM changed);
            RETURN NULL;
        END $$
        """
    )
    for table in _COUNTED:
        for event, rows in (("INSERT", "NEW"), ("DELETE", "OLD"), ("UPDATE", "NEW")):
            op.execute(
                f"CREATE TRIGGER {table}_{event.lower()}_taste AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_taste_change()"
            )
    op.execute(
        """
        CREATE FUNCTION count_words_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.taste_version = OLD.taste_version + 1;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER users_words_taste BEFORE UPDATE OF preference_text, rating_tau ON users FOR EACH ROW
        WHEN ((OLD.preference_text, OLD.rating_tau) IS DISTINCT FROM (NEW.preference_text, NEW.rating_tau))
        EXECUTE FUNCTION count_words_change()
        """
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TRIGGER users_words_taste ON users")
    op.execute("DROP FUNCTION count_words_change()")
    for table in _COUNTED:
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER {table}_{event}_taste ON {table}")
    op.execute("DROP FUNCTION count_taste_change()")
    for table in ("taste_history", "taste_states", "taste_cluster_members", "pinterest_accounts"):
        op.drop_table(table)
    for table, name, _ in _CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)
