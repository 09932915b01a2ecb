"""Venues with pages in a real database, and the reading asset run on them as Dagster runs it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from sqlalchemy import Engine, Table, delete, insert, literal_column, select

from definitions import defs
from resources.identity import venue_bucket, venue_id
from resources.schema import site_readings, venue_facts, venue_pages, venue_summaries, venues
from venue_assets.crawler.page_reading import PageReading, to_memory
from venue_assets.extract.reading import SitePage
from venue_assets.extract.values import PageDirectives, PageText, PhotoCandidates

READ_TABLES = (site_readings, venue_summaries, venue_facts)


@dataclass(frozen=True)
class Reading:
    """What one run of the asset did."""

    result: dg.ExecuteInProcessResult

    @property
    def checks(self) -> dict[str, bool]:
        """Asset check -> passed."""
        return {check.check_name: check.passed for check in self.result.get_asset_check_evaluations()}

    def metadata(self, asset: str) -> dict[str, list[Any]]:
        """Metadata name -> a value per bucket that has it."""
        found: dict[str, list[Any]] = defaultdict(list)
        for event in self.result.get_asset_materialization_events():
            materialization = event.step_materialization_data.materialization
            if materialization.asset_key.to_user_string() == asset:
                for name, value in materialization.metadata.items():
                    found[name].append(value.value)
        return found

    def outcomes(self) -> dict[str, int]:
        """What came of the venues, over all buckets."""
        counts: dict[str, int] = defaultdict(int)
        for bucket in self.metadata("venue_summaries")["venues"]:
            for outcome, count in bucket.items():
                counts[outcome] += count
        return dict(counts)


@dataclass(frozen=True)
class Venues:
    """The database the asset works on."""

    engine: Engine

    def add(self, pages: Sequence[SitePage], **columns: Any) -> uuid.UUID:
        """A crawled venue with these pages."""
        site = pages[0].url
        venue = venue_id(site)
        row = {"venue_id": venue, "site_url": site, "bucket": venue_bucket(venue), "status": "crawled", **columns}
        with self.engine.begin() as connection:
            connection.execute(insert(venues), row)
        self.crawl(venue, pages)
        return venue

    def crawl(self, venue: uuid.UUID, pages: Sequence[SitePage]) -> None:
        """Store these pages instead of those the venue had."""
        with self.engine.begin() as connection:
            connection.execute(delete(venue_pages).where(venue_pages.c.venue_id == venue))
            for position, page in enumerate(pages):
                connection.execute(insert(venue_pages), _page_row(venue, position, page))

    def read(self) -> Reading:
        """Run the asset for all buckets."""
        return Reading(read_all())

    def row(self, table: Table, venue: uuid.UUID) -> dict[str, Any] | None:
        """The venue's row."""
        with self.engine.connect() as connection:
            found = connection.execute(select(table).where(table.c.venue_id == venue)).mappings().one_or_none()
            return None if found is None else dict(found)

    def versions(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that reading writes with the transaction that wrote it: equal only if nothing was written."""
        with self.engine.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(
                        select(literal_column("xmin::text"), table).order_by(*table.primary_key)
                    )
                ]
                for table in READ_TABLES
            }


def read_all(instance: dg.DagsterInstance | None = None) -> dg.ExecuteInProcessResult:
    """Materialise summaries and facts for all buckets in one run."""
    return defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance or dg.DagsterInstance.ephemeral(),
        asset_selection=[dg.AssetKey("venue_summaries"), dg.AssetKey("venue_facts")],
        tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"},
        run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        raise_on_error=False,
    )


def _page_row(venue: uuid.UUID, position: int, page: SitePage) -> dict[str, Any]:
    reading = PageReading(
        text=PageText(page.url, page.title, "", page.language, page.markdown),
        links=(),
        directives=PageDirectives(None, is_noindex=False, is_nofollow=False, refresh=None),
        pictures=PhotoCandidates((), ()),
        structured=page.structured,
    )
    return {
        "venue_id": venue, "url": page.url, "status": 200, "markdown": page.markdown, "position": position,
        "fetched_at": datetime.now(UTC), "extraction": to_memory(reading),
    }  # fmt: skip
