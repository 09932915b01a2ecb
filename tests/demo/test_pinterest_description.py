"""Every answer of the demo Pinterest against the official OpenAPI description, by two judges nobody here wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from tests.demo.pinterest_contract.description import problems, property_names, recorded_answers, require_description
from tests.demo.pinterest_contract.prism import prism_proxy
from tests.demo.pinterest_contract.server import DemoPinterest, bearer, demo_pinterest
from tests.demo.pinterest_contract.tour import tour
from tests.demo.pinterest_contract.world import BIG_BOARD


@pytest.fixture(scope="module")
def pinterest() -> Iterator[DemoPinterest]:
    require_description()
    with demo_pinterest() as running:
        yield running


@pytest.fixture(scope="module")
def by_prism(pinterest: DemoPinterest) -> Iterator[httpx.Client]:
    with prism_proxy(str(pinterest.http.base_url)) as url, httpx.Client(base_url=url, timeout=20) as http:
        yield http


def test_every_answer_fits_the_schema_of_its_operation_and_status(pinterest: DemoPinterest) -> None:
    stops = list(tour(pinterest, pinterest.http))
    assert [(stop.template, stop.response.status_code) for stop in stops] == [
        (stop.template, stop.status) for stop in stops
    ]
    judged = [(stop.template, stop.status, problems(stop.method, stop.template, stop.response)) for stop in stops]
    assert [verdict for verdict in judged if verdict[2]] == []


def test_prism_lets_every_answer_pass(pinterest: DemoPinterest, by_prism: httpx.Client) -> None:
    for stop in tour(pinterest, by_prism):
        # What Prism objects to, it answers itself, as application/problem+json.
        assert stop.response.headers["content-type"] == "application/json", stop.response.text
        assert stop.response.status_code == stop.status, (stop.template, stop.response.text)


def test_both_judges_object_to_times_without_zone(pinterest: DemoPinterest, by_prism: httpx.Client) -> None:
    """The one quirk that goes beyond the description; it also shows that the judges judge."""
    pinterest.control("PUT", "quirks", naive_timestamps=True)
    try:
        found = problems("GET", "/v5/boards", pinterest.get("/v5/boards"))
        judged = by_prism.get("/v5/boards", headers=bearer(pinterest.tokens["ada"]))
    finally:
        pinterest.control("PUT", "quirks")
    assert found
    assert all("date-time" in problem for problem in found)
    assert judged.status_code == 500
    assert "date-time" in judged.text


@pytest.mark.parametrize(
    ("schema", "path"),
    [("Pin", f"/v5/boards/{BIG_BOARD}/pins"), ("Board", "/v5/boards"), ("Account", "/v5/user_account")],
)
def test_nothing_is_sent_that_the_description_does_not_know(pinterest: DemoPinterest, schema: str, path: str) -> None:
    """The schemas allow any further property, so validation alone would not notice an invented one."""
    body = pinterest.get(path).json()
    item = body["items"][0] if "items" in body else body
    assert set(item) == property_names(schema)


def test_shapes_differ_from_recorded_ones_only_as_documented(pinterest: DemoPinterest) -> None:
    recorded = recorded_answers()
    pinterest.control("PUT", "quirks", naive_timestamps=True, null_texts=0)
    try:
        ours = {
            "boards": pinterest.get(f"/v5/boards/{BIG_BOARD}").json(),
            "board_pins": pinterest.get(f"/v5/boards/{BIG_BOARD}/pins").json()["items"][0],
        }
    finally:
        pinterest.control("PUT", "quirks")
    missing: dict[str, set[str]] = {"boards": set(), "board_pins": set()}
    for kind, record in recorded:
        missing[kind] |= set(record) - set(ours[kind])
        for name in set(record) & set(ours[kind]):
            kinds = {type(record[name]), type(ours[kind][name])} - {type(None)}
            assert len(kinds) <= 1, (kind, name)
        assert datetime.fromisoformat(record["created_at"]).tzinfo is None
        assert datetime.fromisoformat(ours[kind]["created_at"]).tzinfo is None
    assert missing == {"boards": set(), "board_pins": {"note", "product_tags"}}
    images = [record["media"]["images"]["600x"] for kind, record in recorded if kind == "board_pins"]
    assert {(image["width"], "/564x/" in image["url"]) for image in images} == {(600, False), (564, True)}
