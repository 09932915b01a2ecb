"""A demo world of twelve venues, built once per session, and the lineage that crawls it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import URL, Engine

from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world, write_hosts
from demo.sites.store import SiteStore
from demo.world.generate import generate_world
from demo.world.model import World
from tests.venue_assets.lineage import Lineage, read_truth

VENUES = 12
"""Three of each markup family."""

FEW = 5
"""What most tests list: the fewest whose failing stops a run."""


@pytest.fixture(scope="session")
def lineage_world(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The world; pictures are painted when first asked for, and kept."""
    world, folder = generate_world(seed=11, venues=VENUES, people=0), tmp_path_factory.mktemp("lineage")
    build_world(world, folder, lazy=True)
    return world, folder


@pytest.fixture
def lineage(
    lineage_world: tuple[World, Path],
    tmp_path: Path,
    database_url: URL,
    engine: Engine,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Lineage]:
    """The assets' surroundings; the list names the first five venues."""
    world, folder = lineage_world
    server = SiteServer(SiteStore(world, folder))
    truth = read_truth(folder)
    with serving(server) as address:
        lineage = Lineage(server, tmp_path, truth, engine, instance)
        lineage.list_sites(dict(islice(truth.items(), FEW)))
        hosts = write_hosts(world, folder, address.removeprefix("http://"))
        monkeypatch.setenv("CRAWL_HOST_MAP", str(hosts))
        monkeypatch.setenv("VENUE_LIST", str(lineage.list_file))
        monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
        monkeypatch.setenv("PHOTO_STORE_URL", str(lineage.photos))
        yield lineage
