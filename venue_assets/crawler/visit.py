"""One venue's visit: its pages in waves, then its photos, then what they amount to.

Pages are asked for wave by wave: everything the previous wave named, in the order it was named. So which pages a
limit cuts off, and the order of all results, depend on the site and not on which answer came first.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final, TypeVar

from venue_assets.crawler.answers import Answer, Known
from venue_assets.crawler.errors import BudgetExceededError, FetchError
from venue_assets.crawler.fetch import Fetcher
from venue_assets.crawler.frontier import Frontier, Scope
from venue_assets.crawler.job import Limits, PageMemory, Rejection, VenueJob, VenueResult
from venue_assets.crawler.page_reading import PageReading, from_memory, read_page
from venue_assets.crawler.page_set import PageVisit, follows, judge_pages, remembered
from venue_assets.crawler.photo_visit import PhotoVisits
from venue_assets.crawler.readers import off_loop
from venue_assets.crawler.results import failed_result, venue_result
from venue_assets.crawler.sitemap_visit import listed_pages
from venue_assets.extract import values
from venue_assets.extract.urls import canonical_url, is_same_site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from venue_assets.crawler.spool import VenueSpool

T = TypeVar("T")

_NO_HTTPS: Final = ("connection_failed", "tls_failed", "timeout", "robots_unreachable")
_TEMPORARY: Final = (302, 303, 307)
_BEHIND_ALL_SEEN: Final = 1_000_000


class Visit:
    """A venue under way.

    Args:
        job: the venue and what the last run knew of it.
        fetcher: the venue's own.
        limits: the job's.
        spool: the venue's folder, for photo bytes.
        readers: where pages are parsed and pictures decoded, off the event loop.
    """

    def __init__(self, job: VenueJob, fetcher: Fetcher, limits: Limits, spool: VenueSpool, readers: Executor) -> None:
        self._job = job
        self._fetcher = fetcher
        self._limits = limits
        self._readers = readers
        self._memory = {page.url: page for page in job.pages}
        self._pages: dict[str, PageVisit] = {}
        self._photos = PhotoVisits(job.photos, fetcher, spool, readers)
        self._frontier: Frontier | None = None
        self._unread_sitemaps: list[Rejection] = []
        self._stop: Rejection | None = None
        self._deadline = 0.0

    async def run(self) -> VenueResult:
        """Visit the venue; never raises for what a site does."""
        started = time.monotonic()
        self._deadline = asyncio.get_running_loop().time() + self._limits.seconds
        try:
            await self._in_budget(self._read_pages())
        except FetchError as error:
            return failed_result(self._job, error.rejection, self._fetcher, started)
        if self._frontier is None:
            stop = self._stop or Rejection(reason="no_front_page")
            return failed_result(self._job, stop, self._fetcher, started)
        self._carry_over_pages(self._frontier)
        pages = judge_pages(self._pages.values())
        self._photos.plan([page.reading.pictures for page in pages if page.reading], self._limits.photos)
        await self._in_budget(self._each(self._photos.planned, self._photos.fetch))
        if self._stop is not None:
            self._photos.carry_over(self._stop)
        elif self._photos.left_out:
            self._photos.carry_over(Rejection(reason="photo_budget", detail=f"{self._limits.photos} files"))
        self._photos.fold()
        await self._in_budget(self._photos.complete())
        seen = (
            self._job, list(self._pages.values()), self._photos, self._frontier, self._fetcher, self._stop,
            self._unread_sitemaps, started,
        )  # fmt: skip
        # Off the loop: comparing all blocks of text of a large site takes a while.
        return await asyncio.get_running_loop().run_in_executor(self._readers, venue_result, *seen)

    async def _in_budget(self, work: Awaitable[None]) -> None:
        """Do `work` until it is done or the venue's time or bytes are used up."""
        try:
            async with asyncio.timeout_at(self._deadline):
                await work
        except TimeoutError:
            self._stop = Rejection(reason="time_budget", detail=f"{self._limits.seconds:g} s")
        except BudgetExceededError as error:
            self._stop = Rejection(reason=error.reason, detail=error.detail)

    async def _each(self, items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
        """Do `work` for all items, a few at a time, until the budget is used up."""
        waiting = iter(items)

        async def worker() -> None:
            for item in waiting:  # shared: each worker takes the next one
                if self._stop is not None:
                    return
                try:
                    await work(item)
                except BudgetExceededError as error:
                    self._stop = Rejection(reason=error.reason, detail=error.detail)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._limits.concurrency_per_host):
                group.create_task(worker())

    async def _read_pages(self) -> None:
        scope, home = await self._front_page()
        frontier = self._frontier = Frontier(scope, self._limits.pages)
        frontier.add([home.url])
        frontier.next_wave()
        self._pages[home.url] = home
        frontier.add(home.leads_to)
        sitemaps = await listed_pages(self._fetcher, home.url, self._limits.sitemaps)
        self._unread_sitemaps = sitemaps.unread
        frontier.add(sitemaps.pages)
        if sitemaps.is_unknown:
            # They may be known from there alone: ask for what the last run knew.
            frontier.add(sorted(url for url, page in self._memory.items() if page.extraction is not None))
        while (wave := frontier.next_wave()) and self._stop is None:
            await self._each(wave, self._read)
            for url in wave:
                if url in self._pages:
                    frontier.add(self._pages[url].leads_to)

    async def _front_page(self) -> tuple[Scope, PageVisit]:
        """The site's first page, wherever it has moved, and the bounds that follow from it.

        Raises:
            FetchError: there is none.
        """
        first = canonical_url(self._job.site_url)
        if first is None:
            raise FetchError("bad_url", self._job.site_url, passing=False)
        try:
            return await self._follow(first)
        except FetchError as error:
            if error.reason not in _NO_HTTPS or not first.startswith("https:"):
                raise
            return await self._follow(first.replace("https:", "http:", 1))

    async def _follow(self, url: str) -> tuple[Scope, PageVisit]:
        scope = Scope.of(url)
        left: str | None = None
        for _ in range(self._limits.redirects + 1):
            page = await self._ask(url)
            if page.status in range(300, 400) and page.leads_to:
                if page.status in _TEMPORARY and self._was_page(url):
                    left = url
                (url,) = page.leads_to
                if canonical_url(url) is None:
                    raise FetchError("bad_url", url, passing=False)
                continue
            why = page.stale or page.rejection
            if why is not None or page.reading is None:
                # Also when the last run's front page is remembered: the site is down, and all else would fail as well.
                why = why or Rejection(reason="no_front_page")
                raise FetchError(why.reason, why.detail, passing=page.passing_failure is not None)
            scope = scope.moved_to(url)
            page.url = scope.page(url) or url
            if left is not None and _leads_nowhere(page, scope, left):
                # A notice in the place of the site: what the site has is not gone.
                raise FetchError("front_page_away", url, passing=True)
            return scope, page
        raise FetchError("too_many_redirects", url, passing=False)

    def _was_page(self, url: str) -> bool:
        """Whether the last run read a page there, with or without https and `www.`."""
        here = Scope.of(url)
        known = (page.url for page in self._memory.values() if page.extraction is not None)
        return canonical_url(url) in {here.page(page) for page in known}

    async def _read(self, url: str) -> None:
        self._pages[url] = await self._ask(url)

    async def _ask(self, url: str) -> PageVisit:
        """One page: asked for, and read or recognised as unchanged."""
        position = 0 if self._frontier is None else self._frontier.position(url)
        memory = self._memory.get(url)
        known = from_memory(memory.extraction) if memory is not None else None
        try:
            answer = await self._fetcher.get(url, self._fetcher.page, _validators(memory, known), follow=False)
            return await self._take_in(url, position, answer, memory, known)
        except FetchError as error:
            if error.passing and memory is not None and known is not None:
                return remembered(memory, position, known, error.rejection)
            status = error.reason.removeprefix("http_")
            return PageVisit(
                url,
                position,
                status=int(status) if status.isdecimal() else 0,
                rejection=error.rejection,
                is_passing=error.passing,
            )

    async def _take_in(
        self, url: str, position: int, answer: Answer, memory: PageMemory | None, known: PageReading | None
    ) -> PageVisit:
        """The page that an answer brings.

        Raises:
            FetchError: reading it failed.
        """
        if answer.location:
            moved = Rejection(reason="redirect", detail=answer.location)
            return PageVisit(url, position, answer.status, leads_to=(answer.location,), rejection=moved)
        visit = PageVisit(url, position, answer.status, answer.etag, answer.last_modified, at=answer.at)
        if memory is not None and known is not None and answer.unchanged:
            visit.status, visit.content_sha256 = memory.status, memory.content_sha256
            visit.etag = answer.etag or memory.etag
            visit.last_modified = answer.last_modified or memory.last_modified
            visit.unchanged, visit.reading = True, known
        else:
            visit.content_sha256 = hashlib.sha256(answer.body).hexdigest()
            if memory is not None and memory.content_sha256 == visit.content_sha256 and known and known.is_current:
                visit.unchanged, visit.reading = True, known
            elif not answer.body:
                visit.rejection = Rejection(reason="not_html", detail=answer.media_type or "empty")
            else:
                reading = await off_loop(self._readers, url, read_page, answer.body, answer.charset_header, url)
                if isinstance(reading, values.Rejection):
                    visit.rejection = Rejection(reason=reading.reason, detail=reading.detail)
                else:
                    visit.reading = reading
        if visit.reading is not None:
            visit.leads_to = follows(visit.reading)
        return visit

    def _carry_over_pages(self, frontier: Frontier) -> None:
        """Take the last run's word for pages that were not asked for: what a limit cuts off is not gone.

        All of them when the visit was cut short; at the limit on pages, those that the site still names.
        """
        if self._stop is not None:
            for number, url in enumerate(sorted(self._memory.keys() - self._pages.keys())):
                self._recall(url, _BEHIND_ALL_SEEN + number, self._stop)
            return
        why = Rejection(reason="page_budget", detail=f"{self._limits.pages} pages")
        while rest := frontier.beyond_limit():
            for url in rest:
                frontier.add(self._recall(url, frontier.position(url), why))

    def _recall(self, url: str, position: int, why: Rejection) -> tuple[str, ...]:
        """Add a page as the last run knew it, if it did; the addresses it names."""
        memory = self._memory.get(url)
        known = from_memory(memory.extraction) if memory is not None else None
        if memory is None or known is None:
            return ()
        page = self._pages[url] = remembered(memory, position, known, why)
        return page.leads_to


def _leads_nowhere(page: PageVisit, scope: Scope, left: str) -> bool:
    """Whether a page that stands in for `left` names no other page of the site, or belongs to another site."""
    own = {None, page.url, scope.page(left)}
    return not is_same_site(page.url, left) or all(scope.page(url) in own for url in page.leads_to)


def _validators(memory: PageMemory | None, known: PageReading | None) -> Known | None:
    if memory is None or known is None or not known.is_current:
        return None
    return Known(memory.etag, memory.last_modified)
