"""The links of a page and what its head asks of crawlers. Whether to follow them is `traps` and the crawler's work."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from venue_assets.extract.urls import absolute_url, canonical_url, file_extension, is_same_site, site_key
from venue_assets.extract.values import PageDirectives, PageLink, ParsedPage

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_LINKS: Final = 2000
"""A page's links past this many are not read."""

# Extensions that pages have, or none; others (pictures, brochures, archives) are files.
_PAGE_EXTENSION: Final = re.compile(r"|x?html?|shtml|php5?|phtml|aspx?|jsp|jsf|do|cfm|cgi|pl")
_REFRESH: Final = re.compile(r"^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)


def base_url(page: ParsedPage, page_url: str) -> str:
    """The address that the page's relative addresses start from: its `base` element's, or its own."""
    for element in page.root.iter("base"):
        href = element.get("href")
        if href:
            return absolute_url(href, page_url) or page_url
    return page_url


def page_links(page: ParsedPage, page_url: str, site_url: str) -> list[PageLink]:
    """The page's links to pages of its site, in page order, each address once.

    Files are left out by their extension, and so are downloads. An address that is linked both with and without
    `rel=nofollow` counts as followed; a page's own address is left out.

    Args:
        page: the parsed page.
        page_url: its address after redirects.
        site_url: the site's address; only the host matters.
    """
    base = base_url(page, page_url)
    own, site = canonical_url(page_url), site_key(site_url)
    found: dict[str, PageLink] = {}
    for element in islice(page.root.iter("a", "area", "iframe", "frame"), 2 * MAX_LINKS):
        url = _target(element, base)
        if url is None or url == own or site_key(url) != site:
            continue
        is_nofollow = "nofollow" in (element.get("rel") or "").lower().split()
        known = found.get(url)
        if known is not None:
            found[url] = PageLink(url, known.text or _words(element), is_nofollow and known.is_nofollow)
        elif len(found) < MAX_LINKS:
            found[url] = PageLink(url, _words(element), is_nofollow)
    return list(found.values())


def page_directives(page: ParsedPage, page_url: str) -> PageDirectives:
    """What the head says: the canonical address where it is another of the same site, robots, and a refresh."""
    base = base_url(page, page_url)
    canonical, refresh = None, None
    robots: set[str] = set()
    for element in page.root.iter("link", "meta"):
        if element.tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split() and canonical is None:
                canonical = canonical_url(element.get("href") or "", base)
            continue
        content = element.get("content") or ""
        if (element.get("name") or "").lower() == "robots":
            robots.update(word.strip().lower() for word in content.split(","))
        if (element.get("http-equiv") or "").lower() == "refresh" and refresh is None:
            target = _REFRESH.match(content)
            refresh = canonical_url(target[1], base) if target else None
    if canonical == canonical_url(page_url) or (canonical and not is_same_site(canonical, page_url)):
        canonical = None
    is_none = "none" in robots
    return PageDirectives(canonical, is_none or "noindex" in robots, is_none or "nofollow" in robots, refresh)


def _target(element: HtmlElement, base: str) -> str | None:
    href = element.get("src" if element.tag in ("iframe", "frame") else "href")
    # "#" alone and scripts lead nowhere; joining them would give the page itself.
    if not href or href.lstrip().startswith("#") or element.get("download") is not None:
        return None
    url = canonical_url(href, base)
    return url if url is not None and _PAGE_EXTENSION.fullmatch(file_extension(url)) else None


def _words(element: HtmlElement) -> str:
    words = " ".join("".join(element.itertext()).split()) or (element.get("title") or element.get("aria-label") or "")
    return words[:200]
