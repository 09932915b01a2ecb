"""What a tick of the sensor `board_changes` costs with many people: when nothing changed, and when a thousand did.

The whole evaluation is timed, as the daemon asks for it: the query, the runs of the past, the plan. Dagster gives a
sensor 60 s.

    python -m benchmarks.sensors [--users 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dagster as dg
from sqlalchemy import text

from resources.dagster_home import dagster_environment
from resources.database import connect, database
from resources.database_resource import DatabaseResource
from resources.encoders.load import EncodersResource
from resources.migrate import prepare
from resources.photo_store_resource import PhotoStoreResource
from resources.processes import environment_variables
from resources.settings import load_settings
from sensors.jobs import taste_refresh
from sensors.run_history import CHANGE_TAG
from sensors.taste_sensors import board_changes
from taste_assets.clusters import taste_clusters
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.pins import pins
from taste_assets.taste_options import TasteOptions

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECONDS_LIMIT: Final = 1.0
"""For a tick; Dagster's own limit is 60."""

CHANGED: Final = 1000
"""People who changed."""

_TICKS: Final = 5

# Ids are made by the server; that buckets are not those of the ids' hashes makes no difference here.
_PEOPLE: Final = (
    """INSERT INTO embedding_spaces (space_id, modality, model, revision, dim) VALUES ('s', 'image', 'm', '1', 8)""",
    """INSERT INTO current_spaces (modality, space_id) VALUES ('image', 's')""",
    """INSERT INTO users (user_id, handle, bucket) SELECT gen_random_uuid(), 'user ' || n, n % 32
       FROM generate_series(1, :users) AS n""",
    """INSERT INTO boards (user_id, board_id, fingerprint, synced_fingerprint)
       SELECT user_id, 'b' || n, 'f', 'f' FROM users, generate_series(1, 3) AS n""",
    """INSERT INTO taste_states SELECT user_id, taste_version, 's', 'h', 'm', 'none', NULL, 0, 0, 'r', now()
       FROM users""",
    """ANALYZE""",
)


def measure(user_count: int) -> dict[str, Any]:
    """Times on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch, ExitStack() as running:
        # Empty is unset: whatever database the caller works with is left alone.
        own = dict.fromkeys(("DATABASE_URL", "DAGSTER_DATABASE_URL", "PHOTO_STORE_URL"), "")
        running.enter_context(environment_variables(own | {"VENUE_TASTE_HOME": str(Path(scratch, "home"))}))
        settings = load_settings()
        urls = running.enter_context(database(settings))
        prepare(urls)
        running.enter_context(environment_variables(running.enter_context(dagster_environment(urls, settings))))
        instance = running.enter_context(dg.DagsterInstance.get())
        engine = connect(urls.tables)
        running.callback(engine.dispose)
        _execute(engine, _PEOPLE, {"users": user_count})
        quiet, requests = _ticks(instance)
        if requests:
            raise RuntimeError("nothing changed, and runs were asked for")
        change = (
            "UPDATE users SET taste_version = taste_version + 1 WHERE user_id IN (SELECT user_id FROM users LIMIT :n)"
        )
        _execute(engine, (change,), {"n": CHANGED})
        changed, requests = _ticks(instance)
        _remember(instance, requests)
        with_history, _ = _ticks(instance)
    slowest = max(quiet, changed, with_history)
    return {
        "users": user_count,
        "tick_seconds_quiet": quiet,
        "tick_seconds_1000_changed": changed,
        "tick_seconds_1000_changed_with_past_runs": with_history,
        "runs_asked_for": len(requests),
        "tick_seconds_limit": SECONDS_LIMIT,
        "within_limits": slowest <= SECONDS_LIMIT,
    }


def _execute(engine: Engine, statements: Sequence[str], values: Mapping[str, Any]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values if ":" in statement else {})


def _definitions() -> dg.Definitions:
    return dg.Definitions(
        assets=[pins, pin_embeddings, taste_clusters],
        jobs=[taste_refresh],
        sensors=[board_changes],
        resources={
            "database": DatabaseResource(), "photo_store": PhotoStoreResource(), "encoders": EncodersResource(),
            "taste_options": TasteOptions(),
        },
    )  # fmt: skip


def _ticks(instance: dg.DagsterInstance) -> tuple[float, list[dg.RunRequest]]:
    """Median seconds of a tick, and what the last one asked for. The first ones fill the server's caches."""
    repository = _definitions().get_repository_def()
    seconds = []
    requests: list[dg.RunRequest] = []
    for _ in range(_TICKS):
        started = time.perf_counter()
        with dg.build_sensor_context(
            instance=instance, repository_def=repository, resources={"database": DatabaseResource()}
        ) as context:
            requests = list(board_changes.evaluate_tick(context).run_requests or [])
        seconds.append(time.perf_counter() - started)
    return round(statistics.median(seconds), 3), requests


def _remember(instance: dg.DagsterInstance, requests: Sequence[dg.RunRequest]) -> None:
    """Twenty failed runs of every bucket that is asked for."""
    job = _definitions().resolve_job_def("taste_refresh")
    for request in requests:
        for attempt in range(20):
            tags = {
                CHANGE_TAG: request.tags[CHANGE_TAG], "dagster/partition": request.partition_key or "",
                "dagster/run_key": f"{request.tags[CHANGE_TAG]}:{attempt}",
            }  # fmt: skip
            instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.FAILURE)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sensors", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--users", type=int, default=100_000, help="people in the database")
    options = parser.parse_args()
    figures = measure(options.users)
    for name, value in figures.items():
        sys.stdout.write(f"{name:42} {value}\n")
    if options.json:
        sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
