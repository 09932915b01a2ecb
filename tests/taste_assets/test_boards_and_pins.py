"""Reading boards and pins: whole, incremental, and one person's trouble is theirs alone."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from PIL import Image
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from resources.identity import content_id, user_bucket, user_id
from resources.schema import boards, embedding_spaces, photo_embeddings, photos, pins, pinterest_accounts, users
from resources.settings import load_settings
from taste_assets import people
from taste_assets.board_sync import boards_to_sync, next_poll, roots
from taste_assets.connecting import import_folder, remove_folder
from taste_assets.pin_photos import drop_unkept_files
from taste_assets.pin_sync import sync_board
from taste_assets.reading import ReadUser
from taste_assets.reading_report import MIN_STOPPING, readable_check
from taste_assets.sources.opening import Sources
from taste_assets.sources.pinterest import PinterestSource
from tests.taste_assets.taste_lineage import PEOPLE, TasteLineage, text_of_everything

ADA_BIG, ADA_SMALL, BEN = "100000000000000001", "100000000000000002", "200000000000000001"
PINS = sum(map(sum, PEOPLE.values()))
NEW = {"aesthetic": "rustic_barn", "seed": 1}


def test_the_assets_read_everybody_and_say_so_by_bucket(lineage: TasteLineage, instance: dg.DagsterInstance) -> None:
    lineage.connect(*PEOPLE)
    lineage.control("POST", "tokens/expire", username="dan")  # these came without a refresh token
    found = lineage.run(instance)
    assert {len(values) for asset in found.values() for values in asset.values()} == {32}
    by_bucket = Counter(user_bucket(user_id(handle)) for handle in PEOPLE)
    assert found["boards"]["users"] == [by_bucket[bucket] for bucket in range(32)]
    said = {name: sum(values) for name, values in found["pins"].items() if isinstance(values[0], int)}
    assert said["pins"] == said["downloaded"] == said["dagster/partition_row_count"] == PINS - 1
    assert said["bytes"] == sum(len(lineage.store.get(photo_id)) for photo_id in lineage.store.ids())
    assert (said["boards synced"], said["failing users"]) == (4, 0)
    assert sum(found["boards"]["failing users"]) == 1
    (log,) = [" ".join(entry.user_message for entry in instance.all_logs(run.run_id)) for run in instance.get_runs()]
    assert "pinterest cannot be read, revoked: have the person connect again" in log
    assert not {"dan", "ada", str(user_id("dan"))} & set(log.replace(",", " ").split()), "forgetting does not reach it"


def test_what_is_known_is_not_asked_for_or_written_again(lineage: TasteLineage) -> None:
    lineage.connect(*PEOPLE)
    assert lineage.read().rows_written > 0
    ids = lineage.column(photos.c.photo_id)
    assert ids == sorted(lineage.store.ids()) == sorted(content_id(lineage.store.get(photo_id)) for photo_id in ids)
    assert len(lineage.column(pins.c.pin_id)) == PINS
    before = lineage.rows()
    lineage.control("DELETE", "requests")
    assert lineage.read().rows_written == 0
    assert lineage.rows() == before
    assert lineage.requests() == {"GET /v5/boards": len(PEOPLE)}, "no board was listed, no picture fetched"


def test_what_changes_on_one_board_is_all_that_is_read(lineage: TasteLineage) -> None:
    lineage.connect(*PEOPLE)
    lineage.read()
    versions = {handle: lineage.taste_version(handle) for handle in PEOPLE}
    added = lineage.control("POST", "pins", board_id=BEN, **NEW)["pin_id"]
    gone = min(lineage.pins_of(BEN))
    lineage.control("DELETE", f"pins/{gone}")
    lineage.control("DELETE", "requests")
    lineage.read()
    assert lineage.requests() == {
        "GET /v5/boards": len(PEOPLE), "GET /v5/boards/{board_id}/pins": 1, "GET /media/{size}": 1,
    }  # fmt: skip
    assert added in lineage.pins_of(BEN)
    assert gone not in lineage.pins_of(BEN)
    assert sorted(lineage.store.ids()) == lineage.column(photos.c.photo_id) == lineage.column(pins.c.photo_id)
    assert {handle for handle in PEOPLE if lineage.taste_version(handle) != versions[handle]} == {"ben"}


def test_a_pin_that_moves_is_the_same_pin_and_a_board_that_goes_takes_its_pins(lineage: TasteLineage) -> None:
    lineage.connect("ada")
    lineage.read()
    moved = min(lineage.pins_of(ADA_BIG))
    for target, source in ((ADA_SMALL, ADA_BIG), (ADA_BIG, ADA_SMALL)):
        lineage.control("POST", f"pins/{moved}/move", board_id=target)
        lineage.read()
        assert moved in lineage.pins_of(target) - lineage.pins_of(source)
        assert lineage.column(pins.c.photo_id) == sorted(lineage.store.ids())
    version = lineage.taste_version("ada")
    lineage.control("DELETE", f"boards/{ADA_BIG}")
    lineage.read()
    assert lineage.column(boards.c.board_id) == [ADA_SMALL]
    assert len(lineage.column(pins.c.pin_id)) == 3
    assert sorted(lineage.store.ids()) == lineage.column(photos.c.photo_id) == lineage.column(pins.c.photo_id)
    assert lineage.taste_version("ada") > version


def test_a_person_who_fails_keeps_what_they_had_and_stops_nobody(lineage: TasteLineage) -> None:
    lineage.connect(*PEOPLE)
    lineage.read()
    lineage.control("POST", "tokens/expire", username="ada")
    lineage.control("POST", "pins", board_id=BEN, **NEW)
    lineage.control("DELETE", f"boards/{ADA_BIG}")
    found = lineage.read()
    assert found.failures == {"revoked": 1}
    assert (len(lineage.pins_of(BEN)), len(lineage.pins_of(ADA_BIG))) == (6, 6)
    ((handle, problem),) = lineage.last_errors().items()
    assert handle == "ada"
    assert "users connect-pinterest" in problem
    lineage.connect("ada")
    assert lineage.read().failures == {}
    assert lineage.last_errors() == {}
    assert ADA_BIG not in lineage.column(boards.c.board_id)


def test_an_account_that_failed_is_left_alone_until_it_is_due(lineage: TasteLineage) -> None:
    lineage.connect("ada", "ben")
    lineage.control("POST", "faults", kind="rate_limit", path="/v5/boards", username="ada", seconds=7200)
    assert lineage.read().failures == {"rate_limited": 1}
    with lineage.engine.connect() as connection:
        due = connection.scalar(select(pinterest_accounts.c.poll_due_at).join(users).where(users.c.handle == "ada"))
    assert due is not None
    assert abs(due - datetime.now(UTC) - timedelta(hours=2)) < timedelta(minutes=1)
    lineage.control("DELETE", "requests")
    assert lineage.read(everyone=False).boards == [], "ben was asked just now, ada may not be"
    assert lineage.requests() == {}


def test_a_page_that_fails_leaves_the_board_as_it_was(lineage: TasteLineage) -> None:
    lineage.connect("ada", "ben")
    lineage.read()
    synced = dict(zip(lineage.column(boards.c.board_id), lineage.rows()["boards"], strict=True))
    place = list(boards.c.keys()).index("synced_fingerprint")
    for board_id in (ADA_BIG, BEN):
        lineage.control("POST", "pins", board_id=board_id, **NEW)
    lineage.control("POST", "faults", kind="rate_limit", path=f"/v5/boards/{ADA_BIG}/pins", seconds=7200)
    assert lineage.read().failures == {"rate_limited": 1}
    assert (len(lineage.pins_of(ADA_BIG)), len(lineage.pins_of(BEN))) == (6, 6)
    now = dict(zip(lineage.column(boards.c.board_id), lineage.rows()["boards"], strict=True))
    assert now[ADA_BIG][place] == synced[ADA_BIG][place]
    assert now[BEN][place] != synced[BEN][place]
    lineage.read(boards_too=False)
    assert len(lineage.pins_of(ADA_BIG)) == 6, "rate-limited for two hours"
    lineage.forgive()
    lineage.read()
    assert len(lineage.pins_of(ADA_BIG)) == 7


def test_a_board_that_vanishes_while_it_is_read_is_no_failure(lineage: TasteLineage) -> None:
    lineage.connect("ada")
    lineage.control("POST", "faults", kind="not_found", path=f"/v5/boards/{ADA_BIG}/pins")
    found = lineage.read()
    assert (sum(user.vanished for user in found.pins), found.failures) == (1, {})
    assert len(lineage.pins_of(ADA_SMALL)) == 3
    assert lineage.last_errors() == {}
    lineage.read()
    assert len(lineage.pins_of(ADA_BIG)) == 6


def test_pins_that_show_no_picture_are_kept_with_the_reason(lineage: TasteLineage) -> None:
    lineage.control("PUT", "quirks", not_images=0.6, missing_images=0.4)
    lineage.connect("ada", "ben")
    rejected = lineage.read().rejected
    assert set(rejected) == {"video", "http_404"}
    assert rejected.total() + len(list(lineage.store.ids())) == 14
    lineage.control("POST", "pins", board_id=BEN, **NEW)
    lineage.control("DELETE", "requests")
    lineage.read()
    assert lineage.requests().get("GET /media/{size}", 0) <= 3, (
        "of the new pin alone: a reason that lasts is not tried again"
    )


def test_a_picture_that_is_unavailable_now_is_fetched_another_time(lineage: TasteLineage) -> None:
    lineage.connect("ben")
    lineage.control("POST", "faults", kind="server_error", path="/media/*", times=None)
    found = lineage.read()
    assert found.rejected == {"unavailable": 5}
    assert [board.is_complete for board in found.synced] == [False]
    assert list(lineage.store.ids()) == []
    lineage.control("DELETE", "faults")
    assert [board.downloaded for board in lineage.read(boards_too=False).synced] == [5]
    assert lineage.column(pins.c.rejection) == [None] * 5


def test_a_picture_server_that_is_down_is_not_asked_for_every_pin(lineage: TasteLineage) -> None:
    board = lineage.control("POST", "boards", username="dan", name="Many")["board_id"]
    for seed in range(40):
        lineage.control("POST", "pins", board_id=board, aesthetic="garden", seed=seed)
    lineage.connect("dan")
    lineage.control("POST", "faults", kind="server_error", path="/media/*", times=None)
    assert lineage.read().rejected == {"unavailable": 41}
    assert lineage.requests()["GET /media/{size}"] < 15 * 5


def test_a_write_that_dies_halfway_leaves_nothing_and_the_next_run_ends_it(lineage: TasteLineage) -> None:
    lineage.connect("ada", "ben")
    with lineage.engine.begin() as connection:  # as a crash would: after the pins were written, before the commit
        connection.execute(text("CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS "
                                "$$ BEGIN RAISE EXCEPTION 'dead'; END $$"))  # fmt: skip
        connection.execute(text("CREATE TRIGGER dies BEFORE UPDATE OF synced_fingerprint ON boards "
                                "EXECUTE FUNCTION dies()"))  # fmt: skip
    with pytest.raises(DBAPIError, match="dead"):
        lineage.read()
    assert lineage.column(pins.c.pin_id) == lineage.column(photos.c.photo_id) == []
    with lineage.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER dies ON boards"))
    lineage.read(boards_too=False)
    assert len(lineage.column(pins.c.pin_id)) == 14
    assert lineage.column(photos.c.photo_id) == sorted(lineage.store.ids())


READ_EVERYTHING = """
from resources.database import connect, database
from resources.photo_store import PhotoStore
from resources.settings import load_settings
from taste_assets.reading import open_reader

settings = load_settings()
store = PhotoStore(settings.photo_store)
with database(settings) as urls, open_reader(connect(urls.tables), store, settings) as reader:
    reader.read_boards(range(32))
    reader.read_pins(range(32))
"""


def test_a_run_that_is_killed_is_as_if_it_had_not_been(lineage: TasteLineage) -> None:
    lineage.connect("ada")
    lineage.control("POST", "faults", kind="slow", path="/media/*", skip=4, seconds=600)
    project = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", READ_EVERYTHING], cwd=project) as reading:
        while lineage.control("GET", "faults")["faults"]:
            assert reading.poll() is None, "it ended without reading what it was to be killed at"
        reading.kill()
    assert lineage.column(pins.c.pin_id) == lineage.column(photos.c.photo_id) == []
    lineage.read(boards_too=False)
    assert len(lineage.column(pins.c.pin_id)) == 9
    assert lineage.column(pins.c.photo_id) == lineage.column(photos.c.photo_id) == sorted(lineage.store.ids())


def test_minimal_retention_stores_no_words_and_full_does(
    lineage: TasteLineage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lineage.control("PUT", "quirks", null_texts=0)
    lineage.connect("ada")
    monkeypatch.setenv("PIN_RETENTION", "full")
    lineage.read()
    kept = text_of_everything(lineage.engine)
    assert all(words in kept for words in ("words of 10100", "Garden", "ada's board 1"))
    monkeypatch.delenv("PIN_RETENTION")
    lineage.read()
    after = text_of_everything(lineage.engine)
    assert not any(words in after for words in ("words of", "Garden", "ada's board"))
    assert len(lineage.column(pins.c.pin_id)) == 9


def test_bytes_that_are_gone_are_fetched_again_for_a_space_that_lacks_them(lineage: TasteLineage) -> None:
    lineage.connect("ben", "dan")
    lineage.read()
    ids = lineage.column(photos.c.photo_id)
    before = lineage.rows()
    with lineage.engine.begin() as connection:
        for number, space_id in enumerate(("old", "new")):
            space: dict[str, Any] = {"space_id": space_id, "modality": "image", "model": "m", "revision": "r", "dim": 2}
            created = datetime(2026, 5, 1 + number, tzinfo=UTC)
            connection.execute(embedding_spaces.insert().values(**space, created_at=created))
        vectors = [{"photo_id": each, "space_id": "old", "dim": 2, "embedding": [1.0, 0.0]} for each in ids]
        connection.execute(photo_embeddings.insert(), vectors)
        assert drop_unkept_files(connection, lineage.store, ids) == len(ids) == 6
    assert list(lineage.store.ids()) == []
    lineage.control("POST", "faults", kind="server_error", path="/media/*", times=None)
    lineage.read()
    assert lineage.rows() == before, "a picture that does not come again leaves what is known"
    lineage.control("DELETE", "faults")
    lineage.read()
    assert sorted(lineage.store.ids()) == ids
    assert lineage.rows() == before
    assert lineage.read().synced == [], "they are there, and wait to be embedded"


def test_a_folder_is_read_beside_an_account_and_told_of_when_it_is_gone(lineage: TasteLineage, tmp_path: Path) -> None:
    folder = tmp_path / "inspiration"
    (folder / "barns").mkdir(parents=True)
    Image.effect_noise((120, 90), 50).convert("RGB").save(folder / "barns" / "one.jpg")
    (folder / "barns" / "notes.txt").write_text("no picture")
    lineage.connect("dan")
    import_folder(lineage.engine, lineage.store, "minimal", "dan", str(folder))
    assert lineage.read().rejected == {"not_an_image": 1}
    assert len(lineage.column(pins.c.pin_id)) == 3
    assert {None, "barns", "inspiration"} == set(lineage.column(boards.c.name))
    before = lineage.rows()
    assert lineage.read().rows_written == 0
    folder.rename(tmp_path / "elsewhere")
    assert lineage.read().failures == {"folder_gone": 1}
    assert lineage.rows() == before, "a folder that cannot be read is not an empty one"
    assert lineage.last_errors() == {}, "the account is well"
    remove_folder(lineage.engine, lineage.store, "dan", str(folder))
    assert len(lineage.column(pins.c.pin_id)) == len(list(lineage.store.ids())) == 1
    assert lineage.read().failures == {}


def test_everybody_failing_stops_the_run(lineage: TasteLineage, instance: dg.DagsterInstance) -> None:
    lineage.connect(*PEOPLE)
    lineage.control("POST", "faults", kind="expired_token", path="/v5/boards", times=None)
    result = lineage.execute(instance)
    assert not result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("boards_readable", False)
    assert len(lineage.last_errors()) == len(PEOPLE)


def test_a_few_failing_is_a_warning_and_one_of_one_stops_nothing() -> None:
    def verdict(failing: int, of: int) -> tuple[bool, str]:
        revoked = Counter({"revoked": 1})
        read = [ReadUser(0, failures=revoked if number < failing else Counter()) for number in range(of)]
        result = readable_check("boards_readable", "boards", read)
        return result.passed, result.severity.value

    assert verdict(0, 0) == verdict(1, 10) == verdict(2, 10) == (True, "WARN")
    assert verdict(3, 10) == verdict(1, 1) == verdict(MIN_STOPPING - 1, MIN_STOPPING - 1) == (False, "WARN")
    assert verdict(MIN_STOPPING, MIN_STOPPING) == (False, "ERROR")


def test_who_pins_now_is_asked_more_often() -> None:
    now, hour = datetime(2026, 5, 1, tzinfo=UTC), timedelta(hours=1)
    ages = {timedelta(0): 1, timedelta(days=7): 1, timedelta(days=8): 6, timedelta(days=31): 24}
    for age, hours in ages.items():
        assert next_poll(now, now - age, hour) == now + hours * hour


def test_who_is_new_is_asked_as_often_as_who_pins_now(lineage: TasteLineage) -> None:
    lineage.connect("ada", "ben")
    with lineage.engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=400)
        connection.execute(update(users).where(users.c.handle == "ben").values(connected_at=long_ago))
    lineage.read()
    with lineage.engine.connect() as connection:
        accounts = pinterest_accounts.c
        wait = select(users.c.handle, (accounts.poll_due_at - accounts.polled_at).label("wait")).join(
            pinterest_accounts
        )
        waits = {row.handle: row.wait for row in connection.execute(wait)}
    hour = timedelta(hours=1)
    assert waits["ada"] == hour
    assert waits["ben"] > hour, "his boards have been quiet for weeks"


def test_imported_folders_are_those_not_inside_another() -> None:
    assert roots(["/a", "/a/b", "/a/c", "/d/e"]) == ("/a", "/d/e")
    assert roots([]) == ()


def test_a_person_forgotten_while_they_are_read_leaves_no_picture_behind(lineage: TasteLineage, tmp_path: Path) -> None:
    class Forgetting(PinterestSource):
        """The person goes while their picture is on its way."""

        def image(self, url: str) -> bytes:
            content = super().image(url)
            people.forget(lineage.engine, lineage.store, tmp_path, "dan")
            return content

    lineage.connect("dan")
    lineage.control("POST", "faults", kind="server_error", path="/media/*", times=None)
    lineage.read()
    lineage.control("DELETE", "faults")
    with Sources(lineage.engine, load_settings()) as sources:
        with lineage.engine.connect() as connection:
            (board,) = boards_to_sync(connection, range(32), datetime.now(UTC))
        source = sources.pinterest(board.user_id)
        source.__class__ = Forgetting
        sync_board(lineage.engine, lineage.store, source, board, "minimal")
    assert list(lineage.store.ids()) == lineage.column(photos.c.photo_id) == lineage.column(users.c.user_id) == []
