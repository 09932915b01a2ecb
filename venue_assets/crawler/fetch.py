"""Fetching for one venue: robots.txt, retries, Retry-After, redirects, validators and the byte budget.

Every request of a venue passes through one `Fetcher`, which keeps the venue's ledger. What is fetched, and what it
means, is for `visit` to know.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from venue_assets.crawler.addresses import RefusedAddressError
from venue_assets.crawler.answers import NOT_MODIFIED, Answer, Kind, Known, Ledger
from venue_assets.crawler.bodies import ACCEPT_ENCODING
from venue_assets.crawler.errors import BudgetExceededError, FetchError
from venue_assets.crawler.job import SiteFile
from venue_assets.crawler.retry_after import retry_after_seconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from scrapy import Request
    from scrapy.http import Response

    from venue_assets.crawler.hosts import Hosts, Robots
    from venue_assets.crawler.job import Limits

    Download = Callable[[Request], Awaitable[Response]]

_GONE: Final = (404, 410)
"""All else, such as a firewall's 403 or a host's 509, says nothing about what is there."""

_BUSY: Final = (408, 425, 429)
_RESTING_STATUSES: Final = frozenset({429, 503})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_LARGEST_REMEMBERED: Final = 256 * 1024
"""Larger robots files and sitemaps are read anew each time, to keep jobs and results small."""


class Fetcher:
    """One venue's way to the web.

    Args:
        download: Scrapy's engine, `download_async`.
        hosts: the run's knowledge of hosts.
        limits: the job's.
        remembered: the venue's robots.txt and sitemaps as last read.
    """

    def __init__(self, download: Download, hosts: Hosts, limits: Limits, remembered: Iterable[SiteFile] = ()) -> None:
        self._download = download
        self._hosts = hosts
        self._limits = limits
        self._remembered = {file.url: file for file in remembered}
        self.ledger = Ledger()
        self.site_files: dict[str, SiteFile] = {}
        self.page = Kind(
            "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", limits.page_bytes,
            ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/octet-stream"),
        )  # fmt: skip
        self._sitemap = Kind("application/xml,text/xml,text/plain;q=0.5,*/*;q=0.1", limits.page_bytes)
        self.photo = Kind(
            "image/avif,image/webp,image/jpeg,image/png,image/*;q=0.5", limits.photo_bytes, ("video/", "audio/")
        )
        self._robots = Kind("text/plain,*/*;q=0.1", limits.robots_bytes, cut=True)

    async def robots(self, url: str) -> Robots | None:
        """The robots file that governs `url`; raises as `get` when it refuses `url`."""
        return await self._hosts.check_robots(url, self._read_robots)

    async def get(self, url: str, kind: Kind, known: Known | None = None, *, follow: bool = True) -> Answer:
        """Ask for `url`, as robots.txt allows, as often as it takes within the limits.

        Args:
            url: absolute URL.
            kind: one of this object's kinds.
            known: makes the request conditional; None asks for the body.
            follow: go where redirects lead; each hop is judged like the first.

        Raises:
            FetchError: no usable answer. Its reason for a status is `http_<status>`.
            BudgetExceededError: the venue's bytes are used up.
        """
        for _ in range(self._limits.redirects + 1):
            self._hosts.admit(url)
            await self.robots(url)
            answer = await self._get_one(url, kind, known)
            if not answer.location or not follow:
                return answer
            url = answer.location
        raise FetchError("too_many_redirects", url, passing=False)

    async def sitemap(self, url: str) -> bytes | None:
        """The body of a sitemap, remembered or new; None when the site has none there. Raises as `get`."""
        return await self._site_file(url, self.get(url, self._sitemap, self._known_file(url)))

    def had(self, url: str) -> bool:
        """Whether the last run found a robots.txt or sitemap at `url`."""
        file = self._remembered.get(url)
        return file is not None and file.status == 200

    def last(self, url: str) -> bytes | None:
        """The body as the last run read it, for a file that cannot be had today; the next run remembers it as well.

        Returns:
            None where nothing is remembered, or the body was too large to be.
        """
        if not self.had(url):
            return None
        file = self.site_files[url] = self._remembered[url]
        return None if file.body is None else b64decode(file.body)

    async def _read_robots(self, url: str) -> bytes | None:
        return await self._site_file(url, self._get_robots(url))

    async def _get_robots(self, first: str) -> Answer:
        url = first
        for _ in range(self._limits.redirects + 1):
            try:
                self._hosts.admit(url)
                answer = await self._get_one(url, self._robots, self._known_file(first))
            except FetchError as error:
                if error.reason.startswith("http_4") and not _may_pass_soon(error):
                    # A robots.txt that is refused forbids nothing (RFC 9309, 2.3.1.3).
                    raise FetchError(error.reason, error.detail, passing=False) from error
                if url == first or error.reason.startswith("http_"):
                    raise
                # Not this host's failure, so not to be taken for one.
                raise FetchError("redirect_failed", str(error), passing=error.passing) from error
            if not answer.location:
                return answer
            url = answer.location
        # RFC 9309, 2.3.1.2: after five redirects the file counts as not there.
        raise FetchError("http_404", "too many redirects", passing=False)

    def _known_file(self, url: str) -> Known | None:
        file = self._remembered.get(url)
        return None if file is None else Known(file.etag, file.last_modified)

    async def _site_file(self, url: str, asking: Awaitable[Answer]) -> bytes | None:
        try:
            answer = await asking
        except FetchError as error:
            # A file that is not there: for robots.txt, everything is allowed (RFC 9309, 2.3.1.3).
            if error.passing or not error.reason.startswith("http_4"):
                raise
            self.site_files[url] = SiteFile(url=url, status=int(error.reason.removeprefix("http_")))
            return None
        if answer.unchanged:
            remembered = self._remembered[url]
            self.site_files[url] = remembered
            return b64decode(remembered.body or "")
        self.site_files[url] = SiteFile(url=url, status=answer.status)
        if len(answer.body) <= _LARGEST_REMEMBERED:
            self.site_files[url] = SiteFile(
                url=url,
                status=answer.status,
                etag=answer.etag,
                last_modified=answer.last_modified,
                body=b64encode(answer.body).decode(),
            )
        return answer.body

    async def _get_one(self, url: str, kind: Kind, known: Known | None) -> Answer:
        """One address, without following it elsewhere, retrying what may pass."""
        host = urlsplit(url).hostname or ""
        for attempt in range(self._limits.retries + 1):
            await self._hosts.rested(host)
            try:
                return self._judge(url, await self._send(url, kind, known), host, conditional=bool(_validators(known)))
            except FetchError as error:
                if not _may_pass_soon(error) or attempt == self._limits.retries:
                    raise
            await asyncio.sleep(self._limits.delay * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    async def _send(self, url: str, kind: Kind, known: Known | None) -> Response:
        from scrapy import Request

        self._spend(0)
        headers = {
            "Accept": kind.accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "en, *;q=0.5",
            "User-Agent": self._limits.user_agent,
            **_validators(known),
        }
        meta = {
            "max_bytes": kind.max_bytes,
            "cut": kind.cut,
            "skip_body": kind.skip_body,
            "timeout": self._limits.request_seconds,
            "spend": self._spend,
        }
        request = Request(url, headers=headers, meta=meta)
        self.ledger.requests += 1
        self.ledger.conditional += "If-None-Match" in headers or "If-Modified-Since" in headers
        try:
            return await self._download(request)
        except RefusedAddressError as error:
            raise FetchError(error.reason, error.detail, passing=False) from error

    def _spend(self, size: int) -> None:
        """Note body bytes that came in; while they come, so that a body without end is cut off at the budget, too.

        Raises:
            BudgetExceededError: nothing is left.
        """
        self.ledger.received += size
        if self.ledger.received > self._limits.bytes:
            raise BudgetExceededError("byte_budget", f"{self._limits.bytes} bytes")

    def _judge(self, url: str, response: Response, host: str, *, conditional: bool) -> Answer:
        """The answer a response makes, or the error its status makes."""
        status = response.status
        if status in _REDIRECTS:
            return Answer(url, status, location=_location(url, response))
        if status == 200 or (status == NOT_MODIFIED and conditional):
            media_type, _, parameters = _header(response, "Content-Type").partition(";")
            return Answer(
                url,
                status,
                response.body,
                media_type=media_type.strip().lower(),
                charset_header=parameters,
                etag=_header(response, "ETag") or None,
                last_modified=_header(response, "Last-Modified") or None,
            )
        if status in _RESTING_STATUSES:
            wait = retry_after_seconds(_header(response, "Retry-After"), datetime.now(UTC))
            if wait is not None:
                self._hosts.rest(host, wait)
        raise FetchError(f"http_{status}", "", passing=status not in _GONE)


def _may_pass_soon(error: FetchError) -> bool:
    """Whether asking again within moments is of use, and no nuisance."""
    status = error.reason.removeprefix("http_")
    if status.isdecimal():
        return int(status) >= 500 or int(status) in _BUSY
    return error.passing and error.reason not in ("retry_later", "tls_failed")


def _validators(known: Known | None) -> dict[str, str]:
    if known is None:
        return {}
    named = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return {name: value for name, value in named if value}


def _location(url: str, response: Response) -> str:
    location = _header(response, "Location").strip()
    if not location:
        raise FetchError(f"http_{response.status}", "without Location", passing=False)
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchError("bad_url", f"Location: {location}", passing=False) from error


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name) or b""
    try:
        return value.decode()  # what servers send where they should escape
    except UnicodeDecodeError:
        return value.decode("latin-1")
