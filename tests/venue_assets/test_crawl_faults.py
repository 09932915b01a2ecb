"""What a crawl survives: results that cannot be stored, and being killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from demo.servers.faults import Fault
from resources.identity import venue_id
from resources.schema import photos, venues
from resources.settings import load_settings
from tests.venue_assets.lineage import Lineage, messages
from venue_assets.crawler.job import PageResult, VenueResult
from venue_assets.crawler.spool import VenueSpool, finished

LISTED = 3
PROJECT = Path(__file__).resolve().parents[2]
RUN = """
import dagster as dg
from definitions import defs
from tests.venue_assets.lineage import EVERY_BUCKET, IMPOLITE

with dg.DagsterInstance.ephemeral() as instance:
    defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance, tags=EVERY_BUCKET, run_config=IMPOLITE,
        asset_selection=[dg.AssetKey("venue_pages"), dg.AssetKey("venue_photos")],
    )
"""


def spool_of(lineage: Lineage) -> Path:
    """Where the assets leave what the crawler found until it is stored."""
    return load_settings().venue_taste_home / "crawl" / "spool"


def test_a_result_that_cannot_be_stored_stops_neither_the_others_nor_the_next_run(lineage: Lineage) -> None:
    lineage.run("venue_sites")
    poisoned, sound, *_ = (venue_id(venue["site_url"]) for venue in lineage.truth.values())
    poisoned, sound = sorted((poisoned, sound))  # the bad one comes first
    now = datetime(2026, 5, 1, tzinfo=UTC)
    for identifier, words in ((poisoned, "NUL \0"), (sound, "Welcome")):
        page = PageResult(url="https://x.example/", status=200, markdown=words, fetched_at=now)
        VenueSpool(spool_of(lineage), identifier).finish(
            VenueResult(
                venue_id=identifier, site_url="https://x.example", outcome="complete", pages=(page,), ended_at=now
            )
        )
    for host in lineage.server.store.hosts:
        lineage.server.faults.set(host, Fault(fault="503"))
    result = lineage.execute("venue_pages", "venue_photos")
    log = "\n".join(messages(lineage.instance, result.run_id))
    assert f"the result of venue {poisoned} cannot be stored" in log
    assert "unstorable: DataError" in log
    assert list(finished(spool_of(lineage))) == []
    pages = {row[0]: row for row in lineage.rows()["venue_pages"]}
    assert set(pages) == {sound}
    # Five sites down would stop the run; what is asserted is that it got so far.
    assert {check.check_name for check in result.get_asset_check_evaluations()} >= {"sites_readable"}


def test_a_crawler_that_does_not_start_is_tried_again_with_growing_pauses(
    lineage: Lineage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("venue_assets.crawl._RETRY_DELAY_S", 0.01)
    slug, venue = next(iter(lineage.truth.items()))
    lineage.list_sites({slug: venue})
    lineage.run("venue_sites")
    spool_of(lineage).parent.mkdir(parents=True)
    spool_of(lineage).write_text("not a folder")
    result = lineage.execute("venue_pages", "venue_photos")
    assert not result.success
    pauses = [event.step_retry_data.seconds_to_wait for event in result.all_events if event.is_step_up_for_retry]
    assert pauses == [0.01, 0.02]
    assert lineage.status() == {slug: "listed"}


def test_killed_in_the_middle_and_run_again_is_as_if_never_killed(lineage: Lineage) -> None:
    listed = dict(islice(lineage.truth.items(), LISTED))
    lineage.list_sites(listed)
    lineage.run("venue_sites")
    *_, slow = listed.values()
    lineage.server.faults.set(slow["host"], Fault(fault="slow", delay=120))
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "crawl - 1. http://" in line:  # a venue is finished, another waits for its site
            os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 1 <= len(list(finished(spool_of(lineage)))) < LISTED
    assert list(spool_of(lineage).glob(".unfinished-*"))
    lineage.server.faults.set(slow["host"], None)
    lineage.crawl()
    after, files = lineage.rows_without_times(), set(lineage.photo_files())
    assert [row["status"] for row in after["venues"]] == ["crawled"] * LISTED

    with lineage.engine.begin() as connection:
        connection.execute(delete(venues))
        connection.execute(delete(photos))
        assert connection.execute(select(photos)).all() == []
    lineage.run("venue_sites")
    lineage.crawl()
    assert lineage.rows_without_times() == after
    assert set(lineage.photo_files()) == files
