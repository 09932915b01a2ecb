"""The `serving` schema that apps read, and the role that may read it and nothing else."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create schema and role; whatever the migrating user puts into the schema later is readable at once."""
    op.execute("CREATE SCHEMA serving")
    # Roles belong to the whole server: other databases on it may have made this one, even at this moment.
    op.execute(
        """
        DO $$ BEGIN
            -- Asked first: Postgres checks the right to create before it sees that there is nothing to create.
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'venue_taste_reader') THEN
                CREATE ROLE venue_taste_reader NOLOGIN;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA serving TO venue_taste_reader")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA serving GRANT SELECT ON TABLES TO venue_taste_reader")


def downgrade() -> None:
    """Drop the schema with all in it, and the role unless another database of the server still uses it."""
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA serving REVOKE SELECT ON TABLES FROM venue_taste_reader")
    op.execute("DROP SCHEMA serving CASCADE")
    op.execute(
        """
        DO $$ BEGIN
            DROP ROLE venue_taste_reader;
        EXCEPTION WHEN dependent_objects_still_exist OR undefined_object OR insufficient_privilege THEN
            NULL;
        END $$
        """
    )
