"""What passes through the guard and what does not, over HTTP on a lookbook that is served."""

from __future__ import annotations

import httpx
import pytest

from lookbook.guard import HEADERS, MAX_BODY_BYTES
from lookbook.server import serving
from resources.database import DatabaseUrls
from resources.settings import Settings
from tests.lookbook.conftest import TOKEN, Visitor
from tests.lookbook.world import World

ELSEWHERE = "https://elsewhere.test"


@pytest.mark.parametrize(
    "path", ["/", "/tastes", "/nowhere", "/static/lookbook.css", "/api/openapi.json", "/photos/x/320.webp", "/api/me"]
)
def test_every_answer_has_the_headers(ann: Visitor, path: str) -> None:
    answer = ann.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["server-timing"].startswith("app;dur=")
    assert "server" not in answer.headers


HEADS = ["/?choose=true", "/tastes", "/venues", "/venues/{red-hall.test}", "/alike", "/start", "/refine", "/enter",
         "/api", "/api/me", "/api/openapi.json", "/static/lookbook.css", "/nowhere", "/choose"]  # fmt: skip


@pytest.mark.parametrize("path", HEADS)
def test_head_is_answered_as_get_without_the_body(ann: Visitor, world: World, path: str) -> None:
    address = path.replace("{red-hall.test}", str(world.venues["red-hall.test"]))
    got, head = ann.get(address), ann.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    of_its_own = {"date", "server-timing", "content-length"}
    assert {name: head.headers[name] for name in head.headers if name not in of_its_own} == {
        name: got.headers[name] for name in got.headers if name not in of_its_own
    }
    assert int(head.headers["content-length"]) > 0


def test_what_fails_unforeseen_is_answered_with_a_page_that_tells_nothing(
    ann: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the secret formula")

    monkeypatch.setattr("lookbook.pages.list_tastes", fail)
    answer = ann.get("/tastes")
    assert answer.status_code == 500
    assert "That went <em>wrong</em>" in answer.text
    assert "Something went wrong on our side" in answer.text
    assert "secret formula" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["rebound.test", "192.168.1.4:80", "127.0.0.1.rebound.test", "", "[::1", "localhost."])
def test_an_open_lookbook_answers_to_its_own_names_only(address: str, host: str) -> None:
    assert httpx.get(address, headers={"Host": host}).status_code in (400, 421)
    assert httpx.get(address, headers={"Host": "localhost:80"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({"Origin": ELSEWHERE}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://{host}"}, False),
        ({}, False),
        ({"Origin": "http://{host}"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
    ],
)
def test_a_post_is_believed_from_our_own_pages_only(
    address: str, world: World, headers: dict[str, str], may: bool
) -> None:
    host = address.removeprefix("http://")
    sent = {name: value.format(host=host) for name, value in headers.items()}
    answer = httpx.post(f"{address}/choose", data={"user_id": str(world.people["ann"])}, headers=sent)
    assert answer.status_code == (303 if may else 403)
    assert ("set-cookie" in answer.headers) is may


def test_programs_may_send_json_which_no_form_can(address: str, world: World) -> None:
    path = f"{address}/api/people/{world.people['bob_lee2']}/sharing"
    assert httpx.put(path, json={"shares": True}).status_code == 204
    assert httpx.put(path, json={"shares": True}, headers={"Origin": ELSEWHERE}).status_code == 403
    text = httpx.put(path, content='{"shares": true}', headers={"Content-Type": "text/plain"})
    assert (text.status_code, text.json().keys()) == (403, {"detail"})


def test_bodies_have_a_length_and_a_bound(address: str) -> None:
    own = {"Origin": address}
    assert httpx.post(f"{address}/leave", content=b"x" * (MAX_BODY_BYTES + 1), headers=own).status_code == 413
    assert httpx.post(f"{address}/leave", content=iter([b"x"]), headers=own).status_code == 411


def test_too_many_requests_are_told_when_to_come_back(world: World, urls: DatabaseUrls, settings: Settings) -> None:
    few = Settings.model_validate({**settings.model_dump(), "lookbook_requests_per_minute": 5})
    with serving(urls, few) as address, httpx.Client(base_url=address) as client:
        answers = [client.get("/api/openapi.json") for _ in range(7)]
        codes = [answer.status_code for answer in answers]
        assert codes[:5] == [200] * 5
        assert 429 in codes[5:]
        refused = answers[codes.index(429)]
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json() == {"detail": "That was a lot at once. Please wait a moment."}
        assert client.get("/static/icon.svg").status_code in (200, 429)


class TestSessions:
    """With a token: people come by links and see themselves."""

    @pytest.fixture
    def key(self, world: World) -> str:
        from lookbook.access import Access, Purpose

        return Access(TOKEN).sign(Purpose.LINK, world.people["ann"], 60)

    def test_a_link_opens_ones_own_pages_and_nobody_elses(self, guarded: str, world: World, key: str) -> None:
        ann, bob = world.people["ann"], world.people["bob_lee2"]
        with Visitor(guarded) as visitor:
            welcome = visitor.get("/tastes").text
            assert "open the link" in welcome
            assert "For developers" not in welcome
            asked = visitor.get("/enter", params={"key": key})
            assert "Welcome" in asked.text
            assert not visitor.cookies, "looking at a link signs nobody in"
            entered = visitor.post("/enter", data={"key": key})
            assert entered.url.path == "/tastes"
            assert visitor.get(f"/api/people/{ann}").json()["handle"] == "ann"
            for path in ("", "/tastes", "/venues", "/alike", "/to-rate"):
                assert visitor.get(f"/api/people/{bob}{path}").status_code == 404
            body = {"shares": False}
            assert visitor.put(f"/api/people/{bob}/sharing", json=body).status_code == 404
            refused = visitor.post(f"/api/people/{bob}/refine", json={})
            assert refused.status_code == 404
            assert visitor.get("/api/people").status_code == 404
            assert visitor.post("/choose", data={"user_id": str(bob)}).status_code == 404
            visitor.post("/leave")
            assert visitor.get("/api/me").status_code == 401

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, guarded: str, key: str) -> None:
        for proxy, secure in (({}, False), ({"X-Forwarded-Proto": "https"}, True)):
            with httpx.Client(base_url=guarded, headers={"Sec-Fetch-Site": "same-origin", **proxy}) as visitor:
                answer = visitor.post("/enter", data={"key": key})
                cookie = answer.headers["set-cookie"].lower()
                assert "httponly" in cookie
                assert "samesite=lax" in cookie
                assert ("secure" in cookie) is secure
                assert ("strict-transport-security" in answer.headers) is secure

    def test_a_pin_is_shown_to_its_own_person_only(self, guarded: str, world: World, key: str) -> None:
        tastes = httpx.get(
            f"{guarded}/api/people/{world.people['bob_lee2']}/tastes", headers={"Authorization": f"Bearer {TOKEN}"}
        ).json()
        with Visitor(guarded) as visitor:
            visitor.post("/enter", data={"key": key})
            mine = visitor.get("/api/me").json()["user_id"]
            own = visitor.get(f"/api/people/{mine}/tastes").json()[0]["medoid_photo_id"]
            seen = visitor.get(f"/photos/{own}/320.webp")
            assert seen.status_code == 200
            assert "private" in seen.headers["cache-control"]
            assert visitor.get(f"/photos/{tastes[0]['medoid_photo_id']}/320.webp").status_code == 404

    @pytest.mark.parametrize("made_up", ["", "x", "A" * 75])
    def test_a_made_up_link_opens_nothing(self, guarded: str, made_up: str) -> None:
        with Visitor(guarded) as visitor:
            assert visitor.get("/enter", params={"key": made_up}).status_code == 403
            assert visitor.post("/enter", data={"key": made_up}).status_code in (403, 422)
            assert not visitor.cookies

    def test_the_operators_server_sees_everybody(self, guarded: str, world: World) -> None:
        with httpx.Client(base_url=guarded, headers={"Authorization": f"Bearer {TOKEN}"}) as server:
            people = server.get("/api/people").json()
            assert {person["handle"] for person in people} >= {"ann", "bob_lee2"}
            assert server.put(f"/api/people/{world.people['cat']}/sharing", json={"shares": False}).status_code == 204
            assert httpx.get(f"{guarded}/api/people").status_code == 404
