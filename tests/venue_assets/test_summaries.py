"""The reading asset as Dagster runs it, by rule and by a model behind a socket: what is read, and what is not again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, delete, func, select, text, update
from starlette.responses import JSONResponse, Response

from resources.language_model.model import HTTP_RETRIES
from resources.schema import site_readings, venue_facts, venue_pages, venue_summaries, venues
from tests.resources.model_server import ModelServer, Question, completion, model_server
from tests.venue_assets.model_reading.lineage import Venues
from tests.venue_assets.model_reading.sites import BARN, LOFT, LOFT_TEXT, answer, claim, honest_barn, page
from venue_assets.extract.summary.extractive import EXTRACTIVE_VERSION
from venue_assets.model_reading.prompt import PROMPT_VERSION
from venue_assets.summary_checks import reading_check_results

PROJECT = Path(__file__).resolve().parents[2]
RULES = f"extractive/{EXTRACTIVE_VERSION}"
MODEL = f"openai:tiny/prompt-{PROMPT_VERSION}"
ALL_PASSED = dict.fromkeys(("quotes_verified", "facts_current", "facts_stated", "summary_length", "sites_read"), True)
HONEST_LOFT = answer(
    claim("capacity_min", "40", "for 40 to 250 guests standing"),
    claim("standing_max", "250", "for 40 to 250 guests standing"),
    claim("price_on_application", "true", "Prices on application."),
    claim("style", "industrial", "Exposed brick and steel windows"),
    aesthetic="Exposed brick meets steel windows. Below them lies the canal.",
    factual="The loft takes 40 to 250 standing guests. Prices are given on application.",
    vibe="Urban and unfussy, for a couple who would rather dance than dine.",
)


@pytest.fixture
def world(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Venues:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    return Venues(engine)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with model_server(honest) as server:
        monkeypatch.setenv("LANGUAGE_MODEL", "openai:tiny")
        monkeypatch.setenv("LANGUAGE_MODEL_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("LANGUAGE_MODEL_TIMEOUT", "20")
        yield server


def honest(question: Question) -> dict[str, Any]:
    return (honest_barn() if "Hartley" in question.turns[0] else HONEST_LOFT).model_dump()


def test_sites_are_read_by_rule_where_no_model_is_set_and_once(world: Venues) -> None:
    barn, loft = world.add(BARN, name="Hartley Barn"), world.add(LOFT)
    first = world.read()
    assert first.result.success
    assert first.outcomes() == {"read": 2}
    assert first.checks == ALL_PASSED
    facts, summaries = world.row(venue_facts, barn), world.row(venue_summaries, barn)
    assert facts is not None
    assert summaries is not None
    assert facts["summariser"] == summaries["summariser"] == RULES
    assert (facts["seated_max"], facts["price_min"], facts["currency"]) == (120, 4500.0, "GBP")
    (evidence,) = facts["evidence"]["seated_max"]
    assert evidence["page_url"] == "https://barn.test/"
    assert evidence["quote"] in BARN[0].markdown
    assert sum(first.metadata("venue_summaries")["calls"]) == 0
    shown = "".join(first.metadata("venue_facts")["sample"])
    assert "Hartley Barn" in shown
    assert world.row(venue_facts, loft) is not None

    before = world.versions()
    again = world.read()
    assert again.outcomes() == {"unchanged": 2}
    assert sum(again.metadata("venue_summaries")["rows written"]) == 0
    assert world.versions() == before


def test_only_the_venue_whose_pages_changed_is_read_again(world: Venues) -> None:
    world.add(BARN)
    loft = world.add(LOFT)
    world.read()
    before = world.versions()
    world.crawl(loft, [page(LOFT_TEXT.replace("250", "275"), "https://loft.test/")])
    assert world.read().outcomes() == {"unchanged": 1, "read": 1}
    facts = world.row(venue_facts, loft)
    assert facts is not None
    assert facts["standing_max"] == 275
    after = world.versions()
    assert {name: [row for row in rows if loft not in row] for name, rows in after.items()} == {
        name: [row for row in rows if loft not in row] for name, rows in before.items()
    }


@pytest.mark.parametrize("how", ["retired", "no pages", "rejected"])
def test_a_venue_that_is_gone_loses_what_was_read(world: Venues, how: str) -> None:
    barn, loft = world.add(BARN), world.add(LOFT)
    world.read()
    with world.engine.begin() as connection:
        pages = venue_pages.c.venue_id == loft
        if how == "retired":
            connection.execute(update(venues).where(venues.c.venue_id == loft).values(status="retired"))
        elif how == "rejected":
            connection.execute(update(venue_pages).where(pages).values(rejection="noindex", markdown=None))
        else:
            connection.execute(delete(venue_pages).where(pages))
    assert world.read().outcomes() == {"unchanged": 1}
    assert (world.row(venue_summaries, loft), world.row(venue_facts, loft)) == (None, None)
    assert world.row(venue_facts, barn) is not None


def test_a_venue_whose_site_is_down_keeps_what_was_read(world: Venues) -> None:
    barn = world.add(BARN)
    world.read()
    before = world.versions()
    with world.engine.begin() as connection:
        connection.execute(update(venues).where(venues.c.venue_id == barn).values(status="failing"))
    world.read()
    assert world.versions() == before


def test_a_model_reads_each_venue_with_one_question_and_never_again(world: Venues, model: ModelServer) -> None:
    barn, loft = world.add(BARN), world.add(LOFT)
    first = world.read()
    assert first.result.success
    assert first.checks == ALL_PASSED
    assert len(model.questions) == 2
    summaries, facts, reading = (world.row(table, barn) for table in (venue_summaries, venue_facts, site_readings))
    assert summaries is not None
    assert facts is not None
    assert reading is not None
    assert (summaries["summariser"], summaries["aesthetic"]) == (MODEL, honest_barn().aesthetic)
    assert (facts["capacity_max"], facts["price_min"], facts["price_unit"]) == (180, 4500.0, "day")
    assert facts["amenities"] == ["parking"]
    assert facts["evidence"]["setting"] == [
        {"value": "both", "quote": "Ceremonies are held indoors or outdoors.", "page_url": "https://barn.test/"}
    ]
    assert (reading["input_tokens"], reading["output_tokens"]) == (100, 20)
    metadata = first.metadata("venue_summaries")
    assert (sum(metadata["calls"]), sum(metadata["input tokens"]), sum(metadata["output tokens"])) == (2, 200, 40)
    for question in model.questions:
        texts = question.turns[0]
        assert ("Hartley Barn" in texts) != ("Foundry Loft" in texts), "one venue per question"

    before = world.versions()
    again = world.read()
    assert (again.outcomes(), len(model.questions)) == ({"unchanged": 2}, 2)
    assert world.versions() == before
    assert world.row(venue_facts, loft) is not None


def test_a_rerun_with_nothing_changed_needs_no_server(
    world: Venues, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add(BARN)
    world.add(LOFT)
    assert world.read().result.success
    before = world.versions()
    model.questions.clear()
    # Nobody listens there: a run that asked anything, were it for the list of models, would fail.
    monkeypatch.setenv("LANGUAGE_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    again = world.read()
    assert again.result.success
    assert again.outcomes() == {"unchanged": 2}
    assert sum(again.metadata("venue_summaries")["calls"]) == 0
    assert model.questions == []
    assert world.versions() == before


def test_another_reader_reads_anew_and_the_first_one_is_not_forgotten(
    world: Venues, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    barn = world.add(BARN)
    world.read()
    by_model = (world.row(venue_summaries, barn), world.row(venue_facts, barn))
    monkeypatch.setenv("LANGUAGE_MODEL", "extractive")
    assert world.read().outcomes() == {"read": 1}
    by_rule = world.row(venue_facts, barn)
    assert by_rule is not None
    assert by_rule["summariser"] == RULES
    with world.engine.connect() as connection:
        assert set(connection.scalars(select(site_readings.c.summariser))) == {RULES, MODEL}

    monkeypatch.setenv("LANGUAGE_MODEL", "openai:tiny")
    back = world.read()
    assert (back.outcomes(), len(model.questions)) == ({"unchanged": 1}, 1)
    assert (world.row(venue_summaries, barn), world.row(venue_facts, barn)) == by_model


def test_a_venue_that_fails_fails_alone_keeps_its_last_summary_and_is_tried_again(
    world: Venues, model: ModelServer
) -> None:
    barn, loft = world.add(BARN), world.add(LOFT)
    world.read()
    kept = world.row(venue_summaries, loft)
    world.crawl(barn, [page(BARN[0].markdown + "\n\nNew this year."), BARN[1]])
    world.crawl(loft, [page(LOFT_TEXT + "\n\nNew this year.", "https://loft.test/")])
    model.questions.clear()

    def broken(question: Question) -> Any:
        if "Loft" in question.turns[0]:
            return JSONResponse({"error": {"message": "out of memory\x00"}}, 500, {"retry-after-ms": "1"})
        return honest(question)

    model.answer = broken
    second = world.read()
    assert second.result.success
    assert second.outcomes() == {"read": 1, "failed": 1}
    assert second.checks["sites_read"] is False
    assert second.checks["quotes_verified"] is True, "nothing blocks: the facts shown were verified on the older pages"
    assert second.checks["facts_current"] is False, "and that they are older is said"
    assert len(model.questions) == 1 + 1 + HTTP_RETRIES
    failure = world.row(site_readings, loft)
    assert failure is not None
    assert failure["result"] is None
    assert "out of memory" in failure["failure"]
    assert world.row(venue_summaries, loft) == kept

    model.answer = honest
    model.questions.clear()
    third = world.read()
    assert third.outcomes() == {"unchanged": 1, "read": 1}
    assert third.checks == ALL_PASSED
    assert len(model.questions) == 1
    now, facts = world.row(venue_summaries, loft), world.row(venue_facts, loft)
    assert now is not None
    assert kept is not None
    assert facts is not None
    assert now["source_hash"] != kept["source_hash"]


def test_answers_that_the_sdk_stumbles_over_fail_their_venues_only_and_say_why(
    world: Venues, model: ModelServer
) -> None:
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "tiny"}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '"\ud800"'}}
    broken = [
        JSONResponse(body | {"choices": []}),
        Response(json.dumps(body | {"choices": [choice]}), media_type="application/json"),
        completion("[" * 200_000),
        completion(f'{{"facts": {"9" * 5000}}}'),
        JSONResponse(body | {"created": 1e20, "choices": [choice | {"message": {"role": "assistant"}}]}),
        Response("[" * 200_000, media_type="application/json"),
    ]
    barn = world.add(BARN)
    lofts = [world.add([page(LOFT_TEXT, f"https://loft-{number}.test/")]) for number in range(len(broken))]

    def stumbling(question: Question) -> Any:
        asked = [number for number in range(len(broken)) if f"loft-{number}.test" in question.turns[0]]
        return broken[asked[0]] if asked else honest(question)

    model.answer = stumbling
    run = world.read()
    assert run.result.success
    assert run.outcomes() == {"read": 1, "failed": len(broken)}
    failures = [world.row(site_readings, loft) for loft in lofts]
    assert all(failure is not None and failure["failure"] and failure["result"] is None for failure in failures)
    assert world.row(venue_facts, barn) is not None


def test_a_server_that_counts_absurdly_many_tokens_is_believed_all_the_same(world: Venues, model: ModelServer) -> None:
    barn = world.add(BARN)
    counted = {"prompt_tokens": 10**18, "completion_tokens": 2**31, "total_tokens": 10**18}
    model.answer = lambda question: JSONResponse(
        json.loads(bytes(completion(json.dumps(honest(question))).body)) | {"usage": counted}
    )
    assert world.read().outcomes() == {"read": 1}
    reading = world.row(site_readings, barn)
    assert reading is not None
    assert (reading["input_tokens"], reading["output_tokens"]) == (2**31 - 1, 2**31 - 1)


def test_a_reading_that_the_tables_refuse_fails_its_venue_only(world: Venues, model: ModelServer) -> None:
    barn, loft = world.add(BARN), world.add(LOFT)
    with world.engine.begin() as connection:
        connection.execute(text("ALTER TABLE venue_facts ADD CONSTRAINT no_barns CHECK (capacity_max <> 180)"))
    assert world.read().outcomes() == {"read": 1, "failed": 1}
    failure = world.row(site_readings, barn)
    assert failure is not None
    assert "no_barns" in failure["failure"]
    assert failure["input_tokens"] == 100
    assert (world.row(venue_summaries, barn), world.row(venue_facts, barn)) == (None, None)
    assert world.row(venue_facts, loft) is not None


@pytest.mark.parametrize("wrong", ["LANGUAGE_MODEL", "LANGUAGE_MODEL_BASE_URL"])
def test_a_wrong_setting_stops_the_run_before_the_first_question(
    world: Venues, model: ModelServer, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    world.add(BARN)
    if wrong == "LANGUAGE_MODEL":  # only Ollama's list of models is the whole one
        monkeypatch.setenv("LANGUAGE_MODEL", "ollama:other")
        monkeypatch.setenv("LANGUAGE_MODEL_BASE_URL", model.url)
    else:
        monkeypatch.setenv("LANGUAGE_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    run = world.read()
    assert not run.result.success
    (failure,) = run.result.get_step_failure_events()
    assert failure.step_failure_data.error is not None
    assert wrong in str(failure.step_failure_data.error)
    assert model.questions == []
    assert world.versions() == {"site_readings": [], "venue_summaries": [], "venue_facts": []}


def test_a_key_that_is_withdrawn_stops_the_run_and_what_was_read_stays(
    world: Venues, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE_MODEL_CONCURRENCY", "1")
    world.add(BARN)
    world.add(LOFT)
    model.answer = lambda question: honest(question) if len(model.questions) == 1 else Response(status_code=401)
    run = world.read()
    assert not run.result.success
    assert "LANGUAGE_MODEL_API_KEY" in str(run.result.get_step_failure_events()[0].step_failure_data.error)
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(venue_summaries)) == 1
    model.answer = honest
    model.questions.clear()
    assert world.read().outcomes() == {"unchanged": 1, "read": 1}
    assert len(model.questions) == 1


def test_a_run_that_is_killed_loses_no_answer(
    world: Venues, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE_MODEL_CONCURRENCY", "1")
    for number in range(3):
        world.add([page(LOFT_TEXT, f"https://loft-{number}.test/")])
    script = "from tests.venue_assets.model_reading.lineage import read_all; read_all()"
    process: list[subprocess.Popen[bytes]] = []

    def kill_at_the_third(question: Question) -> Any:
        if len(model.questions) == 3:
            os.kill(process[0].pid, signal.SIGKILL)
        return honest(question)

    model.answer = kill_at_the_third
    process.append(subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT))
    assert process[0].wait(60) == -signal.SIGKILL
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(venue_facts)) == 2
    model.answer = honest
    model.questions.clear()
    assert world.read().outcomes() == {"unchanged": 2, "read": 1}
    assert len(model.questions) == 1


@pytest.mark.parametrize(
    "tampered",
    [
        {"capacity_max": 900},
        {"evidence": {"capacity_max": [{"value": 180, "quote": "180 camels", "page_url": "https://barn.test/"}]}},
        {"amenities": ["parking", "pool"]},
    ],
)
def test_a_fact_without_its_words_on_the_page_blocks(
    world: Venues, model: ModelServer, tampered: dict[str, Any]
) -> None:
    world.add(BARN)
    assert world.read().checks["quotes_verified"] is True
    with world.engine.begin() as connection:
        connection.execute(update(venue_facts).values(**tampered))
        checks = {check.check_name: check for check in reading_check_results(connection, range(16), MODEL)}
    assert checks["quotes_verified"].passed is False
    assert checks["quotes_verified"].severity.value == "ERROR"
