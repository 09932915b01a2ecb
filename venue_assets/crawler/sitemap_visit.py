"""The sitemaps of one venue: which there are, and the pages they list. What a sitemap means is `extract.sitemaps`'."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from venue_assets.crawler.errors import FetchError
from venue_assets.extract.sitemaps import parse_sitemap
from venue_assets.extract.urls import canonical_url
from venue_assets.extract.values import Sitemap

if TYPE_CHECKING:
    from venue_assets.crawler.fetch import Fetcher
    from venue_assets.crawler.job import Rejection


class Listed(NamedTuple):
    """What a site's sitemaps list.

    Attributes:
        pages: addresses, in the sitemaps' order.
        unread: why sitemaps could not be read today; what stands in them is then what the last run read.
        is_unknown: whether one of those is not remembered either, so that pages may be missing from `pages`.
    """

    pages: list[str]
    unread: list[Rejection]
    is_unknown: bool


async def listed_pages(fetcher: Fetcher, home: str, most: int) -> Listed:
    """Read the sitemaps that robots.txt names, or else /sitemap.xml, and those they name; at most `most` files.

    Raises:
        BudgetExceededError: the venue's bytes are used up.
    """
    robots = await fetcher.robots(home)
    named = robots.sitemaps if robots is not None else ()
    promised = {url for url in (canonical_url(url, home) for url in named) if url}
    waiting = [url for url in (canonical_url(url, home) for url in named or ("/sitemap.xml",)) if url]
    read: set[str] = set()
    pages: list[str] = []
    unread: list[Rejection] = []
    is_unknown = False
    while waiting and len(read) < most:
        url = waiting.pop(0)
        if url in read:
            continue
        read.add(url)
        try:
            body = await fetcher.sitemap(url)
        except FetchError as error:
            # A guess that fails is no news, nor is what robots.txt forbids; a failure that passes must not look like
            # an empty sitemap.
            if not error.passing or not (url in promised or fetcher.had(url)):
                continue
            unread.append(error.rejection)
            body = fetcher.last(url)
            is_unknown = is_unknown or body is None
        sitemap = parse_sitemap(body) if body else None
        if isinstance(sitemap, Sitemap):
            pages += [entry.url for entry in sitemap.pages]
            waiting += sitemap.sitemaps
            promised.update(sitemap.sitemaps)
    return Listed(pages, unread, is_unknown)
