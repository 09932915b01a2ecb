"""The way into the database: which server, and what is said when there is no way in."""

from __future__ import annotations

import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Engine, make_url, text

from resources.database import MissingDatabaseError, check_server, connect, database, embedded_server, ensure_database
from resources.embedded_postgres import EmbeddedPostgres
from resources.errors import SetupError
from resources.migrate import prepare
from resources.postmaster import RunningServer
from resources.settings import load_settings
from tests.conftest import app_url

Maintenance = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def password_server() -> Iterator[URL]:
    """A server on a loopback port that asks for a password (`--auth-host=scram-sha-256` is how we make clusters)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="venue-taste-password-") as folder:
        embedded = EmbeddedPostgres(
            Path(folder) / "postgres", {"listen_addresses": "127.0.0.1", "port": str(port), "fsync": "off"}
        )
        server, _ = embedded.start()
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE ROLE app LOGIN PASSWORD 'right'")
            connection.execute("CREATE ROLE builder LOGIN CREATEDB PASSWORD 'right'")
        yield make_url(f"postgresql+psycopg://app:right@127.0.0.1:{port}/postgres")
        embedded.stop()


def test_embedded_by_default_and_stopped_by_whoever_started_it() -> None:
    settings = load_settings()
    with database(settings) as outer:
        assert (outer.tables.drivername, outer.tables.database) == ("postgresql+psycopg", "venue_taste")
        assert (outer.dagster.drivername, outer.dagster.database) == ("postgresql+psycopg2", "dagster")
        with database(settings) as inner:
            assert inner == outer
        assert embedded_server(settings).running() is not None, "the inner user must not stop what it did not start"
    assert embedded_server(settings).running() is None


def test_a_server_in_use_by_others_is_left_running() -> None:
    settings = load_settings()
    with database(settings) as urls:
        ensure_database(urls.tables)
        other = psycopg.connect(urls.tables.set(drivername="postgresql").render_as_string(hide_password=False))
    assert embedded_server(settings).running() is not None
    with other, other.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
    other.close()
    assert embedded_server(settings).stop()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_database_url_wins_whatever_driver_it_names(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:p%40@db.example:6543/taste?sslmode=require")
    with database(load_settings()) as urls:
        assert urls.tables.render_as_string(hide_password=False) == (
            "postgresql+psycopg://u:p%40@db.example:6543/taste?sslmode=require"
        )
        assert urls.dagster.render_as_string(hide_password=False) == (
            "postgresql+psycopg2://u:p%40@db.example:6543/dagster?sslmode=require"
        )
    monkeypatch.setenv("DAGSTER_DATABASE_URL", "postgresql://elsewhere/runs")
    with database(load_settings()) as urls:
        assert urls.dagster.render_as_string() == "postgresql+psycopg2://elsewhere/runs"


@pytest.mark.parametrize(
    ("address", "problem"),
    [("mysql://h/d", "not to Postgres"), ("postgresql://h", "names no database"), ("::", "not a database address"),
     ("postgresql://h:port/d", "not a database address")],
)  # fmt: skip
def test_an_address_that_is_none_names_the_setting(monkeypatch: pytest.MonkeyPatch, address: str, problem: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(SetupError, match=problem) as caught, database(load_settings()):
        pass
    assert "DATABASE_URL" in caught.value.remedy


def test_no_server_there() -> None:
    with socket.socket() as free:  # bound, not listening: nobody else can take the port meanwhile
        free.bind(("127.0.0.1", 0))
        url = make_url(f"postgresql+psycopg://u:secret@127.0.0.1:{free.getsockname()[1]}/d")
        with pytest.raises(SetupError, match="no Postgres answers") as caught:
            connect(url)
    assert "DATABASE_URL" in caught.value.remedy
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_said_to_be_that(password_server: URL) -> None:
    connect(password_server).dispose()
    with pytest.raises(SetupError, match="refuses the password") as caught:
        connect(password_server.set(password="wrong"))
    assert "wrong" not in str(caught.value)
    with pytest.raises(SetupError, match="refuses the password"):
        connect(make_url(password_server.render_as_string(hide_password=True).replace(":***", "")))


def test_the_setting_that_is_wrong_is_named(password_server: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    right = password_server.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", right)
    monkeypatch.setenv("DAGSTER_DATABASE_URL", right.replace(":right@", ":wrong@"))
    with database(load_settings()) as urls, pytest.raises(SetupError, match="refuses the password") as caught:
        prepare(urls)
    assert caught.value.remedy == "correct user and password in DAGSTER_DATABASE_URL"


def test_a_user_who_is_not_there_is_no_missing_database(empty_url: URL) -> None:
    with pytest.raises(SetupError, match="does not know the user") as caught:
        connect(empty_url.set(username="database"))
    assert not isinstance(caught.value, MissingDatabaseError)


def test_a_login_without_the_right_to_connect(login: str, empty_url: URL, maintenance: Maintenance) -> None:
    maintenance.execute(f"REVOKE CONNECT ON DATABASE {empty_url.database} FROM PUBLIC".encode())
    with pytest.raises(SetupError, match="is closed to this user") as caught:
        connect(empty_url.set(username=login))
    assert "GRANT CONNECT" in caught.value.remedy


def test_a_missing_database_is_made_or_asked_for(password_server: URL) -> None:
    wanted = password_server.set(database='odd "name"')
    with pytest.raises(SetupError, match="may not create it") as caught:
        ensure_database(wanted)
    assert 'CREATE DATABASE "odd ""name"""' in caught.value.remedy
    with pytest.raises(SetupError, match="there is no database"):
        connect(wanted)
    builder = wanted.set(username="builder")
    ensure_database(builder)
    ensure_database(builder)
    connect(builder).dispose()


def test_vectors_travel_in_binary(engine: Engine) -> None:
    with engine.connect() as connection:
        vector = connection.scalar(text("SELECT '[1,2,3]'::vector"))
    assert vector is not None
    assert vector.to_list() == [1.0, 2.0, 3.0]


def hide_extensions(maintenance: Maintenance, url: URL, path: str) -> None:
    # Postgres 18 finds extensions along a path that a database can set: a server without pgvector, for real.
    statement = sql.SQL("ALTER DATABASE {} SET extension_control_path = {}")
    maintenance.execute(statement.format(sql.Identifier(url.database or ""), sql.Literal(path)))


def test_a_server_without_pgvector(empty_url: URL, maintenance: Maintenance) -> None:
    hide_extensions(maintenance, empty_url, "/nonexistent")
    engine = connect(empty_url)
    with pytest.raises(SetupError, match="does not have the extension `vector`") as caught:
        check_server(engine)
    assert "pgvector 0.8" in caught.value.remedy
    engine.dispose()


def test_a_server_with_an_older_pgvector(empty_url: URL, maintenance: Maintenance, postgres: RunningServer) -> None:
    engine = connect(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION vector"))
        assert check_server(engine)[1] >= "0.8"
        # The server's record of what is installed, as an upgrade of the files alone leaves it.
        connection.execute(text("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'"))
    with pytest.raises(SetupError, match=r"0\.7\.4, older than 0\.8") as caught:
        check_server(engine)
    assert "ALTER EXTENSION vector UPDATE" in caught.value.remedy
    engine.dispose()


def test_cloning_the_template_is_quick(postgres: RunningServer, maintenance: Maintenance, template: str) -> None:
    seconds = []
    for _ in range(5):
        name = f"test_{secrets.token_hex(6)}"
        started = time.perf_counter()
        maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        seconds.append(time.perf_counter() - started)
        connect(app_url(postgres, name)).dispose()
        maintenance.execute(f"DROP DATABASE {name}".encode())
    # The best of five: what the machine can do, whatever else it is doing.
    assert min(seconds) < 0.1
