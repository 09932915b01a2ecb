"""What a crawl finds, against what the demo world says is true: recall and precision of pages and photographs.

The crawl runs as its Dagster assets, on an instance and a database of its own; a second run shows what an unchanged
world costs.

    python -m benchmarks.crawl_truth [--venues 48] [--json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dagster as dg
from sqlalchemy import select

from benchmarks.figures import print_figures
from benchmarks.own_home import own_home
from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world, write_hosts
from demo.sites.store import SiteStore
from demo.world.generate import generate_world
from resources.database_resource import DatabaseResource
from resources.identity import canonical_site_url
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import venue_pages, venue_photos, venues
from venue_assets.crawl import crawl
from venue_assets.sites import venue_sites

if TYPE_CHECKING:
    from sqlalchemy import Engine

MIN_RATE: Final = 0.98
"""Recall and precision, of pages and of photographs."""


def against_truth(engine: Engine, truth: Mapping[str, Any]) -> dict[str, float]:
    """Recall and precision of the stored pages and photographs.

    Args:
        engine: the tables after a crawl.
        truth: `venues` of a world's truth.json.

    Returns:
        `page_recall`, `page_precision`, `photo_recall`, `photo_precision` in [0, 1], and the counts they come from. A
        photograph stored twice, or at a venue that does not show it, is a wrong one.
    """
    site_of = {canonical_site_url(venue["site_url"]): slug for slug, venue in truth.items()}
    true_pages = {
        (slug, page["url"]) for slug, venue in truth.items() for page in venue["pages"] if page["kind"] == "page"
    }
    true_photos = {(slug, photo["name"]) for slug, venue in truth.items() for photo in venue["photos"]}
    name_of = {
        (slug, file["url"]): photo["name"]
        for slug, venue in truth.items()
        for photo in venue["photos"]
        for file in photo["urls"]
    }
    pages = select(venues.c.site_url, venue_pages.c.url).join(venue_pages).where(venue_pages.c.rejection.is_(None))
    photos = select(venues.c.site_url, venue_photos.c.source_url).join(venue_photos)
    with engine.connect() as connection:
        found_pages = [(site_of[site], url) for site, url in connection.execute(pages)]
        found_photos = [(site_of[site], url) for site, url in connection.execute(photos)]
    named = [(slug, name_of.get((slug, url), url)) for slug, url in found_photos]
    return _rates("page", found_pages, true_pages) | _rates("photo", named, true_photos)


def _rates(what: str, found: Sequence[tuple[str, str]], true: set[tuple[str, str]]) -> dict[str, float]:
    right = len(set(found) & true)
    return {
        f"{what}s_true": len(true),
        f"{what}s_found": len(found),
        f"{what}_recall": round(right / len(true), 4),
        f"{what}_precision": round(right / len(found), 4) if found else 0.0,
    }


def measure_truth(venue_count: int) -> dict[str, Any]:
    """Run the assets on a demo world of so many venues, twice, and compare what is stored with the truth."""
    world = generate_world(seed=7, venues=venue_count, people=1)
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch, ExitStack() as running:
        folder = Path(scratch, "world")
        build_world(world, folder)
        address = running.enter_context(serving(SiteServer(SiteStore(world, folder))))
        hosts = write_hosts(world, folder, address.removeprefix("http://"))
        sites = {"VENUE_LIST": str(folder / "venues.csv"), "CRAWL_HOST_MAP": str(hosts)}
        home = running.enter_context(own_home(Path(scratch), **sites))
        _materialize(home.instance, "venue_sites")
        first_seconds, _ = _materialize(home.instance, "venue_pages", "venue_photos")
        figures = against_truth(home.engine, json.loads((folder / "truth.json").read_bytes())["venues"])
        again_seconds, metadata = _materialize(home.instance, "venue_pages", "venue_photos")
    rates = [figures[f"{what}_{rate}"] for what in ("page", "photo") for rate in ("recall", "precision")]
    return {
        "venues": venue_count,
        **figures,
        "seconds": first_seconds,
        "unchanged_run_seconds": again_seconds,
        "unchanged_run_bytes": sum(values["bytes"] for values in metadata),
        "unchanged_run_rows_written": sum(values["rows written"] for values in metadata),
        "within_limits": min(rates) >= MIN_RATE,
    }


def _materialize(instance: dg.DagsterInstance, *assets: str) -> tuple[float, list[dict[str, Any]]]:
    """Run assets over all buckets; how long it took, and the metadata of the first, a dict per bucket."""
    config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
    if "venue_pages" in assets:
        config["ops"] = {"crawl": {"config": {"delay": 0.0}}}
    started = time.perf_counter()
    result = dg.materialize(
        [venue_sites, crawl],
        selection=list(assets),
        instance=instance,
        resources={
            "database": DatabaseResource(), "photo_store": PhotoStoreResource(), "pipes": dg.PipesSubprocessClient(),
        },
        run_config=config,
        tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"},
    )  # fmt: skip
    seconds = round(time.perf_counter() - started, 2)
    events = [event for event in result.get_asset_materialization_events() if event.asset_key == dg.AssetKey(assets[0])]
    found = [event.step_materialization_data.materialization.metadata for event in events]
    return seconds, [{name: value.value for name, value in metadata.items()} for metadata in found]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.crawl_truth", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--venues", type=int, default=48, help="size of the world")
    options = parser.parse_args()
    figures = measure_truth(options.venues)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
