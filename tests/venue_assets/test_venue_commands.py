"""`venue-taste venues add` refuses at once what no crawl would ever ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import URL
from typer.testing import CliRunner

from resources.errors import SetupError
from venue_assets.commands import app


@pytest.fixture(autouse=True)
def _database(database_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))


def add(address: str) -> str:
    return CliRunner().invoke(app, ["add", address], catch_exceptions=False).output


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://127.0.0.1/", "address_not_public"),
        ("http://192.168.0.10/", "address_not_public"),
        ("http://[::1]/", "address_not_public"),
        ("https://barn.example:8443/", "port_not_allowed"),
    ],
)
def test_an_address_that_no_crawl_asks_for_is_not_added(address: str, why: str) -> None:
    with pytest.raises(SetupError, match=why) as caught:
        add(address)
    assert "CRAWL_HOST_MAP" in caught.value.remedy
    assert "127.0.0.1" not in CliRunner().invoke(app, ["list"], catch_exceptions=False).output


def test_the_host_map_makes_an_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = tmp_path / "hosts.json"
    hosts.write_text(json.dumps({"127.0.0.1": "127.0.0.1:8000"}))
    monkeypatch.setenv("CRAWL_HOST_MAP", str(hosts))
    assert "Added" in add("http://127.0.0.1/")
