"""Running the venue assets as Dagster runs them: real sites over HTTP, a real crawler process, a real database."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import Engine, select

from definitions import defs
from demo.servers.sites import SiteServer
from resources.schema import photos, venue_pages, venue_photo_files, venue_photos, venues

TABLES = (venues, venue_pages, photos, venue_photo_files, venue_photos)
IMPOLITE = {"ops": {"crawl": {"config": {"delay": 0.0}}}}
"""Loopback servers do not mind."""

EVERY_BUCKET = {"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"}
_TIMES = {"first_seen_at", "crawled_at", "fetched_at"}

Metadata = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class Lineage:
    """A served world of which some venues are listed, the database the assets write to, and a way to run them."""

    server: SiteServer
    folder: Path
    truth: dict[str, Any]
    engine: Engine
    instance: dg.DagsterInstance

    @property
    def list_file(self) -> Path:
        """What VENUE_LIST names."""
        return self.folder / "venues.csv"

    @property
    def photos(self) -> Path:
        """The photo store."""
        return self.folder / "photos"

    def list_sites(self, truth: dict[str, Any]) -> None:
        """Make the list name these venues."""
        self.list_file.write_text("\n".join(["site_url", *(venue["site_url"] for venue in truth.values())]))

    def execute(self, *assets: str, config: dict[str, Any] | None = None) -> dg.ExecuteInProcessResult:
        """Materialise for all buckets in one run."""
        self.server.log.clear()
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            tags=EVERY_BUCKET,
            run_config=config or (IMPOLITE if "venue_pages" in assets else None),
            raise_on_error=False,
        )

    def run(self, *assets: str, config: dict[str, Any] | None = None) -> Metadata:
        """Materialise with success; the metadata of each asset, a value per bucket."""
        result = self.execute(*assets, config=config)
        assert result.success, failure(result)
        return metadata(result)

    def crawl(self) -> Metadata:
        """Crawl; the metadata of `venue_pages` and `venue_photos`."""
        return self.run("venue_pages", "venue_photos")

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything stored, for comparing."""
        with self.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in TABLES
            }

    def rows_without_times(self) -> dict[str, list[dict[str, Any]]]:
        """Everything stored, less what differs between two equal crawls."""
        with self.engine.connect() as connection:
            return {
                table.name: [
                    {name: value for name, value in row.items() if name not in _TIMES}
                    for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
                ]
                for table in TABLES
            }

    def photo_files(self) -> dict[str, int]:
        """Every file of the photo store with the time it was written (nanoseconds)."""
        return {path.name: path.stat().st_mtime_ns for path in self.photos.rglob("*") if path.is_file()}

    def status(self) -> dict[str, str]:
        """Status by the venue's name in the truth."""
        slugs = {venue["host"]: slug for slug, venue in self.truth.items()}
        with self.engine.connect() as connection:
            rows = connection.execute(select(venues.c.site_url, venues.c.status)).all()
        return {slugs[site_url.removeprefix("https://")]: status for site_url, status in rows}


def metadata(result: dg.ExecuteInProcessResult) -> Metadata:
    """Metadata by asset and name, a value per partition."""
    found: Metadata = defaultdict(lambda: defaultdict(list))
    for event in result.get_asset_materialization_events():
        assert event.asset_key is not None
        for name, value in event.step_materialization_data.materialization.metadata.items():
            found[event.asset_key.to_user_string()][name].append(value.value)
    return found


def failure(result: dg.ExecuteInProcessResult) -> str:
    """What the step that failed said."""
    said = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
    return "\n".join(said)


def messages(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """What stands in a run's log."""
    return [entry.user_message for entry in instance.all_logs(run_id)]


def read_truth(world: Path) -> dict[str, Any]:
    """The venues' truth of a built world."""
    venues: dict[str, Any] = json.loads((world / "truth.json").read_bytes())["venues"]
    return venues
