"""Who uses the embedded server: a lock every user holds for as long as it does, and the question who they are.

The kernel drops a `flock` with its process, so nobody has to clean up after a kill. Starting and stopping are
`resources.embedded_postgres`.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

import psutil
import psycopg


def hold(file: Path) -> IO[str]:
    """Count as a user until the returned handle is closed."""
    handle = file.open("w")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def is_held(file: Path) -> bool:
    """Whether anybody counts as a user now, this process included."""
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def holders(file: Path) -> list[str]:
    """The processes that have the lock's file open, as "name (process 123)"; those of other accounts may be missing."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(opened.path == str(file) for opened in process.open_files()):
                found.append(f"{process.name()} (process {process.pid})")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it ended while we looked, or belongs to somebody else
    return found


def connection_count(maintenance_url: str) -> int | None:
    """Connections of clients other than this one; None when the server does not let us ask."""
    try:
        connection = psycopg.connect(maintenance_url, autocommit=True)
    except psycopg.OperationalError:
        return None
    with connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    return int(row[0]) if row is not None else 0
