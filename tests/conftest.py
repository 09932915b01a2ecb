"""One embedded Postgres per test session, shared by all workers, and a fresh migrated database per test."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from sqlalchemy import URL, Engine, make_url

from resources.asset_runs import kept_connections
from resources.database import connect
from resources.embedded_postgres import EmbeddedPostgres
from resources.migrate import upgrade
from resources.postmaster import RunningServer
from resources.settings import Settings

# Nothing here may reach a hub, and no setting of the person who runs the tests may change what they see.
os.environ["HF_HUB_OFFLINE"] = "1"
# More than a hundred processes are started: let the first of them keep what it compiles.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_SERVER_DIR = "VENUE_TASTE_TEST_SERVER"
PROJECT = Path(__file__).resolve().parent.parent
_ROOM = 2 * 1024**3
_FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
_OUR_SETTINGS = (
    *(name.upper() for name in Settings.model_fields),
    "DAGSTER_HOME", "DAGSTER_POSTGRES_URL", "OLLAMA_HOST",
)  # fmt: skip

_LONGEST_FIRST = ("test_demo.py", "test_cli.py", "test_embedded_postgres.py", "test_crawl.py", "test_browser.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take a minute or more first: begun last, one of them would leave the other workers idle."""
    rank = {name: place for place, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_configure(config: pytest.Config) -> None:
    """In the controlling process only: choose the server's folder, which the workers inherit by environment."""
    if not hasattr(config, "workerinput"):
        os.environ[_SERVER_DIR] = tempfile.mkdtemp(prefix="venue-taste-tests-", dir=_memory_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[_SERVER_DIR])
        EmbeddedPostgres(folder / "postgres").stop()
        shutil.rmtree(folder)


def _memory_folder() -> Path | None:
    # Copying the template is creating 300 files: 15 ms in memory, 100 to 300 ms on a busy disk.
    folder = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
    if folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM:
        return folder
    return None


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _OUR_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VENUE_TASTE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def postgres() -> RunningServer:
    """The session's server; the first process to ask starts it."""
    server, _ = EmbeddedPostgres(Path(os.environ[_SERVER_DIR]) / "postgres", _FAST_AND_UNSAFE).start()
    return server


@pytest.fixture(scope="session")
def maintenance(postgres: RunningServer) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Autocommit connection on which databases are created and dropped."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template(postgres: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]]) -> str:
    """Name of the migrated database that every test's own is a copy of."""

    def migrate(url: URL) -> None:
        engine = connect(url)
        upgrade(engine)
        engine.dispose()

    return _template(postgres, maintenance, "template_venue_taste", migrate)


@pytest.fixture(scope="session")
def dagster_template(
    postgres: RunningServer,
    maintenance: psycopg.Connection[tuple[object, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Name of the database with the tables of a Dagster instance."""

    def make_tables(url: URL) -> None:
        with pytest.MonkeyPatch.context() as patch, _instance(url, tmp_path_factory.mktemp("dagster"), patch):
            pass

    return _template(postgres, maintenance, "template_dagster", make_tables)


@pytest.fixture
def empty_url(postgres: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]]) -> Iterator[URL]:
    """Address of a database of this test's own with nothing in it."""
    yield from own_database(postgres, maintenance)


@pytest.fixture
def database_url(
    postgres: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]], template: str
) -> Iterator[URL]:
    """Address of a migrated database of this test's own: a file copy of the template, in well under 100 ms."""
    yield from own_database(postgres, maintenance, template)


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """Engine on `database_url`."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def dagster_url(
    postgres: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]], dagster_template: str
) -> Iterator[URL]:
    """Address of a database of this test's own with the tables of a Dagster instance."""
    yield from own_database(postgres, maintenance, dagster_template)


@pytest.fixture
def instance(dagster_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance of our own dagster.yaml, its storage in `dagster_url`."""
    with _instance(dagster_url, tmp_path, monkeypatch) as instance, kept_connections(instance):
        yield instance


@pytest.fixture
def login(maintenance: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
    """Name of a database user with no rights but everybody's. Ask for it before the database, which must go first."""
    name = f"login_{secrets.token_hex(6)}"
    maintenance.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER".encode())
    yield name
    maintenance.execute(f"DROP ROLE {name}".encode())


def app_url(server: RunningServer, database: str) -> URL:
    """The address our own code uses for a database of the test server."""
    return make_url(server.url(database)).set(drivername="postgresql+psycopg")


def own_database(
    server: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]], template: str = ""
) -> Iterator[URL]:
    """A database with a name of its own, empty or a copy of the template, until whoever asked is done with it."""
    name = f"test_{secrets.token_hex(6)}"
    copied = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
    maintenance.execute(f"CREATE DATABASE {name} {copied}".encode())
    yield app_url(server, name)
    maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _template(
    server: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]], name: str, build: Callable[[URL], None]
) -> str:
    # Built under another name and renamed, so that no worker copies half a template; the lock lets one build it.
    maintenance.execute("SELECT pg_advisory_lock(1)")
    try:
        if maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            maintenance.execute("DROP DATABASE IF EXISTS building")
            maintenance.execute("CREATE DATABASE building")
            build(app_url(server, "building"))
            maintenance.execute(f"ALTER DATABASE building RENAME TO {name}".encode())
    finally:
        maintenance.execute("SELECT pg_advisory_unlock(1)")
    return name


@contextmanager
def _instance(database: URL, home: Path, patch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    address = database.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
    patch.setenv("DAGSTER_POSTGRES_URL", address)
    (home / "dagster.yaml").write_text((PROJECT / "dagster.yaml").read_text())
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance
