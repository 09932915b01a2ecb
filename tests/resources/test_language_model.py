"""The language model over a socket: what is sent in each protocol, and every way a server can fail to answer."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response, StreamingResponse

from resources.errors import SetupError
from resources.language_model.addresses import ModelAddress, ModelKind, model_address
from resources.language_model.model import HTTP_RETRIES, MAX_ANSWER_TOKENS, Answer, AnswerError, Usage, language_model
from resources.language_model.transport import MAX_ANSWER_BYTES
from resources.settings import load_settings
from tests.resources.model_server import ModelServer, Question, claude_message, completion, model_server

GOOD = {"word": "barn"}
SOON = {"retry-after-ms": "5"}


class Word(BaseModel):
    word: str


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server(lambda _: GOOD) as running:
        yield running


def address(server: ModelServer, kind: ModelKind = "openai", name: str = "tiny") -> ModelAddress:
    base = server.url if kind == "ollama" else f"{server.url}/v1"
    return ModelAddress(kind, name, base, "secret")


def ask(
    at: ModelAddress,
    *,
    timeout: float = 20.0,
    retries: int = HTTP_RETRIES,
    objections: Callable[[Word], Sequence[str]] = lambda _: (),
) -> Answer[Word]:
    async def asking() -> Answer[Word]:
        async with language_model(at, concurrency=1, timeout=timeout, retries=retries) as model:
            return await model.ask("Name it.", "the data", Word, objections)

    return asyncio.run(asking())


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_a_question_in_the_openai_protocol(server: ModelServer, kind: ModelKind) -> None:
    answer = ask(address(server, kind))
    assert answer.value == Word(word="barn")
    assert answer.usage == Usage(calls=1, input_tokens=100, output_tokens=20, cost=None)
    (question,) = server.questions
    assert question.path == "/v1/chat/completions"
    assert question.headers["authorization"] == "Bearer secret"
    assert question.headers["accept-encoding"] == "identity"
    assert (question.system, question.turns) == ("Name it.", ["the data"])
    body = question.body
    assert (body["model"], body["temperature"], body.get("stream", False)) == ("tiny", 0.0, False)
    assert not {"tools", "tool_choice", "functions", "function_call", "parallel_tool_calls"} & set(body)
    assert body["max_tokens" if kind == "ollama" else "max_completion_tokens"] == MAX_ANSWER_TOKENS
    schema = body["response_format"]["json_schema"]["schema"]
    assert body["response_format"]["type"] == "json_schema"
    assert list(schema["properties"]) == schema["required"] == ["word"]


def test_a_question_in_the_anthropic_protocol(server: ModelServer) -> None:
    answer = ask(address(server, "anthropic", "claude-haiku-4-5"))
    assert answer.value == Word(word="barn")
    assert (answer.usage.calls, answer.usage.input_tokens, answer.usage.output_tokens) == (1, 100, 20)
    (question,) = server.questions
    assert question.path == "/v1/messages", "the base URL ends in /v1, as for the doctor, and /v1 is not repeated"
    assert "secret" in {question.headers.get("x-api-key"), question.headers.get("authorization", "")[len("Bearer ") :]}
    assert "anthropic-version" in question.headers
    assert (question.system, question.turns) == ("Name it.", ["the data"])
    assert not {"tools", "tool_choice", "mcp_servers"} & set(question.body)
    assert "word" in json.dumps({**question.body, "messages": [], "system": ""}), "the schema constrains the answer"


@pytest.mark.filterwarnings("ignore:The model 'claude-3-5-haiku-latest' is deprecated")
def test_a_model_that_cannot_be_constrained_is_told_the_schema_and_gets_no_tool(server: ModelServer) -> None:
    assert ask(address(server, "anthropic", "claude-3-5-haiku-latest")).value == Word(word="barn")
    (question,) = server.questions
    assert "tools" not in question.body
    assert '"word"' in question.system


def test_a_known_price_is_counted(server: ModelServer) -> None:
    server.answer = lambda question: JSONResponse(
        json.loads(bytes(completion('{"word": "barn"}').body)) | {"model": question.body["model"]}
    )
    cost = ask(address(server, name="gpt-4o-mini")).usage.cost
    assert cost is not None
    assert 0 < cost < 1


def failing(*failures: Response, then: Any = GOOD) -> Callable[[Question], Any]:
    left = list(failures)
    return lambda _: left.pop(0) if left else then


def test_a_busy_server_is_asked_again_when_it_says(server: ModelServer) -> None:
    server.answer = failing(
        JSONResponse({"error": {"message": "slow down"}}, 429, {"retry-after": "0.01"}),
        JSONResponse({"error": {"message": "oops"}}, 500, SOON),
        Response("bad gateway", 502, SOON),
    )
    answer = ask(address(server))
    assert (answer.value.word, answer.usage.calls, len(server.questions)) == ("barn", 1, 4)


@pytest.mark.parametrize("status", [429, 500, 529])
def test_a_server_that_stays_busy_fails_this_question_only(server: ModelServer, status: int) -> None:
    server.answer = lambda _: JSONResponse({"error": {"message": "no"}}, status, SOON)
    with pytest.raises(AnswerError, match=str(status)):
        ask(address(server))
    assert len(server.questions) == 1 + HTTP_RETRIES


async def _stalls(question: Question) -> Response:
    await question.until_the_client_gives_up()
    return Response()


def _drips(question: Question) -> Response:
    async def slowly() -> Any:
        yield b'{"id":'
        await question.until_the_client_gives_up()

    return StreamingResponse(slowly(), media_type="application/json")


@pytest.mark.parametrize("answer", [_stalls, _drips])
def test_a_server_that_stalls_fails_this_question_only(server: ModelServer, answer: Any) -> None:
    server.answer = answer
    with pytest.raises(AnswerError, match="Timeout"):
        ask(address(server), timeout=0.3)


def _breaks_off(_: Question) -> Response:
    async def half() -> Any:
        yield b'{"id":'
        raise ConnectionError("the server's process dies")

    return StreamingResponse(half(), media_type="application/json")


def test_a_server_that_breaks_off_fails_this_question_only(server: ModelServer) -> None:
    server.answer = _breaks_off
    with pytest.raises(AnswerError, match="onnection"):
        ask(address(server), retries=1)
    assert len(server.questions) == 2
    server.answer = lambda _: GOOD
    assert ask(address(server)).value.word == "barn"


def test_waiting_for_a_busy_server_ends_with_the_time_for_the_answer(server: ModelServer) -> None:
    server.answer = lambda _: JSONResponse({"error": {"message": "later"}}, 429, {"retry-after": "60"})
    with pytest.raises(AnswerError, match="Timeout"):
        ask(address(server), timeout=0.3)
    assert len(server.questions) == 1


@pytest.mark.parametrize(
    "said", ['{"word": "ba', "I would say barn", '{"word": 7}', '{"wort": "barn"}', "", "[]", '{"word": "ba\\u00"}']
)
def test_an_answer_of_the_wrong_shape_may_be_mended_once(server: ModelServer, said: str) -> None:
    server.answer = failing(completion(said))
    answer = ask(address(server))
    assert (answer.value.word, answer.usage) == ("barn", Usage(2, 200, 40))
    server.answer = lambda _: said
    with pytest.raises(AnswerError) as failed:
        ask(address(server))
    assert failed.value.usage.calls == 2, "what a failure cost is counted, too"


def altered(**fields: Any) -> Response:
    """A good answer of the chat completions API but for these fields."""
    return JSONResponse(json.loads(bytes(completion('{"word": "barn"}').body)) | fields)


def choice(content: str) -> dict[str, Any]:
    return {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}


@pytest.mark.parametrize(
    "response",
    [
        altered(choices=[]),
        altered(choices=None),
        altered(choices=["barn"]),
        altered(choices=[{"index": 0, "finish_reason": "stop", "message": None}]),
        altered(created=1e20),
        altered(created=10**20),
        altered(created="yesterday"),
        Response(json.dumps({"choices": [choice('{"word": "\ud800"}')]}), media_type="application/json"),
        completion("[" * 200_000),
        completion(f'{{"word": {"9" * 5000}}}'),
        Response("[" * 200_000, media_type="application/json"),
        Response(f'{{"created": {"9" * 5000}}}', media_type="application/json"),
        Response(b'\xff\xfe{"', media_type="application/json"),
        Response("null", media_type="application/json"),
        Response("barn", media_type="text/html"),
    ],
    ids=[
        "no choices", "null choices", "a word for a choice", "no message", "created at 1e20",
        "created in the far future", "created yesterday", "a lone surrogate", "nested content", "a huge number",
        "nested body", "a huge number in the body", "no UTF-8", "null", "a page",
    ],
)  # fmt: skip
def test_an_answer_that_the_sdk_stumbles_over_fails_this_question_only(server: ModelServer, response: Response) -> None:
    server.answer = lambda _: response
    with pytest.raises(AnswerError) as failed:
        ask(address(server), retries=0)
    assert failed.value.reason
    server.answer = lambda _: GOOD
    assert ask(address(server)).value.word == "barn"


@pytest.mark.parametrize(
    "fields", [{"content": None}, {"content": ["barn"]}, {"usage": None}], ids=["no content", "a word", "no usage"]
)
def test_a_message_that_the_anthropic_sdk_stumbles_over_fails_this_question_only(
    server: ModelServer, fields: dict[str, Any]
) -> None:
    server.answer = lambda _: JSONResponse(json.loads(bytes(claude_message('{"word": "barn"}').body)) | fields)
    with pytest.raises(AnswerError) as failed:
        ask(address(server, "anthropic", "claude-haiku-4-5"), retries=0)
    assert failed.value.reason


def test_an_answer_cut_off_is_no_answer(server: ModelServer) -> None:
    server.answer = lambda _: completion('{"word": "ba', "length")
    with pytest.raises(AnswerError):
        ask(address(server))


def test_a_tool_nobody_offered_is_not_called(server: ModelServer) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "run", "arguments": "{}"}}
    server.answer = lambda _: completion("", "tool_calls", tool_calls=[call])
    with pytest.raises(AnswerError):
        ask(address(server))


@pytest.mark.parametrize(
    "response",
    [
        Response(b"x" * (MAX_ANSWER_BYTES * 10), media_type="application/json"),
        Response(gzip.compress(b" " * 10**7), media_type="application/json", headers={"content-encoding": "gzip"}),
    ],
    ids=["10 MB", "compressed"],
)
def test_an_answer_that_is_too_large_is_not_read_nor_asked_for_again(server: ModelServer, response: Response) -> None:
    server.answer = lambda _: response
    with pytest.raises(AnswerError, match="not read"):
        ask(address(server))
    assert len(server.questions) == 1


def test_objections_are_said_once_and_the_second_answer_is_taken(server: ModelServer) -> None:
    answer = ask(address(server), objections=lambda word: [f"{word.word} is wrong"])
    assert (answer.value.word, answer.usage.calls) == ("barn", 2)
    again = server.questions[1]
    assert again.turns[0] == "the data"
    assert "barn is wrong" in json.dumps(again.body["messages"][1:])


@pytest.mark.parametrize(("status", "setting"), [(401, "LANGUAGE_MODEL_API_KEY"), (404, "LANGUAGE_MODEL")])
def test_a_wrong_setting_is_named(server: ModelServer, status: int, setting: str) -> None:
    server.answer = lambda _: JSONResponse({"error": {"message": "no"}}, status)
    with pytest.raises(SetupError, match=f"correct {setting}$"):
        ask(address(server))


def test_a_server_that_is_not_there_is_named() -> None:
    with model_server(lambda _: GOOD) as gone:
        at = address(gone)
    with pytest.raises(SetupError, match=r"127\.0\.0\.1.*cannot be reached[\s\S]*LANGUAGE_MODEL_BASE_URL"):
        ask(at, retries=0)


def test_neither_proxy_nor_redirect_gets_to_see_the_question(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with model_server(lambda _: GOOD) as other:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, other.url)
        assert ask(address(server)).value.word == "barn"
        server.answer = lambda _: Response(status_code=307, headers={"location": f"{other.url}/v1/chat/completions"})
        with pytest.raises(AnswerError):
            ask(address(server))
        assert other.questions == []


def test_no_more_questions_are_out_than_allowed() -> None:
    both_are_here = asyncio.Barrier(2)
    out: list[int] = [0]
    most: list[int] = [0]

    async def answer(_: Question) -> dict[str, str]:
        out[0] += 1
        most[0] = max(most[0], out[0])
        await both_are_here.wait()  # proves that two are out at once: one alone would wait for ever
        out[0] -= 1
        return GOOD

    async def asking(at: ModelAddress) -> None:
        async with language_model(at, concurrency=2, timeout=20) as model:
            await asyncio.gather(*(model.ask("Name it.", f"{n}", Word, lambda _: ()) for n in range(6)))

    with model_server(answer) as server:
        asyncio.run(asking(address(server)))
    assert (most[0], len(server.questions)) == (2, 6)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"LANGUAGE_MODEL": "extractive"}, None),
        ({}, None),
        ({"LANGUAGE_MODEL": "ollama:llama3.1:8b"}, ("ollama", "llama3.1:8b", "http://localhost:11434", None)),
        (
            {"LANGUAGE_MODEL": "openai:m", "LANGUAGE_MODEL_BASE_URL": "http://h:1/v1/"},
            ("openai", "m", "http://h:1/v1", None),
        ),
        (
            {"LANGUAGE_MODEL": "anthropic:m", "LANGUAGE_MODEL_API_KEY": "k"},
            ("anthropic", "m", "https://api.anthropic.com/v1", "k"),
        ),
    ],
)
def test_the_settings_say_where_the_model_is(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: tuple[Any, ...] | None
) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    found = model_address(load_settings())
    assert found == (None if expected is None else ModelAddress(*expected))


@pytest.mark.parametrize("value", ["gpt-4o", "openai:", "openai:m", "telepathy:m"])
def test_settings_that_name_no_model_that_can_be_asked(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LANGUAGE_MODEL", value)
    with pytest.raises(SetupError, match="LANGUAGE_MODEL"):
        model_address(load_settings())
