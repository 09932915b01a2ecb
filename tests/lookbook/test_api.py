"""The JSON API: its description is OpenAPI, its answers are what it describes, and every page has its call."""

from __future__ import annotations

import json
import uuid

import pytest
from openapi_schema_validator import OAS31Validator

from tests.lookbook.conftest import Visitor
from tests.lookbook.world import World

REFUSED = [
    ("get", "/api/me", "/api/me", None, 401),
    ("get", "/api/people", "/api/people", None, 404),
    ("get", "/api/people/{user_id}", "/api/people/x", None, 422),
    ("get", "/api/people/{user_id}", "/api/people/{nobody}", None, 404),
    ("get", "/api/people/{user_id}/venues", "/api/people/{ann}/venues?limit=0&after=x", None, 422),
    ("get", "/api/venues/{venue_id}", "/api/venues/{nobody}", None, 401),
    ("get", "/photos/{photo_id}/{width}.webp", "/photos/x/640.webp", None, 422),
    ("get", "/photos/{photo_id}/{width}.webp", "/photos/" + "0" * 64 + "/640.webp", None, 404),
    ("put", "/api/people/{user_id}/ratings", "/api/people/{ann}/ratings", {"stars": 9}, 422),
    ("put", "/api/people/{user_id}/ratings", "/api/people/{ann}/ratings", {"stars": 1}, 422),
    ("put", "/api/people/{user_id}/sharing", "/api/people/{nobody}/sharing", {"shares": True}, 404),
    ("post", "/api/people/{user_id}/refine", "/api/people/{nobody}/refine", {}, 404),
    ("post", "/api/people/{user_id}/refine", "/api/people/{ann}/refine", {"step": {"do": "drop table"}}, 422),
    ("post", "/api/people/{user_id}/refine", "/api/people/{ann}/refine", {"\ud800": "\udfff"}, 422),
    ("post", "/api/people/{user_id}/refine", "/api/people/{ann}/refine", {"conversation": {"events": [
        {"event": "changed", "chip": {"id": "1.0", "ask": {"kind": "guests", "least": 300, "most": 100}}},
    ]}}, 422),
]  # fmt: skip
"""Method, path as described, path, body and status of calls that are refused: Ann's own, and a stranger's."""

READ = ["/api/me", "/api/people", "/api/people/{ann}", "/api/people/{ann}/tastes", "/api/people/{ann}/venues",
        "/api/people/{ann}/venues/{venue}", "/api/people/{ann}/alike", "/api/people/{ann}/to-rate",
        "/api/venues/{venue}"]  # fmt: skip


def filled(world: World, path: str) -> str:
    return path.format(ann=world.people["ann"], venue=world.venues["red-hall.test"])


def template_of(path: str) -> str:
    return path.replace("{ann}", "{user_id}").replace("{venue}", "{venue_id}")


@pytest.mark.parametrize("path", READ)
def test_answers_are_what_is_described(ann: Visitor, world: World, path: str) -> None:
    described = ann.get("/api/openapi.json").json()
    call = described["paths"][template_of(path)]["get"]
    schema = call["responses"]["200"]["content"]["application/json"]["schema"]
    answer = ann.get(filled(world, path))
    assert answer.status_code == 200
    assert answer.json()
    OAS31Validator({**schema, "components": described["components"]}).validate(answer.json())
    assert call["description"]


@pytest.mark.parametrize(("method", "path", "asked", "body", "status"), REFUSED)
def test_refusals_are_what_is_described(
    ann: Visitor, guarded: str, world: World, method: str, path: str, asked: str, body: object, status: int
) -> None:
    described = ann.get("/api/openapi.json").json()
    schema = described["paths"][path][method]["responses"][str(status)]["content"]["application/json"]["schema"]
    content = None if body is None else json.dumps(body)
    with Visitor(guarded) as stranger:
        answer = (ann if "{ann}" in asked else stranger).request(
            method, asked.format(ann=world.people["ann"], nobody=uuid.UUID(int=0)), content=content,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
    assert answer.status_code == status, answer.text
    OAS31Validator({**schema, "components": described["components"]}).validate(answer.json())


def test_a_fault_names_its_field_and_repeats_no_value(ann: Visitor, world: World) -> None:
    answer = ann.get(filled(world, "/api/people/{ann}/venues?limit=secret"))
    (fault,) = answer.json()["detail"]
    assert fault["loc"] == ["query", "limit"]
    assert "integer" in fault["msg"]
    assert "secret" not in answer.text


def test_everybody_is_listed_page_by_page(ann: Visitor) -> None:
    whole = [person["handle"] for person in ann.get("/api/people").json()]
    pages: list[str] = []
    while page := ann.get("/api/people", params={"limit": 2, "after": pages[-1] if pages else ""}).json():
        pages += [person["handle"] for person in page]
    assert pages == whole
    assert ann.get("/api/people", params={"after": "\x00"}).status_code == 422


def test_the_description_says_who_may_ask(ann: Visitor) -> None:
    described = ann.get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"].keys() == {"token", "session"}
    for calls in described["paths"].values():
        for call in calls.values():
            assert {scheme for one in call["security"] for scheme in one} == {"token", "session"}


def test_every_call_says_how_it_may_be_refused(ann: Visitor) -> None:
    described = ann.get("/api/openapi.json").json()
    for calls in described["paths"].values():
        for call in calls.values():
            assert {"401", "403", "404", "411", "413", "421", "422", "429", "503"} <= call["responses"].keys()
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_description_is_the_whole_of_it_and_loads_nothing(ann: Visitor) -> None:
    described = ann.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {path.replace("{ann}", "{user_id}").replace("{venue}", "{venue_id}") for path in READ} < set(
        described["paths"]
    )
    for path in described["paths"]:
        assert path.startswith(("/api/", "/photos/"))
        assert path in ann.get("/api").text.replace("<wbr>", "")
    assert ann.get("/docs").status_code == 404


def test_reasons_come_with_the_list(ann: Visitor, world: World) -> None:
    answer = ann.get(filled(world, "/api/people/{ann}/venues?limit=2")).json()
    assert len(answer["venues"]) == 2 < answer["length"]
    (hall,) = [one for one in ann.get(filled(world, "/api/people/{ann}/venues")).json()["venues"]
               if one["name"] == "The Red Hall"]  # fmt: skip
    assert {verdict["outcome"] for verdict in hall["verdicts"]} == {"met"}
    assert hall["distance_km"] == 0
    assert any("room for your 100 guests" in words for words in hall["why"])
    assert hall["reasons"][0]["photo_id"] in {photo["photo_id"] for photo in hall["photos"]}
    following = ann.get(filled(world, "/api/people/{ann}/venues?limit=2&after=2")).json()["venues"]
    assert [one["rank"] for one in following] == [3, 4]


def test_ratings_are_put_and_taken_back(ann: Visitor, world: World) -> None:
    fay = world.add_person("fay", bucket=9)
    path, photo = f"/api/people/{fay}/ratings", None
    shown = ann.get(f"/api/people/{fay}/to-rate?limit=1").json()[0]
    photo = shown["photo_id"]
    assert shown["rating"] is None
    for stars in (4, None):
        assert ann.put(path, json={"photo_id": photo, "stars": stars}).status_code == 204
        assert ann.get(f"/api/people/{fay}/to-rate?limit=1").json()[0]["rating"] == stars
    for wrong in ({"stars": 6, "photo_id": photo}, {"stars": 1}, {"photo_id": photo}, {"stars": 1, "photo_id": "x"},
                  {"stars": 1, "photo_id": photo, "venue_id": str(world.venues["red-hall.test"])}):  # fmt: skip
        assert ann.put(path, json=wrong).status_code == 422
    assert ann.put(path, json={"stars": 1, "venue_id": str(uuid.uuid4())}).status_code == 404
    assert ann.put(f"/api/people/{uuid.uuid4()}/ratings", json={"stars": 1, "photo_id": photo}).status_code == 404


def test_a_conversation_goes_to_and_fro(ann: Visitor, world: World) -> None:
    path = filled(world, "/api/people/{ann}/refine")
    begun = ann.post(path, json={}).json()
    assert {chip["text"] for chip in begun["chips"]} >= {"100 guests"}
    said = ann.post(
        path, json={"conversation": begun["conversation"], "step": {"do": "say", "text": "outdoors only"}}
    ).json()
    assert "outdoors" in {chip["text"] for chip in said["chips"]}
    assert set(said["venues"]) == {row["venue_id"] for row in said["found"]["rows"]}
    assert said["found"]["fitting"] < begun["found"]["fitting"]
    undone = ann.post(path, json={"conversation": said["conversation"], "step": {"do": "undo"}}).json()
    assert undone["conversation"] == begun["conversation"]
    for wrong in ({"step": {"do": "drop table"}}, {"step": {"do": "say", "text": ""}}, {"conversation": {"events": 1}}):
        assert ann.post(path, json=wrong).status_code == 422
