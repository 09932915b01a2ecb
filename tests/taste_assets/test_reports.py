"""Pages for people: what they say, that nothing in them runs or is fetched, and that they go with the person."""

from __future__ import annotations

import io
import re
import uuid
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from sqlalchemy import URL, Engine, text

from resources.identity import user_bucket, user_id
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import taste_clusters, users, venues
from resources.settings import load_settings
from taste_assets.recommendations import recommendations
from taste_assets.report_pages import page_path, report_folder
from taste_assets.reports import taste_reports
from tests.taste_assets.list_lineage import Lists, list_resources, near

HANDLE = "<script>alert('ann')</script>"
EVERY = (0, 31)


@pytest.fixture
def lists(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """A person with two tastes, one of whose pins is kept, a newcomer, and three venues whose photos are kept."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    lists = Lists(engine, [recommendations, taste_reports], list_resources(photo_store=PhotoStoreResource()))
    lists.start()
    for number in range(3):
        lists.venue(f"v{number}.test", near(number), f"<b>venue {number}</b>")
    ann = lists.person(HANDLE, likes=[near(0), near(1)], bucket=user_bucket(user_id(HANDLE)))
    lists.person("new", bucket=user_bucket(user_id("new")))
    keep_pictures(lists)
    pin = PhotoStore(load_settings().photo_store).put(picture("red"))
    one = taste_clusters.c.cluster_id == uuid.uuid5(ann, "positive 0")
    lists.change(taste_clusters, one, medoid_photo_id=pin)
    lists.run("recommendations", buckets=EVERY)
    return lists


def picture(colour: str) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(encoded, "JPEG")
    return encoded.getvalue()


def keep_pictures(lists: Lists) -> None:
    """Give the made-up photos of venues files that carry their names."""
    root = Path(load_settings().photo_store)
    store = PhotoStore(str(root))
    with lists.engine.begin() as connection:
        for number, old in enumerate(connection.scalars(text("SELECT photo_id FROM photos ORDER BY photo_id")).all()):
            new = store.put(picture(f"rgb({number * 60},0,200)"))
            copied = (
                "INSERT INTO photos SELECT :new, mime, width, height, phash, bytes FROM photos WHERE photo_id = :old"
            )
            connection.execute(text(copied), {"new": new, "old": old})
            for table in ("venue_photos", "photo_embeddings"):
                connection.execute(
                    text(f"UPDATE {table} SET photo_id = :new WHERE photo_id = :old"),  # noqa: S608
                    {"new": new, "old": old},
                )


def page(handle: str) -> str:
    return page_path(report_folder(), user_id(handle)).read_text()


def test_a_page_shows_pins_beside_the_photographs_that_answer_to_them(lists: Lists) -> None:
    made = lists.run("taste_reports", buckets=EVERY)
    assert sum(made.metadata("taste_reports", "written now")) == 2
    tree = html.fromstring(page(HANDLE))
    assert tree.xpath("string(//h1)") == HANDLE
    assert [heading.split(".")[0] for heading in tree.xpath("//h2/text()")[1:]] == ["1", "2", "3"]
    assert "look 0, weight 50 %, 5 pictures" in " ".join(tree.xpath("string(//figcaption[1])").split())
    pairs = tree.xpath("//div[@class='pair']")
    assert len(pairs) == 6
    assert [len(pair.xpath("img")) for pair in pairs].count(2) == 3, "one of two pins is kept, every venue's photo is"
    assert "not kept" in page(HANDLE)
    assert "every look" in page("new")


def test_nothing_in_a_page_runs_or_is_fetched(lists: Lists) -> None:
    lists.run("taste_reports", buckets=EVERY)
    tree = html.fromstring(page(HANDLE))
    assert tree.xpath("//script | //link | //iframe | //@onclick | //h2/b | //p/b") == []
    assert all(source.startswith("data:image/jpeg;base64,") for source in tree.xpath("//@src"))
    assert re.findall(r"url\(|@import", page(HANDLE)) == []
    assert page_path(report_folder(), user_id(HANDLE)).stat().st_mode & 0o077 == 0, "for its owner alone"


def test_a_page_is_written_when_what_it_says_changes_and_only_then(lists: Lists) -> None:
    lists.run("taste_reports", buckets=EVERY)
    before = {path: path.stat().st_mtime_ns for path in report_folder().iterdir()}
    again = lists.run("taste_reports", buckets=EVERY)
    assert sum(again.metadata("taste_reports", "written now")) == 0
    assert {path: path.stat().st_mtime_ns for path in report_folder().iterdir()} == before
    lists.change(venues, venues.c.site_url == "https://v0.test", name="The Old Barn")
    assert sum(lists.run("taste_reports", buckets=EVERY).metadata("taste_reports", "written now")) == 2
    assert "The Old Barn" in page(HANDLE)


def test_a_page_goes_with_the_person_and_other_files_stay(lists: Lists) -> None:
    lists.run("taste_reports", buckets=EVERY)
    other = report_folder() / "notes.html"
    other.write_text("mine")
    lists.remove(users, users.c.handle == HANDLE)
    assert sum(lists.run("taste_reports", buckets=EVERY).metadata("taste_reports", "removed")) == 1
    assert {path.name for path in report_folder().iterdir()} == {"notes.html", f"{user_id('new')}.html"}
