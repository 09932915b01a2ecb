"""What every request and answer passes through: hosts, sizes, rates, forged posts, headers, the time it took.

ASGI middleware around the whole app, so that no route can forget it. Who may see whom is `lookbook.access`.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookbook.rate_limit import RateLimit

MAX_BODY_BYTES: Final = 1024 * 1024
"""Room for the longest conversation that an app may send along."""

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_COSTS: Final = (
    (re.compile(r"/(photos|static)/"), 0.1),
    (re.compile(r"/enter$"), 20.0),
    (re.compile(r"/refine|/api/.*/refine$"), 5.0),
)
"""What a request takes out of its address's bucket, by the start of its path; 1 for all others. Guessing a link is
dear, a picture cheap."""

API_PATHS: Final = ("/api", "/photos/")
"""How the paths begin that the API's description has: what goes wrong there is said in JSON."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Sent with every answer. Nothing inline, nothing from elsewhere, in nobody's frame."""

_HSTS: Final = "max-age=31536000"


class Guard:
    """The middleware.

    Args:
        app: what it guards.
        limit: buckets by address.
        own_names_only: answer only where the Host header names this machine: without a token, another site's page
            could otherwise reach us by a name of its own that resolves here (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, limit: RateLimit, *, own_names_only: bool) -> None:
        self._app = app
        self._limit = limit
        self._own_names_only = own_names_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse and say why."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HSTS
                headers.setdefault("Cache-Control", "private, no-cache")
                headers["Server-Timing"] = f"app;dur={(time.perf_counter() - started) * 1000:.1f}"
            await send(message)

        refused = self._refusal(scope)
        await (refused.answer(scope["path"]) if refused else self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> _Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._own_names_only and _name(host) not in _OWN_NAMES:
            return _Refusal("This lookbook is open to its own machine only.", 421)
        client = scope.get("client")
        path = scope["path"]
        cost = next((cost for pattern, cost in _COSTS if pattern.match(path)), 1.0)
        wait = self._limit.wait_s(client[0] if client else "", cost)
        if wait > 0:
            return _Refusal("That was a lot at once. Please wait a moment.", 429, math.ceil(wait))
        if scope["method"] in _SAFE_METHODS:
            return None
        return _refused_body(headers) or _refused_origin(headers, host)


@dataclass(frozen=True, slots=True)
class _Refusal:
    words: str
    status: int
    retry_after_s: int | None = None

    def answer(self, path: str) -> Response:
        """As the API's description has it, or in plain text: a page would need what may be just what is short."""
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        if path.startswith(API_PATHS):
            return JSONResponse({"detail": self.words}, self.status, headers)
        return PlainTextResponse(self.words, self.status, headers)


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _refused_body(headers: Headers) -> _Refusal | None:
    length = headers.get("content-length", "0")  # without one and not in chunks there is no body (RFC 9112, 6.3)
    if not length.isdecimal() or "transfer-encoding" in headers:
        return _Refusal("Say how long the request is.", 411)
    if int(length) > MAX_BODY_BYTES:
        return _Refusal("That is too long.", 413)
    return None


def _refused_origin(headers: Headers, host: str) -> _Refusal | None:
    """Refuse what another site's page made a browser send (cross-site request forgery).

    Browsers say by themselves where a request comes from: Fetch Metadata, and Origin on every post. What says neither
    is a program; a form without them (which any page can send from an old browser) is not believed.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        is_own = site == "same-origin"
    elif origin is not None:
        is_own = urlsplit(origin).netloc == host
    else:
        is_own = headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    return None if is_own else _Refusal("This did not come from the lookbook's own pages.", 403)
