"""The crawl as Dagster runs it, from a list of sites to what the tables and Dagster's log say of them."""

from __future__ import annotations

import io
import uuid
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from benchmarks.crawl_truth import MIN_RATE, against_truth
from demo.servers.faults import Fault
from resources.identity import content_id
from resources.partitions import VENUE_PARTITIONS
from resources.photo_store import PhotoStore
from resources.schema import venue_photos
from resources.settings import load_settings
from resources.sync import Written
from tests.venue_assets.conftest import FEW, VENUES
from tests.venue_assets.lineage import Lineage, Metadata, failure, messages, metadata
from venue_assets.crawl_report import photos_metadata
from venue_assets.crawl_store import RowCounts, StoredVenue
from venue_assets.crawler.job import CrawlJob, Limits, VenueResult

NOW = datetime(2026, 5, 1, tzinfo=UTC)
BUCKETS = len(VENUE_PARTITIONS.get_partition_keys())


def test_a_world_is_found_as_it_is_and_found_again_without_a_body_or_a_write(lineage: Lineage) -> None:
    lineage.list_sites(lineage.truth)
    listed = lineage.run("venue_sites")["venue_sites"]
    assert (listed["dagster/row_count"][0], listed["added"][0]) == (VENUES, VENUES)

    first = lineage.execute("venue_pages", "venue_photos")
    assert first.success, failure(first)
    each_partition_says_what_was_done(metadata(first))
    log = messages(lineage.instance, first.run_id)
    for number in range(1, VENUES + 1):
        assert sum(line.startswith(f"{number}. http://") and ": complete, " in line for line in log) == 1
    figures = against_truth(lineage.engine, lineage.truth)
    rates = [figures[f"{what}_{rate}"] for what in ("page", "photo") for rate in ("recall", "precision")]
    assert min(rates) >= MIN_RATE, figures
    assert set(lineage.status().values()) == {"crawled"}
    before, files = lineage.rows(), lineage.photo_files()
    assert set(files) == {row[0] for row in before["photos"]}

    second = lineage.crawl()
    assert sum(second["venue_pages"]["rows written"]) == 0
    assert sum(second["venue_pages"]["requests"]) >= figures["pages_found"] + figures["photos_found"]
    assert (lineage.rows(), lineage.photo_files()) == (before, files)
    asked = sum((log.requests for log in lineage.server.log.hosts.values()), Counter[str]())
    assert asked["GET 304"] >= figures["pages_found"] + figures["photos_found"]
    assert asked["GET 200"] == 0, "what has not changed is not downloaded"
    sent = sum(log.body_bytes for log in lineage.server.log.hosts.values())
    assert sum(second["venue_pages"]["bytes"]) <= sent < 300 * asked["GET 404"], "short error pages, and no more"


def each_partition_says_what_was_done(found: Metadata) -> None:
    for asset, rows in (("venue_pages", "pages"), ("venue_photos", "photos")):
        said = found[asset]
        assert {name: len(values) for name, values in said.items()} == dict.fromkeys(said, BUCKETS)
        assert said["dagster/partition_row_count"] == said[rows]
        assert sum(said["venues"]) == sum(outcomes.get("complete", 0) for outcomes in said["outcomes"]) == VENUES
        for name in ("pages", "photos", "bytes", "seconds", "requests"):
            assert [value > 0 for value in said[name]] == [count > 0 for count in said["venues"]]
        rejects = sum((Counter(counts) for counts in said["rejects"]), Counter[str]())
        assert rejects["http_404" if rows == "pages" else "logo_or_icon"] > 0
    sheets = [sheet.startswith("![sample](data:image/jpeg;base64,") for sheet in found["venue_photos"]["sample"]]
    assert sheets == [count > 0 for count in found["venue_photos"]["photos"]]


def test_what_changes_on_a_site_changes_here_and_nothing_else(lineage: Lineage) -> None:
    lineage.run("venue_sites")
    lineage.crawl()
    before = lineage.rows()
    truth = dict(islice(lineage.truth.items(), FEW))
    changed, down, gone, *_ = truth
    photo = truth[changed]["photos"][0]
    lineage.server.store.remove_photo(truth[changed]["host"], photo["name"])
    lineage.server.faults.set(truth[down]["host"], Fault(fault="503"))
    lineage.list_sites({slug: venue for slug, venue in truth.items() if slug != gone})
    assert lineage.run("venue_sites")["venue_sites"]["retired"][0] == 1
    lineage.crawl()
    assert lineage.status() == dict.fromkeys(truth, "crawled") | {down: "failing", gone: "retired"}
    after = lineage.rows()
    assert {row[:2] for row in after["venue_photos"]} < {row[:2] for row in before["venue_photos"]}
    with lineage.engine.connect() as connection:
        shown = set(connection.scalars(select(venue_photos.c.source_url)))
    assert not shown & {file["url"] for file in photo["urls"]}
    assert len(after["venue_photos"]) == len(before["venue_photos"]) - 1, "those of the site that is down stay"


def test_when_most_sites_are_down_what_stands_on_them_does_not_run(lineage: Lineage) -> None:
    lineage.run("venue_sites")
    for host in lineage.server.store.hosts:
        lineage.server.faults.set(host, Fault(fault="503"))
    result = lineage.execute("venue_pages", "venue_photos")
    assert not result.success
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks == {"sites_readable": False, "pages_per_venue": True, "venues_have_photos": True}
    assert list(lineage.status().values()) == ["failing"] * FEW


def test_one_dead_site_of_one_stops_nothing_and_is_named(lineage: Lineage) -> None:
    slug, venue = next(iter(lineage.truth.items()))
    lineage.list_sites({slug: venue})
    lineage.run("venue_sites")
    lineage.server.faults.set(venue["host"], Fault(fault="503"))
    result = lineage.execute("venue_pages", "venue_photos")
    assert result.success, failure(result)
    (readable,) = [check for check in result.get_asset_check_evaluations() if check.check_name == "sites_readable"]
    assert not readable.passed
    assert readable.severity.value == "WARN"
    assert venue["host"] in (readable.description or "")


def test_a_damaged_photo_file_is_named_and_fails_no_crawl(tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path))
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
    sound, damaged, lost = store.put(picture.getvalue()), store.put(b"damaged"), content_id(b"lost")
    Path(str(store.path(damaged))).write_bytes(b"other bytes")
    result = VenueResult(venue_id=uuid.uuid4(), site_url="https://x.example", outcome="complete", ended_at=NOW)
    said = photos_metadata([StoredVenue(result, Written(), (damaged, sound, lost))], RowCounts(1, 3), store)
    assert said["lost from the photo store"].value == [damaged, lost]
    assert str(said["sample"].value).startswith("![sample](data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"barn.example": "127.0.0.1"}', "barn.example"),
        ('{"barn.example": "127.0.0.1:70000"}', "barn.example"),
        ('{"a.example": null, "bad host!": "127.0.0.1:80"}', "bad host!"),
        ("[]", "should be an object"),
        ("{", "cannot be read"),
    ],
)
def test_a_host_map_that_cannot_be_used_is_said_before_anything_is_asked_for(
    lineage: Lineage, monkeypatch: pytest.MonkeyPatch, content: str, named: str
) -> None:
    file = lineage.folder / "map.json"
    file.write_text(content)
    monkeypatch.setenv("CRAWL_HOST_MAP", str(file))
    result = lineage.execute("venue_pages", "venue_photos")
    said = failure(result)
    assert "SetupError" in said
    assert "CRAWL_HOST_MAP" in said
    assert named in said
    assert not lineage.server.log.hosts


def test_budgets_of_the_run_reach_the_crawler(lineage: Lineage) -> None:
    budgets = {"pages": 7, "photos": 8, "megabytes": 1.5, "seconds": 90.0, "delay": 2.5, "obey_robots": False}
    lineage.run("venue_pages", "venue_photos", config={"ops": {"crawl": {"config": budgets}}})
    job = CrawlJob.model_validate_json((load_settings().venue_taste_home / "crawl" / "job.json").read_bytes())
    assert job.limits == Limits(pages=7, photos=8, bytes=1_500_000, seconds=90, delay=2.5, obey_robots=False)
    lineage.run("venue_pages", "venue_photos", config={"ops": {"crawl": {"config": {}}}})
    job = CrawlJob.model_validate_json((load_settings().venue_taste_home / "crawl" / "job.json").read_bytes())
    assert job.limits == Limits(), "an operator who says nothing gets the crawler's own"
