"""Listings: whole or an error, whatever the API does. The demo server and the official texts are the judges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from demo.servers.pinterest import Limit, Quirks
from resources.pinterest import account_api
from resources.pinterest.errors import (
    AccessRevokedError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnexpectedAnswerError,
)
from resources.pinterest.records import BoardRecord, PinRecord
from resources.pinterest.requests import Patience, Requests
from tests.demo.pinterest_contract.description import RECORDED, recorded_answers
from tests.demo.pinterest_contract.prism import prism_proxy
from tests.demo.pinterest_contract.server import demo_pinterest
from tests.demo.pinterest_contract.world import BIG_BOARD, BIG_BOARD_PINS
from tests.resources.pinterest.surroundings import (
    LONG,
    LONG_BOARD,
    SHORT_BOARD,
    GivenAccess,
    Time,
    api_at,
    client,
    odd_server,
    utc,
    world,
)

PINS = f"/v5/boards/{LONG_BOARD}/pins"


def pin(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "created_at": "2024-06-30T04:54:04", "media": None, **more}


def test_a_listing_is_followed_to_its_end_at_the_largest_page() -> None:
    with client() as ours:
        found = ours.api.board_pins(LONG_BOARD)
        boards = {board.id: board for board in ours.api.boards()}
        assert ours.statuses() == [200, 200]
    truth = {pin.pin_id: pin for pin in world().people[0].boards[0].pins}
    assert {record.id: record.created_at for record in found} == {
        pin_id: pin.created_at for pin_id, pin in truth.items()
    }
    assert len(found) == LONG
    assert {board_id: board.pin_count for board_id, board in boards.items()} == {LONG_BOARD: LONG, SHORT_BOARD: 3}


def test_an_empty_last_page_ends_a_listing() -> None:
    with client(quirks=Quirks(empty_last_page=True)) as ours:
        assert len(ours.api.board_pins(LONG_BOARD)) == LONG
        assert ours.statuses() == [200, 200, 200]


def test_times_without_a_zone_are_utc() -> None:
    with client(of=world(5)) as zoned, client(of=world(5), quirks=Quirks(naive_timestamps=True)) as naive:
        assert naive.api.boards() == zoned.api.boards()
        assert [pin.created_at for pin in naive.api.board_pins(LONG_BOARD)] == [
            pin.created_at for pin in zoned.api.board_pins(LONG_BOARD)
        ]
    board = BoardRecord.model_validate({"id": "1", "board_pins_modified_at": "2021-10-25T13:17:56.715+02:00"})
    assert board.board_pins_modified_at == utc("2021-10-25T11:17:56.715+00:00")


def test_null_texts_are_texts_that_are_not_there() -> None:
    with client(of=world(20), quirks=Quirks(null_texts=1)) as silent:
        assert {(pin.title, pin.alt_text) for pin in silent.api.board_pins(LONG_BOARD)} == {(None, None)}
    with client(of=world(20), quirks=Quirks(null_texts=0)) as talking:
        assert {pin.title for pin in talking.api.board_pins(LONG_BOARD)} != {None}


def test_media_that_are_no_single_image_are_told_apart() -> None:
    with client(of=world(100), quirks=Quirks(not_images=0.5)) as ours:
        found = ours.api.board_pins(LONG_BOARD)
        raw = {item["id"]: item["media"] for item in ours.demo.get(PINS, page_size=250).json()["items"]}
    kinds = {(raw[pin.id]["media_type"], pin.kind) for pin in found}
    assert kinds == {("image", "image"), ("video", "video"), ("multiple_images", "image")}
    carousel = next(pin for pin in found if raw[pin.id]["media_type"] == "multiple_images")
    assert carousel.image_urls(1200)[0] == raw[carousel.id]["items"][0]["images"]["1200x"]["url"]


def test_the_600x_of_564_pixels_is_known_by_its_width() -> None:
    with client(of=world(1)) as ours:
        (found,) = ours.api.board_pins(LONG_BOARD)
    assert [url.split("/media/")[1].split("/")[0] for url in found.image_urls(590)] == ["564x", "400x300", "1200x"]
    assert [url.split("/media/")[1].split("/")[0] for url in found.image_urls(1200)] == ["1200x", "564x", "400x300"]


@pytest.mark.parametrize("kind", ["rate_limit", "rate_limit_as_400"])
def test_a_rate_limit_is_waited_for(kind: str) -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", kind=kind, path=PINS, skip=1, seconds=30)
        assert len(ours.api.board_pins(LONG_BOARD)) == LONG
        assert (ours.time.waits, ours.requests.usage.limit_waits) == ([30.0], 1)


@pytest.mark.parametrize("kind", ["rate_limit", "rate_limit_as_400"])
def test_a_rate_limit_that_lasts_ends_it_and_says_until_when(kind: str) -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", kind=kind, path=PINS, skip=1, seconds=7200)
        with pytest.raises(RateLimitedError) as raised:
            ours.api.board_pins(LONG_BOARD)
        assert (raised.value.until - ours.time.clock()).total_seconds() == 7200
        assert ours.time.waits == []


def test_requests_keep_within_the_limits_that_answers_state() -> None:
    limits = {"universal": Limit(2, 1), "org_read": Limit(5, 60)}
    with client(limits=limits) as ours:
        for _ in range(6):
            ours.api.boards()
        assert ours.statuses("/v5/boards") == [200] * 6, "no request was refused"
        assert ours.requests.usage.limit_waits == len(ours.time.waits) > 0
        assert max(ours.time.waits) <= 60


def test_a_limit_that_never_ends_is_given_up() -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", kind="rate_limit", path=PINS, times=None, seconds=10)
        with pytest.raises(RateLimitedError):
            ours.api.board_pins(LONG_BOARD)
        assert ours.statuses() == [429] * 5


@pytest.mark.parametrize("fault", [{"kind": "server_error", "status": 503}, {"kind": "malformed"}])
def test_what_passes_is_tried_again_ever_later(fault: dict[str, Any]) -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", path=PINS, skip=1, times=3, **fault)
        assert len(ours.api.board_pins(LONG_BOARD)) == LONG
        first, second, third = ours.time.waits
        assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4


@pytest.mark.parametrize("fault", [{"kind": "server_error", "status": 500}, {"kind": "malformed"}])
def test_what_does_not_pass_is_given_up(fault: dict[str, Any]) -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", path=PINS, skip=1, times=None, **fault)
        with pytest.raises(UnavailableError, match="after 5 attempts"):
            ours.api.board_pins(LONG_BOARD)
        assert len(ours.time.waits) == 4


def test_a_server_that_does_not_answer_in_time_is_asked_again() -> None:
    with client(timeout_s=0.5) as ours:
        ours.demo.control("POST", "faults", kind="slow", path=PINS, seconds=600)
        assert len(ours.api.board_pins(LONG_BOARD)) == LONG
        assert ours.time.waits
        assert ours.demo.control("GET", "faults")["faults"] == []


def test_a_server_that_is_not_there_is_unavailable() -> None:
    time = Time()
    with httpx.Client(timeout=1) as http, pytest.raises(UnavailableError, match="ConnectError"):
        api_at("http://127.0.0.1:1", http, time).boards()


def test_a_board_that_vanishes_on_the_way_is_not_found() -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", kind="not_found", path=PINS, skip=1)
        with pytest.raises(NotFoundError):
            ours.api.board_pins(LONG_BOARD)


def test_a_refused_token_is_not_tried_twice() -> None:
    with client() as ours:
        ours.demo.control("POST", "faults", kind="expired_token", path=PINS, skip=1)
        with pytest.raises(AccessRevokedError):
            ours.api.board_pins(LONG_BOARD)
        assert ours.statuses() == [200, 401]


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ([{"items": [pin(1)], "bookmark": "a"}, {"items": [pin(1)], "bookmark": "b"}], "gives a page again"),
        (
            [{"items": [pin(1)], "bookmark": "a"}, {"items": [pin(2)], "bookmark": "b"},
             {"items": [pin(3)], "bookmark": "a"}],
            "back to a bookmark",
        ),
        ([{"items": [], "bookmark": "a"}], "back to a bookmark"),
        ([{"bookmark": None}], "no items"),
        ([{"items": [{"id": "1"}], "bookmark": None}], "not a Pin: created_at"),
        ([{"items": [pin(1, created_at="0001-01-01T00:00:00+23:00")]}], "beyond the calendar"),
        ([{"items": ["pin"]}], "not a Pin"),
    ],
)  # fmt: skip
def test_a_listing_that_leads_nowhere_is_an_error(pages: list[dict[str, Any]], problem: str) -> None:
    with odd_server(*pages) as (url, _), httpx.Client() as http, pytest.raises(UnexpectedAnswerError, match=problem):
        api_at(url, http, Time()).board_pins("1")


def test_a_listing_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_api, "MOST_PAGES", 20)
    numbers = iter(range(1, 10_000))

    def page(_: object) -> Response:
        number = next(numbers)
        return Response(json.dumps({"items": [], "bookmark": f"b{number}"}), media_type="application/json")

    with odd_server(page) as (url, asked), httpx.Client() as http:
        with pytest.raises(UnexpectedAnswerError, match="no end"):
            api_at(url, http, Time()).board_pins("1")
        assert len(asked) == 20


def test_an_item_on_two_pages_counts_once() -> None:
    pages = ({"items": [pin(2), pin(1)], "bookmark": "a"}, {"items": [pin(1), pin(0)], "bookmark": None})
    with odd_server(*pages) as (url, _), httpx.Client() as http:
        assert [record.id for record in api_at(url, http, Time()).board_pins("1")] == ["2", "1", "0"]


def test_texts_that_a_database_refuses_are_mended() -> None:
    (record,) = [PinRecord.model_validate(pin(1, title="a\0b", alt_text="half \ud83d"))]
    assert (record.title, record.alt_text) == ("ab", "half ?")


@pytest.mark.parametrize("status", [403, 400, 418])
def test_other_refusals_end_it_at_once(status: int) -> None:
    body = json.dumps({"code": 7, "message": "You are not permitted to access that resource."})
    refused = Response(body, status, media_type="application/json")
    with odd_server(refused) as (url, asked), httpx.Client() as http:
        with pytest.raises(RefusedError, match="not permitted"):
            api_at(url, http, Time()).boards()
        assert len(asked) == 1


def test_recorded_answers_of_live_accounts_are_understood() -> None:
    boards = [BoardRecord.model_validate(record) for kind, record in recorded_answers() if kind == "boards"]
    pins = [PinRecord.model_validate(record) for kind, record in recorded_answers() if kind == "board_pins"]
    assert {board.board_pins_modified_at for board in boards} == {utc("2021-10-25T11:17:56.715+00:00")}
    assert [pin.kind for pin in pins] == ["image"] * 3
    assert [pin.alt_text for pin in pins] == [None, None, "WATCH IT NOW!"]
    assert pins[0].image_urls(1200)[0].startswith("https://i.pinimg.com/1200x/"), "originals are 1270 wide"
    assert pins[0].image_urls(1300)[0].startswith("https://i.pinimg.com/originals/")
    assert pins[2].image_urls(600)[0].startswith("https://i.pinimg.com/564x/")


def test_documented_list_bodies_are_followed_to_a_second_page() -> None:
    folder = RECORDED.parent
    if not (folder / "boards.json").is_file():
        pytest.skip("the documented bodies (../shared/material/pinterest/boards.json, pins.json) are not here")
    last: dict[str, Any] = {"items": [], "bookmark": None}
    for name, listing in (("boards.json", "boards"), ("pins.json", "board_pins")):
        body = json.loads(Path(folder / name).read_text())
        with odd_server(body, last) as (url, asked), httpx.Client() as http:
            api = api_at(url, http, Time())
            found: list[Any] = list(api.boards() if listing == "boards" else api.board_pins("549755885175"))
            assert [record.id for record in found] == [item["id"] for item in body["items"]]
            assert [request.query_params.get("bookmark") for request in asked] == [None, body["bookmark"]]
            assert {request.query_params["page_size"] for request in asked} == {"250"}


def test_prism_lets_every_request_pass() -> None:
    """What the official description does not allow, Prism refuses."""
    with demo_pinterest() as demo, prism_proxy(str(demo.http.base_url)) as proxy, httpx.Client(timeout=20) as http:
        requests = Requests(http, Time().timing(), Patience(attempts=1))
        api = account_api.AccountApi(f"{proxy}/v5", requests, GivenAccess(demo.tokens["ada"]))
        assert len(api.board_pins(BIG_BOARD)) == BIG_BOARD_PINS
        assert len(api.boards()) == 18
        assert api.account().username == "ada"
