"""Five real venue sites, served on loopback as their owners wrote them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Host, Mount
from starlette.staticfiles import StaticFiles

from demo.servers.running import serving
from tests.venue_assets.crawler.crawling import PROJECT, crawl, page_urls, photographs, rejections, venue
from venue_assets.crawler.job import VenueResult

SITES = PROJECT.parent / "shared" / "material" / "sites"
NAMES = {
    "castle-event-center": "castleeventcenter.com",
    "faraway-barn": "farawaybarn.co.uk",
    "jade-room-website": "www.jaderoomchinese.com.au",
    "vaudouriere": "vaudouriere.test",
    "BZOMMAR": "bzommar.test",
}
"""Folder -> host; where the pages name their own address, that one, so that their absolute links are theirs."""

pytestmark = pytest.mark.skipif(not SITES.is_dir(), reason=f"needs the real sites in {SITES}")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, VenueResult]]:
    app = Starlette(
        routes=[
            Host(host, Mount("/", StaticFiles(directory=SITES / folder, html=True))) for folder, host in NAMES.items()
        ]
    )
    with serving(app) as base:
        host_map = dict.fromkeys(NAMES.values(), base.removeprefix("http://"))
        venues = [venue(f"https://{host}/") for host in NAMES.values()]
        spooled = crawl(tmp_path_factory.mktemp("crawl"), venues, host_map)
        yield {folder: spooled[f"https://{host}/"].result() for folder, host in NAMES.items()}


def paths(result: VenueResult) -> set[str]:
    return {"/" + url.split("/", 3)[3] for url in page_urls(result)}


PAGES = {
    "castle-event-center": ["", "celebrations-of-life/", "corporate-events/", "gallery/", "packages/",
                            "quinceaneras/", "weddings/"],
    "faraway-barn": ["", "the-area.html", "the-barn.html"],
    "jade-room-website": ["", "gallery.html", "menu.html", "menu/a-la-carte.html", "menu/banquet.html",
                          "menu/dim-sum.html", "menu/drinks.html", "private-room.html"],
    "vaudouriere": ["", "chambres.html", "gites.html", "privatisation.html", "receptions.html"],
    "BZOMMAR": ["", "about.html", "conference-hall.html", "contact.html", "event-packages.html", "gallery.html",
                "games-lounge.html", "garden.html", "gym.html", "pianobar.html", "pool.html", "privacy-policy.html",
                "rooms.html", "terrace.html", "tilalbzommar.html", "wedding-packages.html"],
}  # fmt: skip
"""What a visitor can reach, read off the sites by hand; redirecting stubs, templates and `admin/` are not linked."""

PHOTOS = {"castle-event-center": 12, "faraway-barn": 11, "jade-room-website": 7, "vaudouriere": 35, "BZOMMAR": 0}
"""Distinct photographs that the sites' markup names, counted by eye on contact sheets."""


@pytest.mark.parametrize("site", NAMES)
def test_every_page_a_visitor_can_reach_is_read(results: dict[str, VenueResult], site: str) -> None:
    assert results[site].outcome == "complete"
    assert sorted(paths(results[site])) == sorted(f"/{path}" for path in PAGES[site])
    assert all(page.markdown for page in results[site].pages if page.rejection is None)


@pytest.mark.parametrize("site", NAMES)
def test_every_photograph_is_taken_and_graphics_are_not(results: dict[str, VenueResult], site: str) -> None:
    photos = photographs(results[site])
    assert len(photos) == PHOTOS[site], [photo.source_url for photo in photos]
    assert not [photo for photo in photos if any(word in photo.source_url for word in ("logo", "floorplan", "picto"))]


def test_a_site_whose_pictures_are_all_missing_says_so_of_each(results: dict[str, VenueResult]) -> None:
    result = results["BZOMMAR"]
    assert set(result.rejected_photos) <= {"http_404", "host_not_found", "logo_or_icon", "navigation", "format"}
    missing = [url for url, reason in rejections(result).items() if reason == "http_404"]
    assert len(missing) >= 140


def test_what_a_site_says_of_itself_is_merged(results: dict[str, VenueResult]) -> None:
    castle = results["castle-event-center"].identity
    assert (castle["name"]["value"], castle["locality"]["value"]) == ("Castle Event Center", "Lubbock")
    assert castle["name"]["page_url"] == "https://castleeventcenter.com/"


def test_a_site_that_tells_machines_no_name_has_that_of_its_titles(results: dict[str, VenueResult]) -> None:
    name = results["BZOMMAR"].identity["name"]
    assert (name["value"], name["source"]) == ("Bzommar Palace Hotel", "title")
