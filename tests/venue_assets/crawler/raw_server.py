"""A loopback HTTP server that answers exactly the bytes a test gives it, however wrong they are."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import cast


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    at: float


Script = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes an answer bit by bit; the connection ends with it."""

Maker = Callable[[Asked], bytes]
Answer = bytes | Script | Maker
"""Bytes, or what makes them of the request, or a coroutine function that writes them itself."""


@dataclass
class RawServer:
    """Answers by (host, path); "*" as a path is a host's answer to all other paths."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    def site(self, host: str, pages: Mapping[str, Answer]) -> None:
        """Set a host's answers; it has no robots.txt unless one of them is."""
        for path, answer in pages.items():
            self.answers[host, path] = answer

    def to(self, host: str) -> list[Asked]:
        """What `host` was asked, in order."""
        return [request for request in self.asked if request.host == host]

    @property
    def host_map(self) -> dict[str, str]:
        return {host: self.address for host, _ in self.answers}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The crawler hung up, as it should, or the test is over.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = await _read_request(reader)
                self.asked.append(request)
                answer = self.answers.get((request.host, request.path), self.answers.get((request.host, "*"), MISSING))
                if inspect.iscoroutinefunction(answer):
                    await cast("Script", answer)(writer)
                    break
                writer.write(answer if isinstance(answer, bytes) else cast("Maker", answer)(request))
                await writer.drain()
        writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Asked(method, headers["host"], path, headers, monotonic())


def response(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html; charset=utf-8") -> bytes:
    """A proper HTTP/1.1 response."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str) -> bytes:
    """A 302 to `location`, exactly as written."""
    return response(b"", f"Location: {location}", status="302 Found")


def page(*parts: str, title: str = "A page") -> bytes:
    """A page whose body holds the parts."""
    words = f"<h1>{title}</h1><p>Words about {title}, which no other page of this site has to say.</p>"
    return response(f"<!DOCTYPE html><title>{title}</title>{words}{''.join(parts)}".encode())


MISSING = response(b"nothing here", status="404 Not Found", media_type="text/plain")


@contextmanager
def raw_server() -> Iterator[RawServer]:
    """A running server without any answers yet."""
    server = RawServer()
    loop = asyncio.new_event_loop()
    listener = loop.run_until_complete(asyncio.start_server(server.serve, "127.0.0.1", 0))
    server.address = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, name="raw-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listener.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
