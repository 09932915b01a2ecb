"""Building the demo world with a progress bar and serving it whole: what `demo-world`, `demo` and `dev` share."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.servers.pinterest.app import build_pinterest_app
from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world, write_hosts
from demo.sites.origin import PINS, OtherWorldError
from demo.sites.store import SiteStore
from demo.world.generate import load_world
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
        SetupError: `out` holds another world, or cannot be written to.
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
            remedy = f"ask for the venues and users it was built with, or remove {out}, and it is built anew"
            raise SetupError(str(error), remedy) from error
        except OSError as error:
            raise SetupError(f"cannot write the demo world to {out}: {error}", "choose another folder") from error
        bar.update(task, visible=written and not lazy)
    return written


@contextmanager
def serving_world(
    world: World, folder: Path, *, sites_port: int = 0, pinterest_port: int = 0, hosts_name: str = "hosts.json"
) -> Iterator[Served]:
    """Serve a built world on 127.0.0.1 (port 0 takes a free one), and write where into its host map.

    Args:
        world: what `folder` holds.
        folder: a built world.
        sites_port: port of the venues' sites.
        pinterest_port: port of the Pinterest API.
        hosts_name: file in `folder` for the host map; servers of one folder that run at once need one each. It
            names no address after the block.

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
        address = sites_url.removeprefix("http://")
        running.callback(_withdraw, world, folder, address, hosts_name)
        yield Served(sites_url, pinterest_url, write_hosts(world, folder, address, hosts_name))


def _withdraw(world: World, folder: Path, address: str, hosts_name: str) -> None:
    """Take our address out of the host map, unless another server has put its own there."""
    if address in json.loads((folder / hosts_name).read_bytes()).values():
        write_hosts(world, folder, None, hosts_name)


def open_world(folder: Path) -> World:
    """The world that a folder holds.

    Raises:
        SetupError: it holds none, or one that this version cannot read.
    """
    try:
        return load_world(folder / "world.json")
    except FileNotFoundError as error:
        remedy = "run `make demo`, or build one with `venue-taste demo-world --out`"
        raise SetupError(f"there is no demo world in {folder}", remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise SetupError(
            f"{folder / 'world.json'} is not a world of this version ({where}: {first['msg']})",
            f"remove {folder} and build the world again",
        ) from error
