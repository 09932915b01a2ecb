"""People of the demo world through the assets, with a real CLIP: painted pins in, true tastes out."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import URL, Engine

from benchmarks.taste_truth import ENCODER, agreements, boards_heard, pin_people
from demo.world.generate import generate_world
from demo.world.model import Person
from resources.identity import USER_BUCKETS, user_bucket, user_id
from resources.photo_store import PhotoStore
from taste_assets.model.labels import UNNAMED
from taste_assets.model.vocabulary import AESTHETICS
from taste_assets.taste_options import TasteOptions
from tests.taste_assets.tastes import Tastes


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads that wait for each other on busy cores make small models many times slower."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tastes(
    engine: Engine, instance: dg.DagsterInstance, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Tastes:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", ENCODER)
    monkeypatch.setenv("PHOTO_STORE_URL", str(tmp_path / "photos"))
    monkeypatch.setenv("PIN_RETENTION", "full")
    return Tastes(engine, instance)


def some_people() -> list[Person]:
    """All of a small world who have two tastes and pins enough, and those without a pin."""
    everybody = generate_world(seed=7, venues=4, people=24).people
    two = [person for person in everybody if len(person.tastes) == 2 and person.quirk in {"none", "drift"}]
    quiet = [person for person in everybody if person.quirk in {"empty", "words_only"}]
    return two + quiet


def test_the_tastes_of_painted_people_are_found_named_and_not_looked_for_twice(tastes: Tastes, tmp_path: Path) -> None:
    people = some_people()
    pin_people(tastes.engine, PhotoStore(str(tmp_path / "photos")), people)
    assert tastes.execute("pin_embeddings", bucket=None).success
    result = tastes.cluster(bucket=None)
    found = agreements(tastes.engine, people)
    assert len(found) == 4
    assert statistics.median(one.rand_index for one in found.values()) >= 0.9
    names = {aesthetic.name for aesthetic in AESTHETICS} | {UNNAMED}
    for person in people:
        state, clusters = tastes.state(user_id(person.username)), tastes.clusters(user_id(person.username))
        if person.quirk == "empty":
            assert (state["treatment"], clusters) == ("none", [])
        elif person.quirk == "words_only":
            (words,) = clusters
            assert state["treatment"] == "words"
            assert (words["weight"], words["pin_count"], words["label"]) == (1, 0, None)
        else:
            assert state["treatment"] == "clustered"
            assert {cluster["label"] for cluster in clusters} <= names
    heard, left_out = boards_heard(tastes.engine, people)[False]
    assert boards_heard(tastes.engine, people)[True][1] == 0, "no board about venues is left out"
    assert (heard, left_out > 0) == (0, True), "and every one about cats, dresses or recipes"
    described = [tastes.described(result, "taste_clusters", bucket) for bucket in range(USER_BUCKETS)]
    assert sum(one["boards off topic"] for one in described) == left_out
    assert sum(one["pins off topic"] for one in described) >= 3 * left_out
    clustered = next(person.username for person in people if person.username in found)
    sheet = tastes.described(result, "taste_clusters", user_bucket(user_id(clustered)))["sample"]
    assert sheet.startswith("![tastes](data:image/jpeg;base64,")
    before = tastes.everything()
    assert tastes.execute("pin_embeddings", bucket=None).success
    tastes.cluster(bucket=None)
    assert tastes.everything() == before
    tastes.cluster(bucket=None, taste_options=TasteOptions(off_topic="count"))
    assert boards_heard(tastes.engine, people)[False] == (left_out, 0), "nothing was lost: they can be heard again"
