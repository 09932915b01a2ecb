"""Running the crawler as it is run: a process of its own, a job file in, a spool out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resources.identity import venue_id
from venue_assets.crawler.job import (
    CrawlJob,
    Limits,
    PageMemory,
    PhotoMemory,
    PhotoResult,
    VenueJob,
    VenueResult,
)
from venue_assets.crawler.spool import SpooledVenue, finished

PROJECT = Path(__file__).resolve().parents[3]
IMPOLITE = Limits(delay=0, retries=0, user_agent="venue-taste-tests/1")
"""Loopback servers do not mind."""


def write_job(folder: Path, venues: Iterable[VenueJob], host_map: Mapping[str, str], limits: Limits = IMPOLITE) -> Path:
    """Write a job into `folder`; returns the job file. Its spool is `folder`/spool."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{venue.model_dump_json()}\n" for venue in venues)
    (folder / "venues.jsonl").write_text(lines)
    job = CrawlJob(venues_file=folder / "venues.jsonl", spool=folder / "spool", host_map=dict(host_map), limits=limits)
    (folder / "job.json").write_text(job.model_dump_json())
    return folder / "job.json"


def command(job: Path) -> list[str]:
    return [sys.executable, "-m", "venue_assets.crawler", "--job", str(job)]


def crawl(
    folder: Path, venues: Iterable[VenueJob], host_map: Mapping[str, str], limits: Limits = IMPOLITE
) -> dict[str, SpooledVenue]:
    """Crawl, and return the finished venues by site URL."""
    job = write_job(folder, venues, host_map, limits)
    done = subprocess.run(command(job), cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    return {venue.result().site_url: venue for venue in finished(folder / "spool")}


def venue(site_url: str, known: VenueResult | None = None) -> VenueJob:
    """A venue to crawl, with all that `known` says in its memory."""
    if known is None:
        return VenueJob(venue_id=venue_id(site_url), site_url=site_url)
    return VenueJob(
        venue_id=known.venue_id,
        site_url=known.site_url,
        pages=tuple(PageMemory(**_fields(page, PageMemory)) for page in known.pages),
        photos=tuple(PhotoMemory(url=photo.source_url, **_fields(photo, PhotoMemory)) for photo in known.photos),
        site_files=known.site_files,
    )


def _fields(value: Any, memory: type[PageMemory | PhotoMemory]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in memory.model_fields if hasattr(value, name)}


def photographs(result: VenueResult) -> list[PhotoResult]:
    """The accepted photos."""
    return [photo for photo in result.photos if photo.rejection is None]


def page_urls(result: VenueResult) -> set[str]:
    """The accepted pages."""
    return {page.url for page in result.pages if page.rejection is None}


def rejections(result: VenueResult) -> dict[str, str]:
    """Reason by address, of pages and photos."""
    pages = {page.url: page.rejection.reason for page in result.pages if page.rejection is not None}
    return pages | {photo.source_url: photo.rejection.reason for photo in result.photos if photo.rejection is not None}


def without_times(result: VenueResult) -> Any:
    """The result less what differs between two equal crawls: times and costs."""
    value = json.loads(result.model_dump_json())
    for name in ("seconds", "ended_at", "requests", "conditional_requests", "bytes_downloaded"):
        value.pop(name)
    for page in value["pages"]:
        page.pop("fetched_at")
    return value
