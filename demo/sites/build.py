"""Building a world's folder: the world, the truth, the list of sites, and every page and picture.

Each file is written whole or not at all, so a build that was killed goes on where it stopped, and a finished
one is left alone. `origin.json` is written first, `complete.json` last.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING

from demo.sites.disk import SCRATCH, site_file, write_whole
from demo.sites.origin import COMPLETE, Origin, claim
from demo.sites.planner import plan_for
from demo.sites.targets import Target, target_bytes, targets
from demo.world.generate import dump_world
from demo.world.truth import world_truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from demo.sites.plan import SitePlan
    from demo.world.model import World

Progress = Callable[[int, int], None]
"""Called with files done and files in all."""


def build_world(
    world: World,
    out: Path,
    *,
    lazy: bool = False,
    workers: int = 2,
    progress: Progress | None = None,
) -> bool:
    """Write `world` into the folder `out`.

    Args:
        world: what to build.
        out: the folder; made when missing. Gets world.json, truth.json, hosts.json (every host with null in
            place of an address, which serving fills in), venues.csv (the site URLs), sites/ and complete.json.
        lazy: leave pages and pictures to be made by the server when first asked for.
        workers: processes that render and paint; with 1 everything happens in this process.
        progress: told how far the sites are.

    Returns:
        False when the folder was complete already and nothing was written.

    Raises:
        OtherWorldError: `out` holds a world that differs from this one.
    """
    written = dump_world(world)
    claim(out, Origin.of(world, written))
    complete = out / COMPLETE
    if complete.exists() and (lazy or not json.loads(complete.read_bytes())["lazy"]):
        return False
    scratch = out / SCRATCH
    # Left by a build that was killed.
    shutil.rmtree(scratch, ignore_errors=True)
    write_whole(out / "world.json", written, scratch)
    write_whole(out / "truth.json", _json(world_truth(world, _plans(world))), scratch)
    write_hosts(world, out, None)
    sites = "\n".join(["site_url", *(f"http://{venue.host}/" for venue in world.venues)])
    write_whole(out / "venues.csv", f"{sites}\n".encode(), scratch)
    if not lazy:
        _build_sites(list(_plans(world)), out, world.now, workers, progress)
    write_whole(complete, _json({"lazy": lazy}), scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    return True


def _plans(world: World) -> Iterator[SitePlan]:
    return (plan_for(world, number) for number in range(len(world.venues)))


def write_hosts(world: World, out: Path, address: str | None, name: str = "hosts.json") -> Path:
    """Write `out`/`name`: every site's host name -> `address` ("127.0.0.1:8600"), null while not served."""
    hosts = out / name
    write_whole(hosts, _json({venue.host: address for venue in world.venues}), out / SCRATCH)
    return hosts


def _build_sites(plans: list[SitePlan], out: Path, now: datetime, workers: int, progress: Progress | None) -> None:
    total = sum(len(list(targets(plan))) for plan in plans)
    done = 0
    for count in _built(plans, out, now, workers):
        done += count
        if progress is not None:
            progress(done, total)


def _built(plans: list[SitePlan], out: Path, now: datetime, workers: int) -> Iterator[int]:
    if workers <= 1:
        yield from (build_site(plan, out, now) for plan in plans)
        return
    # Forking is not safe beside the threads of a progress bar.
    context = get_context("forkserver")
    with ProcessPoolExecutor(workers, context, initializer=_die_with_parent) as pool:
        yield from pool.map(build_site, plans, [out] * len(plans), [now] * len(plans))


def _die_with_parent() -> None:
    """A pool's processes wait for work for ever when their parent is killed; these end with it."""
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def build_site(plan: SitePlan, out: Path, now: datetime) -> int:
    """Write the files of one site that are missing under `out`/sites; returns how many it has now."""
    wanted = list(targets(plan))
    for target in wanted:
        if not _file(plan, out, target).exists():
            body = target_bytes(plan, target.path, now)
            write_whole(_file(plan, out, target), body, out / SCRATCH, target.modified)
    return len(wanted)


def _file(plan: SitePlan, out: Path, target: Target) -> Path:
    return site_file(out / "sites", plan.host, target.path)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
