"""A server that answers as a test tells it, in the protocols of OpenAI, Ollama (its `/v1`) and Anthropic.

What it says is read by the providers' own SDKs, which nobody here wrote.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.servers.running import serving


@dataclass(frozen=True)
class Question:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    request: Request

    @property
    def system(self) -> str:
        """The instructions."""
        if self.path.endswith("/messages"):
            system = self.body["system"]
            return system if isinstance(system, str) else "".join(block["text"] for block in system)
        return "".join(str(each["content"]) for each in self.body["messages"] if each["role"] == "system")

    @property
    def turns(self) -> list[str]:
        """What the user said, turn by turn."""
        said = [each["content"] for each in self.body["messages"] if each["role"] == "user"]
        return [each if isinstance(each, str) else "".join(part["text"] for part in each) for each in said]

    async def until_the_client_gives_up(self) -> None:
        """Wait for the client to hang up."""
        while (await self.request.receive())["type"] != "http.disconnect":
            pass


Reply = str | dict[str, Any] | Response
Answering = Callable[[Question], Reply | Awaitable[Reply]]


@dataclass
class ModelServer:
    """The running server.

    Attributes:
        url: its root.
        answer: what it says to a question: text, an object to say as JSON, or a whole HTTP response.
        questions: all it was asked.
    """

    answer: Answering
    url: str = ""
    models: tuple[str, ...] = ("tiny",)
    questions: list[Question] = field(default_factory=list)

    async def chat(self, request: Request) -> Response:
        question = Question(request.url.path, dict(request.headers), json.loads(await request.body()), request)
        self.questions.append(question)
        reply = self.answer(question)
        if isinstance(reply, Awaitable):
            reply = await reply
        if isinstance(reply, Response):
            return reply
        text = reply if isinstance(reply, str) else json.dumps(reply)
        return claude_message(text) if question.path.endswith("/messages") else completion(text)

    async def listing(self, request: Request) -> Response:
        if request.url.path == "/api/tags":
            return JSONResponse({"models": [{"name": f"{name}:latest"} for name in self.models]})
        return JSONResponse({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})


def completion(text: str, finish_reason: str = "stop", **message: Any) -> Response:
    """An answer of the chat completions API."""
    said = {"role": "assistant", "content": text} | message
    return JSONResponse(
        {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "tiny",
            "choices": [{"index": 0, "finish_reason": finish_reason, "message": said}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    )  # fmt: skip


def claude_message(text: str) -> Response:
    """An answer of the Anthropic messages API."""
    return JSONResponse(
        {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "tiny", "stop_reason": "end_turn",
            "stop_sequence": None, "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": 100, "output_tokens": 20},
        }
    )  # fmt: skip


@contextmanager
def model_server(answer: Answering) -> Iterator[ModelServer]:
    """Serve on a loopback port."""
    server = ModelServer(answer)
    lists = [Route(path, server.listing) for path in ("/v1/models", "/api/tags")]
    asks = [Route(path, server.chat, methods=["POST"]) for path in ("/v1/chat/completions", "/v1/messages")]
    with serving(Starlette(routes=[*lists, *asks])) as url:
        server.url = url
        yield server
