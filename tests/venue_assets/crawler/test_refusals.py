"""Which answers say that something is gone, and which only that it was not to be had today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.venue_assets.crawler.crawling import IMPOLITE, crawl, page_urls, photographs, rejections, venue
from tests.venue_assets.crawler.raw_server import Asked, Maker, RawServer, page, raw_server, response
from tests.venue_assets.crawler.test_adversarial import PHOTO, links, pictures
from venue_assets.crawler.job import VenueResult

GONE = (404, 410)
RETRIED = (408, 425, 429, 500, 501, 505, 506, 507, 508, 509, 510, 525, 526, 530)
NOT_RETRIED = (202, 400, 401, 403, 405, 406, 418, 421, 451)
STATUSES = (*GONE, *RETRIED, *NOT_RETRIED)


def answer(status: int) -> bytes:
    return response(b"<p>An error page.</p>", status=f"{status} Some Reason")


def host(status: int) -> str:
    return f"s{status}.test"


def set_up(server: RawServer, status: int) -> None:
    photo = response(PHOTO, media_type="image/jpeg")
    server.site(host(status), {"/": page(links("/rooms") + pictures("/a.jpg")), "/rooms": page(title="Rooms")})
    server.site(host(status), {"/a.jpg": photo, "/robots.txt": response(b"User-agent: *\nDisallow: /x\n")})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RawServer, dict[str, VenueResult]]]:
    """Sites in fine weather, then with a page and a picture that answer a status each; the second results."""
    limits = IMPOLITE.model_copy(update={"retries": 1})
    with raw_server() as server:
        for status in STATUSES:
            set_up(server, status)
        sites = [f"http://{host(status)}/" for status in STATUSES]
        first = crawl(tmp_path_factory.mktemp("1"), [venue(site) for site in sites], server.host_map)
        for status in STATUSES:
            server.site(host(status), dict.fromkeys(("/rooms", "/a.jpg"), answer(status)))
        server.asked.clear()
        jobs = [venue(site, first[site].result()) for site in sites]
        second = crawl(tmp_path_factory.mktemp("2"), jobs, server.host_map, limits)
        yield server, {site.split("/")[2]: one.result() for site, one in second.items()}


@pytest.mark.parametrize("status", [*RETRIED, *NOT_RETRIED])
def test_what_a_status_keeps_from_us_is_as_it_was_known(
    runs: tuple[RawServer, dict[str, VenueResult]], status: int
) -> None:
    server, results = runs
    result, site = results[host(status)], f"http://{host(status)}/"
    assert page_urls(result) == {site, f"{site}rooms"}
    assert [photo.source_url for photo in photographs(result)] == [f"{site}a.jpg"]
    assert (result.outcome, result.reason) == ("partial", f"not_reached: 2 http_{status}")
    asked = [request.path for request in server.to(host(status))]
    assert asked.count("/rooms") == asked.count("/a.jpg") == (2 if status in RETRIED else 1)


@pytest.mark.parametrize("status", GONE)
def test_what_a_status_says_is_gone_is(runs: tuple[RawServer, dict[str, VenueResult]], status: int) -> None:
    result, site = runs[1][host(status)], f"http://{host(status)}/"
    assert (page_urls(result), photographs(result)) == ({site}, [])
    assert rejections(result) == dict.fromkeys((f"{site}rooms", f"{site}a.jpg"), f"http_{status}")
    assert (result.outcome, result.reason) == ("complete", "")


@pytest.mark.parametrize(
    ("status", "outcome"), [(401, "complete"), (403, "complete"), (404, "complete"), (429, "failed"), (500, "failed")]
)
def test_a_robots_file_that_is_refused_forbids_nothing(tmp_path: Path, status: int, outcome: str) -> None:
    with raw_server() as server:
        server.site("robots.test", {"/": page(), "/robots.txt": answer(status)})
        result = crawl(tmp_path, [venue("http://robots.test/")], server.host_map)["http://robots.test/"].result()
    assert result.outcome == outcome


def test_a_sitemap_that_is_refused_is_read_as_it_was(tmp_path: Path) -> None:
    site = "http://map.test/"
    listed = f"<urlset><url><loc>{site}hidden</loc></url></urlset>".encode()
    with raw_server() as server:
        server.site("map.test", {"/": page(), "/hidden": page(title="Hidden"), "/sitemap.xml": response(listed)})
        first = crawl(tmp_path / "1", [venue(site)], server.host_map)[site].result()
        server.site("map.test", {"/sitemap.xml": answer(403)})
        second = crawl(tmp_path / "2", [venue(site, first)], server.host_map)[site].result()
    assert page_urls(second) == {site, f"{site}hidden"}
    assert (second.outcome, second.reason) == ("partial", "not_reached: 1 http_403")


def test_what_is_back_is_found_on_a_server_that_does_not_know_head(tmp_path: Path) -> None:
    def only_get(there: bytes) -> Maker:
        def answered(request: Asked) -> bytes:
            return there if request.method == "GET" else response(b"", status="404 Not Found")

        return answered

    site = "http://back.test/"
    with raw_server() as server:
        server.site("back.test", {"/": page(links("/rooms") + pictures("/a.jpg"))})
        first = crawl(tmp_path / "1", [venue(site)], server.host_map)[site].result()
        assert rejections(first) == dict.fromkeys((f"{site}rooms", f"{site}a.jpg"), "http_404")
        server.site("back.test", {"/rooms": only_get(page(title="Rooms"))})
        server.site("back.test", {"/a.jpg": only_get(response(PHOTO, media_type="image/jpeg"))})
        second = crawl(tmp_path / "2", [venue(site, first)], server.host_map)[site].result()
    assert page_urls(second) == {site, f"{site}rooms"}
    assert [photo.source_url for photo in photographs(second)] == [f"{site}a.jpg"]


def test_an_error_page_is_not_downloaded(tmp_path: Path) -> None:
    large = response(b"x" * 4_000_000, status="404 Not Found")
    with raw_server() as server:
        server.site("large.test", {"/": page(links("/gone")), "/gone": large})
        limits = IMPOLITE.model_copy(update={"page_bytes": 1_000_000})
        result = crawl(tmp_path, [venue("http://large.test/")], server.host_map, limits)["http://large.test/"].result()
    assert rejections(result) == {"http://large.test/gone": "http_404"}  # and not that it is too large
    assert result.bytes_downloaded < 1_000_000
