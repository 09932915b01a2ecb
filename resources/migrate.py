"""Schema migrations, run from code: up, down, and where a database stands. The steps are in `migrations/versions`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from resources.database import DatabaseUrls, check_server, connect, ensure_database
from resources.errors import SetupError

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK_KEY: Final = 0x76656E7565  # any constant will do: "venue" in ASCII


# Not Alembic's default name: Dagster uses that one, and may share our database.
_VERSION_TABLE: Final = "venue_taste_migrations"


@dataclass(frozen=True, slots=True)
class MigrationState:
    """Where a database stands: its revision (None when empty), and the newest one this code knows."""

    current: str | None
    head: str

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to do."""
        return self.current == self.head


def migration_state(engine: Engine) -> MigrationState:
    """Read the database's revision.

    Raises:
        SetupError: the database was migrated by newer code than this.
    """
    with engine.connect() as connection:
        return _state(connection)


def upgrade(engine: Engine) -> tuple[MigrationState, MigrationState]:
    """Bring the database to the newest revision; states before and after. Waits for any other migration to end.

    Raises:
        SetupError: pgvector is missing or too old, or the database is newer than the code.
    """
    check_server(engine)
    with _exclusive(engine) as connection:
        before = _state(connection)
        if not before.is_current:
            command.upgrade(_config(connection), "head")
        return before, _state(connection)


def prepare(urls: DatabaseUrls) -> tuple[MigrationState, MigrationState]:
    """Create what databases are missing and migrate the tables; states before and after.

    Raises:
        SetupError: as `ensure_database` and `upgrade`.
    """
    ensure_database(urls.tables)
    ensure_database(urls.dagster)
    engine = connect(urls.tables)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()


def downgrade(engine: Engine, revision: str) -> MigrationState:
    """Take the database back to `revision`, or to nothing with "base". Data of what is dropped is lost."""
    with _exclusive(engine) as connection:
        _state(connection)
        command.downgrade(_config(connection), revision)
        return _state(connection)


@contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    # One transaction: a killed migration leaves the database as it was, and the lock goes with the transaction.
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        yield connection


def _state(connection: Connection) -> MigrationState:
    scripts = ScriptDirectory(str(_SCRIPTS))
    head = scripts.get_current_head()
    if head is None:
        raise SetupError(f"no migrations in {_SCRIPTS}", "reinstall the project: files are missing")
    current = MigrationContext.configure(connection, opts={"version_table": _VERSION_TABLE}).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise SetupError(
            f"the database is at revision {current!r}, which this code does not know: newer code migrated it",
            "update venue-taste to the version that did, or point DATABASE_URL to another database",
        )
    return MigrationState(current, head)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = _VERSION_TABLE
    return config
