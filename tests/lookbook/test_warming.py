"""What is loaded ahead of the first visitor: all of it in order, whatever fails, and holding up nobody."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import URL

from lookbook.access import Access
from lookbook.connections import open_doors
from lookbook.pictures import Pictures
from lookbook.server import serving
from lookbook.talk import Talks
from lookbook.warming import warming
from lookbook.web import Lookbook
from resources.database import DatabaseUrls
from resources.gazetteer import gazetteer
from resources.settings import Settings
from tests.lookbook.refine.conftest import recorded
from tests.lookbook.world import World

WAIT_S = 60


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def refuse() -> None:
    raise RuntimeError("no weights here")


def test_what_fails_is_logged_and_the_rest_is_loaded_and_kept_from_the_collector(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loaded: list[str] = []
    gc.unfreeze()
    with warming((("first", refuse), ("second", lambda: loaded.append("second")))) as thread:
        thread.join(WAIT_S)
    assert loaded == ["second"]
    assert [record.getMessage() for record in caplog.records] == [
        "the first could not be loaded ahead of the first visitor: no weights here"
    ]
    assert gc.get_freeze_count() > 0


def test_the_end_waits_for_nothing_and_nothing_more_is_begun(caplog: pytest.LogCaptureFixture) -> None:
    begun, release, loaded = threading.Event(), threading.Event(), []

    def load_for_long() -> None:
        begun.set()
        assert release.wait(WAIT_S)
        raise RuntimeError("the database is closed by now")

    with warming((("long one", load_for_long), ("next", lambda: loaded.append("next")))) as thread:
        assert begun.wait(WAIT_S)
    assert thread.is_alive(), "the block has ended, and it was not waited for"
    assert thread.daemon, "nor does the process wait for it"
    release.set()
    thread.join(WAIT_S)
    assert (thread.is_alive(), loaded, caplog.records) == (False, [], [])


def warming_thread() -> threading.Thread:
    return next(thread for thread in threading.enumerate() if thread.name == "lookbook-warming")


def test_a_lookbook_without_an_encoder_is_served_all_the_same(
    world: World, urls: DatabaseUrls, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    other = {"image_encoder": "python:tests.plugins.nothing:encoder", "text_encoder": "python:tests.plugins.nothing:x"}
    broken = Settings.model_validate({**settings.model_dump(), **other})
    with serving(urls, broken) as address:
        thread = warming_thread()
        assert httpx.get(address).status_code == 200
        thread.join(WAIT_S)
        assert not thread.is_alive()
        assert httpx.get(address).status_code == 200
    said = [record.getMessage() for record in caplog.records if record.name == "lookbook.warming"]
    assert [message.split(" could")[0] for message in said] == ["the image encoder", "the text encoder"]


def test_no_encoder_is_loaded_where_there_is_nothing_to_compare(
    database_url: URL, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    missing = {
        "image_encoder": "python:tests.plugins.nothing:encoder",
        "text_encoder": "python:tests.plugins.nothing:x",
    }
    address = database_url.render_as_string(hide_password=False)
    empty = Settings.model_validate({**settings.model_dump(), **missing, "database_url": address})
    with serving(DatabaseUrls(database_url, database_url), empty):
        thread = warming_thread()
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert [record for record in caplog.records if record.name == "lookbook.warming"] == []


def test_a_look_is_searched_for_before_somebody_asks_for_one(
    world: World, urls: DatabaseUrls, settings: Settings
) -> None:
    doors = open_doors(urls, settings)
    talks = Talks(Lookbook(doors, Pictures(world.store), Access(None)), settings)
    with recorded(doors.reader) as sent:
        dict(talks.slow_parts())["image encoder"]()
    assert any(" AS products" in statement for statement in sent)
    doors.close()


def test_the_towns_are_read_before_somebody_names_one(world: World, urls: DatabaseUrls, settings: Settings) -> None:
    doors = open_doors(urls, settings)
    talks = Talks(Lookbook(doors, Pictures(world.store), Access(None)), settings)
    gazetteer.cache_clear()
    for _, load in talks.slow_parts():
        load()
    assert gazetteer.cache_info().misses == 1
    doors.close()
