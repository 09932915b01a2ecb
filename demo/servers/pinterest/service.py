"""What every end point shares: the state, and the way a request passes token, limits and faults to an answer."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from demo.servers.pinterest.errors import (
    ApiError,
    board_not_found,
    not_authenticated,
    not_authorized,
    pin_not_found,
)
from demo.servers.pinterest.faults import Fault, FaultSwitch, Quirks
from demo.servers.pinterest.limits import RequestWindows, rate_limited
from demo.servers.pinterest.media import MediaStore
from demo.servers.pinterest.render import View
from demo.servers.pinterest.state import Boards
from demo.servers.pinterest.tokens import Grant, TokenError, Tokens

NOBODY: Final = "-"
"""The name requests without an account are counted under."""


@dataclass(slots=True)
class Service:
    """One running look-alike."""

    boards: Boards
    tokens: Tokens
    windows: RequestWindows
    media: MediaStore
    base_url: str | None
    quirks: Quirks
    faults: FaultSwitch = field(default_factory=FaultSwitch)
    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """How often (username, "GET /v5/boards/{board_id}", status) was answered."""

    def view(self, request: Request) -> View:
        """How to show things to this request."""
        return View(self.base_url or str(request.base_url).rstrip("/"), self.quirks)


Answer = Callable[[Service, Grant, Request], Any]
Endpoint = Callable[[Request], Any]


def api_endpoint(
    service: Service, route: str, answer: Answer, scopes: frozenset[str], category: str = "org_read"
) -> Endpoint:
    """A GET end point: token, then scopes, then limits, then faults, then the answer as JSON."""

    async def handle(request: Request) -> Response:
        username = NOBODY
        headers: dict[str, str] = {}
        try:
            grant = _authenticate(service, request)
            username = grant.username
            if not scopes <= grant.scopes or "ad_account_id" in request.query_params:
                raise not_authorized()
            headers = service.windows.spend(username, category)
            response = await respond(service, request, username, lambda: answer(service, grant, request))
        except ApiError as error:
            response = error.response()
        response.headers.update({**headers, **response.headers})
        service.requests[username, route, response.status_code] += 1
        return response

    return handle


async def respond(service: Service, request: Request, username: str | None, answer: Callable[[], Any]) -> Response:
    """The answer as JSON, unless a fault has it otherwise. Raises ApiError."""
    fault = service.faults.take(request.url.path, username)
    if fault is not None:
        await carry_out(fault, request)
    body = json.dumps(answer()).encode()
    if fault is not None and fault.kind == "malformed":
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json")


async def carry_out(fault: Fault, request: Request) -> None:
    """Fail, or wait, as the fault says. Raises ApiError."""
    match fault.kind:
        case "rate_limit" | "rate_limit_as_400":
            reset = {"X-RateLimit-Reset": str(round(fault.seconds))}
            raise rate_limited(429 if fault.kind == "rate_limit" else 400, reset)
        case "server_error":
            raise ApiError(fault.status, fault.status, "Something went wrong on our end.")
        case "expired_token":
            raise not_authenticated()
        case "not_found":
            raise pin_not_found() if "/pins/" in request.url.path else board_not_found()
        case "slow":
            await _wait(request, fault.seconds)
        case "malformed":
            pass


def _authenticate(service: Service, request: Request) -> Grant:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise not_authenticated()
    try:
        return service.tokens.check(token.strip())
    except TokenError as error:
        raise not_authenticated() from error


async def _wait(request: Request, seconds: float) -> None:
    """Until the time is over or the caller hangs up, so that an abandoned request does not hold the server open."""

    async def hung_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(hung_up(), seconds)
    except TimeoutError:
        return
