"""The demo world of eight venues, built once per session and served afresh per test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world
from demo.sites.store import SiteStore
from demo.world.generate import generate_world
from demo.world.model import World

VENUES = 8
"""Two sites of each of the four markup families."""


@dataclass(frozen=True)
class DemoSites:
    """The running sites and what is true of them."""

    server: SiteServer
    truth: dict[str, Any]
    host_map: dict[str, str]

    @property
    def site_urls(self) -> list[str]:
        return [venue["site_url"] for venue in self.truth.values()]


@pytest.fixture(scope="session")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    world, folder = generate_world(seed=7, venues=VENUES, people=1), tmp_path_factory.mktemp("world")
    build_world(world, folder, lazy=True)
    return world, folder


@pytest.fixture
def demo_sites(world_folder: tuple[World, Path]) -> Iterator[DemoSites]:
    with running_sites(*world_folder) as sites:
        yield sites


@contextmanager
def running_sites(world: World, folder: Path) -> Iterator[DemoSites]:
    """The sites of a built world, served by this process, without edits or faults."""
    truth = json.loads((folder / "truth.json").read_bytes())["venues"]
    server = SiteServer(SiteStore(world, folder))
    with serving(server) as base:
        address = base.removeprefix("http://")
        yield DemoSites(server, truth, {venue["host"]: address for venue in truth.values()})
