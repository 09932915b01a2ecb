"""What the demo Pinterest shows of its boards, pins and pictures, and how the control API changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from demo.servers.pinterest import Quirks, build_pinterest_app
from tests.demo.pinterest_contract.server import DemoPinterest, bearer, demo_pinterest
from tests.demo.pinterest_contract.tour import REDIRECT_URI, ask_token, authorize
from tests.demo.pinterest_contract.world import (
    BEN_BOARD,
    BIG_BOARD,
    BIG_BOARD_PINS,
    EMPTY_BOARD,
    NOW,
    SMALL_BOARD,
    small_world,
)

BIG_BOARD_PATH = f"/v5/boards/{BIG_BOARD}/pins"
A_PIN = str(10**17 + 1001)


@pytest.fixture(scope="module")
def shared() -> Iterator[DemoPinterest]:
    """One server for the tests that leave it as they found it."""
    with demo_pinterest() as running:
        yield running


@pytest.fixture
def pinterest() -> Iterator[DemoPinterest]:
    with demo_pinterest() as running:
        yield running


def board(pinterest: DemoPinterest, board_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = pinterest.get(f"/v5/boards/{board_id}").json()
    return answer


def modified_at(pinterest: DemoPinterest, board_id: str) -> datetime:
    return datetime.fromisoformat(board(pinterest, board_id)["board_pins_modified_at"])


def test_the_account_is_the_token_s(shared: DemoPinterest) -> None:
    account = shared.get("/v5/user_account", "ben").json()
    assert (account["username"], account["board_count"], account["pin_count"]) == ("ben", 1, 30)


def test_boards_tell_their_pins_and_their_last_change(shared: DemoPinterest) -> None:
    boards = {item["id"]: item for item in shared.get("/v5/boards", page_size=250).json()["items"]}
    world_boards = {entry.board_id: entry for entry in small_world().people[0].boards}
    assert set(boards) == set(world_boards)
    assert {key: item["pin_count"] for key, item in boards.items()} == {
        key: len(entry.pins) for key, entry in world_boards.items()
    }
    newest = world_boards[BIG_BOARD].pins[-1].created_at
    assert datetime.fromisoformat(boards[BIG_BOARD]["board_pins_modified_at"]) == newest
    assert boards[EMPTY_BOARD]["media"] == {"image_cover_url": None, "pin_thumbnail_urls": []}


def test_privacy_is_filtered_and_secrets_need_their_scopes(shared: DemoPinterest) -> None:
    def ids(**params: str) -> set[str]:
        return {item["id"] for item in shared.walk("/v5/boards", **params)}

    public, protected, secret = (ids(privacy=privacy) for privacy in ("PUBLIC", "PROTECTED", "SECRET"))
    assert public
    assert protected
    assert secret
    assert public | protected | secret == ids() == ids(privacy="ALL")
    assert ids(privacy="PUBLIC_AND_SECRET") == public | secret
    assert shared.get("/v5/boards", privacy="public").status_code == 400

    code = authorize(shared, scope="boards:read,pins:read")
    narrow = ask_token(shared.http, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
    headers = bearer(narrow["access_token"])
    shown = shared.http.get("/v5/boards", headers=headers).json()["items"]
    assert {item["id"] for item in shown} == public | protected
    for secret_board in secret:
        assert shared.http.get(f"/v5/boards/{secret_board}", headers=headers).status_code == 404
        assert shared.get(f"/v5/boards/{secret_board}").status_code == 200


def test_strangers_see_nothing(shared: DemoPinterest) -> None:
    pin_id = shared.get(BIG_BOARD_PATH).json()["items"][0]["id"]
    for path in (f"/v5/boards/{BIG_BOARD}", BIG_BOARD_PATH, f"/v5/boards/{BIG_BOARD}/sections", f"/v5/pins/{pin_id}"):
        assert shared.get(path).status_code == 200
        assert shared.get(path, "ben").status_code == 404
    assert shared.get("/v5/boards/not-a-number").status_code == 400
    assert shared.get("/v5/boards", ad_account_id="1").status_code == 403
    assert shared.get("/v5/elsewhere").json()["code"] == 404


def test_sections_hold_pins_of_their_board(shared: DemoPinterest) -> None:
    pins = shared.walk(BIG_BOARD_PATH, page_size=250)
    sections = shared.walk(f"/v5/boards/{BIG_BOARD}/sections")
    assert len(sections) == 4
    for section in sections:
        held = shared.walk(f"/v5/boards/{BIG_BOARD}/sections/{section['id']}/pins", page_size=5)
        assert held == [pin for pin in pins if pin["board_section_id"] == section["id"]] != []
    assert any(pin["board_section_id"] is None for pin in pins)
    assert shared.walk(f"/v5/boards/{SMALL_BOARD}/sections") == []


def test_all_pins_of_an_account_can_be_listed_and_filtered(shared: DemoPinterest) -> None:
    def ids(**params: str) -> set[str]:
        return {item["id"] for item in shared.walk("/v5/pins", **params)}

    everything = {pin.pin_id for entry in small_world().people[0].boards for pin in entry.pins}
    assert ids(include_protected_pins="true") == everything
    protected = {item["id"] for item in shared.walk("/v5/boards", privacy="PROTECTED")}
    shown = shared.walk("/v5/pins")
    assert len(shown) == len(everything) - len(protected)
    assert not protected & {item["board_id"] for item in shown}
    created = [item["created_at"] for item in shown]
    assert created == sorted(created, reverse=True)
    native, repins = ids(pin_filter="exclude_repins"), ids(pin_filter="exclude_native")
    assert native | repins == ids()
    assert not native & repins
    assert ids(pin_filter="has_been_promoted") == set()
    secret = {item["id"] for item in shared.walk("/v5/boards", privacy="SECRET")}
    assert {item["board_id"] for item in shared.walk("/v5/pins", pin_type="PRIVATE")} == secret


def test_an_added_pin_is_on_top_and_changes_its_board_only(pinterest: DemoPinterest) -> None:
    before, other = board(pinterest, BIG_BOARD), board(pinterest, SMALL_BOARD)
    pinterest.clock.advance(hours=1)
    added = pinterest.control("POST", "pins", board_id=BIG_BOARD, aesthetic="castle", seed=3, scene="table")
    top = pinterest.get(BIG_BOARD_PATH, page_size=1).json()["items"][0]
    assert top["id"] == added["pin_id"]
    assert datetime.fromisoformat(top["created_at"]) == pinterest.clock.now
    after = board(pinterest, BIG_BOARD)
    assert after["pin_count"] == before["pin_count"] + 1 == BIG_BOARD_PINS + 1
    assert datetime.fromisoformat(after["board_pins_modified_at"]) == pinterest.clock.now
    assert board(pinterest, SMALL_BOARD) == other
    assert Image.open(BytesIO(pinterest.http.get(top["media"]["images"]["400x300"]["url"]).content)).size == (400, 300)


def test_every_change_moves_the_time_of_the_last_change_forward(pinterest: DemoPinterest) -> None:
    """Even within one instant of the clock, and when pin_count ends where it was."""
    times = [modified_at(pinterest, BIG_BOARD)]
    pin_id = pinterest.control("POST", "pins", board_id=BIG_BOARD, aesthetic="castle", seed=3)["pin_id"]
    times.append(modified_at(pinterest, BIG_BOARD))
    pinterest.control("DELETE", f"pins/{pin_id}")
    times.append(modified_at(pinterest, BIG_BOARD))
    assert times[0] < times[1] < times[2]
    assert board(pinterest, BIG_BOARD)["pin_count"] == BIG_BOARD_PINS
    assert pinterest.get(f"/v5/pins/{pin_id}").status_code == 404


def test_a_moved_pin_keeps_its_name_and_changes_both_boards(pinterest: DemoPinterest) -> None:
    before = {board_id: modified_at(pinterest, board_id) for board_id in (BIG_BOARD, SMALL_BOARD)}
    created_at = pinterest.get(f"/v5/pins/{A_PIN}").json()["created_at"]
    pinterest.control("POST", f"pins/{A_PIN}/move", board_id=SMALL_BOARD)
    moved = pinterest.get(f"/v5/boards/{SMALL_BOARD}/pins").json()["items"][0]
    assert (moved["id"], moved["created_at"], moved["board_id"]) == (A_PIN, created_at, SMALL_BOARD)
    assert board(pinterest, BIG_BOARD)["pin_count"] == BIG_BOARD_PINS - 1
    assert board(pinterest, SMALL_BOARD)["pin_count"] == 4
    assert all(modified_at(pinterest, board_id) > time for board_id, time in before.items())


def test_boards_come_and_go(pinterest: DemoPinterest) -> None:
    board_id = pinterest.control("POST", "boards", username="ben", name="Barns", privacy="SECRET")["board_id"]
    pin_id = pinterest.control("POST", "pins", board_id=board_id, aesthetic="rustic_barn", seed=1)["pin_id"]
    newest = pinterest.get("/v5/boards", "ben").json()["items"][0]
    assert (newest["id"], newest["privacy"], newest["pin_count"]) == (board_id, "SECRET", 1)
    pinterest.control("DELETE", f"boards/{board_id}")
    assert pinterest.get(f"/v5/boards/{board_id}", "ben").status_code == 404
    assert pinterest.get(f"/v5/pins/{pin_id}", "ben").status_code == 404
    assert pinterest.get("/v5/user_account", "ben").json()["board_count"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "pins", {"board_id": BIG_BOARD, "aesthetic": "brutalist", "seed": 1}, 400),
        ("POST", "pins", {"board_id": BIG_BOARD, "aesthetic": "castle", "seed": -1}, 400),
        ("POST", "pins", {"board_id": BIG_BOARD, "aesthetic": "castle"}, 400),
        ("POST", "pins", {"board_id": "999", "aesthetic": "castle", "seed": 1}, 404),
        ("POST", "pins", {"board_id": SMALL_BOARD, "aesthetic": "castle", "seed": 1, "section_id": "9"}, 404),
        ("POST", f"pins/{A_PIN}/move", {"board_id": BEN_BOARD}, 404),
        ("DELETE", "pins/999", {}, 404),
        ("DELETE", "boards/999", {}, 404),
        ("POST", "boards", {"username": "nobody", "name": "x"}, 404),
        ("POST", "boards", {"username": "ada", "name": "x", "privacy": "HIDDEN"}, 400),
        ("PUT", "quirks", {"null_texts": 2}, 400),
        ("PUT", "quirks", {"naive_timestamps": 1}, 400),
        ("POST", "tokens/expire", {"username": "nobody"}, 404),
    ],
)
def test_the_control_api_refuses_nonsense_and_changes_nothing(
    shared: DemoPinterest, method: str, path: str, body: dict[str, object], status: int
) -> None:
    before = shared.control("GET", "users"), shared.control("GET", "quirks")
    response = shared.http.request(method, f"/_control/{path}", json=body)
    assert response.status_code == status
    assert response.json()["message"]
    assert (shared.control("GET", "users"), shared.control("GET", "quirks")) == before


def test_requests_are_counted(pinterest: DemoPinterest) -> None:
    pinterest.get("/v5/boards")
    pinterest.get("/v5/boards", privacy="SECRET")
    pinterest.get("/v5/boards/999", "ben")
    assert pinterest.control("GET", "requests")["requests"] == [
        {"username": "ada", "route": "GET /v5/boards", "status": 200, "count": 2},
        {"username": "ben", "route": "GET /v5/boards/{board_id}", "status": 404, "count": 1},
    ]
    pinterest.control("DELETE", "requests")
    assert pinterest.control("GET", "requests") == {"requests": []}


def test_texts_are_null_for_some_pins_and_always_the_same_ones(pinterest: DemoPinterest) -> None:
    silent = {pin["id"] for pin in pinterest.walk(BIG_BOARD_PATH) if pin["title"] is None}
    assert 0 < len(silent) < BIG_BOARD_PINS
    with demo_pinterest(quirks=Quirks(null_texts=0.5)) as more_silent:
        assert silent < {pin["id"] for pin in more_silent.walk(BIG_BOARD_PATH) if pin["title"] is None}
    with demo_pinterest(quirks=Quirks(null_texts=0)) as talkative:
        pins = talkative.walk(BIG_BOARD_PATH)
    assert all(pin["title"] for pin in pins)
    assert any(pin["alt_text"] is None for pin in pins), "those the world itself left without"


def test_600x_is_564_pixels_wide_unless_told_otherwise(pinterest: DemoPinterest) -> None:
    for width_564, width in ((True, 564), (False, 600)):
        pinterest.control("PUT", "quirks", width_564=width_564)
        image = pinterest.get(f"/v5/pins/{A_PIN}").json()["media"]["images"]["600x"]
        assert f"/media/{width}x/" in image["url"]
        assert (image["width"], image["height"]) == (width, width * 3 // 4)
        served = pinterest.http.get(image["url"])
        assert served.headers["content-type"] == "image/jpeg"
        assert Image.open(BytesIO(served.content)).size == (image["width"], image["height"])


def test_some_pins_can_be_videos_or_carousels(pinterest: DemoPinterest) -> None:
    pinterest.control("PUT", "quirks", not_images=0.6)
    pins = pinterest.walk(BIG_BOARD_PATH)
    by_type = {pin["creative_type"]: pin for pin in pins}
    assert {kind: pin["media"]["media_type"] for kind, pin in by_type.items()} == {
        "REGULAR": "image",
        "VIDEO": "video",
        "CAROUSEL": "multiple_images",
    }
    pictures = [item["images"]["150x150"]["url"] for item in by_type["CAROUSEL"]["media"]["items"]]
    assert len({pinterest.http.get(url).content for url in pictures}) == 3
    assert pinterest.http.get(by_type["VIDEO"]["media"]["cover_image_url"]).status_code == 200
    videos = pinterest.walk(BIG_BOARD_PATH, creative_types=["VIDEO", "IDEA"], page_size=2)
    assert videos == [pin for pin in pins if pin["creative_type"] == "VIDEO"]


def test_some_pictures_can_be_gone(pinterest: DemoPinterest) -> None:
    def status(pin_id: str) -> int:
        return pinterest.http.get(f"/media/150x150/{pin_id}.jpg").status_code

    pin_ids = [pin["id"] for pin in pinterest.get(BIG_BOARD_PATH).json()["items"]]
    assert {status(pin_id) for pin_id in pin_ids} == {200}
    pinterest.control("PUT", "quirks", missing_images=0.4)
    assert {status(pin_id) for pin_id in pin_ids} == {200, 404}
    assert [pin["id"] for pin in pinterest.get(BIG_BOARD_PATH).json()["items"]] == pin_ids


@pytest.mark.parametrize("path", ["600x/1.jpg", f"599x/{A_PIN}.jpg", f"600x/{A_PIN}.png", f"600x/{A_PIN}-3.jpg"])
def test_pictures_nobody_has_are_not_found(shared: DemoPinterest, path: str) -> None:
    assert shared.http.get(f"/media/{path}").status_code == 404


def test_pictures_are_kept_in_the_media_directory(tmp_path: Path) -> None:
    path = f"/media/150x150/{A_PIN}.jpg"
    with demo_pinterest(media_dir=tmp_path) as pinterest:
        first = pinterest.http.get(path).content
        (kept,) = tmp_path.rglob("*.jpg")
        assert kept.read_bytes() == first
    Image.new("RGB", (1, 1)).save(kept)
    with demo_pinterest(media_dir=tmp_path) as pinterest:
        assert Image.open(BytesIO(pinterest.http.get(path).content)).size == (1, 1), "taken from the directory"


def test_ids_that_are_not_digits_are_refused_at_once() -> None:
    world = small_world()
    ada = world.people[0]
    misnamed = replace(ada, boards=(replace(ada.boards[0], board_id="board-1"),))
    with pytest.raises(ValueError, match="board-1"):
        build_pinterest_app(replace(world, people=(misnamed,)))


def test_the_standing_world_is_the_same_in_every_process(shared: DemoPinterest) -> None:
    with demo_pinterest() as other:
        for path in ("/v5/user_account", f"/v5/boards/{BIG_BOARD}/sections"):
            mine, theirs = (side.get(path).text.replace(str(side.http.base_url), "") for side in (shared, other))
            assert mine == theirs
    assert shared.clock.now == NOW
