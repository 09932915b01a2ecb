"""Which buckets to run now: a pure function of what is due and of how earlier runs went.

It remembers nothing. What is due stands in our tables until it is done, and how runs went stands in Dagster's run
storage, so a daemon that dies, or a run that does, loses no change and repeats none. No Dagster, no SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from taste_assets.due_buckets import DueBucket

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of a bucket that was asked for before.

    Attributes:
        bucket: its partition.
        version: of what was due when it was asked for; None when a person started it.
        state: `active` from when it is queued until it has ended.
        ended_at: when; None while active.
    """

    bucket: int
    version: str | None
    state: Literal["active", "succeeded", "failed"]
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BucketRequest:
    """A run to ask for; `attempt` counts from 0 those of the same version."""

    bucket: int
    version: str
    attempt: int

    @property
    def change(self) -> str:
        """Names what the run is for, whatever number of attempts it takes."""
        return change(self.bucket, self.version)

    @property
    def run_key(self) -> str:
        """Dagster starts one run for a key, however often it is asked for."""
        return f"{self.change}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """How hard to push.

    Attributes:
        most_requests: runs asked for in one tick.
        first_wait: after a first run that did not do what was due; doubled for each further one.
        longest_wait: where doubling ends.
    """

    most_requests: int = 8
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now.

    Attributes:
        requests: runs to ask for.
        running: buckets that are left alone because a run of theirs has not ended; the next tick looks again.
        resting: buckets that are left alone until the time given, because their last runs failed or left work.
        postponed: buckets for which there was no room in this tick.
    """

    requests: tuple[BucketRequest, ...]
    running: tuple[int, ...]
    resting: dict[int, datetime]
    postponed: tuple[int, ...]


def change(bucket: int, version: str) -> str:
    """Name of what is due in a bucket."""
    return f"{bucket:02d}:{version}"


def plan(due: Sequence[DueBucket], runs: Iterable[PastRun], now: datetime, limits: PlanLimits | None = None) -> Plan:
    """Decide which of the due buckets to run.

    A bucket waits while a run of its own is active: what changes meanwhile is still due afterwards. It waits longer
    and longer after runs that failed, or that succeeded and left the same things due; a new change does not shorten
    the wait after failures. Where there is not room for all, those come first whose last run ended longest ago.

    Args:
        due: buckets with something due, each once.
        runs: earlier runs of these buckets: all of the present versions, and the last few of each bucket.
        now: with zone.
        limits: the defaults if None.
    """
    limits = limits or PlanLimits()
    of_bucket: defaultdict[int, list[PastRun]] = defaultdict(list)
    for run in runs:
        of_bucket[run.bucket].append(run)
    running, resting, ready = [], {}, []
    for one in due:
        mine = of_bucket[one.bucket]
        if any(run.state == "active" for run in mine):
            running.append(one.bucket)
            continue
        last = max((run.ended_at for run in mine if run.ended_at is not None), default=_NEVER)
        tried = sum(run.version == one.version for run in mine)
        setbacks = max(tried, _failures_in_a_row(mine))
        wait_until = last + _wait(setbacks, limits) if setbacks else _NEVER
        if now < wait_until:
            resting[one.bucket] = wait_until
        else:
            ready.append((last, BucketRequest(one.bucket, one.version, tried)))
    ready.sort(key=lambda pair: (pair[0], pair[1].bucket))
    requests = [request for _, request in ready]
    return Plan(
        requests=tuple(requests[: limits.most_requests]),
        running=tuple(running),
        resting=resting,
        postponed=tuple(request.bucket for request in requests[limits.most_requests :]),
    )


def _failures_in_a_row(runs: Sequence[PastRun]) -> int:
    """How many of the bucket's last runs failed, since the last that did not."""
    ended = sorted((run for run in runs if run.ended_at is not None), key=lambda run: run.ended_at or _NEVER)
    count = 0
    for run in reversed(ended):
        if run.state != "failed":
            break
        count += 1
    return count


def _wait(setbacks: int, limits: PlanLimits) -> timedelta:
    # The exponent is bounded, or a bucket that has failed for a year would overflow before the minimum is taken.
    doublings: int = 2 ** min(setbacks - 1, 20)
    return min(limits.first_wait * doublings, limits.longest_wait)
