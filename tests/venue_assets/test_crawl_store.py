"""Storing crawl results: the rows follow the site, nothing unchanged is written, a failure loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import ProgrammingError

from resources.gazetteer import _towns_in
from resources.identity import content_id, venue_id
from resources.partitions import VENUE_PARTITIONS
from resources.photo_store import PhotoStore
from resources.schema import photos, venue_pages, venue_photo_files, venue_photos, venues
from resources.sync import Written
from venue_assets.crawl_store import StoredVenue, UnstorableResultError, crawl_jobs, mark_unstorable, store_result
from venue_assets.crawler.job import PageResult, PhotoResult, Rejection, VenueJob, VenueResult
from venue_assets.crawler.spool import VenueSpool, finished
from venue_assets.venue_list import listed_venue
from venue_assets.venue_table import ListChange, Source, add_venues, list_venues, retire, retire_missing

SITE = "https://barn.example"
VENUE = venue_id(SITE)
NOW = datetime(2026, 5, 1, tzinfo=UTC)
ALL_BUCKETS = range(len(VENUE_PARTITIONS.get_partition_keys()))


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(str(tmp_path / "photos"))


@pytest.fixture
def listed(engine: Engine) -> Engine:
    with engine.begin() as connection:
        add_venues(connection, [listed_venue("http://www.barn.example/")], "file")
    return engine


def page(path: str, text: str, **changes: Any) -> PageResult:
    values: dict[str, Any] = {
        "status": 200, "etag": f'"{text}"', "content_sha256": content_id(text.encode()), "markdown": text,
        "extraction": {"links": []}, "fetched_at": NOW,
    }  # fmt: skip
    return PageResult(url=f"{SITE}{path}", **(values | changes))


def photo(content: bytes, position: int, **changes: Any) -> PhotoResult:
    values: dict[str, Any] = {
        "source_url": f"{SITE}/{content.decode()}.jpg", "page_url": SITE, "alt_text": "a barn", "position": position,
        "content_sha256": content_id(content), "photo_id": content_id(content), "mime": "image/jpeg", "width": 800,
        "height": 600, "phash": "0" * 16, "bytes": len(content),
    }  # fmt: skip
    return PhotoResult(**(values | changes))


def store_crawl(
    engine: Engine, store: PhotoStore, spool: Path, pages: list[PageResult], pictures: list[bytes], **changes: Any
) -> StoredVenue:
    """Spool a result as the crawler does, and store it."""
    folder = VenueSpool(spool, VENUE)
    found = [photo(content, position) for position, content in enumerate(pictures)]
    found += changes.pop("rejected", [])
    for content in pictures:
        folder.put_photo(content)
    values: dict[str, Any] = {"outcome": "complete", "pages": tuple(pages), "photos": tuple(found), "ended_at": NOW}
    folder.finish(VenueResult(venue_id=VENUE, site_url=SITE, **(values | changes)))
    (spooled,) = finished(spool)
    stored = store_result(engine, store, spooled)
    spooled.remove()
    return stored


def column(engine: Engine, query: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.scalars(query))


def only_job(engine: Engine, store: PhotoStore) -> VenueJob:
    with engine.connect() as connection:
        (job,) = crawl_jobs(connection, list(ALL_BUCKETS), store)
    return job


def test_a_first_crawl_fills_the_tables_and_the_memory(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    assert only_job(listed, store) == VenueJob(venue_id=VENUE, site_url="http://www.barn.example/")
    logo = photo(b"logo", -1, photo_id=None, rejection=Rejection(reason="logo", detail="4 colours"))
    gone = page("/gone", "", status=404, markdown=None, content_sha256=None, rejection=Rejection(reason="http_404"))
    said = {"name": "The Barn", "latitude": 51.5, "longitude": -1.0, "locality": "Bath", "country": "UK"}
    identity = {name: {"value": value, "page_url": SITE, "source": "json-ld"} for name, value in said.items()}
    store_crawl(
        listed, store, tmp_path / "spool", [page("/", "Welcome"), gone], [b"one", b"two"],
        rejected=[logo], identity=identity,
    )  # fmt: skip
    with listed.connect() as connection:
        venue = connection.execute(select(venues)).mappings().one()
        (row,) = list_venues(connection)
    assert [venue[name] for name in ("name", "lat", "lon", "city", "country")] == list(said.values())
    assert venue["identity"] == identity
    assert (venue["status"], venue["crawled_at"]) == ("crawled", NOW)
    assert (row["pages"], row["photos"]) == (1, 2)
    assert column(listed, select(venue_pages.c.rejection).order_by(venue_pages.c.position)) == [None, "http_404"]
    in_order = column(listed, select(venue_photos.c.photo_id).order_by(venue_photos.c.position))
    assert [store.get(photo_id) for photo_id in in_order] == [b"one", b"two"]
    job = only_job(listed, store)
    assert {memory.url: memory.extraction for memory in job.pages}[f"{SITE}/"] == {"links": []}
    assert {memory.url: memory.photo_id for memory in job.photos} == {
        f"{SITE}/one.jpg": content_id(b"one"), f"{SITE}/two.jpg": content_id(b"two"), f"{SITE}/logo.jpg": None,
    }  # fmt: skip
    assert [memory.rejection for memory in job.photos if memory.rejection] == [logo.rejection]


def test_storing_the_same_again_writes_nothing(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    first = store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"one"])
    assert first.written
    later = [page("/", "Welcome", unchanged=True, fetched_at=NOW + timedelta(days=1))]
    again = store_crawl(listed, store, tmp_path / "spool", later, [b"one"], ended_at=NOW + timedelta(days=1))
    assert not again.written
    assert column(listed, select(venue_pages.c.fetched_at)) == [NOW]
    assert column(listed, select(venues.c.crawled_at)) == [NOW]


def test_rows_follow_what_changed_and_what_is_gone(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    store_crawl(listed, store, spool, [page("/", "Welcome"), page("/old", "Old")], [b"one", b"two"])
    store_crawl(listed, store, spool, [page("/", "Hello")], [b"two"])
    assert column(listed, select(venue_pages.c.markdown)) == ["Hello"]
    assert column(listed, select(venue_photos.c.photo_id)) == [content_id(b"two")]
    assert column(listed, select(func.count()).select_from(photos)) == [2], "a photo may still be somebody's pin"


def test_a_site_that_is_down_keeps_its_last_good_data_and_is_marked(
    listed: Engine, store: PhotoStore, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    store_crawl(listed, store, spool, [page("/", "Welcome")], [b"one"])
    down = {"outcome": "failed", "reason": "site_unreachable"}
    marked = store_crawl(listed, store, spool, [], [], **down)
    assert marked.written
    assert column(listed, select(venue_pages.c.markdown)) == ["Welcome"]
    assert column(listed, select(venues.c.status)) == ["failing"]
    assert column(listed, select(venues.c.crawl_note)) == ["site_unreachable"]
    assert not store_crawl(listed, store, spool, [], [], **down).written
    store_crawl(listed, store, spool, [page("/", "Welcome")], [b"one"])
    assert column(listed, select(venues.c.status)) == ["crawled"]
    assert column(listed, select(venues.c.crawl_note)) == [None]


@pytest.mark.parametrize(
    "bad",
    [page("/", "NUL \0 in the text"), page("/", "x", extraction={"links": ["\0"]}), page("/", "x", status=70_000)],
)
def test_a_result_that_postgres_refuses_fails_its_venue_with_the_reason(
    listed: Engine, store: PhotoStore, tmp_path: Path, bad: PageResult
) -> None:
    spool = tmp_path / "spool"
    store_crawl(listed, store, spool, [page("/", "Welcome")], [b"one"])
    with pytest.raises(UnstorableResultError) as caught:
        store_crawl(listed, store, spool, [bad], [b"two"])
    (spooled,) = finished(spool)
    marked = mark_unstorable(listed, spooled, caught.value)
    assert (marked.result.outcome, marked.written) == ("failed", Written(updated=1))
    assert column(listed, select(venues.c.status)) == ["failing"]
    assert column(listed, select(venues.c.crawl_note))[0].startswith("unstorable: ")
    assert column(listed, select(venue_pages.c.markdown)) == ["Welcome"]
    assert column(listed, select(venue_photos.c.photo_id)) == [content_id(b"one")]


def test_a_fault_of_the_database_is_not_blamed_on_the_result(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    with listed.begin() as connection:
        connection.execute(text("ALTER TABLE venue_pages RENAME TO elsewhere"))
    with pytest.raises(ProgrammingError):
        store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [])


@pytest.mark.parametrize("damaged", ["result.json", f"photos/{content_id(b'one')}"])
def test_a_spooled_venue_with_a_file_missing_is_unstorable(
    listed: Engine, store: PhotoStore, tmp_path: Path, damaged: str
) -> None:
    folder = VenueSpool(tmp_path, VENUE)
    folder.put_photo(b"one")
    folder.finish(
        VenueResult(venue_id=VENUE, site_url=SITE, outcome="complete", photos=(photo(b"one", 0),), ended_at=NOW)
    )
    (spooled,) = finished(tmp_path)
    (spooled.folder / damaged).unlink()
    with pytest.raises(UnstorableResultError):
        store_result(listed, store, spooled)
    assert list(store.ids()) == []


def stated(**values: Any) -> dict[str, Any]:
    """A site's identity, as the crawler reports it."""
    return {name: {"value": value, "page_url": SITE, "source": "json-ld"} for name, value in values.items()}


def shown(engine: Engine) -> tuple[Any, ...]:
    with engine.connect() as connection:
        return tuple(connection.execute(select(venues.c.name, venues.c.city, venues.c.lat, venues.c.lon)).one())


def test_what_a_site_says_of_itself_follows_the_site(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    for said, expected in (
        (stated(name="The Barn", locality="Bath", latitude=51.5, longitude=-2.5), ("The Barn", "Bath", 51.5, -2.5)),
        (stated(name="Old Barn", locality="Wells", latitude=51.0, longitude=-2.0), ("Old Barn", "Wells", 51.0, -2.0)),
        (stated(name="Old Barn"), ("Old Barn", None, None, None)),
    ):
        store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [], identity=said)
        assert shown(listed) == expected
    store_crawl(listed, store, tmp_path / "spool", [], [], outcome="failed", reason="site_unreachable")
    assert shown(listed) == ("Old Barn", None, None, None)


def country(engine: Engine) -> tuple[str | None, str | None]:
    """The venue's country and by which town it is known, as apps read them."""
    with engine.connect() as connection:
        code, evidence = connection.execute(text("SELECT country_code, country_evidence FROM serving.venues")).one()
    return code, evidence


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"region": "ON"}, ("CA", "country of Toronto, Ontario, CA (GeoNames)")),
        ({"region": "ON", "latitude": 43.7, "longitude": -79.4}, ("CA", "country of Toronto, Ontario, CA (GeoNames)")),
        ({"region": "AB"}, (None, None)),  # looked up, and nothing found
        ({"country": "Canada"}, ("CA", None)),
    ],
)
def test_a_town_is_looked_up_once(
    listed: Engine, store: PhotoStore, tmp_path: Path, said: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    def crawl(**more: Any) -> StoredVenue:
        identity = stated(locality="Toronto", **(said | more))
        return store_crawl(listed, store, tmp_path / "spool", [page("/", "Hi")], [], identity=identity)

    before = town_look_ups()
    crawl()
    assert country(listed) == expected
    assert town_look_ups() > before
    before = town_look_ups()
    assert not crawl().written
    assert town_look_ups() == before, "not even the gazetteer was asked"
    assert crawl(country="Italy", latitude=1.0, longitude=2.0).written
    assert country(listed) == ("IT", None)
    assert "town_rules" not in column(listed, select(venues.c.identity))[0]
    assert town_look_ups() == before, "a site that states both leaves nothing to the town"


def town_look_ups() -> int:
    """How often a country's towns were asked for in this process."""
    asked = _towns_in.cache_info()
    return asked.hits + asked.misses


def place(engine: Engine) -> tuple[Any, ...]:
    """Where the venue is, what kind of place that is and on what grounds, as apps read it."""
    query = "SELECT round(lat::numeric, 1), round(lon::numeric, 1), place_precision, place_evidence FROM serving.venues"
    with engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def test_a_venue_without_a_position_stands_at_the_centre_of_its_town(
    listed: Engine, store: PhotoStore, tmp_path: Path
) -> None:
    def crawl(**said: Any) -> StoredVenue:
        return store_crawl(listed, store, tmp_path / "spool", [page("/", "Hi")], [], identity=stated(**said))

    town = {"locality": "Charleston", "region": "SC", "country": "US"}
    at_the_centre = (
        Decimal("32.8"),
        Decimal("-79.9"),
        "town",
        "town centre of Charleston, South Carolina, US (GeoNames)",
    )
    assert crawl(**town).written
    assert place(listed) == at_the_centre
    assert not crawl(**town).written, "the same again is not written"
    crawl(**town, latitude=32.5, longitude=-80.5)
    assert place(listed) == (Decimal("32.5"), Decimal("-80.5"), "stated", None), "the site's own word wins"
    crawl(**(town | {"region": "X"}))
    assert place(listed) == (None, None, None, None), "which of several Charlestons is not clear"
    (identity,) = column(listed, select(venues.c.identity))
    assert "latitude" not in identity, "what was derived is not among what the site says"


def test_a_database_from_before_is_filled_by_the_next_crawl(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    said = stated(locality="Positano", country="Italy")
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Hi")], [], identity=said)
    with listed.begin() as connection:
        before = {"identity": said, "lat": None, "lon": None, "town_centre": None, "country_code": None}
        connection.execute(update(venues).values(before))
    again = store_crawl(listed, store, tmp_path / "spool", [page("/", "Hi")], [], identity=said)
    assert again.written == Written(updated=1)
    assert place(listed)[2:] == ("town", "town centre of Positano, IT (GeoNames)")
    assert country(listed) == ("IT", None)
    older = {"identity": said | {"town_rules": 1}, "town_centre": "Elsewhere"}  # found by rules that were mended since
    with listed.begin() as connection:
        connection.execute(update(venues).values(older))
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Hi")], [], identity=said)
    assert place(listed)[2:] == ("town", "town centre of Positano, IT (GeoNames)")


def test_the_operators_name_stays_whatever_the_site_says(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    def crawl(name: str) -> None:
        said = stated(name=name, locality="Bath")
        store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [], identity=said)

    def add(name: str, source: Source) -> ListChange:
        with listed.begin() as connection:
            return add_venues(connection, [listed_venue("http://www.barn.example/", name)], source)

    crawl("The Barn")
    # Also when both say the same today: tomorrow they may not.
    assert add("The Barn", "file").updated == 1
    crawl("Grand Barn Hotel")
    assert shown(listed)[:2] == ("The Barn", "Bath")
    assert add("Our Barn", "file") == ListChange(updated=1)
    assert add("Our Barn", "file") == ListChange(), "what is so already is not written"
    crawl("Grand Barn Hotel")
    assert shown(listed)[0] == "Our Barn"
    assert add("", "file").updated == 1
    crawl("Grand Barn Hotel")
    assert shown(listed)[0] == "Grand Barn Hotel"
    add("By hand", "command")
    add("", "command")
    add("", "file")
    crawl("Grand Barn Hotel")
    assert shown(listed)[0] == "By hand", "neither command nor file took it back"


def test_a_changed_address_in_the_list_is_where_the_next_crawl_starts(listed: Engine, store: PhotoStore) -> None:
    with listed.begin() as connection:
        assert add_venues(connection, [listed_venue("https://barn.example/?from=list")], "file").updated == 1
    assert only_job(listed, store).site_url == "https://barn.example/?from=list"


def test_a_memory_of_another_version_is_left_out(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"one", b"two"])
    with listed.begin() as connection:
        older = update(venue_photo_files).where(venue_photo_files.c.photo_id == content_id(b"one"))
        connection.execute(older.values(memory={"url": "x", "of_old": 1}))
    assert [memory.photo_id for memory in only_job(listed, store).photos] == [content_id(b"two")]


def test_two_venues_share_one_photo(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"stock"])
    other = venue_id("https://other.example")
    with listed.begin() as connection:
        add_venues(connection, [listed_venue("https://other.example")], "command")
    folder = VenueSpool(tmp_path / "spool", other)
    folder.put_photo(b"stock")
    folder.finish(VenueResult(venue_id=other, site_url="https://other.example", outcome="complete", ended_at=NOW,
                              photos=(photo(b"stock", 0),)))  # fmt: skip
    (spooled,) = finished(tmp_path / "spool")
    store_result(listed, store, spooled)
    assert column(listed, select(func.count()).select_from(photos)) == [1]
    assert column(listed, select(func.count()).select_from(venue_photos)) == [2]


def test_a_photo_the_store_lost_is_fetched_again(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"one", b"two"])
    store.delete(content_id(b"one"))
    assert [memory.photo_id for memory in only_job(listed, store).photos] == [content_id(b"two")]


def test_a_venue_retired_while_its_crawl_ran_is_left_alone(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    with listed.begin() as connection:
        assert retire(connection, SITE)
        assert not retire(connection, SITE)
    assert not store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"one"]).written
    assert column(listed, select(venue_photo_files.c.source_url)) == []
    with listed.connect() as connection:
        assert list(crawl_jobs(connection, list(ALL_BUCKETS), store)) == []


def test_leaving_the_file_retires_and_coming_back_restores(listed: Engine, store: PhotoStore, tmp_path: Path) -> None:
    store_crawl(listed, store, tmp_path / "spool", [page("/", "Welcome")], [b"one"])
    by_hand = listed_venue("https://by-hand.example")
    with listed.begin() as connection:
        add_venues(connection, [by_hand], "command")
        assert retire_missing(connection, [], list(ALL_BUCKETS)).retired == 1
        assert column(listed, select(venues.c.site_url).where(venues.c.status == "retired")) == []
    assert column(listed, select(venues.c.site_url).where(venues.c.status == "retired")) == [SITE]
    assert column(listed, select(venue_pages.c.markdown)) == ["Welcome"], "retired, not orphaned"
    with listed.begin() as connection:
        assert add_venues(connection, [listed_venue(SITE)], "file").restored == 1
    assert column(listed, select(venues.c.status).where(venues.c.venue_id == VENUE)) == ["listed"]
