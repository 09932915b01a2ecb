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
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from resources.database import DatabaseUrls, check_server, connect, ensure_database, quoted
from resources.errors import SetupError
from resources.privileges import missing_privileges

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
        SetupError: the database was migrated by newer code than this, or this user may not read there.
    """
    with _explained(engine, "read the database's revision"), engine.connect() as connection:
        return _state(connection)


def upgrade(engine: Engine) -> tuple[MigrationState, MigrationState]:
    """Bring the database to the newest revision; states before and after. Waits for any other migration to end.

    Raises:
        SetupError: pgvector is missing or too old, the database is newer than the code, or this user lacks a right;
            the remedy is the SQL that gives it.
    """
    check_server(engine)
    with _explained(engine, "migrate the database"), _exclusive(engine) as connection:
        before = _state(connection)
        if before.current is None:
            _require(missing_privileges(connection))
        if not before.is_current:
            command.upgrade(_config(connection), "head")
        return before, _state(connection)


def _require(missing: list[str]) -> None:
    if missing:
        raise SetupError(
            "the rights that a migration needs are missing",
            f"have an administrator run, in this database: {'; '.join(missing)}",
        )


@contextmanager
def _explained(engine: Engine, action: str) -> Iterator[None]:
    # Beyond what `_require` asks for: tables are altered, and read, by those who own them.
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        owners = text("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname IN ('public', 'serving')")
        with engine.connect() as connection:
            strangers = [quoted(owner) for owner in connection.scalars(owners) if owner != engine.url.username]
        shown = ", ".join(sorted(strangers))
        raise SetupError(
            f"this user may not {action}: {str(error.orig).strip()}",
            f"use the tables' owner ({shown}), or have an administrator run, in this database: "
            f"REASSIGN OWNED BY {shown} TO {quoted(engine.url.username)}"
            if strangers
            else "have an administrator give that right, or run `venue-taste db migrate` with a DATABASE_URL of theirs",
        ) from error


def prepare(urls: DatabaseUrls) -> tuple[MigrationState, MigrationState]:
    """Create what databases are missing and migrate the tables; states before and after.

    Raises:
        SetupError: as `ensure_database` and `upgrade`.
    """
    ensure_database(urls.tables)
    ensure_database(urls.dagster, urls.dagster_setting)
    engine = connect(urls.tables)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()


def downgrade(engine: Engine, revision: str) -> MigrationState:
    """Take the database back to `revision`, or to nothing with "base". Data of what is dropped is lost.

    Raises:
        SetupError: the database is newer than the code, or this user does not own the tables.
    """
    with _explained(engine, "migrate the database"), _exclusive(engine) as connection:
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
