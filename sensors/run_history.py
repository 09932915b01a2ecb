"""How earlier runs of buckets went, read from Dagster's run storage for `sensors.planner`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import dagster as dg

from sensors.planner import PastRun, change
from taste_assets.due_buckets import DueBucket

CHANGE_TAG: Final = "venue-taste/change"
"""Run tag with `planner.change`: what a run was asked for."""

EVERYWHERE: Final = -1
"""Stands for all buckets in `PastRun` and `DueBucket`, where a job is run for all at once."""

_PARTITION_TAG: Final = "dagster/partition"
_UNDER_WAY: Final = [
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]  # fmt: skip
_LAST_RUNS: Final = 12
"""Runs of a bucket that are looked at for failures in a row: doubling has reached its end before."""


def past_runs(
    instance: dg.DagsterInstance, job_name: str, due: Sequence[DueBucket], waits_for: Sequence[str] = ()
) -> Iterator[PastRun]:
    """Earlier runs of a job for these buckets: all that were asked for what is due now, and the last of each bucket.

    Runs that were created and never queued are left out: asked for again under the same key, the daemon starts them.

    Args:
        instance: whose run storage is read.
        job_name: of the job.
        due: buckets with something due.
        waits_for: other jobs, of which the active runs of these buckets count as active runs of this one.
    """
    changes = [change(one.bucket, one.version) for one in due]
    keys = [f"{one.bucket:02d}" for one in due]
    records = [
        *instance.get_run_records(dg.RunsFilter(job_name=job_name, tags={CHANGE_TAG: changes})),
        *instance.get_run_records(
            dg.RunsFilter(job_name=job_name, tags={_PARTITION_TAG: keys}), limit=_LAST_RUNS * len(keys)
        ),
    ]
    for record in {record.dagster_run.run_id: record for record in records}.values():
        past = _past_run(record)
        if past is not None:
            yield past
    for other in waits_for:
        under_way = dg.RunsFilter(job_name=other, tags={_PARTITION_TAG: keys}, statuses=_UNDER_WAY)
        for run in instance.get_runs(under_way):
            yield PastRun(int(run.tags[_PARTITION_TAG]), None, "active")


def past_runs_everywhere(instance: dg.DagsterInstance, job_name: str) -> Iterator[PastRun]:
    """The last runs of a job that is run for all buckets at once, each as of `EVERYWHERE`, whoever started it.

    Args:
        instance: whose run storage is read.
        job_name: of the job.
    """
    for record in instance.get_run_records(dg.RunsFilter(job_name=job_name), limit=_LAST_RUNS):
        past = _past_run(record, EVERYWHERE)
        if past is not None:
            yield past


def _past_run(record: dg.RunRecord, bucket: int | None = None) -> PastRun | None:
    run = record.dagster_run
    if run.status == dg.DagsterRunStatus.NOT_STARTED:
        return None
    bucket = int(run.tags[_PARTITION_TAG]) if bucket is None else bucket
    asked_for = run.tags.get(CHANGE_TAG)
    version = None if asked_for is None else asked_for.partition(":")[2]
    if not run.is_finished:
        return PastRun(bucket, version, "active")
    ended = record.update_timestamp if record.end_time is None else datetime.fromtimestamp(record.end_time, UTC)
    return PastRun(bucket, version, "succeeded" if run.is_success else "failed", ended.astimezone(UTC))
