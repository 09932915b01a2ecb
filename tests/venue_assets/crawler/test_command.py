"""The command itself: what it says of a job it cannot read, and how it ends when it is asked to."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.venue_assets.crawler.crawling import PROJECT, command, venue, write_job
from tests.venue_assets.crawler.raw_server import page, raw_server
from venue_assets.crawler.spool import finished


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    everything = [sys.executable, "-m", "venue_assets.crawler", *arguments]
    return subprocess.run(everything, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_help_says_what_it_does() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "--job FILE" in done.stdout
    assert "Exit status" in done.stdout


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (None, "No such file"),
        ("{", "Invalid JSON"),
        ('{"venues_file": "v", "spool": "s", "limits": {"pages": 0}}', "limits.pages"),
        ('{"venues_file": "v", "spool": "s", "host_map": {"barn.test": "8600"}}', "ADDRESS:PORT"),
    ],
)
def test_a_job_that_cannot_be_read_is_named(tmp_path: Path, job: str | None, said: str) -> None:
    file = tmp_path / "job.json"
    if job is not None:
        file.write_text(job)
    done = run("--job", str(file))
    assert done.returncode == 2
    assert str(file) in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_at_once_and_leaves_what_is_finished(tmp_path: Path, sent: signal.Signals) -> None:
    with raw_server() as server:
        server.site("quick.test", {"/": page()})
        server.site("hanging.test", {"/": never})
        job = write_job(tmp_path, [venue("http://quick.test/"), venue("http://hanging.test/")], server.host_map)
        process = subprocess.Popen(command(job), cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "1. http://quick.test/" in line:
                process.send_signal(sent)
        assert process.wait(timeout=20) == 1
    assert [one.result().site_url for one in finished(tmp_path / "spool")] == ["http://quick.test/"]
    assert not any("Traceback" in line for line in said)
