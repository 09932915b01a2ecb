"""A home of a benchmark's own, for as long as it runs: settings, migrated database, Dagster's instance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from sqlalchemy import Engine

from resources.asset_runs import instance_for_runs
from resources.dagster_home import dagster_environment
from resources.database import connect, database
from resources.migrate import prepare
from resources.processes import environment_variables
from resources.settings import Settings, load_settings

# Empty is unset: whatever database the caller works with is left alone.
_UNSET = dict.fromkeys(("DATABASE_URL", "DAGSTER_DATABASE_URL", "PHOTO_STORE_URL"), "")


@dataclass(frozen=True, slots=True)
class OwnHome:
    """What a benchmark measures in."""

    settings: Settings
    engine: Engine
    instance: dg.DagsterInstance


@contextmanager
def own_home(folder: Path, **variables: str) -> Iterator[OwnHome]:
    """A home below this folder, with these environment variables, until the block ends."""
    with ExitStack() as running:
        running.enter_context(environment_variables({**_UNSET, "VENUE_TASTE_HOME": str(folder / "home"), **variables}))
        settings = load_settings()
        urls = running.enter_context(database(settings))
        prepare(urls)
        running.enter_context(environment_variables(running.enter_context(dagster_environment(urls, settings))))
        instance = running.enter_context(instance_for_runs())
        engine = connect(urls.tables)
        running.callback(engine.dispose)
        yield OwnHome(settings, engine, instance)
