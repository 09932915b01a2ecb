"""The pages of one venue as the crawl saw them, and which of them are the venue's. Pure, and blind to arrival order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from venue_assets.crawler.job import PageMemory, PageResult, Rejection
from venue_assets.crawler.page_reading import PageReading, to_memory

_STUB_CHARACTERS: Final = 300
"""A page that refreshes to another one and says less than this is a redirect; more, and it is a page."""


@dataclass(slots=True)
class PageVisit:
    """What came of asking for one page.

    Attributes:
        position: place in the order in which the site's addresses became known.
        reading: None when there was nothing to read; a rejected page may have one.
        leads_to: addresses it names, in page order.
        stale: why the last run's word is taken for it.
        is_passing: the rejection may be gone the next time.
    """

    url: str
    position: int
    status: int = 0
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    unchanged: bool = False
    stale: Rejection | None = None
    reading: PageReading | None = None
    leads_to: tuple[str, ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    rejection: Rejection | None = None
    is_passing: bool = False
    markdown: str | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the page is one of the venue's."""
        return self.reading is not None and self.rejection is None

    @property
    def passing_failure(self) -> Rejection | None:
        """Why this run did not get to see the page, where that may pass."""
        return self.stale or (self.rejection if self.is_passing else None)

    def result(self) -> PageResult:
        """The page as a value for the spool."""
        return PageResult(
            url=self.url,
            status=self.status,
            etag=self.etag,
            last_modified=self.last_modified,
            content_sha256=self.content_sha256,
            unchanged=self.unchanged,
            stale=self.stale,
            markdown=self.markdown if self.is_accepted else None,
            extraction=None if self.reading is None else to_memory(self.reading),
            fetched_at=self.at,
            rejection=self.rejection,
        )


def remembered(memory: PageMemory, position: int, reading: PageReading, why: Rejection) -> PageVisit:
    """A page as the last run knew it, because this one did not get to see it."""
    return PageVisit(
        url=memory.url,
        position=position,
        status=memory.status,
        etag=memory.etag,
        last_modified=memory.last_modified,
        content_sha256=memory.content_sha256,
        unchanged=True,
        stale=why,
        reading=reading,
        leads_to=follows(reading),
    )


def follows(reading: PageReading) -> tuple[str, ...]:
    """The addresses a page names for crawlers to follow."""
    directives = reading.directives
    named = [url for url in (directives.canonical, directives.refresh) if url is not None]
    if not directives.is_nofollow:
        named += [link.url for link in reading.links if not link.is_nofollow]
    return tuple(named)


def judge_pages(visits: Iterable[PageVisit]) -> list[PageVisit]:
    """Reject pages whose owner asks not to be indexed, and the second and further addresses of one page.

    Returns:
        The accepted ones in order: pages without a query first where addresses compete, else the earlier known.
    """
    in_order = sorted(visits, key=lambda visit: visit.position)
    readable = {visit.url: visit for visit in in_order if visit.is_accepted}
    first_with: dict[object, str] = {}
    for visit in sorted(readable.values(), key=lambda visit: ("?" in visit.url, visit.position)):
        reading = visit.reading
        if reading is None:
            continue
        against = _own_wish(visit.url, reading)
        if against is not None:
            visit.rejection = against
            continue
        twin = _canonical_twin(reading, visit.url, readable)
        for key in _contents(visit, reading):
            twin = twin or first_with.get(key)
            first_with.setdefault(key, visit.url)
        if twin is not None:
            visit.rejection = Rejection(reason="duplicate_page", detail=twin)
    return [visit for visit in in_order if visit.is_accepted]


def _own_wish(url: str, reading: PageReading) -> Rejection | None:
    refresh = reading.directives.refresh
    if refresh is not None and refresh != url and len(reading.text.markdown) < _STUB_CHARACTERS:
        return Rejection(reason="redirect", detail=refresh)
    return Rejection(reason="noindex") if reading.directives.is_noindex else None


def _canonical_twin(reading: PageReading, url: str, readable: dict[str, PageVisit]) -> str | None:
    """The canonical address where it is believable: sites name their front page on every page by mistake."""
    canonical = reading.directives.canonical
    if canonical is None or canonical == url or canonical not in readable:
        return None
    return canonical if urlsplit(canonical).path == urlsplit(url).path else None


def _contents(visit: PageVisit, reading: PageReading) -> Iterable[object]:
    """What two addresses of one page have in common: their bytes, or their title, words and pictures."""
    if visit.content_sha256 is not None:
        yield visit.content_sha256
    if reading.text.markdown.strip():
        text = reading.text
        yield text.title, text.description, text.markdown, tuple(shown.urls for shown in reading.pictures.kept)
