"""The world and a lookbook over it, each made once a session; tests that write have people of their own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from sqlalchemy import URL

from lookbook.server import serving
from resources.database import DatabaseUrls, connect
from resources.photo_store import PhotoStore
from resources.postmaster import RunningServer
from resources.settings import Settings
from tests.conftest import own_database
from tests.lookbook.world import ENCODER, World, fill

TOKEN = "a secret of the operator, long enough"


@pytest.fixture(scope="session")
def tables(
    postgres: RunningServer, maintenance: psycopg.Connection[tuple[object, ...]], template: str
) -> Iterator[URL]:
    """Address of the session's own database."""
    yield from own_database(postgres, maintenance, template)


@pytest.fixture(scope="session")
def settings(tables: URL, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Those of a lookbook without a token, on any free port."""
    home = tmp_path_factory.mktemp("lookbook")
    return Settings.model_validate({
        "venue_taste_home": home, "database_url": tables.render_as_string(hide_password=False), "lookbook_port": 0,
        "image_encoder": ENCODER, "text_encoder": "lexical", "lookbook_requests_per_minute": 100_000,
    })  # fmt: skip


@pytest.fixture(scope="session")
def urls(tables: URL) -> DatabaseUrls:
    """The databases' addresses."""
    return DatabaseUrls(tables, tables)


@pytest.fixture(scope="session")
def _world(tables: URL, settings: Settings) -> Iterator[World]:
    engine = connect(tables)
    world = World(engine, PhotoStore(settings.photo_store))
    with pytest.MonkeyPatch.context() as patch:
        _lead_there(patch, settings)
        fill(world)
    yield world
    engine.dispose()


@pytest.fixture
def world(_world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, with the environment in which assets find it."""
    _lead_there(monkeypatch, settings)
    return _world


def _lead_there(patch: pytest.MonkeyPatch, settings: Settings) -> None:
    assert settings.database_url is not None
    patch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    patch.setenv("VENUE_TASTE_HOME", str(settings.venue_taste_home))
    patch.setenv("IMAGE_ENCODER", ENCODER)
    patch.setenv("TEXT_ENCODER", "lexical")


@pytest.fixture(scope="session")
def address(_world: World, urls: DatabaseUrls, settings: Settings) -> Iterator[str]:
    """Where the lookbook of this machine's own is."""
    with serving(urls, settings, refresh_s=0.4) as address:
        yield address


@pytest.fixture(scope="session")
def guarded(_world: World, urls: DatabaseUrls, settings: Settings) -> Iterator[str]:
    """Where one with a token is."""
    with_token = Settings.model_validate({**settings.model_dump(), "lookbook_token": TOKEN})
    with serving(urls, with_token) as address:
        yield address


class Visitor(httpx.Client):
    """A browser without scripts: keeps cookies, says where its posts come from, follows."""

    def __init__(self, address: str) -> None:
        super().__init__(base_url=address, follow_redirects=True, headers={"Origin": address}, timeout=30)

    def become(self, person: object) -> Visitor:
        """Choose a person."""
        self.post("/choose", data={"user_id": str(person)}).raise_for_status()
        return self


@pytest.fixture
def visitor(address: str) -> Iterator[Visitor]:
    """Somebody who has not chosen a person yet."""
    with Visitor(address) as visitor:
        yield visitor


@pytest.fixture
def ann(visitor: Visitor, world: World) -> Visitor:
    """Two tastes, wishes, sharing."""
    return visitor.become(world.people["ann"])
