"""From a plan to the bytes of pages, robots.txt, sitemaps and the style sheet. No files and no HTTP here."""

from __future__ import annotations

import calendar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from demo.sites.facts import address_line
from demo.sites.files import folder
from demo.sites.json_ld import json_ld_blocks
from demo.sites.prose import short_name

if TYPE_CHECKING:
    from datetime import datetime

    from demo.sites.plan import Page, SitePlan

CALENDAR_MONTHS: Final = 1200
"""How far the calendar's "Later" links lead before they end: a hundred years of traps."""

_ACCENTS: Final[dict[str, str]] = {
    "rustic_barn": "#8a5a2b",
    "garden": "#5b7f4a",
    "industrial_loft": "#7a4a3a",
    "classic_ballroom": "#9a7b32",
    "beach": "#3f7f93",
    "vineyard": "#7d3c55",
    "modern_glass": "#3d5a6c",
    "castle": "#6a5d4d",
    "forest_clearing": "#3f6149",
    "boho_tent": "#b0623c",
    "rooftop_night": "#4a4a86",
    "historic_library": "#59422b",
    "tropical_conservatory": "#2f7358",
    "alpine_chalet": "#7b4b3a",
}


class Month(NamedTuple):
    """One leaf of the availability calendar; 0 in `weeks` is a day of another month."""

    title: str
    weeks: list[list[int]]
    previous: int | None
    next: int | None


def render_page(plan: SitePlan, page: Page, now: datetime, month: int = 1) -> bytes:
    """The page's HTML in the site's charset.

    Args:
        plan: the page's site.
        page: one of its pages.
        now: the world's present, where the calendar starts.
        month: which leaf of the calendar, 1 for the present month; matters on the availability page alone.

    Raises:
        ValueError: a month outside 1..CALENDAR_MONTHS.
    """
    home = plan.pages[0]
    cover = home.hero.files[0] if home.hero is not None else None
    html = (
        _templates()
        .get_template(f"{plan.family}.html")
        .render(
            plan=plan,
            page=page,
            name=short_name(plan.venue),
            cover=cover,
            folder=folder(plan.family),
            accent=_ACCENTS[plan.venue.mixture[0][0]],
            address=address_line(plan.venue),
            position=f"{plan.venue.lat:.5f},{plan.venue.lon:.5f}",
            year=now.year,
            calendar=_month(now, month),
            json_ld=json_ld_blocks(plan, page) if plan.family == "jsonld" else [],
        )
    )
    return html.encode(plan.charset, "xmlcharrefreplace")


def render_private(plan: SitePlan) -> bytes:
    """The page that robots.txt asks crawlers to leave alone."""
    return _templates().get_template("private.html").render(plan=plan, name=short_name(plan.venue)).encode()


def render_missing(plan: SitePlan) -> bytes:
    """What the site shows with a 404, and under the name of a picture that is not one."""
    return _templates().get_template("missing.html").render(name=short_name(plan.venue)).encode()


def render_robots(plan: SitePlan) -> bytes | None:
    """The site's robots.txt, or None where it has none."""
    if plan.private is None:
        return None
    lines = ["User-agent: *", f"Disallow: {plan.private}"]
    if plan.sitemaps:
        lines += ["", f"Sitemap: http://{plan.host}{plan.sitemaps[0][0]}"]
    return ("\n".join(lines) + "\n").encode()


def render_sitemap(plan: SitePlan, path: str) -> bytes | None:
    """The sitemap (or sitemap index) at `path`, or None where there is none."""
    listed = dict(plan.sitemaps).get(path)
    if listed is None:
        return None
    is_index = listed[0] in dict(plan.sitemaps)
    outer, inner = ("sitemapindex", "sitemap") if is_index else ("urlset", "url")
    entries = []
    for target in listed:
        page = plan.page(target)
        modified = f"<lastmod>{page.modified.date().isoformat()}</lastmod>" if page is not None else ""
        entries.append(f"<{inner}><loc>{escape(f'http://{plan.host}{target}')}</loc>{modified}</{inner}>")
    opening = f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', opening, *entries, f"</{outer}>"))
    return (body + "\n").encode()


@cache
def style_sheet() -> bytes:
    """The style sheet all sites link."""
    return files("demo.sites").joinpath("templates", "style.css").read_bytes()


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("demo.sites"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _month(now: datetime, number: int) -> Month:
    if not 1 <= number <= CALENDAR_MONTHS:
        raise ValueError(f"the calendar has months 1 to {CALENDAR_MONTHS}, not {number}")
    years, month = divmod(now.month - 1 + number - 1, 12)
    year = now.year + years
    return Month(
        title=f"{calendar.month_name[month + 1]} {year}",
        weeks=calendar.monthcalendar(year, month + 1),
        previous=number - 1 if number > 1 else None,
        next=number + 1 if number < CALENDAR_MONTHS else None,
    )
