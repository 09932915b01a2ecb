"""Rate limits and faults of the demo Pinterest, on a clock that moves only when told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from demo.servers.pinterest import STANDARD_ACCESS, Limit
from tests.demo.pinterest_contract.server import DemoPinterest, bearer, demo_pinterest
from tests.demo.pinterest_contract.world import BEN_BOARD, BIG_BOARD

BIG_BOARD_PATH = f"/v5/boards/{BIG_BOARD}/pins"


@pytest.fixture(scope="module")
def shared() -> Iterator[DemoPinterest]:
    """One server for the tests that leave it as they found it."""
    with demo_pinterest() as running:
        yield running


@pytest.fixture
def pinterest() -> Iterator[DemoPinterest]:
    with demo_pinterest() as running:
        yield running


def test_a_full_window_answers_429_until_it_is_over() -> None:
    with demo_pinterest(limits={"org_read": Limit(3, 60)}) as pinterest:
        pinterest.clock.advance(seconds=15)
        answers = [pinterest.get("/v5/boards") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
        assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"3, 3;w=60"}
        assert {answer.headers["X-RateLimit-Reset"] for answer in answers} == {"45"}
        assert answers[3].json()["code"] == 8
        assert answers[3].headers["X-Envoy-RateLimited"] == "true"
        pinterest.clock.advance(seconds=44.5)
        last = pinterest.get("/v5/boards")
        assert (last.status_code, last.headers["X-RateLimit-Reset"]) == (429, "1")
        pinterest.clock.advance(seconds=0.5)
        assert pinterest.get("/v5/boards").status_code == 200


def test_each_account_has_its_own_window() -> None:
    with demo_pinterest(limits={"org_read": Limit(1, 60)}) as pinterest:
        assert pinterest.get("/v5/boards").status_code == 200
        assert pinterest.get(f"/v5/boards/{BIG_BOARD}").status_code == 429, "one category, whatever the path"
        assert pinterest.get("/v5/boards", "ben").status_code == 200


def test_refusals_report_the_limits_too() -> None:
    with demo_pinterest(limits={"org_read": Limit(5, 60)}) as pinterest:
        assert pinterest.get("/v5/boards/999").headers["X-RateLimit-Remaining"] == "4"
        pinterest.control("POST", "faults", kind="rate_limit_as_400", seconds=7)
        headers = pinterest.get("/v5/boards").headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("5, 5;w=60", "0")
    assert headers.get_list("X-RateLimit-Reset") == ["7"]


def test_refused_tokens_spend_nothing() -> None:
    with demo_pinterest(limits={"org_read": Limit(1, 60)}) as pinterest:
        for _ in range(3):
            assert pinterest.http.get("/v5/boards", headers=bearer("made-up")).status_code == 401
        assert pinterest.get("/v5/boards").status_code == 200


def test_the_limit_nearest_to_exhaustion_is_reported() -> None:
    with demo_pinterest(limits={"universal": Limit(3, 1), "org_read": Limit(4, 60)}) as pinterest:
        reported = []
        for _ in range(2):
            for _ in range(2):
                headers = pinterest.get("/v5/boards").headers
                reported.append([headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")])
            pinterest.clock.advance(seconds=1)
    assert reported == [
        ["3, 3;w=1, 4;w=60", "2", "1"],
        ["3, 3;w=1, 4;w=60", "1", "1"],
        ["4, 3;w=1, 4;w=60", "1", "59"],
        ["4, 3;w=1, 4;w=60", "0", "59"],
    ]


def test_standard_access_is_a_hundred_a_second() -> None:
    with demo_pinterest(limits=STANDARD_ACCESS) as pinterest:
        statuses = [pinterest.get("/v5/user_account").status_code for _ in range(101)]
        assert statuses == [200] * 100 + [429]
        pinterest.clock.advance(seconds=1)
        assert pinterest.get("/v5/user_account").headers["X-RateLimit-Limit"] == "100, 100;w=1, 1000;w=60"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("rate_limit", 429, 8),
        ("rate_limit_as_400", 400, 8),
        ("server_error", 503, 503),
        ("expired_token", 401, 2),
        ("not_found", 404, 40),
    ],
)
def test_a_fault_happens_once_and_is_gone(shared: DemoPinterest, kind: str, status: int, code: int) -> None:
    shared.control("POST", "faults", kind=kind)
    failed = shared.get(BIG_BOARD_PATH)
    assert (failed.status_code, failed.json()["code"]) == (status, code)
    assert shared.get(BIG_BOARD_PATH).status_code == 200
    assert shared.control("GET", "faults") == {"faults": []}


def test_a_fault_says_when_to_come_back(pinterest: DemoPinterest) -> None:
    for kind in ("rate_limit", "rate_limit_as_400"):
        pinterest.control("POST", "faults", kind=kind, seconds=67150)
        assert pinterest.get("/v5/boards").headers["X-RateLimit-Reset"] == "67150"


@pytest.mark.parametrize("status", [500, 502, 504])
def test_server_errors_come_in_all_kinds(shared: DemoPinterest, status: int) -> None:
    shared.control("POST", "faults", kind="server_error", status=status, times=2)
    answers = [shared.get("/v5/boards").status_code for _ in range(3)]
    assert answers == [status, status, 200]


def test_a_board_can_vanish_midway(pinterest: DemoPinterest) -> None:
    pinterest.control("POST", "faults", kind="not_found", path=BIG_BOARD_PATH, skip=1, times=None)
    page = pinterest.get(BIG_BOARD_PATH, page_size=20).json()
    rest = pinterest.get(BIG_BOARD_PATH, page_size=20, bookmark=page["bookmark"])
    assert (rest.status_code, rest.json()["code"]) == (404, 40)
    assert pinterest.get("/v5/boards").status_code == 200, "only this board"
    pinterest.control("DELETE", "faults")
    assert pinterest.get(BIG_BOARD_PATH).status_code == 200


def test_a_fault_can_be_one_account_s(pinterest: DemoPinterest) -> None:
    pinterest.control("POST", "faults", kind="server_error", username="ben", path="/v5/boards/*/pins")
    assert pinterest.get(BIG_BOARD_PATH).status_code == 200
    assert pinterest.get("/v5/boards", "ben").status_code == 200
    assert pinterest.get(f"/v5/boards/{BEN_BOARD}/pins", "ben").status_code == 503


def test_a_malformed_page_is_no_json_though_it_says_200(pinterest: DemoPinterest) -> None:
    pinterest.control("POST", "faults", kind="malformed")
    response = pinterest.get(BIG_BOARD_PATH)
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_a_slow_answer_times_out_or_comes(pinterest: DemoPinterest) -> None:
    pinterest.control("POST", "faults", kind="slow", seconds=600)
    with pytest.raises(httpx.ReadTimeout):
        pinterest.http.get("/v5/boards", headers=bearer(pinterest.tokens["ada"]), timeout=0.2)
    pinterest.control("POST", "faults", kind="slow", seconds=0.05)
    answer = pinterest.get("/v5/boards")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.05


def test_media_can_fail_too(pinterest: DemoPinterest) -> None:
    pinterest.control("POST", "faults", kind="server_error", path="/media/*")
    assert pinterest.get(BIG_BOARD_PATH).status_code == 200
    assert pinterest.http.get(f"/media/150x150/{10**17 + 1000}.jpg").status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "flood"},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "times": 0},
        {"kind": "server_error", "status": 200},
        {"kind": "slow", "colour": "red"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(shared: DemoPinterest, body: dict[str, object]) -> None:
    assert shared.http.post("/_control/faults", json=body).status_code == 400
    assert shared.control("GET", "faults") == {"faults": []}
