"""The assets `venue_pages` and `venue_photos`: one crawl of many sites, in a process of its own.

This file starts the process, stores what it found, and says so to Dagster. How a site is read is
`venue_assets.crawler`; what the rows look like is `venue_assets.crawl_store`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import fcntl
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import dagster as dg

# Not among Dagster's public names, though it is what its public Pipes client raises; the version is pinned.
from dagster._core.errors import DagsterPipesExecutionError
from pydantic import Field
from sqlalchemy import Connection

from resources.database_resource import DatabaseResource
from resources.identity import venue_bucket
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.settings import SECRET_VARIABLES, Settings, load_settings
from venue_assets.checks import CRAWL_CHECKS, crawl_check_results
from venue_assets.crawl_report import pages_metadata, photos_metadata
from venue_assets.crawl_store import (
    StoredVenue,
    UnstorableResultError,
    crawl_jobs,
    mark_unstorable,
    row_counts,
    store_result,
)
from venue_assets.crawler.job import CrawlJob, Limits
from venue_assets.crawler.spool import finished
from venue_assets.host_map import load_host_map

CRAWL_POOL: Final = "crawl"
"""Concurrency pool of crawls: one at a time keeps the politeness per host that each promises by itself."""

_RETRIES: Final = 2
_RETRY_DELAY_S: Final = 30  # doubled for the second
_PROJECT: Final = Path(__file__).resolve().parent.parent
_LIMITS: Final = Limits()
_MEGABYTE: Final = 1_000_000


class CrawlConfig(dg.Config):
    """What an operator may change for one crawl; the rest are the crawler's own `Limits`."""

    delay: float = Field(default=_LIMITS.delay, ge=0, description="Seconds between requests to one host.")
    pages: int = Field(default=_LIMITS.pages, ge=1, description="Pages per venue.")
    photos: int = Field(default=_LIMITS.photos, ge=0, description="Picture files per venue.")
    megabytes: float = Field(
        default=_LIMITS.bytes / _MEGABYTE, gt=0, description="Downloaded per venue, in millions of bytes."
    )
    seconds: float = Field(default=_LIMITS.seconds, gt=0, description="Time per venue, waiting included.")
    obey_robots: bool = Field(default=True, description="Off only for hosts whose owner agreed.")


def _spec(name: str, description: str, kinds: set[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        name, deps=["venue_sites"], group_name="venues", owners=["team:venue-taste"], kinds=kinds,
        description=description,
    )  # fmt: skip


@dg.multi_asset(
    name="crawl",
    specs=[
        _spec("venue_pages", "Pages of every site as markdown, with what the next crawl needs to skip the unchanged.",
              {"scrapy", "postgres"}),
        _spec("venue_photos", "Photographs of every venue, content-addressed, duplicates and graphics left out.",
              {"scrapy", "postgres", "jpeg"}),
    ],
    check_specs=CRAWL_CHECKS,
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=CRAWL_POOL,
)  # fmt: skip
def crawl(
    context: dg.AssetExecutionContext,
    config: CrawlConfig,
    database: DatabaseResource,
    photo_store: PhotoStoreResource,
    pipes: dg.PipesSubprocessClient,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Crawl the venues of these buckets and store what differs from last time."""
    settings, store = load_settings(), photo_store.open()
    folder = settings.venue_taste_home / "crawl"
    with _only_crawl_on_this_machine(context, folder):
        # What a killed run had finished is good, and need not be fetched again.
        stored = _store_finished(context, database, store, folder / "spool")
        job_file, venues = _write_job(context, config, database, store, folder, settings)
        if venues:
            command = [sys.executable, "-m", "venue_assets.crawler", "--job", str(job_file)]
            try:
                blank = dict.fromkeys(SECRET_VARIABLES, "")  # the crawler's process reads strangers' pages
                pipes.run(context=context, command=command, cwd=str(_PROJECT), env=blank)
            except DagsterPipesExecutionError as error:
                # Not a retry policy: that would crawl again for a failed check, too.
                wait = _RETRY_DELAY_S * 2**context.retry_number
                raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=wait) from error
            finally:
                stored += _store_finished(context, database, store, folder / "spool")
    with database.engine.connect() as connection:
        _describe(context, connection, store, stored)
        yield dg.MaterializeResult(asset_key="venue_pages")
        yield dg.MaterializeResult(asset_key="venue_photos")
        yield from crawl_check_results(connection, buckets_of(context))


def _describe(
    context: dg.AssetExecutionContext, connection: Connection, store: PhotoStore, stored: Sequence[StoredVenue]
) -> None:
    """Give each partition its own metadata, whatever number of them a run takes."""
    by_bucket: defaultdict[int, list[StoredVenue]] = defaultdict(list)
    for venue in stored:
        by_bucket[venue_bucket(venue.result.venue_id)].append(venue)
    rows = {key: row_counts(connection, int(key)) for key in context.partition_keys}
    pages = {key: pages_metadata(by_bucket[int(key)], one) for key, one in rows.items()}
    photos = {key: photos_metadata(by_bucket[int(key)], one, store) for key, one in rows.items()}
    describe_partitions(context, "venue_pages", pages)
    describe_partitions(context, "venue_photos", photos)


@contextmanager
def _only_crawl_on_this_machine(context: dg.AssetExecutionContext, folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # goes with the process, however it ends
        except BlockingIOError:
            context.log.info("waiting for another crawl on this machine to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_job(
    context: dg.AssetExecutionContext,
    config: CrawlConfig,
    database: DatabaseResource,
    store: PhotoStore,
    folder: Path,
    settings: Settings,
) -> tuple[Path, int]:
    venues_file, job_file = folder / "venues.jsonl", folder / "job.json"
    count = 0
    with database.engine.connect() as connection, venues_file.open("w") as lines:
        for venue_job in crawl_jobs(connection, buckets_of(context), store):
            lines.write(venue_job.model_dump_json() + "\n")
            count += 1
    limits = Limits(
        delay=config.delay,
        pages=config.pages,
        photos=config.photos,
        bytes=max(1, round(config.megabytes * _MEGABYTE)),
        seconds=config.seconds,
        obey_robots=config.obey_robots,
        user_agent=_user_agent(settings.crawl_contact),
    )
    job = CrawlJob(
        venues_file=venues_file, spool=folder / "spool", host_map=load_host_map(settings.crawl_host_map), limits=limits
    )
    job_file.write_text(job.model_dump_json())
    return job_file, count


def _user_agent(contact: str | None) -> str:
    return f"{_LIMITS.user_agent} (+{contact})" if contact else _LIMITS.user_agent


def _store_finished(
    context: dg.AssetExecutionContext, database: DatabaseResource, store: PhotoStore, spool: Path
) -> list[StoredVenue]:
    """Store what lies finished in the spool. A result that cannot be stored fails its venue, not those after it."""
    stored = []
    for spooled in finished(spool):
        try:
            venue = store_result(database.engine, store, spooled)
        except UnstorableResultError as error:
            context.log.exception("the result of venue %s cannot be stored and is dropped", spooled.venue_id)
            venue = mark_unstorable(database.engine, spooled, error)
        spooled.remove()
        stored.append(venue)
        if venue.result.outcome != "complete":
            context.log.warning("%s: %s, %s", venue.result.site_url, venue.result.outcome, venue.result.reason)
    return stored
