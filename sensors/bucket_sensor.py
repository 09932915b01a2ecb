"""Sensors that run a job where something is due, bucket by bucket or in one: thin, around a query and the planner."""

# No `from __future__ import annotations`: Dagster reads the parameters' annotations itself.
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection

from resources.database_resource import DatabaseResource
from sensors.jobs import RANGE_END, RANGE_START
from sensors.planner import Plan, plan
from sensors.run_history import CHANGE_TAG, EVERYWHERE, past_runs, past_runs_everywhere
from taste_assets.due_buckets import DueBucket

INTERVAL_S: Final = 30
"""Between ticks: a pin that somebody sets is noticed within so long after its board was listed."""

DueQuery = Callable[[Connection, datetime], list[DueBucket]]

_Answer = Callable[[dg.SensorEvaluationContext, list[DueBucket], datetime], dg.SensorResult]


def bucket_sensor(
    name: str,
    job: Any,
    due: DueQuery,
    description: str,
    *,
    interval_s: int = INTERVAL_S,
    waits_for: Sequence[str] = (),
) -> dg.SensorDefinition:
    """A sensor that is on by default.

    Args:
        name: of the sensor.
        job: an asset job whose assets are partitioned by user bucket.
        due: which buckets want a run of it at a time; its answer must change when a run has done its work.
        description: for the UI.
        interval_s: least seconds between ticks.
        waits_for: jobs whose active runs of a bucket are waited for, too.
    """

    def requests_of(context: dg.SensorEvaluationContext, found: list[DueBucket], now: datetime) -> dg.SensorResult:
        planned = plan(found, past_runs(context.instance, job.name, found, waits_for), now)
        context.log.info(_in_words(planned))
        requests = [
            dg.RunRequest(run_key=one.run_key, partition_key=f"{one.bucket:02d}", tags={CHANGE_TAG: one.change})
            for one in planned.requests
        ]
        if not requests:
            return dg.SensorResult(skip_reason=_in_words(planned))
        return dg.SensorResult(run_requests=requests)

    return _due_sensor(name, job, due, description, interval_s, requests_of)


def everywhere_sensor(
    name: str, job: Any, due: DueQuery, description: str, *, interval_s: int = INTERVAL_S
) -> dg.SensorDefinition:
    """A sensor that is on by default, and runs all buckets that are due in one run, one run at a time.

    For jobs that a pool would run one after the other anyway, and that do little in a bucket: starting a process for
    each would take longer than the work. Arguments as of `bucket_sensor`.
    """

    def request_of(context: dg.SensorEvaluationContext, found: list[DueBucket], now: datetime) -> dg.SensorResult:
        versions = "".join(f"{one.bucket:02d}{one.version}" for one in found)
        digest = hashlib.blake2b(versions.encode(), digest_size=16).hexdigest()
        whole = DueBucket(EVERYWHERE, digest, sum(one.people for one in found))
        planned = plan([whole], past_runs_everywhere(context.instance, job.name), now)
        if not planned.requests:
            until = planned.resting.get(EVERYWHERE)
            reason = f"resting after failures until {until:%H:%M:%S}" if until else "a run is under way"
            return dg.SensorResult(skip_reason=reason)
        (request,) = planned.requests
        # Buckets in between that are not due cost a query each.
        buckets = {RANGE_START: f"{found[0].bucket:02d}", RANGE_END: f"{found[-1].bucket:02d}"}
        change = f"all:{request.version}"
        run = dg.RunRequest(run_key=f"{change}:{request.attempt}", tags={CHANGE_TAG: change, **buckets})
        return dg.SensorResult(run_requests=[run])

    return _due_sensor(name, job, due, description, interval_s, request_of)


def _due_sensor(
    name: str, job: Any, due: DueQuery, description: str, interval_s: int, answer: _Answer
) -> dg.SensorDefinition:
    """A sensor that asks what is due, and answers with runs where anything is."""

    @dg.sensor(
        name=name,
        job=job,
        minimum_interval_seconds=interval_s,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=description,
    )
    def evaluate(context: dg.SensorEvaluationContext, database: DatabaseResource) -> dg.SensorResult:
        now = datetime.now(UTC)
        with database.engine.connect() as connection:
            found = due(connection, now)
        if not found:
            return dg.SensorResult(skip_reason="nothing is due")
        return answer(context, found, now)

    return evaluate


def _in_words(planned: Plan) -> str:
    resting = ", ".join(f"{bucket:02d} until {until:%H:%M:%S}" for bucket, until in sorted(planned.resting.items()))
    parts = {
        "running": ", ".join(f"{bucket:02d}" for bucket in planned.running),
        "resting after failures": resting,
        "no room yet": ", ".join(f"{bucket:02d}" for bucket in planned.postponed),
    }
    said = "; ".join(f"{what}: {buckets}" for what, buckets in parts.items() if buckets)
    return f"{len(planned.requests)} buckets to run" + (f"; {said}" if said else "")
