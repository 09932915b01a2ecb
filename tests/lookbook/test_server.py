"""Where the lookbook may listen, and the command that serves it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from lookbook.commands import sign_in_link
from lookbook.server import address, is_loopback, listening
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.settings import Settings, load_settings
from tests.lookbook.conftest import TOKEN, Visitor
from tests.lookbook.world import World

PROJECT = Path(__file__).resolve().parents[2]


def settings_of(**values: object) -> Settings:
    return Settings.model_validate({"lookbook_port": 0, **values})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "venues.test", "127.0.0.1.test"])  # noqa: S104
def test_beyond_this_machine_only_with_a_token(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(SetupError, match=host) as caught:
        listening(settings_of(lookbook_host=host))
    assert "LOOKBOOK_TOKEN" in caught.value.remedy


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.8.8"])
def test_on_this_machine_without_one(host: str) -> None:
    with listening(settings_of(lookbook_host=host)) as sock:
        assert re.fullmatch(r"http://127\.\d+\.\d+\.\d+:\d+", address(sock))


def test_with_a_token_anywhere() -> None:
    with listening(settings_of(lookbook_host="0.0.0.0", lookbook_token=TOKEN)) as sock:  # noqa: S104
        assert sock.getsockname()[1] > 0


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SetupError, match=str(other.getsockname()[1])) as caught:
            listening(settings_of(lookbook_port=other.getsockname()[1]))
    assert "LOOKBOOK_PORT" in caught.value.remedy


def test_a_short_token_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKBOOK_TOKEN", "hunter2")
    with pytest.raises(SetupError, match="LOOKBOOK_TOKEN") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ValidationError):
        settings_of(lookbook_token="short")


def test_a_link_leads_to_the_pages_of_the_person_it_was_made_for(
    guarded: str, world: World, urls: DatabaseUrls, settings: Settings
) -> None:
    with pytest.raises(SetupError, match="LOOKBOOK_TOKEN"):
        sign_in_link(urls, settings, "ann", 60, guarded)
    mine = Settings.model_validate({**settings.model_dump(), "lookbook_token": TOKEN})
    with pytest.raises(SetupError, match="nobody called 'zed'"):
        sign_in_link(urls, mine, "zed", 60, guarded)
    link = sign_in_link(urls, mine, " ann ", 60, f"{guarded}/")
    with Visitor(guarded) as visitor:
        assert "Welcome, Ann" in " ".join(visitor.get(link).text.replace("<em>", "").split())


def test_the_command_serves_until_it_is_told_to_stop(world: World) -> None:
    command = [sys.executable, str(PROJECT / "cli.py"), "lookbook"]
    env = {**os.environ, "LOOKBOOK_PORT": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "opens at" in line)
        served = said.split()[-1]
        assert httpx.get(served).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(served)
