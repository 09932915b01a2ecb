"""Catching the browser that comes back from the consent page, on this machine (RFC 8252, section 7.3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from resources.errors import SetupError

DEFAULT_REDIRECT_URI: Final = "http://localhost:8085/callback"
"""Where browsers come back to; registered as a redirect URI of the Pinterest app."""

_LOOPBACK: Final = ("127.0.0.1", "localhost")
_REMEDY: Final = "run `venue-taste users connect-pinterest` again and say yes in the browser"


def await_code(redirect_uri: str, state: str, send_off: Callable[[], None], *, seconds: float = 300.0) -> str:
    """The code a browser brings back to `redirect_uri`.

    Args:
        redirect_uri: an http address with a port on this machine.
        state: what must come with the code: only our own request knows it (RFC 6749, section 10.12).
        send_off: sends the person to the consent page; called once the listener is ready.
        seconds: after which it is given up.

    Raises:
        SetupError: no listening there, consent denied, or nobody came.
    """
    parts = urlsplit(redirect_uri)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK or parts.port is None:
        raise SetupError(f"{redirect_uri!r} is no address on this machine", "give http://localhost:PORT/callback")
    try:
        server = _CallbackServer(("127.0.0.1", parts.port), parts.path or "/", state)
    except OSError as error:
        raise SetupError(f"cannot listen on port {parts.port}: {error}", "give another --redirect-uri") from error
    with server:
        send_off()
        deadline = time.monotonic() + seconds
        while server.answer is None and (left := deadline - time.monotonic()) > 0:
            server.timeout = left
            server.handle_request()
    if server.answer is None:
        raise SetupError(f"nobody came back from the consent page within {seconds:.0f} s", _REMEDY)
    if "code" not in server.answer:
        raise SetupError(f"consent was not given: {server.answer.get('error', 'no code came back')}", _REMEDY)
    return server.answer["code"]


class _CallbackServer(HTTPServer):
    def __init__(self, address: tuple[str, int], path: str, state: str) -> None:
        super().__init__(address, _Handler)
        self.path = path
        self.state = state
        self.answer: dict[str, str] | None = None


class _Handler(BaseHTTPRequestHandler):
    server: _CallbackServer
    timeout = 10  # a connection that says nothing must not keep the right one out

    def do_GET(self) -> None:
        """Take the answer that carries our state, and turn away all else."""
        parts = urlsplit(self.path)
        answer = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != self.server.path or answer.get("state") != self.server.state:
            self._say(400, "This is not the answer that venue-taste waits for.")
            return
        self.server.answer = answer
        said_yes = "code" in answer
        self._say(200, "Connected. You may close this page." if said_yes else "Not connected. You may close this page.")

    def _say(self, status: int, words: str) -> None:
        body = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the address holds the code."""
