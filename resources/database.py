"""The Postgres database: where it is, and a checked way in.

Which server (embedded, or `DATABASE_URL`) is decided here and nowhere else. Tables are in `resources.schema`,
migrations in `resources.migrate`; no query about venues or taste belongs here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from pgvector.psycopg import register_vector
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from resources.binary_types.id_arrays import register_id_arrays
from resources.binary_types.vectors import register_real_arrays
from resources.embedded_postgres import EmbeddedPostgres
from resources.errors import SetupError
from resources.settings import Settings

MIN_PGVECTOR: Final = (0, 8)
"""Oldest pgvector: 0.8 brought iterative index scans, which filtered search needs."""

MIN_POSTGRES: Final = 15
"""Oldest Postgres: 15 brought UNIQUE NULLS NOT DISTINCT, which `ratings` needs."""

_CONNECT_TIMEOUT_S: Final = 5
_APP_DRIVER: Final = "postgresql+psycopg"
# dagster-postgres builds `NOTIFY ... $1`, which psycopg 3 cannot send: Dagster needs psycopg 2.
_DAGSTER_DRIVER: Final = "postgresql+psycopg2"


# What the server says, what that means, and what to do about it.
_REFUSALS: Final = (
    (r"password authentication failed|no password supplied", "refuses the password",
     "correct user and password in {setting}"),
    (r'role ".*" does not exist', "does not know the user", "correct the user in {setting}"),
    (r"no pg_hba.conf entry", "does not admit this user from here", "have an administrator allow it in pg_hba.conf"),
    (r"permission denied for database", "is closed to this user",
     "have an administrator GRANT CONNECT, or correct {setting}"),
)  # fmt: skip


class MissingDatabaseError(SetupError):
    """The server answers, and has no database of the wanted name."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The two addresses of a deployment, each with the SQLAlchemy driver its user needs.

    `dagster_setting` is the setting that the second one comes from.
    """

    tables: URL
    dagster: URL
    dagster_setting: str = "DATABASE_URL"


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of these settings, running or not."""
    return EmbeddedPostgres(settings.venue_taste_home / "postgres")


@contextlib.contextmanager
def database(settings: Settings, *, keep_running: bool = False) -> Iterator[DatabaseUrls]:
    """The addresses of the databases, with the embedded server started if it is the one to use.

    The embedded server is shared: whoever leaves last stops it, unless `keep_running` or `venue-taste db start` had
    it started, or connections to it are open.

    Raises:
        SetupError: the embedded server does not start, or one of the settings is not a Postgres address.
    """
    if settings.database_url is not None:
        yield _urls(settings, parse_address(settings.database_url.get_secret_value(), "DATABASE_URL"))
        return
    with embedded_server(settings).shared(keep_running=keep_running) as server:
        yield _urls(settings, make_url(server.url("venue_taste")))


def _urls(settings: Settings, tables: URL) -> DatabaseUrls:
    tables = tables.set(drivername=_APP_DRIVER)
    if settings.dagster_database_url is None:
        return DatabaseUrls(tables, tables.set(drivername=_DAGSTER_DRIVER, database="dagster"))
    setting = "DAGSTER_DATABASE_URL"
    dagster = parse_address(settings.dagster_database_url.get_secret_value(), setting)
    return DatabaseUrls(tables, dagster.set(drivername=_DAGSTER_DRIVER), setting)


def parse_address(address: str, setting: str) -> URL:
    """The address that a setting holds.

    Raises:
        SetupError: it is no address, not Postgres's, or names no database.
    """
    remedy = f"set {setting} to postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    try:
        # Heroku and others still hand out `postgres://`, which SQLAlchemy does not know.
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError) as error:
        raise SetupError(f"{setting} is not a database address", remedy) from error
    if url.get_backend_name() != "postgresql":
        raise SetupError(f"{setting} points to {url.get_backend_name()!r}, not to Postgres", remedy)
    if not url.database:
        raise SetupError(f"{setting} names no database", remedy)
    return url


def connect(url: URL, setting: str = "DATABASE_URL") -> Engine:
    """An engine on `url` whose connections speak pgvector's binary format.

    Args:
        url: with any Postgres driver; it is reached through psycopg 3.
        setting: where `url` comes from, for the message.

    Raises:
        SetupError: no connection can be made; the message says whether it is the address, the server, the
            database, the user or the password.
    """
    try:
        # Asked first: the driver looks up the host's name before it looks at the options.
        psycopg.conninfo.make_conninfo(**dict.fromkeys(url.query, ""))
    except psycopg.ProgrammingError as error:
        raise SetupError(
            f"{setting} is not an address that Postgres understands: {error}", f"correct {setting}"
        ) from error
    engine = create_engine(
        url.set(drivername=_APP_DRIVER), connect_args={"connect_timeout": _CONNECT_TIMEOUT_S}, pool_pre_ping=True
    )
    event.listen(engine, "connect", _register_types)
    try:
        with engine.connect():
            pass
    except OperationalError as error:
        engine.dispose()
        raise _explain(url, setting, error) from error
    return engine


def _register_types(connection: Any, _record: ConnectionPoolEntry) -> None:
    driver_connection: psycopg.Connection[Any] = connection
    register_id_arrays(driver_connection)
    register_real_arrays(driver_connection)
    # Before the first migration the type is not there yet, and then no vector can be read or written either.
    with contextlib.suppress(psycopg.ProgrammingError):
        register_vector(driver_connection)
    driver_connection.rollback()


def _explain(url: URL, setting: str, error: OperationalError) -> SetupError:
    shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
    reason = str(error.orig).strip()
    # libpq gives no error codes for a connection that was refused: the server's own words are all there is.
    if re.search(r'database ".*" does not exist', reason):
        return MissingDatabaseError(
            f"there is no database {url.database!r} at {shown}",
            f"have `venue-taste db migrate` create it, or an administrator: CREATE DATABASE {quoted(url.database)}"
            f"{f' OWNER {quoted(url.username)}' if url.username else ''}; or correct {setting}",
        )
    for pattern, problem, remedy in _REFUSALS:
        if re.search(pattern, reason):
            return SetupError(f"{shown} {problem}: {reason}", remedy.format(setting=setting))
    unset = ", or unset it to use the embedded Postgres" if setting == "DATABASE_URL" else ""
    return SetupError(
        f"no Postgres answers at {shown}: {reason}", f"start that server, or correct host and port in {setting}{unset}"
    )


def quoted(name: str | None) -> str:
    """A name as an SQL identifier."""
    return '"' + (name or "").replace('"', '""') + '"'


def ensure_database(url: URL, setting: str = "DATABASE_URL") -> None:
    """Create the database of `url`, which comes from `setting`, if the server lacks it.

    Raises:
        SetupError: the server cannot be reached, or this user may not create databases.
    """
    try:
        connect(url, setting).dispose()
    except MissingDatabaseError:
        _create_database(url, setting)


def _create_database(url: URL, setting: str) -> None:
    maintenance = connect(url.set(database="postgres"), setting)
    create = f"CREATE DATABASE {quoted(url.database)}"
    try:
        with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"{create} ENCODING 'UTF8' TEMPLATE template0"))
    except DBAPIError as error:
        # Two processes may both have found it missing.
        if isinstance(error.orig, (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)):
            return
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise SetupError(
                f"the database {url.database!r} is missing and this user may not create it",
                f"have an administrator run: {create} OWNER {quoted(url.username)}",
            ) from error
        raise
    finally:
        maintenance.dispose()


def check_server(engine: Engine) -> tuple[str, str]:
    """Versions of (Postgres, pgvector) on the server; pgvector must be installed or ready to be.

    Raises:
        SetupError: Postgres is older than 15, or pgvector is missing or older than 0.8.
    """
    with engine.connect() as connection:
        server_number, server = connection.execute(
            text("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        ).one()
        installed = connection.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
        available = connection.scalar(text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"))
    if server_number < MIN_POSTGRES * 10000:
        raise SetupError(f"the server is Postgres {server}", f"use Postgres {MIN_POSTGRES} or newer in DATABASE_URL")
    wanted = ".".join(map(str, MIN_PGVECTOR))
    if installed is None and available is None:
        raise SetupError(
            "the server does not have the extension `vector`",
            f"install pgvector {wanted} or newer on it (Debian: postgresql-NN-pgvector), or unset DATABASE_URL",
        )
    version = str(installed or available)
    if _version(version) < MIN_PGVECTOR:
        remedy = f"upgrade pgvector on the server to {wanted} or newer, then run ALTER EXTENSION vector UPDATE"
        raise SetupError(f"the extension `vector` is {version}, older than {wanted}", remedy)
    return server, version


def _version(text_version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text_version.split(".") if part.isdigit())
