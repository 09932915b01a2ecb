"""Running Dagster's command on this project: its home folder and its environment."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.processes import run
from resources.settings import Settings

_PROJECT: Final = Path(__file__).resolve().parent.parent
_INSTANCE: Final = _PROJECT / "dagster.yaml"

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
