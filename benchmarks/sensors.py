"""What the sensors of taste cost with many people, when nothing changed and when much did.

Of `board_changes` the whole evaluation is timed, as the daemon asks for it: the query, the runs of the past, the plan.
Of `list_changes` and `sharing_changes` the question they ask the database, with 150,000 photographs: the rest is the
same. Dagster gives a sensor 60 s.

    python -m benchmarks.sensors [--users 100000] [--json]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dagster as dg
from sqlalchemy import text

from benchmarks.figures import print_figures
from benchmarks.own_home import own_home
from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.photo_store_resource import PhotoStoreResource
from resources.spaces import current_space
from sensors.jobs import taste_refresh
from sensors.run_history import CHANGE_TAG
from sensors.taste_sensors import board_changes
from taste_assets.clusters import taste_clusters
from taste_assets.due_lists import buckets_to_list, buckets_to_match
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.pins import pins
from taste_assets.taste_options import TasteOptions
from taste_assets.venue_catalogue import catalogue_version

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECONDS_LIMIT: Final = 1.0
"""For a tick; Dagster's own limit is 60."""

CHANGED: Final = 1000
"""People who changed."""

LISTS_LIMIT: Final = 3.0
"""Seconds for the questions about lists, which are asked once a minute."""

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

# 10,000 venues with 15 photographs each; everybody has three tastes, shares them, and has lists of venues and people
# that are current.
_LISTS: Final = (
    """INSERT INTO venues (venue_id, site_url, bucket, status, crawled_at)
       SELECT gen_random_uuid(), 'https://v' || n || '.test', n % 16, 'crawled', now()
       FROM generate_series(1, 10000) AS n""",
    """INSERT INTO photos (photo_id, mime, width, height, bytes)
       SELECT encode(sha256(concat(venue_id, n)::bytea), 'hex'), 'image/jpeg', 1, 1, 1
       FROM venues, generate_series(1, 15) AS n""",
    """INSERT INTO venue_photos (venue_id, photo_id, source_url, page_url, position)
       SELECT venue_id, encode(sha256(concat(venue_id, n)::bytea), 'hex'), concat(site_url, '/', n), site_url, n
       FROM venues, generate_series(1, 15) AS n""",
    """INSERT INTO photo_embeddings (photo_id, space_id, dim, embedding)
       SELECT photo_id, 's', 8, '[1,0,0,0,0,0,0,0]' FROM photos""",
    """INSERT INTO taste_clusters (cluster_id, user_id, cluster_index, polarity, space_id, dim, medoid_vector,
           centroid_vector, weight, pin_count, updated_at)
       SELECT gen_random_uuid(), user_id, n, 'positive', 's', 8, '[1,0,0,0,0,0,0,0]', '[1,0,0,0,0,0,0,0]', 0.3, 5,
           clustered_at
       FROM taste_states, generate_series(0, 2) AS n""",
    """UPDATE users SET shares_taste = true""",
    """INSERT INTO taste_match_states (user_id, inputs_hash, space_id, list_length, run_id, generated_at)
       SELECT user_id, 'h', 's', 0, 'r', now() FROM users""",
    """INSERT INTO recommendation_states (user_id, inputs_hash, space_id, list_length, run_id, generated_at, kind,
           taste_as_of, wishes_md5, catalogue_hash)
       SELECT user_id, 'h', 's', 0, 'r', now(), 'taste', clustered_at,
           md5(preferences::text || chr(10) || coalesce(preference_text, '')), :catalogue
       FROM users JOIN taste_states USING (user_id)""",
    """UPDATE taste_states SET taste_version = users.taste_version FROM users
       WHERE users.user_id = taste_states.user_id""",
)
_ALL_DUE: Final = (
    """UPDATE recommendation_states SET catalogue_hash = 'of other venues'""",
    """DELETE FROM taste_match_states""",
)


def measure(user_count: int) -> dict[str, Any]:
    """Times on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch, own_home(Path(scratch)) as home:
        engine, instance = home.engine, home.instance
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
        about_lists = _questions_about_lists(engine)
    slowest = max(quiet, changed, with_history)
    return {
        "users": user_count,
        "tick_seconds_quiet": quiet,
        "tick_seconds_1000_changed": changed,
        "tick_seconds_1000_changed_with_past_runs": with_history,
        "runs_asked_for": len(requests),
        "tick_seconds_limit": SECONDS_LIMIT,
        **about_lists,
        "lists_seconds_limit": LISTS_LIMIT,
        "within_limits": slowest <= SECONDS_LIMIT and max(about_lists.values()) <= LISTS_LIMIT,
    }


def _questions_about_lists(engine: Engine) -> dict[str, float]:
    """Median seconds of what the sensors of lists ask."""
    *rest, lists, versions = _LISTS
    _execute(engine, rest, {})
    with engine.connect() as connection:
        space = current_space(connection, "image")
        if space is None:
            raise RuntimeError("no image space is current")
        catalogue = catalogue_version(connection, space, None).hash_for(wishes=False, words=False)
    _execute(engine, (lists, versions, "ANALYZE"), {"catalogue": catalogue})
    found = {}
    for state, changes in (("quiet", ()), ("all_due", (*_ALL_DUE, "ANALYZE"))):
        _execute(engine, changes, {})
        for name, question in (("buckets_to_list", buckets_to_list), ("buckets_to_match", buckets_to_match)):
            seconds = []
            for _ in range(_TICKS):
                with engine.connect() as connection:
                    started = time.perf_counter()
                    due = question(connection, datetime.now(UTC))
                    seconds.append(time.perf_counter() - started)
                if bool(due) != (state == "all_due"):
                    raise RuntimeError(f"{name}: {len(due)} buckets are due, and the state is {state}")
            found[f"{name}_seconds_{state}"] = round(statistics.median(seconds), 3)
    return found


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
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
