"""Dagster runs that ended without a word: found when nobody can be running them, failed, and their pool slots freed.

A run whose whole process tree was killed stays "started" for ever and keeps its slots, and the next run would wait
for them. Dagster's monitoring sees the death of a run's process only while the code server that started it lives.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dagster import DagsterInstance

_MESSAGE: Final = "The process of this run was killed; whoever started Dagster next found it so."


@contextmanager
def attendance(folder: Path, when_alone: Callable[[], object]) -> Iterator[None]:
    """Be counted, for as long as the block runs, as a process that may run Dagster runs out of `folder`.

    Args:
        folder: a DAGSTER_HOME on this machine; made when missing.
        when_alone: called before the block if nobody else is counted: then every run under way is dead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The kernel drops the lock with the process, however it ends; children do not inherit it (PEP 446).
    with (folder / ".attendance").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            when_alone()
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def bury_dead_runs(instance: DagsterInstance) -> list[str]:
    """Mark as failed every run that is under way, and free its slots; their ids. Only for `attendance` that is alone.

    Queued runs are left: they have no process yet, and the daemon will start them. Where a daemon runs, `run_retries`
    starts the failed ones again.
    """
    from dagster import DagsterRunStatus, RunsFilter

    under_way = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    dead = instance.get_runs(filters=RunsFilter(statuses=under_way))
    for run in dead:
        instance.report_run_failed(run, _MESSAGE)
        if instance.event_log_storage.supports_global_concurrency_limits:
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]
