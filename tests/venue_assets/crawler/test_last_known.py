"""What this run did not get to see is not gone: sitemaps and front pages that are away, limits, and newer rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.venue_assets.crawler.crawling import IMPOLITE, crawl, page_urls, photographs, rejections, venue
from tests.venue_assets.crawler.raw_server import RawServer, page, raw_server, redirect, response
from tests.venue_assets.crawler.test_adversarial import OTHER_PHOTO, PHOTO, links, pictures
from tests.venue_assets.crawler.test_memory import with_etag
from venue_assets.crawler.job import VenueJob, VenueResult

AWAY = response(b"", status="503 Service Unavailable")
NOTICE = page('<a href="/">Try again</a>', title="We are back soon")
PATHS = [f"/page-{number}" for number in range(6)]


def sitemap(host: str, *paths: str, padding: int = 0) -> bytes:
    listed = "".join(f"<url><loc>http://{host}{path}</loc></url>" for path in paths)
    return response(f"<urlset>{listed}<!-- {'x' * padding} --></urlset>".encode(), media_type="application/xml")


def set_up(server: RawServer) -> None:
    hidden = {"/": page(title="Home"), "/hidden": page(title="Hidden"), "/also": page(title="Also hidden")}
    server.site("sitemap.test", {**hidden, "/sitemap.xml": sitemap("sitemap.test", "/hidden", "/also")})
    large = sitemap("large.test", "/hidden", "/also", padding=300_000)  # too large to be remembered
    robots = response(b"Sitemap: http://large.test/map.xml\n", media_type="text/plain")
    server.site("large.test", {**hidden, "/robots.txt": robots, "/map.xml": large})
    server.site("no-sitemap.test", {"/": page()})
    for host in ("notice.test", "elsewhere.test", "moved.test"):
        server.site(host, {"/": page(links("/rooms"), title="Home"), "/rooms": page(title="Rooms")})
    server.site("notice.test", {"/notice": NOTICE})
    server.site("elsewhere.test", {})
    server.site("parking.test", {"/": page(links("/buy"), title="This account is suspended"), "/buy": page()})
    server.site("moved.test", {"/en/": page(links("/rooms", "/en/new"), title="Welcome"), "/en/new": page(title="New")})
    server.site("version.test", {"/": with_etag(page_body(links("/old", "/fine") + pictures("/a.jpg")), "text/html")})
    server.site("version.test", {"/old": page(title="Old"), "/fine": with_etag(page_body("Fine"), "text/html")})
    server.site("version.test", {"/a.jpg": with_etag(PHOTO, "image/jpeg")})


def page_body(content: str) -> bytes:
    return f"<!DOCTYPE html><title>A page</title><p>Some words.</p>{content}".encode()


def break_down(server: RawServer) -> None:
    for host, path in (
        ("sitemap.test", "/sitemap.xml"),
        ("large.test", "/map.xml"),
        ("no-sitemap.test", "/sitemap.xml"),
    ):
        server.site(host, {path: AWAY})
    server.site("sitemap.test", {"/also": response(b"", status="410 Gone")})
    server.site("notice.test", {"/": redirect("/notice")})
    server.site("elsewhere.test", {"/": redirect("http://parking.test/")})
    server.site("moved.test", {"/": redirect("/en/")})
    server.site("version.test", {"/old": AWAY})


def of_older_rules(job: VenueJob) -> VenueJob:
    """The memory of a run whose extraction and inspection were others."""
    pages = [one.model_copy(update={"extraction": {**(one.extraction or {}), "version": 0}}) for one in job.pages]
    photos = [one.model_copy(update={"inspection_version": 0}) for one in job.photos]
    return job.model_copy(update={"pages": tuple(pages), "photos": tuple(photos)})


@dataclass(frozen=True)
class Runs:
    """Each venue as it was seen in fine weather, in foul, and the run after."""

    first: dict[str, VenueResult]
    second: dict[str, VenueResult]
    third: dict[str, VenueResult]
    asked: dict[str, list[Any]]
    """What version.test was asked in the second and third run."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    def run(jobs: list[VenueJob]) -> dict[str, VenueResult]:
        spooled = crawl(tmp_path_factory.mktemp("crawl"), jobs, server.host_map)
        return {url.split("/")[2].removesuffix(".test"): one.result() for url, one in spooled.items()}

    with raw_server() as server:
        set_up(server)
        hosts = [host for host in server.host_map if host != "parking.test"]
        first = run([venue(f"http://{host}/") for host in hosts])
        break_down(server)
        server.asked.clear()
        jobs = {name: venue(result.site_url, result) for name, result in first.items()}
        second = run(list({**jobs, "version": of_older_rules(jobs["version"])}.values()))
        asked = {"second": server.to("version.test")}
        set_up(server)
        server.asked.clear()
        third = run([venue(second["version"].site_url, second["version"])])
        asked["third"] = server.to("version.test")
        yield Runs(first, second, third, asked)


def test_a_sitemap_that_is_away_is_read_as_it_was(runs: Runs) -> None:
    result = runs.second["sitemap"]
    assert page_urls(result) == {"http://sitemap.test/", "http://sitemap.test/hidden"}  # what is truly gone is
    assert rejections(result) == {"http://sitemap.test/also": "http_410"}
    assert (result.outcome, result.reason) == ("partial", "not_reached: 1 http_503")
    assert [file for file in result.site_files if file.status == 200] == [
        file for file in runs.first["sitemap"].site_files if file.status == 200
    ]


def test_without_the_sitemap_of_last_time_the_pages_of_last_time_are_asked_for(runs: Runs) -> None:
    result = runs.second["large"]
    assert page_urls(result) == page_urls(runs.first["large"])
    assert len(page_urls(result)) == 3
    assert (result.outcome, result.reason) == ("partial", "not_reached: 1 http_503")


def test_a_sitemap_that_was_only_guessed_is_not_missed(runs: Runs) -> None:
    assert runs.second["no-sitemap"].outcome == "complete"


@pytest.mark.parametrize(
    ("name", "where"), [("notice", "http://notice.test/notice"), ("elsewhere", "http://parking.test/")]
)
def test_a_notice_in_the_place_of_the_front_page_fails_the_venue(runs: Runs, name: str, where: str) -> None:
    result = runs.second[name]
    assert (result.outcome, result.reason, result.pages) == ("failed", f"front_page_away: {where}", ())


def test_a_front_page_that_moved_is_followed_whatever_the_status(runs: Runs) -> None:
    result = runs.second["moved"]
    assert result.outcome == "complete"
    assert page_urls(result) == {f"http://moved.test/{path}" for path in ("en/", "rooms", "en/new")}


def test_readings_of_older_rules_are_read_anew_and_stand_in_until_they_can_be(runs: Runs) -> None:
    first, second, third = (run["version"] for run in (runs.first, runs.second, runs.third))
    assert page_urls(first) == page_urls(second) == page_urls(third)
    assert not [one for one in runs.asked["second"] if "if-none-match" in one.headers and one.path != "/robots.txt"]
    assert {page.url: page.stale is not None for page in second.pages} == {
        "http://version.test/": False, "http://version.test/old": True, "http://version.test/fine": False,
    }  # fmt: skip
    assert [page.markdown for page in second.pages] == [page.markdown for page in first.pages]
    versions = {page.url: (page.extraction or {})["version"] for page in second.pages}
    assert versions["http://version.test/old"] == 0  # so the next run, too, reads it anew
    assert versions["http://version.test/fine"] == (first.pages[0].extraction or {})["version"]
    conditional = {one.path for one in runs.asked["third"] if "if-none-match" in one.headers}
    assert conditional == {"/", "/fine", "/a.jpg"}
    assert not [page for page in third.pages if page.stale]


def test_photos_that_older_rules_judged_are_inspected_anew(runs: Runs) -> None:
    (first,), (second,) = photographs(runs.first["version"]), photographs(runs.second["version"])
    assert (second.photo_id, second.unchanged) == (first.photo_id, False)
    assert second.inspection_version == first.inspection_version


def test_what_a_limit_cuts_off_is_as_it_was_known_while_the_site_names_it(tmp_path: Path) -> None:
    files = {
        f"/{name}.jpg": response(body, media_type="image/jpeg") for name, body in (("a", PHOTO), ("b", OTHER_PHOTO))
    }
    deep = {"/page-5": page(links("/deep"), title="Page 5"), "/deep": page(title="Deep")}
    with raw_server() as server:
        server.site("limits.test", {path: page(title=f"Page {path}") for path in PATHS} | deep | files)
        server.site("limits.test", {"/": page(links(*PATHS) + pictures(*files))})
        first = crawl(tmp_path / "1", [venue("http://limits.test/")], server.host_map)["http://limits.test/"].result()
        assert (first.outcome, len(page_urls(first)), len(photographs(first))) == ("complete", 8, 2)
        # One page is not linked any more; two are asked for; one picture is.
        server.site("limits.test", {"/": page(links(*PATHS[1:]) + pictures(*files))})
        limits = IMPOLITE.model_copy(update={"pages": 2, "photos": 1})
        job = venue("http://limits.test/", first)
        second = crawl(tmp_path / "2", [job], server.host_map, limits)["http://limits.test/"].result()
    assert page_urls(second) == page_urls(first) - {"http://limits.test/page-0"}
    assert {page.url: page.stale.reason for page in second.pages if page.stale} == dict.fromkeys(
        (f"http://limits.test/{name}" for name in ("page-2", "page-3", "page-4", "page-5", "deep")), "page_budget"
    )
    assert [photo.photo_id for photo in photographs(second)] == [photo.photo_id for photo in photographs(first)]
    assert [photo.stale.reason if photo.stale else "" for photo in photographs(second)] == ["", "photo_budget"]
    assert (second.outcome, second.reason) == ("partial", "page_budget: 5 more known; photo_budget: 1 more known")
