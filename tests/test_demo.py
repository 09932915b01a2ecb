"""`venue-taste demo` as a newcomer runs it, again, and after a kill -9 in the middle."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from watchfiles import watch

from resources.database import connect, database
from resources.embedded_postgres import EmbeddedPostgres
from resources.processes import die_with_parent
from resources.schema import photos, venue_pages, venue_photo_files, venue_photos, venues
from resources.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent
DEMO = [sys.executable, str(PROJECT / "cli.py"), "demo", "--venues", "4", "--users", "8"]
TIMES = {"first_seen_at", "crawled_at", "fetched_at"}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="venue-taste-demo-"))
    yield path
    for home in path.iterdir():
        EmbeddedPostgres(home / "postgres").stop()
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> Path:
    """Home of a demo that ran once from start to end."""
    home = folder / "undisturbed"
    said = run_demo(home)
    assert re.search(r"4 venues, \d+ photographs", said)
    assert "Next:" in said
    return home


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "VENUE_TASTE_HOME": str(home)}


def run_demo(home: Path) -> str:
    done = subprocess.run(DEMO, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stored(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """All rows of a home's tables, without the times of observation."""
    monkeypatch.setenv("VENUE_TASTE_HOME", str(home))
    with database(load_settings()) as urls:
        engine = connect(urls.tables)
        with engine.connect() as connection:
            tables = {
                table.name: [
                    {name: value for name, value in row.items() if name not in TIMES}
                    for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
                ]
                for table in (venues, venue_pages, photos, venue_photo_files, venue_photos)
            }
        engine.dispose()
    return tables


def test_a_second_run_changes_nothing(undisturbed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored(undisturbed, monkeypatch)
    assert all(before.values())
    run_demo(undisturbed)
    assert stored(undisturbed, monkeypatch) == before


def test_a_kill_9_in_mid_crawl_and_a_second_run_equal_one_undisturbed_run(
    undisturbed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "killed"
    spool = home / "crawl" / "spool"
    spool.mkdir(parents=True)
    shutil.copytree(undisturbed / "demo-world", home / "demo-world", copy_function=os.link)
    demo = subprocess.Popen(DEMO, env=environment(home), stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
    # A venue's folder appears under a hidden name while its site is being read: that is when the process dies.
    for _ in watch(spool, watch_filter=None, rust_timeout=60_000, yield_on_timeout=True):
        break
    demo.kill()
    demo.wait()
    run_demo(home)
    assert stored(home, monkeypatch) == stored(undisturbed, monkeypatch)
