"""The `venue-taste` command as an operator runs it: in processes of its own, interrupted and killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
import psycopg
import pytest

from resources.embedded_postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, str(PROJECT / "cli.py")]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Not below pytest's own folder, which every pytest that starts closes to the account the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="venue-taste-cli-"))
    monkeypatch.setenv("VENUE_TASTE_HOME", str(folder / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    yield folder / "home"
    EmbeddedPostgres(folder / "home" / "postgres").stop()
    shutil.rmtree(folder)


def run(*arguments: str, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=check, input=stdin, timeout=120)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dev:
    """`venue-taste dev`, followed by the lines it prints."""

    def __init__(self, port: int) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "dev", "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "LOOKBOOK_PORT": "0"},
        )
        self.said: list[str] = []

    def wait_for(self, pattern: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if re.search(pattern, line):
                return
        raise AssertionError(f"ended without saying {pattern!r}:\n{''.join(self.said)}")


def test_every_command_explains_itself() -> None:
    overview = run("--help").stdout
    for name in ("db", "dev", "doctor", "dagster", "demo", "demo-world", "token-key"):
        assert re.search(rf"^  {name} +\S", overview, re.MULTILINE), name
    assert "--port" in run("dev", "--help").stdout


def test_database_commands(home: Path) -> None:
    assert "It was not running" in run("db", "stop").stdout
    assert "Started" in run("db", "start").stdout
    assert "Already running" in run("db", "start").stdout
    assert "Migrated from empty" in run("db", "migrate").stdout
    assert "Nothing to do" in run("db", "migrate").stdout
    assert run("db", "url").stdout.startswith("postgresql://postgres@/venue_taste?host=")
    assert "/dagster?" in run("db", "url", "--dagster").stdout
    assert run("db", "psql", "-At", "-c", "SELECT count(*) FROM venues").stdout == "0\n"
    assert run("db", "psql", "-c", "nonsense", check=False).returncode == 1
    server = EmbeddedPostgres(home / "postgres").running()
    assert server is not None, "`db start` and `db url` leave it running, whoever else comes and goes"
    with psycopg.connect(server.url("postgres")):
        refused = run("db", "stop", check=False)
        assert refused.returncode == 1
        assert "open connections: 1" in refused.stderr
        assert "--force" in refused.stderr
        assert "Stopped" in run("db", "stop", "--force").stdout


def test_psql_gets_the_password_out_of_sight(home: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedPostgres(home / "postgres", {"listen_addresses": "127.0.0.1", "port": str(port), "fsync": "off"})
    running, _ = server.start()
    with psycopg.connect(running.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE app LOGIN PASSWORD 'hush ä@/'")
    # psql's shell escape lets it tell its own command line.
    tell = r"\! ps -o args= -p $PPID"
    for address in (
        f"postgresql://app:{quote('hush ä@/')}@127.0.0.1:{port}/postgres",
        f"postgresql://app@127.0.0.1:{port}/postgres?password={quote('hush ä@/')}&application_name=probe",
    ):
        monkeypatch.setenv("DATABASE_URL", address)
        said = run("db", "psql", "-At", "-c", "SELECT current_user", "-c", tell).stdout
        assert said.startswith("app\n")
        assert f"postgresql://app@127.0.0.1:{port}/postgres" in said
        assert "hush" not in said


def test_definitions_validate_through_dagsters_own_command(home: Path) -> None:
    done = run("dagster", "definitions", "validate")
    assert "All code locations passed validation" in done.stdout + done.stderr


def test_what_an_operator_can_mend_comes_without_a_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@127.0.0.1:1/none")
    for command in (("db", "migrate"), ("dev",), ("db", "start")):
        failed = run(*command, check=False)
        assert failed.returncode == 1
        assert "To mend it:" in failed.stderr
        assert "Traceback" not in failed.stderr
        assert "secret" not in failed.stderr + failed.stdout


def test_doctor_lists_settings_findings_and_remedies(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGE_ENCODER", "python:json:loads")
    monkeypatch.setenv("TEXT_ENCODER", "lexical")
    monkeypatch.setenv("LOOKBOOK_PORT", "0")
    well = run("doctor")
    assert "All is well." in well.stdout
    assert "PIN_RETENTION" in well.stdout
    monkeypatch.setenv("VENUE_LIST", "/nowhere/venues.csv")
    monkeypatch.setenv("CRAWL_HOST_MAP", "/nowhere/hosts.json")
    monkeypatch.setenv("TEXT_ENCODER", "word2vec")
    ill = run("doctor", check=False)
    assert ill.returncode == 1
    assert "PROBLEM venue list: the venue list /nowhere/venues.csv cannot be read" in ill.stdout
    assert "PROBLEM host map: the host map /nowhere/hosts.json cannot be read" in ill.stdout
    assert "PROBLEM text encoder" in ill.stdout
    assert "3 to mend." in ill.stdout


def test_token_key_makes_a_usable_key() -> None:
    from cryptography.fernet import Fernet

    Fernet(run("token-key").stdout.strip())


def test_dev_survives_kill_9_and_ends_on_ctrl_c(home: Path, port: int) -> None:
    killed = Dev(port)
    killed.wait_for("Serving dagster-webserver")
    children = psutil.Process(killed.process.pid).children(recursive=True)
    killed.process.kill()
    killed.process.wait(timeout=10)
    # The kernel tells Dagster that its parent is gone; it ends, and with it everything it started.
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []

    again = Dev(port)
    again.wait_for("Serving dagster-webserver")
    query = "{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } } }"
    answer = httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": query}, timeout=60).json()
    (location,) = answer["data"]["workspaceOrError"]["locationEntries"]
    assert location == {"name": "venue-taste", "locationOrLoadError": {"__typename": "RepositoryLocation"}}

    taken = run("dev", "--port", str(port), check=False)
    assert "--port" in taken.stderr
    again.process.send_signal(signal.SIGINT)
    output, _ = again.process.communicate(timeout=60)
    assert again.process.returncode == 0, output
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}")
