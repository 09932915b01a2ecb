"""The Postgres database: where it is, and a checked way in.

Which server (embedded, or `DATABASE_URL`) is decided here and nowhere else. Tables are in `resources.schema`,
migrations in `resources.migrate`; no query about venues or taste belongs here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from pgvector.psycopg import register_vector
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

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


class MissingDatabaseError(SetupError):
    """The server answers, and has no database of the wanted name."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The two addresses of a deployment, each with the SQLAlchemy driver its user needs."""

    tables: URL
    dagster: URL


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of these settings, running or not."""
    return EmbeddedPostgres(settings.venue_taste_home / "postgres")


@contextlib.contextmanager
def database(settings: Settings, *, keep_running: bool = False) -> Iterator[DatabaseUrls]:
    """The addresses of the databases, with the embedded server started if it is the one to use.

    A server that this call started is stopped again at exit, unless `keep_running` or others are connected to it.

    Raises:
        SetupError: the embedded server does not start, or DATABASE_URL is not a Postgres address.
    """
    if settings.database_url is not None:
        yield _external_urls(settings, settings.database_url.get_secret_value())
        return
    embedded = embedded_server(settings)
    server, started_here = embedded.start()
    try:
        tables = _parse(server.url("venue_taste"), "DATABASE_URL").set(drivername=_APP_DRIVER)
        yield DatabaseUrls(tables, _dagster_url(settings, tables))
    finally:
        if started_here and not keep_running and not _others_connected(server.url("postgres")):
            embedded.stop()


def _external_urls(settings: Settings, address: str) -> DatabaseUrls:
    tables = _parse(address, "DATABASE_URL").set(drivername=_APP_DRIVER)
    return DatabaseUrls(tables, _dagster_url(settings, tables))


def _dagster_url(settings: Settings, tables: URL) -> URL:
    if settings.dagster_database_url is not None:
        given = settings.dagster_database_url.get_secret_value()
        return _parse(given, "DAGSTER_DATABASE_URL").set(drivername=_DAGSTER_DRIVER)
    return tables.set(drivername=_DAGSTER_DRIVER, database="dagster")


def _parse(address: str, setting: str) -> URL:
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


def _others_connected(maintenance_url: str) -> bool:
    try:
        connection = psycopg.connect(maintenance_url, autocommit=True)
    except psycopg.OperationalError:
        return False  # somebody stopped it already
    with connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    return row is not None and row[0] > 0


def connect(url: URL) -> Engine:
    """An engine on `url` whose connections speak pgvector's binary format.

    Raises:
        SetupError: no connection can be made; the message says whether it is the address, the server, the
            database or the password.
    """
    engine = create_engine(url, connect_args={"connect_timeout": _CONNECT_TIMEOUT_S}, pool_pre_ping=True)
    event.listen(engine, "connect", _register_vector)
    try:
        with engine.connect():
            pass
    except OperationalError as error:
        engine.dispose()
        raise _explain(url, error) from error
    return engine


def _register_vector(connection: Any, _record: ConnectionPoolEntry) -> None:
    driver_connection: psycopg.Connection[Any] = connection
    # Before the first migration the type is not there yet, and then no vector can be read or written either.
    with contextlib.suppress(psycopg.ProgrammingError):
        register_vector(driver_connection)
    driver_connection.rollback()


def _explain(url: URL, error: OperationalError) -> SetupError:
    shown = url.render_as_string(hide_password=True)
    reason = str(error.orig).strip()
    lowered = reason.lower()
    if "password authentication failed" in lowered or "no password supplied" in lowered:
        return SetupError(f"{shown} refuses the password: {reason}", "correct user and password in DATABASE_URL")
    if "does not exist" in lowered and "database" in lowered:
        return MissingDatabaseError(
            f"there is no database {url.database!r} at {shown}", "create it (CREATE DATABASE), or correct DATABASE_URL"
        )
    return SetupError(
        f"no Postgres answers at {shown}: {reason}",
        "start that server, correct host and port in DATABASE_URL, or unset it to use the embedded Postgres",
    )


def ensure_database(url: URL) -> None:
    """Create the database of `url` if the server lacks it.

    Raises:
        SetupError: the server cannot be reached, or this user may not create databases.
    """
    plain = url.set(drivername=_APP_DRIVER)
    try:
        connect(plain).dispose()
    except MissingDatabaseError:
        _create_database(plain)


def _create_database(plain: URL) -> None:
    maintenance = connect(plain.set(database="postgres"))
    name = (plain.database or "").replace('"', '""')
    try:
        with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))
    except DBAPIError as error:
        # Two processes may both have found it missing.
        if isinstance(error.orig, (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)):
            return
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise SetupError(
                f"the database {plain.database!r} is missing and this user may not create it",
                f'have an administrator run: CREATE DATABASE "{name}"',
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
