"""The conversation's page by its forms alone: steps that make no sense change nothing, and nobody else's is seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from lxml import html
from sqlalchemy import insert

from lookbook.server import serving
from resources.database import DatabaseUrls
from resources.schema import refine_conversations
from resources.settings import Settings
from tests.lookbook.conftest import Visitor
from tests.lookbook.test_pages import words
from tests.lookbook.world import World


def chips(visitor: Visitor) -> Sequence[str]:
    tree = html.fromstring(visitor.get("/refine").text)
    return [words(chip) for chip in tree.xpath("//div[contains(@class, 'chip')]//summary")]


def chip_id(visitor: Visitor, text: str) -> str:
    tree = html.fromstring(visitor.get("/refine").text)
    (chip,) = [one for one in tree.xpath("//div[contains(@class, 'chip')]") if text in words(one)]
    return str(chip.xpath(".//input[@name='chip_id']/@value")[0])


@pytest.fixture
def talking(visitor: Visitor, world: World) -> Visitor:
    """Ann, from the beginning: her stored wishes are chips already."""
    visitor.become(world.people["ann"]).post("/refine/over")
    return visitor


def test_stored_wishes_stand_from_the_beginning_and_firmness_can_be_changed(talking: Visitor) -> None:
    assert chips(talking) == ["100 guests", "up to $12,000", "within 400 km of Austin"]
    talking.post("/refine/firm", data={"chip_id": chip_id(talking, "100 guests"), "strength": "must"})
    assert "100 guests must" in chips(talking)
    talking.post("/refine/undo")
    assert "100 guests" in chips(talking)


def test_a_conversation_outlives_the_server_and_is_the_persons_own(
    talking: Visitor, world: World, urls: DatabaseUrls, settings: Settings
) -> None:
    talking.post("/refine/say", data={"text": "outdoors for 80"})
    said = chips(talking)
    assert "80 guests" in said
    with serving(urls, settings) as address, Visitor(address) as elsewhere:
        assert chips(elsewhere.become(world.people["ann"])) == said
        elsewhere.post("/refine/undo")
        assert "80 guests" not in chips(talking) == chips(elsewhere)
        assert "100 guests" not in chips(elsewhere.become(world.people["cat"]))


def test_what_is_asked_in_any_case_is_neither_undone_nor_started_over(talking: Visitor) -> None:
    beginning = chips(talking)
    for text in ("undo", "outdoors for 80", "undo", "undo", "no barns", "start over", "undo"):
        talking.post("/refine/say", data={"text": text})
    talking.post("/refine/undo")
    assert chips(talking) == beginning
    talking.post("/refine/say", data={"text": "start over, for 80"})
    assert "80 guests" in chips(talking)
    talking.post("/refine/undo")
    assert chips(talking) == beginning


def test_other_kilometres_are_no_longer_hours(talking: Visitor) -> None:
    talking.post("/refine/say", data={"text": "within two hours of Austin"})
    (hours,) = (chip for chip in chips(talking) if "2 h by car" in chip)
    talking.post("/refine/change", data={"chip_id": chip_id(talking, "2 h by car"), "km": "50"})
    assert [chip for chip in chips(talking) if "Austin" in chip] == ["within 50 km of Austin"], hours


def test_what_cannot_be_read_any_more_begins_anew(talking: Visitor, world: World) -> None:
    beginning = chips(talking)
    with world.engine.begin() as connection:
        connection.execute(
            insert(refine_conversations).values(
                user_id=world.people["ann"], conversation={"of": "another app"}, changed_at=datetime.now(UTC)
            )
        )
    assert chips(talking) == beginning
    talking.post("/refine/say", data={"text": "for 80"})
    assert "80 guests" in chips(talking)
    talking.post("/refine/over")
    assert chips(talking) == beginning


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("say", {"text": "   "}),
        ("say", {}),
        ("remove", {"chip_id": "9999.9"}),
        ("remove", {"chip_id": "'; DROP TABLE users"}),
        ("firm", {"chip_id": "9999.9", "strength": "must"}),
        ("change", {}),
        ("change", {"chip_id": "9999.9", "most": "3"}),
        ("answer", {"question_id": "9999.q9", "option": "3"}),
    ],
)
def test_a_step_about_nothing_changes_nothing(talking: Visitor, step: str, form: dict[str, str]) -> None:
    before = chips(talking)
    assert talking.post(f"/refine/{step}", data=form).status_code == 200
    assert chips(talking) == before


@pytest.mark.parametrize(
    ("chip", "values", "told"),
    [
        ("100 guests", {"most": "-3"}, "whole numbers from 1 to 100,000"),
        ("100 guests", {"most": "many"}, "whole numbers from 1 to 100,000"),
        ("100 guests", {"least": "1e99"}, "whole numbers from 1 to 100,000"),
        ("100 guests", {"most": ""}, "whole numbers from 1 to 100,000"),
        ("100 guests", {"least": "300"}, "“At least” cannot be more guests than “at most”."),
        ("100 guests", {"kind": "budget"}, "That does not fit here."),
        ("100 guests", {"strength": "very"}, "That does not fit here."),
        ("$12,000", {"currency": "pounds"}, "code of three letters, such as GBP"),
        ("$12,000", {"amount": "0"}, "a number above 0"),
        ("Austin", {"km": "nan"}, "kilometres above 0"),
    ],
)
def test_a_value_that_does_not_fit_stays_off_the_chip_and_the_page_says_what_would(
    talking: Visitor, chip: str, values: dict[str, str], told: str
) -> None:
    before = chips(talking)
    answer = talking.post("/refine/change", data={"chip_id": chip_id(talking, chip)} | values)
    assert answer.status_code == 200
    (news,) = html.fromstring(answer.text).xpath("//*[@id='news'][@role='status']")
    assert words(news).startswith("Nothing was changed. ")
    assert told in words(news)
    assert chips(talking) == before
    assert not words(html.fromstring(talking.get("/refine").text).xpath("//*[@id='news']")[0])


def test_a_currency_may_be_typed_in_small_letters(talking: Visitor) -> None:
    talking.post("/refine/change", data={"chip_id": chip_id(talking, "$12,000"), "currency": " gbp "})
    assert "up to £12,000" in chips(talking)


def test_what_no_longer_counts_is_said(talking: Visitor) -> None:
    for said, told in (("money is no object", "the price"), ("we don't mind castles", "castle")):
        source = talking.post("/refine/say", data={"text": said}).text
        assert f"No longer asked: {told}." in words(html.fromstring(source).xpath("//*[@class='answers']")[0])
    assert "up to $12,000" not in chips(talking)


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("firm", {"chip_id": "1.0", "strength": "very"}),
        ("answer", {"question_id": "1.q0", "option": "99"}),
        ("like", {"venue_id": "x"}),
        ("taste", {"cluster_id": "00000000-0000-0000-0000-000000000000", "factor": "nan"}),
        ("taste", {"cluster_id": "00000000-0000-0000-0000-000000000000", "factor": "99"}),
        ("say", {"text": "x" * 6000}),
    ],
)
def test_a_step_that_is_none_is_refused(talking: Visitor, step: str, form: dict[str, str]) -> None:
    assert talking.post(f"/refine/{step}", data=form).status_code == 422


def test_a_taste_is_given_more_weight(talking: Visitor) -> None:
    def shares() -> list[int]:
        labels = html.fromstring(talking.get("/refine").text).xpath("//ul[@class='weights']//svg/@aria-label")
        return [int(re.findall(r"\d+", label)[0]) for label in labels]

    form = html.fromstring(talking.get("/refine").text).xpath("//ul[@class='weights']//form")[-1]
    before = shares()
    talking.post("/refine/taste", data={**dict(form.form_values()), "factor": "4"})
    assert shares() != before
    assert sum(shares()) in (99, 100, 101)


def test_tastes_without_a_name_are_told_apart(talking: Visitor) -> None:
    """Colours have no words, so that none of hers has a name."""
    names = ["a look of your own", "a look of your own (2)"]
    rows = html.fromstring(talking.get("/refine").text).xpath("//ul[@class='weights']/li")
    assert [words(row.find("span")) for row in rows] == names
    for row, name in zip(rows, names, strict=True):
        assert [words(one) for one in row.xpath(".//*[@class='visually-hidden']")] == [f"Less {name}", f"More {name}"]
        talking.post("/refine/taste", data={**dict(row.find("form").form_values()), "factor": "2"})
    page = talking.get("/refine").text
    assert chips(talking)[-2:] == [f"your taste for {name} at 2 times its weight" for name in names]
    assert "unnamed" not in page
    tags = html.fromstring(page).xpath("//article//*[@class='tag']")
    assert {words(tag) for tag in tags} == set(names)


def test_what_is_said_is_shown_as_words(talking: Visitor) -> None:
    said = "<b>outdoors</b> <script>alert(1)</script>"
    source = talking.post("/refine/say", data={"text": said}).text
    assert "<script>alert" not in source
    assert said in words(html.fromstring(source).xpath("//p[@class='said']")[-1])
