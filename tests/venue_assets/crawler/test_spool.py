"""The spool: a venue is there whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from resources.identity import content_id, venue_id
from venue_assets.crawler.job import VenueResult
from venue_assets.crawler.spool import VenueSpool, clear_unfinished, finished, is_finished

VENUE = venue_id("https://barn.example")
RESULT = VenueResult(
    venue_id=VENUE, site_url="https://barn.example", outcome="complete", ended_at=datetime(2026, 6, 1, tzinfo=UTC)
)


def test_a_venue_appears_with_its_photos_when_it_is_finished(tmp_path: Path) -> None:
    writer = VenueSpool(tmp_path, VENUE)
    photo_id = writer.put_photo(b"a photograph")
    assert photo_id == content_id(b"a photograph")
    assert list(finished(tmp_path)) == []
    writer.finish(RESULT)
    (venue,) = finished(tmp_path)
    assert (venue.venue_id, venue.result()) == (VENUE, RESULT)
    assert venue.photo(photo_id) == b"a photograph"
    assert is_finished(tmp_path, VENUE)


def test_what_a_killed_process_left_is_no_venue_and_is_removed_by_the_next(tmp_path: Path) -> None:
    left = VenueSpool(tmp_path, VENUE).put_photo(b"left behind")
    assert list(finished(tmp_path)) == []
    VenueSpool(tmp_path, VENUE).finish(RESULT)
    (venue,) = finished(tmp_path)
    with pytest.raises(FileNotFoundError):
        venue.photo(left)


def test_only_the_photos_that_were_kept_stay(tmp_path: Path) -> None:
    writer = VenueSpool(tmp_path, VENUE)
    kept, dropped = writer.put_photo(b"large"), writer.put_photo(b"small")
    writer.keep_only({kept})
    writer.finish(RESULT)
    (venue,) = finished(tmp_path)
    assert venue.photo(kept) == b"large"
    with pytest.raises(FileNotFoundError):
        venue.photo(dropped)
    venue.remove()
    assert list(finished(tmp_path)) == []


def test_clearing_keeps_finished_venues(tmp_path: Path) -> None:
    VenueSpool(tmp_path, VENUE).finish(RESULT)
    VenueSpool(tmp_path, venue_id("https://mill.example"))
    clear_unfinished(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == [str(VENUE)]


def test_no_folder_is_no_venues(tmp_path: Path) -> None:
    assert list(finished(tmp_path / "none")) == []
