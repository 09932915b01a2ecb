"""The planner: what it asks for, and in simulated worlds that nothing is lost and nothing is run for no reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sensors.planner import BucketRequest, PastRun, PlanLimits, plan
from taste_assets.due_buckets import DueBucket

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def due(bucket: int = 3, version: str = "v1") -> DueBucket:
    return DueBucket(bucket, version, 1)


def ended(state: str, minutes_ago: float, version: str | None = "v1", bucket: int = 3) -> PastRun:
    assert state in {"succeeded", "failed"}
    return PastRun(bucket, version, state, NOW - minutes_ago * MINUTE)  # type: ignore[arg-type]


def test_what_is_due_is_asked_for_once_under_a_key_of_its_version() -> None:
    (request,) = plan([due()], [], NOW).requests
    assert request == BucketRequest(3, "v1", 0)
    assert request.run_key == "03:v1:0"


def test_nothing_due_nothing_asked() -> None:
    assert plan([], [ended("failed", 100)], NOW).requests == ()


def test_a_bucket_with_a_run_in_progress_is_left_alone_whatever_the_run_is_for() -> None:
    for version in ("v1", "older", None):
        planned = plan([due()], [PastRun(3, version, "active")], NOW)
        assert planned.requests == ()
        assert planned.running == (3,)


def test_a_run_of_another_bucket_is_in_nobodys_way() -> None:
    assert plan([due()], [PastRun(4, "v1", "active")], NOW).requests


def test_a_failed_run_is_asked_for_again_after_longer_and_longer_waits() -> None:
    waits = []
    for failures in range(1, 14):
        runs = [ended("failed", 10_000 + number) for number in range(failures - 1)] + [ended("failed", 0)]
        planned = plan([due()], runs, NOW)
        assert planned.requests == ()
        waits.append(planned.resting[3] - NOW)
        (request,) = plan([due()], runs, planned.resting[3]).requests
        assert request.attempt == failures
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == timedelta(hours=6)


def test_a_run_that_succeeded_and_left_the_same_work_waits_too() -> None:
    assert plan([due()], [ended("succeeded", 0.5)], NOW).resting == {3: NOW + 0.5 * MINUTE}
    assert plan([due()], [ended("succeeded", 2)], NOW).requests == (BucketRequest(3, "v1", 1),)


def test_a_new_change_after_a_success_does_not_wait_and_after_failures_does() -> None:
    assert plan([due(version="v2")], [ended("succeeded", 0)], NOW).requests == (BucketRequest(3, "v2", 0),)
    assert plan([due(version="v2")], [ended("failed", 0)], NOW).resting == {3: NOW + MINUTE}


def test_the_longest_waiting_come_first_where_there_is_not_room_for_all() -> None:
    everything = [due(bucket) for bucket in range(5)]
    runs = [ended("succeeded", 10 * (bucket + 1), "v0", bucket) for bucket in range(4)]
    planned = plan(everything, runs, NOW, PlanLimits(most_requests=3))
    assert [request.bucket for request in planned.requests] == [4, 3, 2]
    assert planned.postponed == (1, 0)


@given(
    st.lists(st.builds(PastRun, st.integers(0, 3), st.sampled_from(["a", "b", None]),
                       st.sampled_from(["active", "succeeded", "failed"]),
                       st.integers(0, 10_000).map(lambda minutes: NOW - minutes * MINUTE)), max_size=12),
    st.sets(st.integers(0, 3)),
)  # fmt: skip
def test_every_due_bucket_is_in_exactly_one_part_of_the_plan(runs: list[PastRun], buckets: set[int]) -> None:
    runs = [replace(run, ended_at=None) if run.state == "active" else run for run in runs]
    planned = plan([due(bucket, "a") for bucket in sorted(buckets)], runs, NOW, PlanLimits(most_requests=2))
    parts = [*(request.bucket for request in planned.requests), *planned.running, *planned.resting, *planned.postponed]
    assert sorted(parts) == sorted(buckets)
    assert len(planned.requests) <= 2
    keys = {f"{run.bucket:02d}:{run.version}" for run in runs}
    assert all(request.attempt == 0 for request in planned.requests if request.change not in keys)


@dataclass
class Person:
    """What the tables know of somebody."""

    version: int = 0
    clustered: int = 0


@dataclass
class Started:
    """A run in the run storage."""

    request: BucketRequest
    read: dict[int, int] = field(default_factory=dict)
    past: PastRun | None = None


class World(RuleBasedStateMachine):
    """People who change, runs that succeed, fail and die, a daemon that dies before or after it has asked."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.people: dict[int, list[Person]] = {bucket: [Person() for _ in range(2)] for bucket in range(3)}
        self.storage: dict[str, Started] = {}
        self.due_when_started: dict[str, bool] = {}

    @initialize(changed=st.sets(st.integers(0, 2)))
    def somebody_changed(self, changed: set[int]) -> None:
        for bucket in changed:
            self.people[bucket][0].version += 1

    def _due(self) -> list[DueBucket]:
        behind = {
            bucket: [(number, one.version) for number, one in enumerate(people) if one.version != one.clustered]
            for bucket, people in self.people.items()
        }
        return [DueBucket(bucket, str(who), len(who)) for bucket, who in behind.items() if who]

    def _past(self) -> list[PastRun]:
        return [run.past or PastRun(run.request.bucket, run.request.version, "active") for run in self.storage.values()]

    def _start(self, requests: tuple[BucketRequest, ...]) -> None:
        for request in requests:
            assert request.run_key not in self.storage, "Dagster would skip a key that it has started: a change is lost"
            assert not any(
                run.past is None and run.request.bucket == request.bucket for run in self.storage.values()
            ), "two runs of one bucket at a time"
            assert request.bucket in {one.bucket for one in self._due()}, "a run without a change"
            self.storage[request.run_key] = Started(request)

    def _active(self) -> list[Started]:
        return [run for run in self.storage.values() if run.past is None]

    def _end(self, run: Started, state: str) -> None:
        run.past = PastRun(run.request.bucket, run.request.version, state, self.now)  # type: ignore[arg-type]

    @rule(bucket=st.integers(0, 2), who=st.integers(0, 1))
    def change(self, bucket: int, who: int) -> None:
        self.people[bucket][who].version += 1

    @rule(minutes=st.integers(0, 30), survives=st.integers(0, 3))
    def tick(self, minutes: int, survives: int) -> None:
        """The daemon may die after it has started some of the runs that the tick asked for."""
        self.now += minutes * MINUTE
        self._start(plan(self._due(), self._past(), self.now).requests[:survives])

    @precondition(lambda self: self._active())
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self._active()))
        run.read = {number: one.version for number, one in enumerate(self.people[run.request.bucket])}

    @precondition(lambda self: self._active())
    @rule(data=st.data(), state=st.sampled_from(["succeeded", "failed"]), died_half_way=st.booleans())
    def end(self, data: st.DataObject, state: str, died_half_way: bool) -> None:
        """A run writes down what it has read, all of it if it succeeds; what changed meanwhile stays due."""
        run = data.draw(st.sampled_from(self._active()))
        written = list(run.read.items())[: 1 if state == "failed" and died_half_way else None]
        for number, version in written if state == "succeeded" or died_half_way else []:
            self.people[run.request.bucket][number].clustered = version
        self._end(run, state)

    @invariant()
    def nobody_is_ahead(self) -> None:
        assert all(one.clustered <= one.version for people in self.people.values() for one in people)

    def teardown(self) -> None:
        """When changes and failures end, everything is clustered, and then nothing is asked for any more."""
        for run in self._active():
            self._end(run, "failed")
        for _ in range(2 * len(self.people) * 2):
            self.now += timedelta(hours=7)
            self._start(plan(self._due(), self._past(), self.now).requests)
            for run in self._active():
                for one in self.people[run.request.bucket]:
                    one.clustered = one.version
                self._end(run, "succeeded")
        assert not self._due(), "a change was lost"
        assert plan(self._due(), self._past(), self.now + timedelta(days=1)).requests == ()


TestWorld = World.TestCase
TestWorld.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
