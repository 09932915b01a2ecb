"""What the demo's servers refuse: senseless input without a server error, and the control API to other web sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, build_pinterest_app
from demo.servers.running import serving
from demo.servers.same_site import is_cross_site
from demo.servers.sites import SiteServer
from demo.sites.store import SiteStore
from demo.world.generate import generate_world

WORLD = generate_world(venues=1, people=8)
SCOPES = "boards:read,pins:read"
REDIRECT = "http://localhost:1/back"
SIGN_IN = {"client_id": DEMO_CLIENT_ID, "response_type": "code", "redirect_uri": REDIRECT, "scope": SCOPES}


@pytest.fixture
def pinterest() -> Iterator[httpx.Client]:
    with serving(build_pinterest_app(WORLD)) as address, httpx.Client(base_url=address) as client:
        client.auth = (DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
        yield client


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(SiteServer(SiteStore(WORLD, tmp_path))) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"host": "127.0.0.1:8700"}, False),
        ({"host": "localhost"}, False),
        ({"host": "[::1]:8700", "origin": "http://localhost:3000"}, False),
        ({"host": "127.0.0.1:8700", "origin": "https://evil.example"}, True),
        ({"host": "127.0.0.1:8700", "origin": "null"}, True),
        ({"host": "127.0.0.1:8700", "origin": "http://127.0.0.1.evil.example"}, True),
        ({"host": "rebound.example:8700"}, True),
        ({"host": "[x"}, True),
        ({}, True),
    ],
)
def test_who_may_use_the_control_api(headers: dict[str, str], refused: bool) -> None:
    assert is_cross_site(headers) is refused


def test_pages_of_other_sites_change_nothing(pinterest: httpx.Client, sites: httpx.Client) -> None:
    evil = {"Origin": "https://evil.example"}
    host = WORLD.venues[0].host
    fault = {"host": host, "fault": "503"}
    assert sites.post("/_control/faults", json=fault, headers=evil).status_code == 403
    assert sites.post("/_control/faults", json=fault, headers={"Host": "rebound.example"}).status_code == 403
    assert sites.get("/", headers={"Host": host}).status_code == 200
    assert sites.post("/_control/faults", json=fault).status_code == 200
    assert sites.get("/", headers={"Host": host}).status_code == 503

    new = {"username": WORLD.people[0].username, "name": "forged"}
    for headers in (evil, {"Host": "rebound.example"}):
        assert pinterest.post("/_control/boards", json=new, headers=headers).status_code == 403
        assert pinterest.get("/_control/users", headers=headers).status_code == 403, "it shows access tokens"
    boards = pinterest.get("/_control/users").json()["users"][0]["boards"]
    assert "forged" not in {board["name"] for board in boards}


def test_a_host_that_is_no_text_is_refused(sites: httpx.Client) -> None:
    assert sites.post("/_control/faults", json={"host": [1], "fault": "503"}).status_code == 422


def test_senseless_sign_ins_are_bad_requests(pinterest: httpx.Client) -> None:
    assert pinterest.get("/oauth/", params={**SIGN_IN, "redirect_uri": "http://[x"}).status_code == 400
    assert pinterest.post("/v5/oauth/token", content=b"grant_type=\xff\xfe").status_code == 400


def test_a_world_without_people_says_so() -> None:
    empty = generate_world(venues=1, people=0)
    with serving(build_pinterest_app(empty)) as address, httpx.Client(base_url=address) as client:
        client.auth = (DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
        refused = client.get("/oauth/", params=SIGN_IN)
        assert (refused.status_code, "no accounts" in refused.json()["message"]) == (400, True)
        refused = client.post("/v5/oauth/token", data={"grant_type": "client_credentials", "scope": SCOPES})
        assert (refused.status_code, "no accounts" in refused.json()["message"]) == (400, True)


def test_a_token_is_good_with_its_prefix_only(pinterest: httpx.Client) -> None:
    back = httpx.URL(pinterest.get("/oauth/", params=SIGN_IN).headers["location"])
    form = {"grant_type": "authorization_code", "code": back.params["code"], "redirect_uri": REDIRECT}
    pair = pinterest.post("/v5/oauth/token", data=form).json()
    renew = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"].removeprefix("pinr_")}
    assert pinterest.post("/v5/oauth/token", data=renew).status_code == 400
    renew["refresh_token"] = pair["refresh_token"]
    assert pinterest.post("/v5/oauth/token", data=renew).status_code == 200


def test_ids_of_additions_do_not_come_back_after_a_restart() -> None:
    added = []
    for _ in range(2):
        with serving(build_pinterest_app(WORLD)) as address:
            board = WORLD.people[0].boards[0].board_id
            pin = {"board_id": board, "aesthetic": "castle", "scene": "exterior", "seed": 1}
            added.append(httpx.post(f"{address}/_control/pins", json=pin).json()["pin_id"])
            new = {"username": WORLD.people[0].username, "name": "new"}
            added.append(httpx.post(f"{address}/_control/boards", json=new).json()["board_id"])
    assert len(set(added)) == 4
    assert all(item.isdigit() and len(item) == 18 for item in added)


def test_undoing_an_edit_is_a_change_of_its_own(tmp_path: Path) -> None:
    store = SiteStore(WORLD, tmp_path)
    host = WORLD.venues[0].host
    title = WORLD.venues[0].name
    built = store.answer(host, "/", {})
    store.replace_text(host, "/", title, "Somewhere Else")
    edited = store.answer(host, "/", {})
    store.undo_edits(host)
    undone = store.answer(host, "/", {})
    assert built.body == undone.body != edited.body
    assert built.modified is not None
    assert edited.modified is not None
    assert undone.modified is not None
    assert built.modified < edited.modified < undone.modified
