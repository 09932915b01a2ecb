"""One run: Scrapy's process with one spider that visits all venues of a job, so many at a time.

A process can do this once: Twisted's reactor, which Scrapy runs on, does not start a second time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from venue_assets.crawler.fetch import Fetcher
from venue_assets.crawler.hosts import Hosts
from venue_assets.crawler.job import CrawlJob, Rejection, VenueJob, VenueResult
from venue_assets.crawler.results import failed_result
from venue_assets.crawler.scrapy_settings import scrapy_settings
from venue_assets.crawler.spool import VenueSpool, clear_unfinished, is_finished
from venue_assets.crawler.visit import Visit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.core.engine import ExecutionEngine

logger = logging.getLogger(__name__)

_READERS: Final = 2
"""Threads that parse pages and decode pictures. Few: each may hold a decoded photograph."""


@dataclass(slots=True)
class Summary:
    """What a run did so far; `is_over` once it visited all venues."""

    venues: int = 0
    already_finished: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    bytes_downloaded: int = 0
    is_over: bool = False


def run(job: CrawlJob, report: Callable[[Summary, VenueResult], None]) -> Summary:
    """Crawl all venues of a job; blocks until done, or until SIGINT or SIGTERM ends it early.

    Args:
        job: what to do.
        report: called after each finished venue.

    Returns:
        The summary; `is_over` is False when the run was ended early (the rest of the venues is not in the spool).

    Raises:
        pydantic.ValidationError, OSError: the venues file cannot be read.
    """
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    summary = Summary()
    failures: list[Exception] = []

    class VenueSpider(scrapy.Spider):
        name = "venues"

        async def start(self) -> AsyncIterator[Any]:
            try:
                await _visit_all(job, self.crawler.engine, summary, report)
            except Exception as error:
                failures.append(error)  # Scrapy would only log it
                raise
            return
            yield

    clear_unfinished(job.spool)
    process = AsyncCrawlerProcess(scrapy_settings(job))
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # it has set DEBUG, a line per request
    process.crawl(VenueSpider)
    process.start()
    if failures:
        raise failures[0]
    return summary


async def _visit_all(
    job: CrawlJob, engine: ExecutionEngine | None, summary: Summary, report: Callable[[Summary, VenueResult], None]
) -> None:
    if engine is None:
        raise RuntimeError("Scrapy started the spider without an engine")
    hosts = Hosts(job.limits, job.host_map, engine.downloader)
    venues = job.venues()

    async def visit_next(readers: ThreadPoolExecutor) -> None:
        for venue in venues:  # shared: each takes the next one
            if is_finished(job.spool, venue.venue_id):
                summary.already_finished += 1
                continue
            fetcher = Fetcher(engine.download_async, hosts, job.limits, venue.site_files)
            result = await visit_and_spool(venue, fetcher, job, readers)
            summary.venues += 1
            summary.outcomes[result.outcome] += 1
            summary.requests += result.requests
            summary.bytes_downloaded += result.bytes_downloaded
            report(summary, result)

    with ThreadPoolExecutor(_READERS, "reader") as readers:
        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, job.limits.concurrency // job.limits.concurrency_per_host)):
                group.create_task(visit_next(readers))
    summary.is_over = True


async def visit_and_spool(venue: VenueJob, fetcher: Fetcher, job: CrawlJob, readers: ThreadPoolExecutor) -> VenueResult:
    """Visit one venue and leave its result in the spool; `crawler_error` where that trips the crawler up.

    Raises:
        OSError: the spool cannot be written.
    """
    started = time.monotonic()
    loop = asyncio.get_running_loop()
    try:
        spool = VenueSpool(job.spool, venue.venue_id)
        result = await Visit(venue, fetcher, job.limits, spool, readers).run()
        await loop.run_in_executor(readers, spool.finish, result)
    except Exception as error:
        # One site that trips the crawler up must not keep all others from being read.
        logger.exception("venue %s, %s", venue.venue_id, venue.site_url)
        spool = VenueSpool(job.spool, venue.venue_id)  # anew, without what was written
        why = Rejection(reason="crawler_error", detail=f"{type(error).__name__}: {error}"[:500])
        result = failed_result(venue, why, fetcher, started)
        await loop.run_in_executor(readers, spool.finish, result)
    return result
