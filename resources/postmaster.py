"""A running Postgres server, found through the `postmaster.pid` in its data directory, and how true that file is.

Starting and stopping are `resources.embedded_postgres`.
"""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil

from resources.errors import SetupError
from resources.server_account import owner_of, user_name

SUPERUSER: Final = "postgres"
"""The database user the embedded cluster is made with."""

_ORPHANS_TIMEOUT_S: Final = 30


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A live postmaster: its process id, socket directory and port (the port only names the socket file)."""

    pid: int
    socket_dir: str
    port: int

    def url(self, database: str) -> str:
        """Address for libpq of a database on this server, without a SQLAlchemy driver name."""
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(self.socket_dir, safe='/')}&port={self.port}"


def find_running(data_dir: Path) -> RunningServer | None:
    """The server on a data directory, if `postmaster.pid` names one and that is true.

    Raises:
        SetupError: the directory belongs to another account, or its server listens out of our reach.
    """
    # The file's lines: process id, directory, start time, port, socket directory, ...
    lines = _pid_file_lines(data_dir)
    pid = _process_id(lines)
    if len(lines) < 5 or not lines[3].isdigit() or pid is None or not _is_served_by(data_dir, pid):
        return None
    server = RunningServer(pid=pid, port=int(lines[3]), socket_dir=lines[4])
    if not server.socket_dir or not Path(server.socket_dir, f".s.PGSQL.{server.port}").exists():
        raise SetupError(
            f"{data_dir} is in use by another Postgres server (process {server.pid}) that has no socket here",
            "stop that server, or set VENUE_TASTE_HOME to another folder, or DATABASE_URL to that server",
        )
    return server


def _pid_file_lines(data_dir: Path) -> list[str]:
    try:
        return (data_dir / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except PermissionError as error:
        raise SetupError(
            f"{data_dir} belongs to {owner_of(data_dir)}, and you are {user_name(os.geteuid())}",
            "run as its owner, or set VENUE_TASTE_HOME to a folder of your own",
        ) from error


def _is_served_by(data_dir: Path, pid: int) -> bool:
    """Whether the process is a Postgres server on our directory: each works in the directory it serves."""
    # After a crash or a container restart the pid may belong to any other program: ask what it really is.
    try:
        return _is_postgres(pid) and Path(psutil.Process(pid).cwd()).samefile(data_dir)
    except psutil.AccessDenied:
        return True  # it runs under another account, and we had better believe the file
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False


def remove_stale_pid_file(data_dir: Path) -> None:
    """Clear away what a crash left, when `find_running` found nothing.

    Raises:
        SetupError: a server is on the directory all the same (it is starting).
    """
    # Postgres itself refuses to start when the pid in its file is alive, even if it is another program by now.
    if (data_dir / "postmaster.pid").exists():
        pid = _process_id(_pid_file_lines(data_dir))
        if pid is not None and _is_served_by(data_dir, pid):
            raise SetupError(
                f"{data_dir} is in use by another Postgres server (process {pid})",
                "stop that server, or set VENUE_TASTE_HOME to another folder",
            )
        # Children of a killed postmaster hold its shared memory until they end.
        wait_for_orphans(data_dir)
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def remove_stale_sockets(socket_dir: Path) -> None:
    """Clear away the sockets and their lock files that a crash left; only when no server of ours is alive.

    Args:
        socket_dir: the folder for this data directory's sockets alone.
    """
    # The lock file has the dead server's pid as well, and Postgres judges it as it does the one in `postmaster.pid`.
    for leftover in socket_dir.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def end_servers_of_deleted(data_dir: Path) -> None:
    """End servers of a directory that was deleted under them, where a new one is to run; what they served is gone.

    Left to itself such a server notices within a minute, and takes the sockets of this path with it: the new server's.
    """
    ending = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            if _works_on(data_dir, process) and _is_in_deleted(process.pid):
                process.send_signal(signal.SIGQUIT)
                ending.append(process)
    psutil.wait_procs(ending, timeout=_ORPHANS_TIMEOUT_S)


def _is_in_deleted(pid: int) -> bool:
    return os.stat(f"/proc/{pid}/cwd").st_nlink == 0  # noqa: PTH116 - a Path would be resolved, and nothing is there


def wait_for_orphans(data_dir: Path) -> None:
    """Wait, within bounds, for Postgres's processes on a data directory that were left alone.

    Without their postmaster, and an `initdb` without whoever started it, they end by themselves within moments.
    """
    psutil.wait_procs([p for p in psutil.process_iter() if _works_on(data_dir, p)], timeout=_ORPHANS_TIMEOUT_S)


def _works_on(data_dir: Path, process: psutil.Process) -> bool:
    try:
        if process.name() == "initdb":  # works elsewhere
            return str(data_dir) in process.cmdline()
        return process.name().startswith("postgres") and Path(process.cwd()) == data_dir
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return False


def _process_id(pid_file_lines: list[str]) -> int | None:
    # A power cut leaves an empty file, or any bytes; a server in single-user mode writes a negative number.
    first = pid_file_lines[0].strip() if pid_file_lines else ""
    return int(first) if first.isascii() and first.isdigit() else None


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        # A container without an init keeps a dead postmaster's entry for ever.
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
