"""Sensors and schedules evaluated as the daemon does, on a real instance and database, and their runs run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, delete, insert, text, update

from resources.database_resource import DatabaseResource
from resources.schema import boards, pinterest_accounts
from sensors.alerts import failure_alerts
from sensors.jobs import JOBS, board_listing, importance_refresh, match_update, taste_refresh
from sensors.planner import PastRun
from sensors.run_history import CHANGE_TAG, past_runs
from sensors.schedules import SCHEDULES, daily_importance, daily_lists, folder_poll, weekly_crawl
from sensors.taste_sensors import TASTE_SENSORS, board_changes, board_poll, sharing_changes
from taste_assets.due_buckets import DueBucket, buckets_to_cluster
from taste_assets.matches import taste_matches
from taste_assets.recommendation_options import MatchOptions
from tests.taste_assets.tastes import (
    ASSETS,
    BUCKET,
    ENCODER,
    Tastes,
    add_person,
    definitions,
    pictures,
    pin,
    use_space,
)


def repository_of(**resources: Any) -> dg.Definitions:
    """The assets of taste with the jobs and sensors that run them."""
    return dg.Definitions(
        assets=[*ASSETS, taste_matches],
        jobs=[board_listing, taste_refresh, match_update, importance_refresh],
        sensors=[board_poll, board_changes, sharing_changes],
        resources={**(definitions(**resources).resources or {}), "match_options": MatchOptions()},
    )


@dataclass(frozen=True)
class Daemon:
    """Ticks, and the runs that they ask for."""

    tastes: Tastes

    def tick(self, sensor: dg.SensorDefinition = board_changes) -> list[dg.RunRequest]:
        """The runs that one evaluation asks for."""
        repository = repository_of().get_repository_def()
        with dg.build_sensor_context(
            instance=self.tastes.instance,
            repository_def=repository,
            resources={"database": DatabaseResource()},
        ) as context:
            return list(sensor.evaluate_tick(context).run_requests or [])

    def run(self, request: dg.RunRequest, job: str = "taste_refresh") -> dg.ExecuteInProcessResult:
        """Run what a sensor of that job asked for."""
        return (
            repository_of()
            .resolve_job_def(job)
            .execute_in_process(
                instance=self.tastes.instance,
                partition_key=request.partition_key,
                tags={**request.tags, "dagster/run_key": request.run_key or ""},
                raise_on_error=False,
            )
        )


@pytest.fixture
def daemon(engine: Engine, instance: dg.DagsterInstance, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    """Nobody yet."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", ENCODER)
    use_space(engine)
    return Daemon(Tastes(engine, instance))


@pytest.fixture
def ann(daemon: Daemon) -> uuid.UUID:
    person = add_person(daemon.tastes.engine, "ann")
    pin(daemon.tastes.engine, person, pictures(0, 12), "barn")
    return person


def test_a_change_is_noticed_run_once_and_then_it_is_quiet(daemon: Daemon, ann: uuid.UUID) -> None:
    (request,) = daemon.tick()
    assert request.partition_key == f"{BUCKET:02d}"
    assert request.run_key == f"{request.tags[CHANGE_TAG]}:0"
    assert daemon.run(request).success
    assert daemon.tick() == []
    assert daemon.tastes.state(ann)["treatment"] == "uniform"


def test_whatever_changes_a_taste_is_noticed_whoever_writes_it(daemon: Daemon, ann: uuid.UUID) -> None:
    engine = daemon.tastes.engine
    changes = {
        "pin": "INSERT INTO pins (user_id, pin_id, board_id, pinned_at) SELECT user_id, 'x', 'b', now() FROM users",
        "unpin": "DELETE FROM pins WHERE pin_id = 'barn-0'",
        "rating": "INSERT INTO ratings (user_id, photo_id, rating, rated_at) "
        "SELECT user_id, photo_id, 1, now() FROM pins WHERE pin_id = 'barn-1'",
        "words": "UPDATE users SET preference_text = 'light and airy'",
        "tau": "UPDATE users SET rating_tau = 3",
        "space": "UPDATE current_spaces SET space_id = 'other', switched_at = now()",
        "board": "UPDATE boards SET fingerprint = 'another'",
    }
    versions = set()
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO embedding_spaces (space_id, modality, model, revision, dim) "
                 "VALUES ('other', 'image', 'm', '1', 48)")
        )  # fmt: skip
    for what, change in changes.items():
        with engine.begin() as connection:  # as a run leaves it
            connection.execute(text("DELETE FROM taste_states"))
            connection.execute(
                text("INSERT INTO taste_states SELECT user_id, taste_version, space_id, 'h', 'm', 'none', NULL, 0, 0,"
                     " 'r', now() FROM users, current_spaces")
            )  # fmt: skip
            assert buckets_to_cluster(connection, datetime.now(UTC)) == []
            connection.execute(text(change))
            (due,) = buckets_to_cluster(connection, datetime.now(UTC))
        assert (due.bucket, due.people) == (BUCKET, 1), what
        versions.add(due.version)
    assert len(versions) == len(changes), "each is a version of its own"


def test_a_board_of_an_account_that_is_left_alone_is_not_asked_for(daemon: Daemon, ann: uuid.UUID) -> None:
    assert daemon.run(daemon.tick()[0]).success
    later = datetime.now(UTC) + timedelta(hours=1)
    with daemon.tastes.engine.begin() as connection:
        connection.execute(update(boards).values(source="pinterest", source_url=None, fingerprint="another"))
        connection.execute(insert(pinterest_accounts).values(**_account(ann, later, failures=2)))
    assert daemon.tick() == []
    with daemon.tastes.engine.begin() as connection:
        connection.execute(update(pinterest_accounts).values(failures=0))
    assert len(daemon.tick()) == 1


def test_a_failed_run_is_neither_forgotten_nor_repeated_at_once(daemon: Daemon, ann: uuid.UUID) -> None:
    (request,) = daemon.tick()
    with daemon.tastes.engine.begin() as connection:  # what no clustering survives
        connection.execute(text("ALTER TABLE taste_history RENAME TO away"))
    assert not daemon.run(request).success
    assert daemon.tick() == [], "it rests"
    with daemon.tastes.engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO taste_history"))
    _age_runs(daemon.tastes.instance, timedelta(hours=1))
    (again,) = daemon.tick()
    assert again.run_key == f"{request.tags[CHANGE_TAG]}:1"
    assert daemon.run(again).success
    assert daemon.tick() == []
    assert daemon.tastes.state(ann)["cluster_count"] == 1


def test_a_run_in_progress_is_left_alone_and_a_change_meanwhile_comes_after_it(daemon: Daemon, ann: uuid.UUID) -> None:
    (request,) = daemon.tick()
    instance = daemon.tastes.instance
    job = repository_of().resolve_job_def("taste_refresh")
    tags = {**request.tags, "dagster/partition": request.partition_key or ""}
    run = instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.NOT_STARTED)
    assert [one.run_key for one in daemon.tick()] == [request.run_key], "the daemon died before it queued the run"
    due = [DueBucket(BUCKET, "lists", 1)]
    assert list(past_runs(instance, "list_update", due, ["taste_refresh"])) == []
    instance.report_dagster_event(_starting(run), run.run_id)
    pin(daemon.tastes.engine, ann, pictures(1, 1), "loft")
    assert daemon.tick() == []
    waiting = list(past_runs(instance, "list_update", due, ["taste_refresh"]))
    assert waiting == [PastRun(BUCKET, None, "active")], "lists wait for a run of tastes"
    instance.report_run_failed(instance.get_run_by_id(run.run_id) or run)
    _age_runs(instance, timedelta(hours=1))
    assert len(daemon.tick()) == 1


def test_accounts_that_are_due_are_polled(daemon: Daemon, ann: uuid.UUID) -> None:
    now = datetime.now(UTC)
    with daemon.tastes.engine.begin() as connection:
        connection.execute(insert(pinterest_accounts).values(**_account(ann, now + timedelta(hours=1))))
    assert daemon.tick(board_poll) == []
    with daemon.tastes.engine.begin() as connection:
        connection.execute(update(pinterest_accounts).values(poll_due_at=now - timedelta(seconds=1)))
    other = add_person(daemon.tastes.engine, "bob", bucket=BUCKET + 3)
    with daemon.tastes.engine.begin() as connection:
        connection.execute(insert(pinterest_accounts).values(**_account(other, now, account="b")))
    (request,) = daemon.tick(board_poll)
    assert request.tags["dagster/asset_partition_range_start"] == f"{BUCKET:02d}"
    assert request.tags["dagster/asset_partition_range_end"] == f"{BUCKET + 3:02d}"
    job = repository_of().resolve_job_def("board_listing")
    run = daemon.tastes.instance.create_run_for_job(job, tags=request.tags, status=dg.DagsterRunStatus.STARTED)
    assert daemon.tick(board_poll) == [], "one at a time"
    daemon.tastes.instance.report_run_failed(run)
    assert daemon.tick(board_poll) == [], "it rests"
    _age_runs(daemon.tastes.instance, timedelta(hours=1))
    (again,) = daemon.tick(board_poll)
    assert again.run_key != request.run_key


def test_schedules_run_where_there_is_something_to_do_and_say_why_where_not(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(schedule: dg.ScheduleDefinition) -> list[dg.RunRequest]:
        with dg.build_schedule_context(
            instance=daemon.tastes.instance, resources={"database": DatabaseResource()},
            scheduled_execution_time=datetime(2026, 6, 7, 3, tzinfo=UTC),
        ) as context:  # fmt: skip
            done = schedule.evaluate_tick(context)
            assert done.run_requests or done.skip_message
            return list(done.run_requests or [])

    assert asked(folder_poll) == []
    assert asked(daily_importance) == []
    assert asked(daily_lists) == []
    assert asked(weekly_crawl) == [], "no address for complaints, no crawl"
    monkeypatch.setenv("CRAWL_CONTACT", "mailto:us@example.com")
    (crawl,) = asked(weekly_crawl)
    assert crawl.tags["dagster/asset_partition_range_end"] == "15"
    person = add_person(daemon.tastes.engine, "ann")
    pin(daemon.tastes.engine, person, pictures(0, 3), "barn")
    (poll,) = asked(folder_poll)
    assert poll.tags["dagster/asset_partition_range_end"] == "31"
    daemon.tastes.cluster()
    assert len(asked(daily_importance)) == 1
    assert len(asked(daily_lists)) == 1
    with daemon.tastes.engine.begin() as connection:
        connection.execute(delete(boards))


def test_who_begins_to_share_their_taste_is_compared_by_the_next_tick(daemon: Daemon, ann: uuid.UUID) -> None:
    engine = daemon.tastes.engine
    assert daemon.run(daemon.tick()[0]).success
    assert daemon.tick(sharing_changes) == []
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT serving.share_taste(:ann, true)"), {"ann": ann})
    (request,) = daemon.tick(sharing_changes)
    assert daemon.tick() == [], "their taste is as it was"
    assert daemon.run(request, "match_update").success
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT user_id FROM taste_match_states")).all() == [ann]
    assert daemon.tick(sharing_changes) == []


def test_all_run_by_default() -> None:
    for sensor in (*TASTE_SENSORS, failure_alerts):
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert all(schedule.default_status == dg.DefaultScheduleStatus.RUNNING for schedule in SCHEDULES)


def test_every_job_that_something_starts_is_among_the_jobs() -> None:
    started = {schedule.job.name for schedule in SCHEDULES} | {sensor.job_name for sensor in TASTE_SENSORS}
    assert started == {job.name for job in JOBS}


def test_the_jobs_of_all_buckets_run_them_in_one_run(daemon: Daemon, ann: uuid.UUID) -> None:
    daemon.tastes.cluster()
    result = (
        repository_of()
        .resolve_job_def("importance_refresh")
        .execute_in_process(
            instance=daemon.tastes.instance,
            tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "31"},
        )
    )
    assert len(result.get_asset_materialization_events()) == 32


def _account(person: uuid.UUID, due_at: datetime, failures: int = 0, account: str = "a") -> dict[str, Any]:
    never = datetime(2030, 1, 1, tzinfo=UTC)
    return {
        "user_id": person, "account_id": account, "access_token": b"a", "refresh_token": b"r",
        "access_expires_at": never, "refresh_expires_at": never, "poll_due_at": due_at, "failures": failures,
    }  # fmt: skip


def _starting(run: dg.DagsterRun) -> dg.DagsterEvent:
    return dg.DagsterEvent(dg.DagsterEventType.RUN_STARTING.value, run.job_name)


def _age_runs(instance: dg.DagsterInstance, age: timedelta) -> None:
    """As if all runs had ended so long ago: the tests wait for nothing."""
    with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(
            text("UPDATE runs SET end_time = end_time - :seconds, update_timestamp = update_timestamp - :age"),
            {"seconds": age.total_seconds(), "age": age},
        )
