"""Sites as readers get them: pages of the demo world, of the real sites, and pages written in a test."""

from __future__ import annotations

from collections.abc import Iterable

from demo.sites.plan import SitePlan
from demo.sites.planner import plan_for
from demo.sites.render import render_page
from demo.world.model import World
from tests.venue_assets.extract.pages import MATERIAL
from venue_assets.extract.boilerplate import drop_repeated_boilerplate
from venue_assets.extract.facts.statements import Statement, page_statements
from venue_assets.extract.markdown import page_text
from venue_assets.extract.parsing import parse_html
from venue_assets.extract.reading import SitePage
from venue_assets.extract.structured import structured_data
from venue_assets.extract.values import ParsedPage, StructuredData, StructuredItem

URL = "http://venue.test/"


def written(markdown: str, *items: StructuredItem, title: str = "", url: str = URL) -> SitePage:
    """A page with this markdown and these machine-readable statements."""
    return SitePage(url, title, markdown, StructuredData(url, items, ()))


def statement(markdown: str) -> Statement:
    """The last statement of the markdown."""
    return list(page_statements(written(markdown)))[-1]


def site_pages(bodies: Iterable[tuple[str, bytes]]) -> list[SitePage]:
    """Pages (address, HTML) as the crawl stores them: without what all of them repeat."""
    parsed = [(url, parse_html(body)) for url, body in bodies]
    pages = [(url, page) for url, page in parsed if isinstance(page, ParsedPage)]
    texts = drop_repeated_boilerplate([page_text(page, url) for url, page in pages])
    return [
        SitePage(text.url, text.title, text.markdown, structured_data(page, text.url), text.language)
        for text, (_, page) in zip(texts, pages, strict=True)
    ]


def demo_site(world: World, number: int) -> tuple[SitePlan, list[SitePage]]:
    """A site of the demo world and its pages."""
    plan = plan_for(world, number)
    bodies = ((f"http://{plan.host}{page.path}", render_page(plan, page, world.now)) for page in plan.pages)
    return plan, site_pages(bodies)


def real_site(name: str) -> list[SitePage]:
    """A site of the material; its pages' addresses are their file names at venue.test."""
    folder = MATERIAL / "sites" / name
    files = sorted(folder.rglob("*.html"), key=lambda file: (len(file.parts), file.name != "index.html", str(file)))
    return site_pages((URL + str(file.relative_to(folder)), file.read_bytes()) for file in files)
