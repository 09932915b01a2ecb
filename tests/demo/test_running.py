"""Serving an application in this process: it listens when told so, on loopback, and says when it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from demo.servers.running import serving


def _app() -> Starlette:
    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/", hello)])


def test_it_listens_inside_the_block_and_not_after() -> None:
    with serving(_app()) as url:
        assert urlsplit(url).hostname == "127.0.0.1"
        assert httpx.get(url).text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_a_taken_port_is_an_error() -> None:
    with serving(_app()) as url, pytest.raises(OSError, match="in use"), serving(_app(), port=urlsplit(url).port or 0):
        pytest.fail("two servers on one port")


def test_an_application_that_cannot_start_is_an_error() -> None:
    @asynccontextmanager
    async def failing(app: Starlette) -> AsyncIterator[None]:
        raise OSError("no database")
        yield

    with pytest.raises(RuntimeError, match="did not start"), serving(Starlette(lifespan=failing)):
        pytest.fail("served without its start-up")
