"""What the client's tests share: a world with a long board, time that passes only by waiting, and odd servers."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.servers.pinterest import Limit, Quirks, build_pinterest_app
from demo.servers.running import serving
from demo.world.model import Board, Person, PictureSpec, Pin, Preferences, Taste, World
from resources.pinterest.account_api import AccountApi
from resources.pinterest.errors import AccessRevokedError
from resources.pinterest.requests import Patience, Requests, Timing
from tests.demo.pinterest_contract.server import Clock, DemoPinterest
from tests.demo.pinterest_contract.world import NOW

LONG_BOARD = "100000000000000001"
SHORT_BOARD = "100000000000000002"
LONG = 500
"""Exactly two pages."""


@dataclass
class Time:
    """A clock that waiting moves."""

    clock: Clock = field(default_factory=Clock)
    waits: list[float] = field(default_factory=list)

    def timing(self) -> Timing:
        def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            self.clock.advance(seconds=seconds)

        return Timing(self.clock, sleep, random.Random(1))


@dataclass(frozen=True)
class GivenAccess:
    """A token that is what it is."""

    value: str

    def token(self, refused: str | None = None) -> str:
        if refused is not None:
            raise AccessRevokedError("refused")
        return self.value


@dataclass(frozen=True)
class Client:
    """Reads Ada's account at the demo server."""

    demo: DemoPinterest
    api: AccountApi
    requests: Requests
    time: Time

    def statuses(self, path: str = "/v5/boards/{board_id}/pins") -> list[int]:
        """How the server answered, by its own count."""
        counted = self.demo.control("GET", "requests")["requests"]
        return [entry["status"] for entry in counted if entry["route"].endswith(path) for _ in range(entry["count"])]


def world(long: int = LONG, short: int = 3) -> World:
    """Ada with two boards, her pins of both kinds of people: with texts and without."""
    boards = (_board(LONG_BOARD, long, 1000), _board(SHORT_BOARD, short, 5000))
    person = Person("ada", (Taste((("garden", 1.0),), 1.0),), (), boards, (), Preferences(), None)
    return World(seed=7, now=NOW, venues=(), people=(person,))


def _board(board_id: str, pins: int, start: int) -> Board:
    created = NOW - timedelta(days=400)
    made = tuple(
        Pin(str(10**17 + start + number), PictureSpec((("garden", 1.0),), "exterior", start + number, 96, 72),
            created + timedelta(hours=number), f"picture {number}", 0)
        for number in range(pins)
    )  # fmt: skip
    return Board(board_id, f"Board {board_id[-1]}", "Places", True, made, created)


@contextmanager
def client(
    *,
    of: World | None = None,
    limits: dict[str, Limit] | None = None,
    quirks: Quirks | None = None,
    timeout_s: float = 10.0,
    patience: Patience | None = None,
    through: Callable[[str], Any] | None = None,
) -> Iterator[Client]:
    """The client at a demo server of its own, whose clock moves when the client waits."""
    time = Time()
    app = build_pinterest_app(of or world(), clock=time.clock, limits=limits or {}, quirks=quirks)
    with serving(app) as base_url, httpx.Client(base_url=base_url, timeout=10) as control:
        users = control.get("/_control/users").json()["users"]
        demo = DemoPinterest(control, time.clock, {user["username"]: user["access_token"] for user in users})
        with httpx.Client(timeout=timeout_s) as http:
            requests = Requests(http, time.timing(), patience)
            yield Client(demo, AccountApi(f"{base_url}/v5", requests, GivenAccess(demo.tokens["ada"])), requests, time)


@contextmanager
def odd_server(
    *answers: dict[str, Any] | Response | Callable[[Request], Response],
) -> Iterator[tuple[str, list[Request]]]:
    """A server that gives these answers one after the other, the last for ever; its address, and what was asked."""
    asked: list[Request] = []

    async def answer(request: Request) -> Response:
        given = answers[min(len(asked), len(answers) - 1)]
        asked.append(request)
        if isinstance(given, Response):
            return given
        return JSONResponse(given) if isinstance(given, dict) else given(request)

    with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])) as base_url:
        yield base_url, asked


def api_at(base_url: str, http: httpx.Client, time: Time, patience: Patience | None = None) -> AccountApi:
    """A client for an odd server."""
    return AccountApi(base_url, Requests(http, time.timing(), patience), GivenAccess("pina_token"))


def free_redirect() -> str:
    """`http://127.0.0.1:PORT/callback`, where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/callback"


def utc(text: str) -> datetime:
    """A time written with its zone."""
    return datetime.fromisoformat(text)
