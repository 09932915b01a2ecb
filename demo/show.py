"""Building the demo world with a progress bar and serving it whole: what `demo-world`, `demo` and `dev` share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.servers.pinterest.app import build_pinterest_app
from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world, write_hosts
from demo.sites.origin import PINS, OtherWorldError
from demo.sites.store import SiteStore
from demo.world.model import World
from resources.errors import SetupError


@dataclass(frozen=True, slots=True)
class Served:
    """Where a served world is: base addresses of its two servers, and the host map that leads to the sites."""

    sites_url: str
    pinterest_url: str
    hosts_file: Path


def build_with_progress(world: World, out: Path, console: Console, *, lazy: bool = False) -> bool:
    """Build `world` into `out` under a progress bar; False when it was complete already.

    Raises:
        SetupError: `out` holds another world.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("pages and pictures", total=None)
        try:
            written = build_world(
                world,
                out,
                lazy=lazy,
                workers=os.cpu_count() or 1,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except OtherWorldError as error:
            raise SetupError(str(error), "choose another folder, or remove this one") from error
        bar.update(task, visible=written and not lazy)
    return written


@contextmanager
def serving_world(world: World, folder: Path, *, sites_port: int = 0, pinterest_port: int = 0) -> Iterator[Served]:
    """Serve a built world on 127.0.0.1 (port 0 takes a free one) and write its host map for as long as the block runs.

    Raises:
        SetupError: a port is taken.
    """
    sites, pinterest = SiteServer(SiteStore(world, folder)), build_pinterest_app(world, media_dir=folder / PINS)
    with ExitStack() as running:
        try:
            sites_url = running.enter_context(serving(sites, port=sites_port))
            pinterest_url = running.enter_context(serving(pinterest, port=pinterest_port))
        except OSError as error:
            remedy = "choose other ports with --sites-port and --pinterest-port; 0 takes a free one"
            raise SetupError(f"cannot serve the demo world: {error}", remedy) from error
        yield Served(sites_url, pinterest_url, write_hosts(world, folder, sites_url.removeprefix("http://")))
