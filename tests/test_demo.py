"""`venue-taste demo` as a newcomer runs it, again, after a kill -9 in the middle, and in a home with other work."""

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
from sqlalchemy import Engine, select
from watchfiles import watch

from demo.world.generate import generate_world
from demo_run.place import require_own_home
from resources.database import connect, database
from resources.embedded_postgres import EmbeddedPostgres
from resources.errors import SetupError
from resources.identity import canonical_site_url, user_bucket, user_id, venue_bucket, venue_id
from resources.processes import die_with_parent
from resources.schema import metadata, users, venues
from resources.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, str(PROJECT / "cli.py")]
DEMO = ["demo", "--venues", "4", "--users", "8"]
OF_A_RUN = re.compile(r"_at$|_until$|run_id|token|_as_of$|last_error|milliseconds|p95_ms")
"""Columns that say when and by which run, not what was found."""


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
    assert re.search(r"4 venues with \d+ photographs .* 8 people with \d+ pins", said)
    assert "because" in said
    assert "Next:" in said
    assert EmbeddedPostgres(home / "postgres").running() is None, "whoever uses it last stops it"
    return home


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "VENUE_TASTE_HOME": str(home), "COLUMNS": "200"}


def run_demo(home: Path) -> str:
    return run_command(home, *DEMO)


def run_command(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment(home), capture_output=True, text=True, check=False, cwd=PROJECT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stored(home: Path, monkeypatch: pytest.MonkeyPatch, *, times: bool = False) -> dict[str, list[str]]:
    """All rows of all tables of a home; with or without the columns that say when, and by which run."""
    monkeypatch.setenv("VENUE_TASTE_HOME", str(home))
    with database(load_settings()) as urls:
        engine = connect(urls.tables)
        with engine.connect() as connection:
            tables = {
                table.name: sorted(
                    repr({name: _plain(value) for name, value in row.items() if times or not OF_A_RUN.search(name)})
                    for row in connection.execute(select(table)).mappings()
                )
                for table in metadata.sorted_tables
            }
        engine.dispose()
    return tables


def _plain(value: Any) -> Any:
    """Vectors to three digits, other numbers to nine: the same sums in another order may round otherwise."""
    if hasattr(value, "shape"):
        return [round(float(one), 3) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return round(value, 9) if isinstance(value, float) else value


def test_a_second_run_writes_nothing(undisturbed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored(undisturbed, monkeypatch, times=True)
    empty = {name for name, rows in before.items() if not rows}
    assert empty <= {"index_settings", "photo_embedding_failures", "refine_conversations"}
    run_demo(undisturbed)
    after = stored(undisturbed, monkeypatch, times=True)
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {"pinterest_accounts"}


def test_other_commands_that_run_the_lineage_in_its_home_reach_its_sites_and_its_pinterest(
    undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(undisturbed, monkeypatch)
    without_pauses = '{"ops": {"crawl": {"config": {"delay": 0.0}}}}'
    crawl = ("asset", "materialize", "-m", "definitions", "--select", "venue_pages,venue_photos")
    said = run_command(undisturbed, "run", "venue_sites", "boards")
    assert re.search(r"^ok venue_sites: .*\nok boards: ", said)
    every_bucket = ("--partition-range", "00...15", "--config-json", without_pauses)
    run_command(undisturbed, "dagster", *crawl, *every_bucket)
    after = stored(undisturbed, monkeypatch)
    assert [name for name, rows in after.items() if rows != before[name]] == []


def test_a_kill_9_in_mid_crawl_and_a_second_run_equal_one_undisturbed_run(
    undisturbed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "killed"
    spool = home / "crawl" / "spool"
    spool.mkdir(parents=True)
    shutil.copytree(undisturbed / "demo-world", home / "demo-world", copy_function=os.link)
    demo = subprocess.Popen(
        [*COMMAND, *DEMO], env=environment(home), stdout=subprocess.DEVNULL, preexec_fn=die_with_parent
    )
    # A venue's folder appears under a hidden name while its site is being read: that is when the process dies.
    for _ in watch(spool, watch_filter=None, rust_timeout=60_000, yield_on_timeout=True):
        break
    demo.kill()
    demo.wait()
    run_demo(home)
    found, expected = stored(home, monkeypatch), stored(undisturbed, monkeypatch)
    assert [name for name, rows in expected.items() if found[name] != rows] == []


def test_a_home_with_venues_or_people_of_ones_own_is_left_alone(engine: Engine) -> None:
    world = generate_world(venues=2, people=8)
    require_own_home(engine, world)
    other = generate_world(venues=4, people=8, seed=11)
    for venue in (*world.venues, *other.venues):
        add_venue(engine, f"https://{venue.host}")
    require_own_home(engine, world)
    add_venue(engine, "https://manor.example.com")
    with pytest.raises(SetupError, match=r"1 venues of yours, https://manor\.example\.com among them") as caught:
        require_own_home(engine, world)
    assert "VENUE_TASTE_HOME" in caught.value.remedy


def test_a_home_with_people_alone_is_left_alone(engine: Engine) -> None:
    row = {"user_id": user_id("ann"), "handle": "ann", "bucket": user_bucket(user_id("ann"))}
    with engine.begin() as connection:
        connection.execute(users.insert().values(row))
    with pytest.raises(SetupError, match="people of yours, ann among them"):
        require_own_home(engine, generate_world(venues=2, people=8))


def add_venue(engine: Engine, url: str) -> None:
    site = canonical_site_url(url)
    row = {"venue_id": venue_id(site), "site_url": site, "bucket": venue_bucket(venue_id(site))}
    with engine.begin() as connection:
        connection.execute(venues.insert().values(row))
