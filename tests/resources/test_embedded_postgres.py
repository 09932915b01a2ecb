"""The embedded server: shared by many, kept through crashes, and clear about what it will not touch."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from resources.embedded_postgres import EmbeddedPostgres, binary
from resources.errors import SetupError
from resources.server_account import make_usable, server_identity, server_user

START = "import sys; from pathlib import Path; from resources.embedded_postgres import EmbeddedPostgres; "


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own temporary folder: every pytest that starts closes that one to other accounts again, and
    # Postgres, run by root, is another account.
    path = Path(tempfile.mkdtemp(prefix="venue-taste-embedded-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def embedded(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder / "home" / "postgres")
    yield server
    server.stop()


def count_rows(embedded: EmbeddedPostgres) -> int:
    server, _ = embedded.start()
    with psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def wait_until_gone(pid: int) -> None:
    if psutil.pid_exists(pid):
        _, alive = psutil.wait_procs([psutil.Process(pid)], timeout=10)
        assert not alive


def fill(embedded: EmbeddedPostgres) -> int:
    """Store 1,000 committed rows; the postmaster's process id."""
    server, _ = embedded.start()
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    return server.pid


def test_start_stop_start_keeps_the_data(embedded: EmbeddedPostgres) -> None:
    pid = fill(embedded)
    again, started = embedded.start()
    assert (again.pid, started) == (pid, False)
    assert embedded.stop()
    wait_until_gone(pid)
    assert not embedded.stop()
    assert embedded.running() is None
    assert count_rows(embedded) == 1000


def test_a_server_whose_folder_was_deleted_does_not_take_the_next_ones_socket(
    embedded: EmbeddedPostgres,
) -> None:
    pid = fill(embedded)
    shutil.rmtree(embedded.data_dir)
    server, started = embedded.start()
    assert started
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_processes_that_start_at_once_share_one_server(embedded: EmbeddedPostgres) -> None:
    script = START + "s, new = EmbeddedPostgres(Path(sys.argv[1])).start(); print(s.pid, int(new))"
    command = [sys.executable, "-c", script, str(embedded.data_dir)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [starter.communicate(timeout=60)[0].split() for starter in starters]
    assert len({pid for pid, _ in answers}) == 1
    assert sorted(new for _, new in answers) == ["0", "0", "0", "1"]


def test_a_killed_postmaster_is_recovered_with_all_that_was_committed(embedded: EmbeddedPostgres) -> None:
    pid = fill(embedded)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert count_rows(embedded) == 1000


def test_a_pid_file_that_now_names_another_program_is_stale(embedded: EmbeddedPostgres) -> None:
    fill(embedded)
    embedded.stop()
    # What a crash leaves behind when the machine has since given the number to somebody else: to us.
    (embedded.data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n{embedded.data_dir}\n1\n5432\n/nowhere\n\n")
    assert count_rows(embedded) == 1000


@pytest.mark.parametrize("is_zombie", [False, True])
def test_a_crashes_number_that_the_servers_account_has_again_is_stale(
    embedded: EmbeddedPostgres, is_zombie: bool
) -> None:
    fill(embedded)
    embedded.stop()
    # Of the server's own account: Postgres takes a number that it may not signal for stale by itself. A zombie is what
    # a killed server stays in a container without an init.
    other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **server_identity())
    if is_zombie:
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    lock = f"{other.pid}\n{embedded.data_dir}\n1\n5432\n{embedded.data_dir}\n\n"
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (embedded.data_dir / name).write_text(lock)
    (embedded.data_dir / ".s.PGSQL.5432").touch()
    try:
        assert count_rows(embedded) == 1000
    finally:
        other.communicate()


def test_a_killed_postmaster_is_recovered_at_once_where_nobody_buries_it(embedded: EmbeddedPostgres) -> None:
    fill(embedded)
    embedded.stop()
    # Our own child, which stays a zombie until we wait for it.
    command = [str(binary("postgres")), "-D", str(embedded.data_dir), "-c", "listen_addresses="]
    command += ["-c", f"unix_socket_directories={embedded.data_dir}"]
    with psutil.Popen(command, cwd="/", stderr=subprocess.PIPE, text=True, **server_identity()) as server:
        assert any("ready to accept connections" in line for line in server.stderr)
        server.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
        assert (embedded.data_dir / ".s.PGSQL.5432.lock").exists()
        assert count_rows(embedded) == 1000


def test_an_initialisation_that_was_left_alone_is_not_swept_away_while_it_writes(embedded: EmbeddedPostgres) -> None:
    building = embedded.data_dir.parent / "postgres.initdb-orphan"
    building.mkdir(parents=True)
    make_usable(building)
    # Whoever ends as an orphan of `initdb` writes on, so that what was swept comes back.
    script = '"$@" >/dev/null 2>&1; echo $?'
    initdb = [str(binary("initdb")), "-D", str(building), "-U", "postgres", "--no-sync"]
    command = ["sh", "-c", script, "sh", *initdb]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/", **server_identity()) as orphan:
        while not (building / "PG_VERSION").exists():
            assert orphan.poll() is None
        embedded.start()
        said, _ = orphan.communicate(timeout=60)
    assert said == "0\n", "it came to its end before its folder was taken away"
    assert not list(embedded.data_dir.parent.glob("postgres.initdb-*"))


def test_a_kill_during_initialisation_leaves_nothing_that_looks_whole(embedded: EmbeddedPostgres) -> None:
    # Stop the process inside `initdb`, at the moment its half-made folder appears.
    script = textwrap.dedent("""
        import os, signal, sys, threading
        from pathlib import Path
        from resources.embedded_postgres import EmbeddedPostgres
        data = Path(sys.argv[1])
        def die():
            while not list(data.parent.glob("postgres.initdb-*/PG_VERSION")):
                pass
            os.kill(os.getpid(), signal.SIGKILL)
        threading.Thread(target=die, daemon=True).start()
        EmbeddedPostgres(data).start()
    """)
    killed = subprocess.run([sys.executable, "-c", script, str(embedded.data_dir)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not embedded.data_dir.exists()
    fill(embedded)
    assert count_rows(embedded) == 1000
    assert not list(embedded.data_dir.parent.glob("postgres.initdb-*"))


def test_a_server_outlives_the_command_that_started_it(embedded: EmbeddedPostgres) -> None:
    script = (
        START + "import os, signal; EmbeddedPostgres(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(embedded.data_dir)], check=False)
    assert killed.returncode == -signal.SIGKILL
    _, started = embedded.start()
    assert not started


@pytest.mark.parametrize("content", ["", "\n\n", "\0\0\0\0", "²\n", "-1\n", "never\n/was\n1\na\nserver\n", "9" * 40])
def test_a_pid_file_of_no_sense_is_stale(embedded: EmbeddedPostgres, content: str) -> None:
    fill(embedded)
    embedded.stop()
    (embedded.data_dir / "postmaster.pid").write_text(content)
    assert count_rows(embedded) == 1000


def test_a_pid_file_that_now_names_another_clusters_server_is_stale(embedded: EmbeddedPostgres, folder: Path) -> None:
    fill(embedded)
    embedded.stop()
    neighbour = EmbeddedPostgres(folder / "neighbour" / "postgres")
    other, _ = neighbour.start()
    try:
        # What a crash leaves behind when the number has since been given to a server on another folder.
        lines = (neighbour.data_dir / "postmaster.pid").read_text().splitlines()
        lines[1] = lines[4] = str(embedded.data_dir)
        (embedded.data_dir / "postmaster.pid").write_text("\n".join(lines))
        assert count_rows(embedded) == 1000
        again = neighbour.running()
        assert again is not None
        assert again.pid == other.pid
    finally:
        neighbour.stop()


def test_a_server_that_listens_out_of_our_reach_is_left_alone(embedded: EmbeddedPostgres) -> None:
    server, _ = embedded.start()
    # As a container beside us that mounts the same folder, its socket elsewhere.
    pid_file = embedded.data_dir / "postmaster.pid"
    written = pid_file.read_text()
    lines = written.splitlines()
    lines[4] = "/nowhere"
    pid_file.write_text("\n".join(lines))
    try:
        with pytest.raises(SetupError, match=rf"in use by another Postgres server \(process {server.pid}\)") as caught:
            embedded.start()
        assert "VENUE_TASTE_HOME" in caught.value.remedy
        # A server that has only just begun to write its file.
        pid_file.write_text(f"{server.pid}\n")
        with pytest.raises(SetupError, match=rf"in use by another Postgres server \(process {server.pid}\)"):
            embedded.start()
        assert psutil.pid_exists(server.pid)
    finally:
        pid_file.write_text(written)


SHARE = START + (
    "server = EmbeddedPostgres(Path(sys.argv[1])).shared(); server.__enter__(); print('in', flush=True); "
    "sys.stdin.read(); server.__exit__(None, None, None)"
)


def sharer(embedded: EmbeddedPostgres) -> subprocess.Popen[str]:
    """A process that shares the server, with no connection to it, until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", SHARE, str(embedded.data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    return process


def test_the_last_to_leave_stops_the_server(embedded: EmbeddedPostgres) -> None:
    with embedded.shared():
        other = sharer(embedded)
    assert embedded.running() is not None, "the other process shares it, though it has no connection at this moment"
    other.communicate()
    assert other.returncode == 0
    assert embedded.running() is None


def test_a_killed_sharer_holds_nothing(embedded: EmbeddedPostgres) -> None:
    with embedded.shared():
        other = sharer(embedded)
        other.kill()
        other.communicate()
    assert embedded.running() is None


def test_one_of_dagsters_processes_stops_no_server_that_others_need_at_once(embedded: EmbeddedPostgres) -> None:
    other = sharer(embedded)
    with embedded.shared(keep_running=True):
        other.kill()
        other.communicate()
    assert embedded.running() is not None
    with embedded.shared():
        pass
    assert embedded.running() is None, "it was not made to stay"


def test_a_server_made_to_stay_stays_until_it_is_stopped(embedded: EmbeddedPostgres) -> None:
    with embedded.shared():
        embedded.start()
    assert embedded.running() is not None
    assert embedded.stop_unless_used()
    with embedded.shared(keep_running=True), embedded.shared():
        pass
    server = embedded.running()
    assert server is not None
    # The wish was for that server, and not for the one that follows its crash.
    os.kill(server.pid, signal.SIGKILL)
    wait_until_gone(server.pid)
    with embedded.shared():
        pass
    assert embedded.running() is None


def test_a_server_in_use_is_stopped_only_by_force(embedded: EmbeddedPostgres) -> None:
    assert not embedded.stop_unless_used()
    other = sharer(embedded)
    with pytest.raises(SetupError, match=rf"process {other.pid}\); open connections: 0") as caught:
        embedded.stop_unless_used()
    assert "--force" in caught.value.remedy
    other.communicate()
    server, _ = embedded.start()
    with (
        psycopg.connect(server.url("postgres")),
        pytest.raises(SetupError, match="programs unknown; open connections: 1"),
    ):
        embedded.stop_unless_used()
    assert embedded.running() == server
    assert embedded.stop_unless_used()


def test_folders_that_are_not_ours_to_use_are_refused(embedded: EmbeddedPostgres) -> None:
    embedded.data_dir.mkdir(parents=True)
    (embedded.data_dir / "letter.txt").write_text("dear diary")
    with pytest.raises(SetupError, match="holds files but no Postgres data"):
        embedded.start()
    (embedded.data_dir / "PG_VERSION").write_text("16\n")
    with pytest.raises(SetupError, match="made by Postgres 16"):
        embedded.start()
    assert (embedded.data_dir / "letter.txt").read_text() == "dear diary"


def test_a_folder_of_another_account_is_refused(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can act as two accounts")
    server = EmbeddedPostgres(folder / "postgres")
    fill(server)
    server.stop()
    # Imports come first: another account may not be able to read the interpreter's own files.
    script = START + (
        "import os, pwd; os.setuid(pwd.getpwnam('nobody').pw_uid); EmbeddedPostgres(Path(sys.argv[1])).start()"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script, str(server.data_dir)], capture_output=True, text=True, check=False
    )
    assert "VENUE_TASTE_HOME" in refused.stderr
    assert str(folder) in refused.stderr


def test_a_folder_that_cannot_be_made_names_the_setting() -> None:
    with pytest.raises(SetupError, match="cannot write to") as caught:
        EmbeddedPostgres(Path("/proc/nowhere/postgres")).start()
    assert "VENUE_TASTE_HOME" in caught.value.remedy


def test_a_path_too_long_for_a_socket_works(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("long" * 30) / "postgres")
    fill(server)
    try:
        assert count_rows(server) == 1000
    finally:
        server.stop()


def test_a_start_that_fails_quotes_the_log(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres", {"shared_buffers": "nonsense"})
    with pytest.raises(SetupError, match="invalid value for parameter"):
        server.start()


def test_the_server_does_not_run_as_root(embedded: EmbeddedPostgres) -> None:
    server, _ = embedded.start()
    assert psutil.Process(server.pid).username() == (server_user() or psutil.Process().username())
    assert not [item for item in psutil.Process(server.pid).net_connections(kind="inet") if item.status == "LISTEN"]
