"""Running Dagster's command on this project: its home folder, its environment, and the child process's life."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.settings import Settings

_PROJECT: Final = Path(__file__).resolve().parent.parent
_INSTANCE: Final = _PROJECT / "dagster.yaml"
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h

WORKSPACE: Final = _PROJECT / "workspace.yaml"
"""The workspace file that names this project's code location."""


def environment(urls: DatabaseUrls, settings: Settings) -> dict[str, str]:
    """Environment for a Dagster process: DAGSTER_HOME (made here), its database, and the project on its path.

    A DAGSTER_HOME that is set already is respected, dagster.yaml and all.
    """
    home = os.environ.get("DAGSTER_HOME")
    if home is None:
        folder = settings.venue_taste_home / "dagster"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_INSTANCE, folder / "dagster.yaml")
        home = str(folder)
    path = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH"))))
    return {
        **os.environ,
        "DAGSTER_HOME": home,
        "DAGSTER_POSTGRES_URL": urls.dagster.render_as_string(hide_password=False),
        "VENUE_TASTE_HOME": str(settings.venue_taste_home),
        "PYTHONPATH": path,
    }


def run_dagster(arguments: Sequence[str], urls: DatabaseUrls, settings: Settings) -> int:
    """Run `dagster ARGUMENTS` until it ends; its exit code."""
    return run([sys.executable, "-m", "dagster", *arguments], environment(urls, settings))


def run(command: Sequence[str], env: Mapping[str, str], *, interactive: bool = False) -> int:
    """Run a command in the foreground; signals to us reach it once, and it ends when we do, even by kill -9.

    An `interactive` command (psql) shares our terminal and gets its Ctrl-C from there.

    Returns its exit code, as a shell would (128 + signal number when a signal ended it).
    """
    child = subprocess.Popen(  # noqa: S603 - our own command line
        command, env=env, preexec_fn=_die_with_parent, process_group=None if interactive else 0
    )

    def pass_on(number: int, _: FrameType | None) -> None:
        if not (interactive and number == signal.SIGINT):
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _die_with_parent() -> None:
    # A shell's background job starts with SIGINT ignored, and the child would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Were we killed with -9, Dagster would go on and hold the port: have the kernel end it (Linux only).
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def require_free_port(port: int) -> None:
    """Check that a server can listen on a loopback port.

    Raises:
        SetupError: something listens there already.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetupError(f"port {port} is taken: {error.strerror}", "choose another with --port") from error
