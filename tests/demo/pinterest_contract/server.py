"""A running demo Pinterest with a clock that only moves when told, and a client that knows its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from demo.servers.pinterest import Limit, Quirks, build_pinterest_app
from demo.servers.running import serving
from tests.demo.pinterest_contract.world import NOW, small_world

MOST_PAGES = 200
"""More than any listing of the small world has, at one item a page."""


class Clock:
    """A clock that stands still until `advance` is called."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Let time pass, e.g. `advance(days=31)`."""
        self.now += timedelta(**duration)


@dataclass(frozen=True)
class DemoPinterest:
    """A server under test."""

    http: httpx.Client
    clock: Clock
    tokens: Mapping[str, str]

    def get(self, path: str, user: str = "ada", **params: Any) -> httpx.Response:
        """GET as that user, with the ready-made token."""
        return self.http.get(path, params=params, headers=bearer(self.tokens[user]))

    def control(self, method: str, path: str, /, **body: Any) -> dict[str, Any]:
        """Ask the control API; fails unless it answers 200."""
        response = self.http.request(method, f"/_control/{path}", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def walk(self, path: str, user: str = "ada", **params: Any) -> list[dict[str, Any]]:
        """All items of a listing, page by page until the bookmark is null; fails where that does not happen."""
        items: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            page = self.get(path, user, **params).json()
            items += page["items"]
            if page["bookmark"] is None:
                return items
            params["bookmark"] = page["bookmark"]
        raise AssertionError(f"{path} has no last page")


def bearer(token: str) -> dict[str, str]:
    """The header that carries an access token."""
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def demo_pinterest(
    *, limits: Mapping[str, Limit] | None = None, quirks: Quirks | None = None, media_dir: Path | None = None
) -> Iterator[DemoPinterest]:
    """Serve the small world, without rate limits unless some are given."""
    clock = Clock()
    app = build_pinterest_app(small_world(), clock=clock, limits=limits or {}, quirks=quirks, media_dir=media_dir)
    with serving(app) as base_url, httpx.Client(base_url=base_url, timeout=10) as http:
        users = http.get("/_control/users").json()["users"]
        yield DemoPinterest(http, clock, {user["username"]: user["access_token"] for user in users})
