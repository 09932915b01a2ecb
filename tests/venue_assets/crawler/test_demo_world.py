"""Whole crawls of the demo world against its truth: what is found, and what a second crawl does again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from demo.servers.faults import Fault
from demo.world.model import World
from resources.identity import content_id
from tests.venue_assets.crawler.conftest import DemoSites, running_sites
from tests.venue_assets.crawler.crawling import (
    IMPOLITE,
    PROJECT,
    command,
    crawl,
    page_urls,
    photographs,
    rejections,
    venue,
    without_times,
    write_job,
)
from venue_assets.crawler.job import VenueResult
from venue_assets.crawler.spool import SpooledVenue, finished

Crawled = tuple[DemoSites, dict[str, SpooledVenue]]


@pytest.fixture(scope="module")
def first(world_folder: tuple[World, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """A crawl of the whole world, nothing remembered."""
    with running_sites(*world_folder) as sites:
        folder = tmp_path_factory.mktemp("first")
        yield sites, crawl(folder, [venue(url) for url in sites.site_urls], sites.host_map)


def photo_names(truth: dict[str, Any], result: VenueResult) -> list[str]:
    """The truth's name of each accepted photo; its URL where the truth has no such photo."""
    names = {file["url"]: photo["name"] for photo in truth["photos"] for file in photo["urls"]}
    return [names.get(photo.source_url, photo.source_url) for photo in photographs(result)]


def test_every_page_and_no_other_is_found(first: Crawled) -> None:
    sites, spooled = first
    for truth in sites.truth.values():
        pages = {page["url"] for page in truth["pages"] if page["kind"] == "page"}
        assert page_urls(spooled[truth["site_url"]].result()) == pages


def test_every_photograph_is_found_once_and_nothing_else(first: Crawled) -> None:
    sites, spooled = first
    for truth in sites.truth.values():
        result = spooled[truth["site_url"]].result()
        assert sorted(photo_names(truth, result)) == sorted(photo["name"] for photo in truth["photos"])
        assert [photo.position for photo in photographs(result)] == list(range(len(photographs(result))))


def test_all_is_complete_and_what_was_refused_has_its_reason(first: Crawled) -> None:
    sites, spooled = first
    for truth in sites.truth.values():
        result = spooled[truth["site_url"]].result()
        assert (result.outcome, result.reason) == ("complete", "")
        reasons = rejections(result)
        for page in truth["pages"]:
            expected = {"dead": "http_404", "private": "robots_disallowed", "redirect": "redirect"}.get(page["kind"])
            if expected is not None:
                assert reasons[page["url"]] == expected
        assert sum(result.rejected_photos.values()) == sum(photo.rejection is not None for photo in result.photos)


def test_photos_lie_in_the_spool_under_their_hash(first: Crawled) -> None:
    _, spooled = first
    for one in spooled.values():
        for photo in photographs(one.result()):
            assert photo.photo_id is not None
            body = one.photo(photo.photo_id)
            assert (content_id(body), len(body)) == (photo.photo_id, photo.bytes)
            with Image.open(BytesIO(body)) as image:
                assert image.size == (photo.width, photo.height)


def test_pages_keep_the_words_that_are_theirs_alone(first: Crawled) -> None:
    sites, spooled = first
    for truth in sites.truth.values():
        pages = {page.url: page.markdown or "" for page in spooled[truth["site_url"]].result().pages}
        for said in truth["statements"]:
            if said["place"] == "prose":
                # A sentence that stands on two pages is kept on one of them.
                assert any(" ".join(said["wording"].split()) in " ".join(text.split()) for text in pages.values())


def test_a_second_crawl_of_an_unchanged_world_downloads_nothing_again(first: Crawled, tmp_path: Path) -> None:
    sites, spooled = first
    before = {url: one.result() for url, one in spooled.items()}
    sites.server.log.clear()
    again = crawl(tmp_path, [venue(url, result) for url, result in before.items()], sites.host_map)
    for log in sites.server.log.hosts.values():
        # Conditional requests, what was not there and may be by now, and redirects, which have no body.
        assert set(log.requests) <= {"GET 304", "GET 404", "GET 301"}
        assert log.body_bytes < 300 * log.requests["GET 404"] + 1
    for url, known in before.items():
        result = again[url].result()
        assert result.bytes_downloaded <= sites.server.log.hosts[urlsplit(url).hostname or ""].body_bytes
        assert all(page.unchanged for page in result.pages if page.rejection is None)
        assert all(photo.unchanged for photo in photographs(result))
        assert known_values(result) == known_values(known)
        assert list((again[url].folder / "photos").iterdir()) == []


def known_values(result: VenueResult) -> Any:
    value = without_times(result)
    for part in (*value["pages"], *value["photos"]):
        part.pop("unchanged")
    return value


@contextmanager
def edited(sites: DemoSites, host: str) -> Iterator[None]:
    try:
        yield
    finally:
        sites.server.store.undo_edits(host)
        sites.server.faults.set(host, None)


def test_a_changed_page_and_a_photo_taken_down(first: Crawled, tmp_path: Path) -> None:
    sites, spooled = first
    truth = next(one for one in sites.truth.values() if one["family"] == "cards")
    url, host = truth["site_url"], truth["host"]
    known = spooled[url].result()
    said = next(one for one in truth["statements"] if one["place"] == "prose")
    gone = min(truth["photos"], key=lambda photo: len(photo["pages"]))["name"]
    with edited(sites, host):
        sites.server.store.replace_text(
            host, said["page"].removeprefix(f"http://{host}"), said["wording"], "Room for 77."
        )
        sites.server.store.remove_photo(host, gone)
        result = crawl(tmp_path, [venue(url, known)], sites.host_map)[url].result()
    changed = next(page for page in result.pages if page.url == said["page"])
    assert not changed.unchanged
    assert "Room for 77." in (changed.markdown or "")
    names = [photo["name"] for photo in truth["photos"]]
    assert sorted(photo_names(truth, result)) == sorted(set(names) - {gone})
    assert page_urls(result) == page_urls(known)
    assert any(page.unchanged for page in result.pages)


def test_pages_that_cannot_be_had_today_keep_yesterdays_values(first: Crawled, tmp_path: Path) -> None:
    sites, spooled = first
    truth = next(one for one in sites.truth.values() if one["family"] == "wordpress")
    url, host = truth["site_url"], truth["host"]
    known = spooled[url].result()
    failing = next(page["url"] for page in truth["pages"] if page.get("about") == "gallery")
    with edited(sites, host):
        prefix = failing.removeprefix(f"http://{host}")
        sites.server.faults.set(host, Fault(fault="503", path_prefix=prefix))
        result = crawl(tmp_path, [venue(url, known)], sites.host_map)[url].result()
    (stale,) = [page for page in result.pages if page.stale]
    assert (stale.url, stale.stale.reason if stale.stale else "") == (failing, "http_503")
    assert (result.outcome, result.reason) == ("partial", "not_reached: 1 http_503")
    assert [(page.url, page.markdown) for page in result.pages if page.rejection is None] == [
        (page.url, page.markdown) for page in known.pages if page.rejection is None
    ]
    assert photo_names(truth, result) == photo_names(truth, known)


def test_what_a_visit_cut_short_did_not_see_is_as_it_was_known(first: Crawled, tmp_path: Path) -> None:
    sites, spooled = first
    truth = next(one for one in sites.truth.values() if one["family"] == "wordpress")
    url, host = truth["site_url"], truth["host"]
    known = spooled[url].result()
    gallery = next(page["url"] for page in truth["pages"] if page.get("about") == "gallery")
    limits = IMPOLITE.model_copy(update={"seconds": 3.0})
    with edited(sites, host):
        slow = Fault(fault="slow", path_prefix=gallery.removeprefix(f"http://{host}"), delay=8)
        sites.server.faults.set(host, slow)
        result = crawl(tmp_path, [venue(url, known)], sites.host_map, limits)[url].result()
    assert (result.outcome, result.reason) == ("partial", "time_budget: 3 s")
    assert gallery in {page.url for page in result.pages if page.stale}
    assert all(photo.stale and photo.stale.reason == "time_budget" for photo in photographs(result))
    assert page_urls(result) == page_urls(known)
    assert sorted(photo_names(truth, result)) == sorted(photo_names(truth, known))


def test_a_site_that_is_down_fails_and_says_why(first: Crawled, tmp_path: Path) -> None:
    sites, spooled = first
    truth = next(iter(sites.truth.values()))
    url, host = truth["site_url"], truth["host"]
    with edited(sites, host):
        sites.server.faults.set(host, Fault(fault="503"))
        result = crawl(tmp_path, [venue(url, spooled[url].result())], sites.host_map)[url].result()
    assert (result.outcome, result.pages, result.photos) == ("failed", (), ())
    assert "http_503" in result.reason


def test_killed_in_the_middle_and_run_again_is_as_if_never_killed(
    first: Crawled, demo_sites: DemoSites, tmp_path: Path
) -> None:
    _, spooled = first
    urls = demo_sites.site_urls[:4]  # served afresh: edits that were undone have left their times behind
    job = write_job(tmp_path, [venue(url) for url in urls], demo_sites.host_map)
    process = subprocess.Popen(command(job), cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.partition("INFO ")[2].startswith("1."):  # the first venue is finished, others are under way
            process.kill()
    process.wait()
    whole = [one.result() for one in finished(tmp_path / "spool")]
    assert 1 <= len(whole) < len(urls)
    assert list((tmp_path / "spool").glob(".unfinished-*"))
    subprocess.run(command(job), cwd=PROJECT, capture_output=True, check=True)
    after = {one.result().site_url: one for one in finished(tmp_path / "spool")}
    assert set(after) == set(urls)
    for url, one in after.items():
        assert without_times(one.result()) == without_times(spooled[url].result())
        assert sorted(path.name for path in (one.folder / "photos").iterdir()) == sorted(
            path.name for path in (spooled[url].folder / "photos").iterdir()
        )
    for result in whole:
        assert after[result.site_url].result() == result
