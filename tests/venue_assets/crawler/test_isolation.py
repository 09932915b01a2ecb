"""What trips the crawler up in one page, picture or venue costs no other: the crawler's own parts, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from tests.venue_assets.crawler.crawling import IMPOLITE, page_urls, photographs, rejections, venue
from tests.venue_assets.crawler.test_adversarial import PHOTO
from venue_assets.crawler.fetch import Fetcher
from venue_assets.crawler.hosts import Hosts
from venue_assets.crawler.job import CrawlJob, PageMemory, VenueJob
from venue_assets.crawler.page_reading import read_page, to_memory
from venue_assets.crawler.process import visit_and_spool
from venue_assets.crawler.spool import SpooledVenue, finished
from venue_assets.extract.values import Rejection

SITE = "http://hall.test/"
HOME = b'<title>Hall</title><p>A hall.</p><a href="/a">A</a><a href="/b">B</a><img src="/a.jpg"><img src="/b.jpg">'
FILES = {"/": HOME, "/a": b"<title>A</title><p>Page a.</p>", "/b": b"<title>B</title><p>Page b.</p>", "/b.jpg": PHOTO}


class Readers(ThreadPoolExecutor):
    """Fails on some bodies, as a reader with a mistake in it does."""

    def __init__(self, fails_on: tuple[bytes, ...] = ()) -> None:
        super().__init__(1)
        self.fails_on = fails_on

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        if arguments and arguments[0] in self.fails_on:
            return super().submit("no number".index, "\ud800")
        return super().submit(work, *arguments, **named)


def visit(job: VenueJob, folder: Path, files: dict[str, bytes], readers: Readers) -> SpooledVenue:
    """Visit a site whose answers are `files`; an empty one is 304, a missing one 404."""
    from scrapy import Request
    from scrapy.http import Response

    async def download(request: Request) -> Response:
        body = files.get(request.url.removeprefix("http://hall.test"))
        return Response(request.url, status=404 if body is None else 200 if body else 304, body=body or b"")

    async def once() -> None:
        limits = IMPOLITE.model_copy(update={"obey_robots": False})
        hosts = Hosts(limits, {}, cast("Any", None))  # Scrapy's downloader is told of Crawl-delays alone
        crawl = CrawlJob(venues_file=folder / "venues.jsonl", spool=folder, limits=limits)
        await visit_and_spool(job, Fetcher(download, hosts, limits), crawl, readers)

    with readers:
        asyncio.run(once())
    (spooled,) = finished(folder)
    return spooled


def test_a_page_or_picture_that_a_reader_fails_on_costs_itself_alone(tmp_path: Path) -> None:
    files = {**FILES, "/a.jpg": PHOTO + b"\0"}
    result = visit(venue(SITE), tmp_path, files, Readers((FILES["/a"], files["/a.jpg"]))).result()
    assert rejections(result) == {f"{SITE}a": "reader_error", f"{SITE}a.jpg": "reader_error"}
    assert (result.outcome, result.reason) == ("partial", "not_reached: 2 reader_error")
    assert page_urls(result) == {SITE, f"{SITE}b"}
    assert [photo.source_url for photo in photographs(result)] == [f"{SITE}b.jpg"]


def test_until_the_mistake_is_mended_the_last_reading_counts(tmp_path: Path) -> None:
    first = visit(venue(SITE), tmp_path / "1", FILES, Readers()).result()
    changed = {**FILES, "/a": b"<title>A</title><p>Another page a.</p>"}
    result = visit(venue(SITE, first), tmp_path / "2", changed, Readers((changed["/a"],))).result()
    (stale,) = [page for page in result.pages if page.stale]
    assert (stale.url, stale.markdown) == (f"{SITE}a", "Page a.")
    assert stale.stale is not None
    assert stale.stale.reason == "reader_error"


def test_a_result_that_cannot_be_written_fails_its_venue_alone(tmp_path: Path) -> None:
    """Nothing that extraction gives is unwritable; what a memory of the future holds may be."""
    reading = read_page(HOME, "", SITE)
    assert not isinstance(reading, Rejection)
    memory = to_memory(reading)
    memory["structured"]["items"] = [{"types": ["\ud800"], "properties": {}, "source": "microdata"}]
    job = venue(SITE).model_copy(update={"pages": (PageMemory(url=SITE, status=200, etag='"1"', extraction=memory),)})
    result = visit(job, tmp_path, {**FILES, "/": b""}, Readers()).result()
    assert (result.outcome, result.reason.partition(":")[0], result.pages) == ("failed", "crawler_error", ())
    assert [path.name for path in tmp_path.iterdir()] == [str(job.venue_id)]
