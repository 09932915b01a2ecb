"""Running Dagster's command on this project: its home folder and its environment."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from resources.database import DatabaseUrls
from resources.dead_runs import attendance, bury_dead_runs
from resources.errors import SetupError
from resources.processes import environment_variables, run
from resources.settings import Settings

_PROJECT: Final = Path(__file__).resolve().parent.parent
_INSTANCE: Final = _PROJECT / "dagster.yaml"

_WORKSPACE: Final = _PROJECT / "workspace.yaml"
_EXPECTED_WARNING: Final = "ignore:Function `dev_command` is superseded"
"""Dagster would have everybody use `dg dev`, which needs a project of its own layout; its version is pinned here."""


@contextmanager
def dagster_environment(urls: DatabaseUrls, settings: Settings) -> Iterator[Mapping[str, str]]:
    """Variables for Dagster processes that live within the block: DAGSTER_HOME, its database, the project's path.

    The home is a folder in VENUE_TASTE_HOME, made here, and runs that were killed there are buried first. A
    DAGSTER_HOME that is set already is respected, dagster.yaml and all; its runs may live on other machines.
    """
    given = os.environ.get("DAGSTER_HOME")
    home = Path(given) if given else settings.venue_taste_home / "dagster"
    variables = {
        "DAGSTER_HOME": str(home),
        "DAGSTER_POSTGRES_URL": urls.dagster.render_as_string(hide_password=False),
        **settings.places(),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH")))),
    }
    if given:
        yield variables
        return
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_INSTANCE, home / "dagster.yaml")
    if settings.database_url is not None or settings.dagster_database_url is not None:
        yield variables  # a shared storage: runs under way there may be alive on other machines
        return
    with attendance(home, lambda: _bury(variables)):
        yield variables


def _bury(variables: Mapping[str, str]) -> None:
    from dagster import DagsterInstance

    with environment_variables(variables), DagsterInstance.get() as instance:
        bury_dead_runs(instance)


def run_dagster(arguments: Sequence[str], urls: DatabaseUrls, settings: Settings) -> int:
    """Run `dagster ARGUMENTS` until it ends; its exit code."""
    with dagster_environment(urls, settings) as variables:
        return run([sys.executable, "-m", "dagster", *arguments], {**os.environ, **variables})


def run_dev(port: int, urls: DatabaseUrls, settings: Settings) -> int:
    """Run Dagster's UI on this port of 127.0.0.1, and its daemon, until Ctrl-C; the exit code."""
    arguments = ["dev", "--workspace", str(_WORKSPACE), "--host", "127.0.0.1", "--port", str(port)]
    with dagster_environment(urls, settings) as variables:
        warnings = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), _EXPECTED_WARNING)))
        # In its home: in a folder with another dagster.yaml, such as this project's, it says which of them counts.
        return run(
            [sys.executable, "-m", "dagster", *arguments],
            {**os.environ, **variables, "PYTHONWARNINGS": warnings},
            folder=Path(variables["DAGSTER_HOME"]),
        )


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
