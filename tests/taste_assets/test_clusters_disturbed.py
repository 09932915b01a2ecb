"""People who change, go or are left behind while they are clustered: nothing is lost, and nothing is half done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import URL, Engine, delete

from resources.schema import taste_clusters, taste_states, users
from taste_assets import clusters as clusters_module
from taste_assets.clusters import Progress, cluster_due
from taste_assets.taste_due import due_users
from taste_assets.taste_finding import Finding
from taste_assets.taste_names import Name, TextTower
from taste_assets.taste_options import TasteOptions
from taste_assets.taste_store import RunStamp
from tests.taste_assets.tastes import BUCKET, ENCODER, SPACE, Tastes, add_person, pictures, pin, use_space


@pytest.fixture
def tastes(engine: Engine, instance: dg.DagsterInstance, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Tastes:
    """A current space, and nobody yet."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", ENCODER)
    use_space(engine)
    return Tastes(engine, instance)


def cluster_ids(tastes: Tastes, person: uuid.UUID) -> list[uuid.UUID]:
    return [cluster["cluster_id"] for cluster in tastes.clusters(person)]


@dataclass
class Interrupting(TextTower):
    """Naming clusters is when something happens to the person: the moment between reading and storing."""

    happens: Callable[[], object] = lambda: None
    times: int = 1

    def names(self, centroids: NDArray[Any]) -> list[Name]:
        if self.times:
            self.times -= 1
            self.happens()
        return super().names(centroids)


def cluster_while(tastes: Tastes, happens: Callable[[], object], times: int = 1) -> Progress:
    """Cluster everybody who is due, with something that happens meanwhile."""
    options, now = TasteOptions(), datetime.now(UTC)
    tower = Interrupting(None, np.empty((0, SPACE.dim), np.float32), happens, times)
    finding = Finding(options.clustering(None), options.keep_fraction, options.decay_per_day, "leave_out", tower, now)
    return cluster_due(tastes.engine, SPACE, finding, RunStamp("run", options.method_id(), now), [BUCKET])


def test_a_pin_that_arrives_while_its_person_is_clustered_is_not_lost(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 3), "barn")
    progress = cluster_while(tastes, lambda: pin(tastes.engine, ann, pictures(1, 1), "loft"))
    assert progress.clustered == {ann}
    assert tastes.state(ann)["pin_count"] == 4


def test_somebody_who_changes_all_the_time_stays_due_and_keeps_the_run_from_nothing(tastes: Tastes) -> None:
    ann, bob = add_person(tastes.engine, "ann"), add_person(tastes.engine, "bob")
    for person in (ann, bob):
        pin(tastes.engine, person, pictures(0, 3), "barn")
    one_more = iter(range(100))

    def pins_again() -> None:
        number = next(one_more)
        pin(tastes.engine, ann, pictures(1, 1, seed=number), f"loft{number}")

    progress = cluster_while(tastes, pins_again, times=100)
    assert progress.clustered == {bob}
    with tastes.engine.connect() as connection:
        assert list(due_users(connection, SPACE.space_id, TasteOptions().method_id(), [BUCKET])) == [ann]
    tastes.cluster()
    assert tastes.state(ann)["pin_count"] > 3


def test_somebody_forgotten_while_they_are_clustered_stays_forgotten(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 3), "barn")

    def forgotten() -> None:
        with tastes.engine.begin() as connection:
            connection.execute(delete(users))

    assert cluster_while(tastes, forgotten).clustered == set()
    assert not any(tastes.everything().values())


def test_a_run_killed_between_people_is_taken_up_where_it_was(tastes: Tastes, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [add_person(tastes.engine, f"p{number}") for number in range(3)]
    for person in people:
        pin(tastes.engine, person, np.concatenate([pictures(0, 12), pictures(1, 12)]), "pin")
    monkeypatch.setattr(clusters_module, "PEOPLE_AT_A_TIME", 1)

    def killed() -> None:
        if tastes.rows(taste_states):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cluster_while(tastes, killed, times=100)
    assert len(tastes.rows(taste_states)) == 1
    left = tastes.everything()
    tastes.cluster()
    assert len(tastes.rows(taste_states)) == 3
    assert all(row in tastes.everything()[name] for name, rows in left.items() for row in rows)
    ids_after = [cluster_ids(tastes, person) for person in people]
    with tastes.engine.begin() as connection:
        connection.execute(delete(taste_clusters))
        connection.execute(delete(taste_states))
    tastes.cluster()
    assert [cluster_ids(tastes, person) for person in people] == ids_after, "as in an undisturbed run"
