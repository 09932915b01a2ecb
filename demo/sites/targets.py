"""Everything a site answers with 200, by path, and its bytes. Redirects and errors are the server's part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from demo.sites.images import MIME_TYPES, image_bytes
from demo.sites.render import (
    render_page,
    render_private,
    render_robots,
    render_sitemap,
    style_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from demo.sites.plan import SitePlan

_STYLE_SHEET = "/style.css"


class Target(NamedTuple):
    """One path of a site, what it is served as, and when it last changed."""

    path: str
    content_type: str
    modified: datetime


def targets(plan: SitePlan) -> Iterator[Target]:
    """All of a site's targets: pages, images, robots.txt, sitemaps, style sheet and the private page."""
    founded = min(page.modified for page in plan.pages)
    # Old hand-made sites leave the charset to a meta tag.
    html = "text/html; charset=utf-8" if plan.charset == "utf-8" else "text/html"
    for page in plan.pages:
        yield Target(page.path, html, page.modified)
    for image in plan.images:
        yield Target(image.path, MIME_TYPES[image.format], founded)
    if plan.private is not None:
        yield Target(plan.private, "text/html; charset=utf-8", founded)
        yield Target("/robots.txt", "text/plain; charset=utf-8", founded)
    for path, _ in plan.sitemaps:
        yield Target(path, "application/xml", max(page.modified for page in plan.pages))
    yield Target(_STYLE_SHEET, "text/css; charset=utf-8", founded)


def target_bytes(plan: SitePlan, path: str, now: datetime) -> bytes:
    """The bytes at one of the site's targets; `now` is the world's present.

    Raises:
        KeyError: the site has nothing at `path`.
    """
    page = plan.page(path)
    if page is not None:
        return render_page(plan, page, now)
    image = plan.image(path)
    if image is not None:
        return image_bytes(plan, image)
    if path == _STYLE_SHEET:
        return style_sheet()
    if path == plan.private:
        return render_private(plan)
    text = render_robots(plan) if path == "/robots.txt" else render_sitemap(plan, path)
    if text is None:
        raise KeyError(f"{plan.host} has nothing at {path}")
    return text
