"""`venue-taste demo`: the lineage as far as it is built, run for real on the made-up world, and what came of it.

Stands beside `cli.py` because it sees both the demo world and the assets, which know nothing of each other.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import dagster as dg
import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from demo.show import build_with_progress, open_world, serving_world
from demo.world.generate import generate_world
from demo.world.model import World
from resources.dagster_home import dagster_environment
from resources.database import DatabaseUrls, connect
from resources.errors import SetupError
from resources.processes import environment_variables
from resources.schema import photos, venue_pages, venue_photos, venues
from resources.settings import Settings

_console: Final = Console()
_SHOWN: Final = 8

# Dagster says at every run that a part of its own Pipes is a preview; its version is pinned.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
_STEPS: Final = (
    ("venue_sites", "the list of venues"),
    ("crawl", "pages and photographs of every site"),
    ("site_reading", "summaries and facts, with quotes"),
    ("photo_embeddings", "a vector of every photograph"),
    ("summary_embeddings", "a vector of every summary"),
    ("venue_centroids", "the mean of each venue's photographs"),
    ("venue_map", "the venues by likeness"),
    ("photo_index", "search by picture"),
    ("summary_index", "search by words"),
)
_WEIGHTS: Final = Path(__file__).resolve().parent / "demo" / "tiny_clip" / "weights"
_OFFLINE: Final = {"IMAGE_ENCODER": f"open_clip:local-dir:{_WEIGHTS}", "TEXT_ENCODER": "lexical"}
"""Encoders of the demo where the operator has not chosen: a tiny CLIP that knows the made-up world, hashed words."""


def run_demo(urls: DatabaseUrls, settings: Settings, *, venue_count: int, people_count: int) -> None:
    """Build the world, serve it, run the assets on it and print what they found.

    Raises:
        SetupError: a step failed; its log is in Dagster.
    """
    started = time.perf_counter()
    world = generate_world(venues=venue_count, people=people_count)
    build_with_progress(world, demo_folder(settings), _console)
    with (
        served_demo(settings),
        dagster_environment(urls, settings) as variables,
        environment_variables(variables),
    ):
        _run_assets()
    _print_venues(urls)
    _print_people(world)
    _console.print(f"\nDone in {time.perf_counter() - started:.0f} s. Next:")
    _console.print("  venue-taste dev --demo         the same data in Dagster, http://127.0.0.1:3000")
    _console.print("  venue-taste venues list        every venue;  venue-taste db psql  the tables")
    _console.print(
        f"  venue-taste demo-world serve --world {demo_folder(settings)}   look at the sites", soft_wrap=True
    )


@contextmanager
def served_demo(settings: Settings) -> Iterator[None]:
    """Serve the demo world of these settings, with the environment that leads the assets to it.

    Raises:
        SetupError: it has not been built, or by another version.
    """
    folder = demo_folder(settings)
    world = open_world(folder)
    for left in folder.glob("hosts-*.json"):
        number = left.stem.removeprefix("hosts-")
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            left.unlink()  # by a process that was killed
    # A host map of our own: `demo-world serve` over the same folder keeps its own.
    name = f"hosts-{os.getpid()}.json"
    with ExitStack() as running:
        running.callback((folder / name).unlink, missing_ok=True)
        served = running.enter_context(serving_world(world, folder, hosts_name=name))
        leads = {"VENUE_LIST": str(folder / "venues.csv"), "CRAWL_HOST_MAP": str(served.hosts_file)}
        chosen = {name: os.environ.get(name) or offline for name, offline in _OFFLINE.items()}
        with environment_variables(leads | chosen):
            yield


def _run_assets() -> None:
    from definitions import defs

    # Politeness is for other people's servers; this one is ours.
    quiet = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
    impolite = {"ops": {"crawl": {"config": {"delay": 0.0}}}}
    with dg.DagsterInstance.get() as instance:
        for name, description in _STEPS:
            started = time.perf_counter()
            with _console.status(f"{description} ..."):
                asset = _asset(name)
                keys = sorted(asset.keys)
                job = defs.resolve_implicit_global_asset_job_def()
                result = job.execute_in_process(
                    run_config=quiet | impolite if name == "crawl" else quiet,
                    instance=instance,
                    asset_selection=keys,
                    tags=_every_partition(asset),
                    raise_on_error=False,
                )
            if not result.success:
                raise SetupError(f"the step {name!r} failed", f"run `make dev` and look at run {result.run_id}")
            seconds = time.perf_counter() - started
            names = ", ".join(key.to_user_string() for key in keys)
            _console.print(f"[green]ok[/] {names}: {description} ({seconds:.1f} s)")


def _asset(name: str) -> dg.AssetsDefinition:
    from definitions import defs

    return next(
        asset for asset in defs.assets or () if isinstance(asset, dg.AssetsDefinition) and asset.node_def.name == name
    )


def _every_partition(asset: dg.AssetsDefinition) -> dict[str, str]:
    if asset.partitions_def is None:
        return {}
    keys = asset.partitions_def.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}


def _print_venues(urls: DatabaseUrls) -> None:
    engine = connect(urls.tables)
    accepted = select(func.count()).where(
        venue_pages.c.venue_id == venues.c.venue_id, venue_pages.c.rejection.is_(None)
    )
    shown = select(func.count()).where(venue_photos.c.venue_id == venues.c.venue_id)
    query = select(
        venues.c.name, venues.c.city, venues.c.site_url, accepted.scalar_subquery().label("pages"),
        shown.scalar_subquery().label("photos"),
    ).where(venues.c.status == "crawled")  # fmt: skip
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(venues.c.name)).all()
        photo_count = connection.scalar(select(func.count()).select_from(photos))
    engine.dispose()
    table = Table("venue", "place", "pages", "photos", title=f"{len(rows)} venues, {photo_count} photographs")
    table.caption = "A host stands for a venue whose pages do not name it in a form that a crawl can trust."
    for row in sorted(rows, key=lambda row: (row.name is None, row.city is None))[:_SHOWN]:
        name = row.name or urlsplit(row.site_url).hostname
        table.add_row(name, row.city or "-", str(row.pages), str(row.photos))
    if len(rows) > _SHOWN:
        table.add_row("...")
    _console.print(table)


def _print_people(world: World) -> None:
    table = Table(
        "person",
        "boards",
        "pins",
        "tastes (the truth, which clustering is to find)",
        title="People, for what comes next",
    )
    for person in world.people[:3]:
        tastes = "; ".join(
            f"{' + '.join(slug for slug, _ in taste.mixture)} {taste.weight:.0%}" for taste in person.tastes
        )
        pins = sum(len(board.pins) for board in person.boards)
        table.add_row(person.username, str(len(person.boards)), str(pins), tastes)
    _console.print(table)


def demo_folder(settings: Settings) -> Path:
    """Where the demo world of these settings lies."""
    return settings.venue_taste_home / "demo-world"
