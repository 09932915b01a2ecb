"""Runs whose process was killed are found by the next one that is alone, and hold nothing up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg

from resources.dead_runs import attendance, bury_dead_runs


def test_only_who_is_alone_buries(tmp_path: Path) -> None:
    calls: list[str] = []
    with attendance(tmp_path, lambda: calls.append("first")):
        with attendance(tmp_path, lambda: calls.append("second")):
            pass
        script = "import sys; from pathlib import Path; from resources.dead_runs import attendance\n" \
                 "with attendance(Path(sys.argv[1]), lambda: print('other')): pass"  # fmt: skip
        other = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
        )
    with attendance(tmp_path, lambda: calls.append("third")):
        pass
    assert (calls, other.stdout) == (["first", "third"], "")


def test_a_dead_run_is_failed_and_its_slot_is_free_again(instance: dg.DagsterInstance) -> None:
    @dg.op(pool="crawl")
    def work() -> None:
        """Hold the pool's only slot."""

    @dg.job
    def job() -> None:
        work()

    storage = instance.event_log_storage
    storage.set_concurrency_slots("crawl", 1)
    dead = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    waiting = instance.create_run_for_job(job, status=dg.DagsterRunStatus.NOT_STARTED)
    assert storage.claim_concurrency_slot("crawl", dead.run_id, "work").is_claimed
    assert storage.get_concurrency_info("crawl").active_run_ids == {dead.run_id}

    assert bury_dead_runs(instance) == [dead.run_id]
    assert storage.claim_concurrency_slot("crawl", waiting.run_id, "work").is_claimed
    statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses == {dead.run_id: dg.DagsterRunStatus.FAILURE, waiting.run_id: dg.DagsterRunStatus.NOT_STARTED}
    assert bury_dead_runs(instance) == []
