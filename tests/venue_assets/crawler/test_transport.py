"""Connecting: what names resolve to, and what sockets are opened for, whatever was checked before."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.venue_assets.crawler.raw_server import RawServer, page, raw_server
from venue_assets.crawler.addresses import RefusedAddressError
from venue_assets.crawler.errors import FetchError
from venue_assets.crawler.transport import GuardedDownloadHandler, PublicResolver, public_socket


class Answers(AbstractResolver):
    """A DNS that gives one set of addresses after the other; like the real one, it can change its mind."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address in answer
        ]

    async def close(self) -> None:
        """Nothing is open."""


def download(url: str, resolver: AbstractResolver, host_map: dict[str, str] | None = None) -> Any:
    from scrapy import Request

    async def once() -> Any:
        handler = GuardedDownloadHandler(host_map or {}, resolver)
        try:
            return await handler.download_request(Request(url, meta={"max_bytes": 1000, "timeout": 2.0, "spend": abs}))
        finally:
            await handler.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::1"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["fe80::1"],
    ],
)
def test_a_name_with_an_inside_address_among_its_answers_is_refused(answer: list[str]) -> None:
    resolver = Answers(answer)
    with pytest.raises(RefusedAddressError) as refused:
        download("http://rebind.example/", resolver)
    assert refused.value.reason == "address_not_public"
    assert resolver.asked == 1  # refused, not retried as a DNS failure would be


def test_a_name_without_address_is_another_matter() -> None:
    with pytest.raises(FetchError) as failed:
        download("http://nowhere.example/", Answers([]))
    assert (failed.value.reason, failed.value.passing) == ("host_not_found", False)


class At(Answers):
    """Sends every name, whatever its port, to one port of this machine."""

    def __init__(self, port: int) -> None:
        super().__init__(["127.0.0.1"])
        self.port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return await super().resolve(host, self.port, family)


def session_error(port: int, resolver: AbstractResolver, guard: Callable[..., socket.socket] | None) -> str:
    """What becomes of a request through a connector made as the handler's is; "" when it is answered."""

    async def once() -> str:
        connector = aiohttp.TCPConnector(resolver=resolver, socket_factory=guard)
        async with aiohttp.ClientSession(connector=connector) as session:
            try:
                async with session.get(f"http://rebind.example:{port}/"):
                    return ""
            except aiohttp.ClientConnectorError as error:
                return getattr(error.os_error, "reason", type(error.os_error).__name__)

    return asyncio.run(once())


@pytest.fixture
def inside() -> Any:
    with raw_server() as server:
        server.answers["*", "*"] = page()
        yield server


def test_tls_that_fails_says_nothing_about_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_assets.crawler.transport.check_address", str)  # the server is on this machine

    def answer_without_tls() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as thread:
        answered = thread.submit(answer_without_tls)
        with pytest.raises(FetchError) as failed:
            download("https://photos.example/a.jpg", At(listener.getsockname()[1]))
        answered.result(timeout=10)
    assert (failed.value.reason, failed.value.passing) == ("tls_failed", True)


def test_no_socket_is_opened_to_an_inside_address_even_if_the_check_on_names_is_got_round(inside: RawServer) -> None:
    port = int(inside.address.rpartition(":")[2])
    assert session_error(port, Answers(["127.0.0.1"]), public_socket) == "address_not_public"
    assert inside.asked == []
    # The same request without the guard arrives: it was the guard that stopped it.
    assert session_error(port, Answers(["127.0.0.1"]), None) == ""
    assert len(inside.asked) == 1


def test_the_address_that_was_checked_is_the_one_connected_to(inside: RawServer) -> None:
    port = int(inside.address.rpartition(":")[2])
    # First a public address (refused by nobody, and nobody there), then, had anyone asked again, an inside one.
    resolver = Answers(["93.184.216.34"], ["127.0.0.1"])
    opened: list[str] = []

    def note(address: Any) -> socket.socket:
        opened.append(address[4][0])
        raise OSError("not really connecting")

    assert session_error(port, resolver, note) == "OSError"
    assert (resolver.asked, opened) == (1, ["93.184.216.34"])
    assert inside.asked == []


def test_the_check_on_names_reads_all_answers() -> None:
    with pytest.raises(RefusedAddressError):
        asyncio.run(PublicResolver(Answers(["8.8.8.8", "8.8.4.4", "127.0.0.1"])).resolve("rebind.example"))
    answers = asyncio.run(PublicResolver(Answers(["8.8.8.8", "8.8.4.4"])).resolve("fine.example"))
    assert [answer["host"] for answer in answers] == ["8.8.8.8", "8.8.4.4"]


@pytest.mark.parametrize(
    ("mapped", "url", "host_header"),
    [
        ("::1", "http://[::1]/a%2Fb?c=%20d", "[::1]"),
        ("venue.test", "https://VENUE.test./a%2Fb?c=%20d", "venue.test"),
        ("venue.test", "https://venue.test:8443/a%2Fb?c=%20d", "venue.test:8443"),
    ],
)
def test_a_mapped_host_is_reached_under_its_own_name_and_with_the_path_as_written(
    inside: RawServer, mapped: str, url: str, host_header: str
) -> None:
    inside.answers[host_header, "*"] = page()
    answer = download(url, Answers([]), {mapped: inside.address})
    assert answer.status == 200
    assert [(request.host, request.path) for request in inside.asked] == [(host_header, "/a%2Fb?c=%20d")]
