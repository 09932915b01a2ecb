"""docs/downstream.md does what it says: its code is run as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from resources.settings import Settings
from tests.lookbook.world import World

CODE = re.findall(
    r"```python\n(.*?)```", (Path(__file__).resolve().parents[2] / "docs" / "downstream.md").read_text(), re.DOTALL
)


def libpq(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value().replace("postgresql+psycopg", "postgresql")


def test_twenty_lines_print_a_persons_venues(world: World, settings: Settings) -> None:
    assert len(CODE[0].strip().splitlines()) <= 20
    env = {**os.environ, "DATABASE_URL": libpq(settings)}
    done = subprocess.run([sys.executable, "-c", CODE[0]], env=env, capture_output=True, text=True, check=True)
    assert [line[:2] for line in done.stdout.splitlines()] == ["1.", "2.", "3."]
    hall = next(line for line in done.stdout.splitlines() if "The Red Hall" in line)
    assert "Up to 150 guests dine in the hall." in hall
    assert "https://red-hall.test/" in hall


def test_rating_is_as_short(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    jon, venue = world.add_person("jon", bucket=9), world.venues["red-hall.test"]
    monkeypatch.setenv("DATABASE_URL", libpq(settings))
    exec(CODE[1], {"os": os, "psycopg": psycopg, "user_id": jon, "venue_id": venue})  # noqa: S102 - our own document
    with world.engine.connect() as connection:
        assert connection.scalar(text("SELECT rating FROM ratings WHERE user_id = :jon"), {"jon": jon}) == 5
