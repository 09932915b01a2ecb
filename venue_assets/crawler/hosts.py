"""What the crawler owes each host, whichever venues live there: robots.txt, Crawl-delay and Retry-After.

One `Hosts` serves a whole run. Waiting between requests is done by Scrapy's downloader slots, one per host name;
here they are told the delay. Scrapy's AutoThrottle stays off: it would lower a Crawl-delay again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from venue_assets.crawler.addresses import RefusedAddressError, admit, read_host_map
from venue_assets.crawler.errors import BudgetExceededError, FetchError

if TYPE_CHECKING:
    from scrapy.core.downloader import Downloader
    from scrapy.robotstxt import RobotParser

    from venue_assets.crawler.job import Limits

RobotsReader = Callable[[str], Awaitable[bytes | None]]
"""Fetches a robots.txt: its body, None when the site has none. Raises FetchError when that cannot be told."""

# Failures that are the host's own: robots.txt was merely the first to meet them.
_OF_THE_HOST: Final = frozenset({"address_not_public", "host_not_found", "connection_failed", "tls_failed"})


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says. When it could not be had, `failure` is why, and nothing is allowed (RFC 9309)."""

    parser: RobotParser | None = None
    sitemaps: tuple[str, ...] = ()
    failure: FetchError | None = None

    def refusal(self, url: str, agent: str) -> FetchError | None:
        """The error to raise instead of requesting `url`, or None."""
        failure = self.failure
        if failure is not None:
            if failure.reason in _OF_THE_HOST:
                return FetchError(failure.reason, failure.detail, passing=failure.passing)
            return FetchError("robots_unreachable", str(failure), passing=True)
        if self.parser is not None and not self.parser.allowed(url, agent):
            return FetchError("robots_disallowed", urlsplit(url).path, passing=False)
        return None


class Hosts:
    """Robots files and waits of all hosts met so far."""

    def __init__(self, limits: Limits, host_map: dict[str, str], downloader: Downloader) -> None:
        """Start with nothing known.

        Args:
            limits: the job's.
            host_map: the job's.
            downloader: Scrapy's, whose slots are told of Crawl-delays.
        """
        self._limits = limits
        self._host_map = read_host_map(host_map)
        self._downloader = downloader
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._rest_until: dict[str, float] = {}
        # The product token alone: a URL in the full header could match another crawler's group.
        self._agent = limits.user_agent.partition("/")[0].split()[0]

    def admit(self, url: str) -> None:
        """Refuse what must not be requested, by the URL alone; before robots.txt, which is on the same host.

        Raises:
            FetchError: with the reasons of `addresses.RefusedAddressError`.
        """
        try:
            admit(url, self._host_map)
        except RefusedAddressError as error:
            raise FetchError(error.reason, error.detail, passing=False) from error

    async def check_robots(self, url: str, read: RobotsReader) -> Robots | None:
        """Refuse what robots.txt refuses; the file is read once per origin and run.

        Returns:
            The origin's robots file (for its sitemaps), None when they are not obeyed.

        Raises:
            FetchError: `robots_disallowed` or `robots_unreachable`.
        """
        if not self._limits.obey_robots:
            return None
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(origin, parts.hostname or "", read))
        # Shielded: another venue of this host may wait for it when the first one's time is up.
        robots = await asyncio.shield(self._robots[origin])
        refusal = robots.refusal(url, self._agent)
        if refusal is not None:
            raise refusal
        return robots

    async def _read_robots(self, origin: str, host: str, read: RobotsReader) -> Robots:
        from scrapy.robotstxt import ProtegoRobotParser

        try:
            body = await read(f"{origin}/robots.txt")
        except BudgetExceededError:
            del self._robots[origin]  # this venue cannot afford it; the next one on this host may
            raise
        except FetchError as error:
            return Robots(failure=error)
        if body is None:
            return Robots()
        parser = ProtegoRobotParser(body, None)
        asked = parser.crawl_delay(self._agent)
        if asked is not None and asked > self._limits.delay:
            self._slow_down(host, asked)
        return Robots(parser, tuple(parser.rp.sitemaps))

    def _slow_down(self, host: str, delay: float) -> None:
        # Exactly that delay: no jitter below it, and no second request beside the first.
        self._downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0}
        # Settings count when a slot is made; robots.txt itself has made one, and idle slots are made anew.
        slot = self._downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0

    def rest(self, host: str, seconds: float) -> None:
        """Send nothing to `host` for so long."""
        self._rest_until[host] = max(self._rest_until.get(host, 0.0), time.monotonic() + seconds)

    async def rested(self, host: str) -> None:
        """Wait until `host` may be asked again.

        Raises:
            FetchError: `retry_later`, that is longer than the limit.
        """
        while (wait := self._rest_until.get(host, 0.0) - time.monotonic()) > 0:
            if wait > self._limits.retry_after_seconds:
                raise FetchError("retry_later", f"{host} asked for {wait:.0f} s more", passing=True)
            await asyncio.sleep(wait)
