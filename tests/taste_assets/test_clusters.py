"""`taste_clusters` in real runs: every treatment, who is due, what keeps its id, and that nothing is done twice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import numpy as np
import pytest
from sqlalchemy import URL, Engine, delete, insert, select, text, update

from resources.identity import VENUE_BUCKETS, venue_id
from resources.schema import (
    pins,
    ratings,
    taste_cluster_members,
    taste_clusters,
    taste_history,
    taste_states,
    users,
    venue_photos,
    venues,
)
from resources.spaces import EmbeddingSpace
from resources.vectors import store_photo_vectors
from taste_assets.taste_options import TasteOptions
from tests.taste_assets.tastes import (
    ENCODER,
    PINNED_AT,
    SPACE,
    Tastes,
    add_person,
    add_photos,
    pictures,
    pin,
    use_space,
)


@pytest.fixture
def tastes(engine: Engine, instance: dg.DagsterInstance, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Tastes:
    """A current space, and nobody yet."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", ENCODER)
    use_space(engine)
    return Tastes(engine, instance)


def ids(clusters: list[Mapping[str, Any]]) -> list[uuid.UUID]:
    return [cluster["cluster_id"] for cluster in clusters]


def test_several_tastes_become_several_clusters_with_their_evidence(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    barns = pin(tastes.engine, ann, pictures(0, 20), "barn")
    lofts = pin(tastes.engine, ann, pictures(1, 12), "loft")
    result = tastes.cluster()
    barn, loft = tastes.clusters(ann)
    assert tastes.members(barn) == set(barns)
    assert tastes.members(loft) == set(lofts)
    assert barn["medoid_photo_id"] in barns
    assert barn["medoid_pin_id"].startswith("barn-")
    assert (barn["weight"], loft["weight"]) == pytest.approx((20 / 32, 12 / 32))
    assert (barn["pin_count"], loft["pin_count"]) == (20, 12)
    assert barn["label"] is None, "colours have no words"
    state = tastes.state(ann)
    assert (state["treatment"], state["cluster_count"], state["pin_count"]) == ("clustered", 2, 32)
    assert state["run_id"] == result.run_id
    assert state["method"].startswith("kmeans:")


def test_each_kind_of_person_gets_its_documented_treatment(tastes: Tastes) -> None:
    rng = np.random.default_rng(5)
    noise = rng.standard_normal((30, SPACE.dim))
    noise = (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)
    people = {
        "few": pictures(2, 9),
        "uniform": pictures(3, 30, spread=0.02),
        "scattered": noise,
        "none": None,
        "wordy": None,
    }
    found = {}
    for handle, vectors in people.items():
        person = add_person(tastes.engine, handle, preference_text="a barn" if handle == "wordy" else None)
        if vectors is not None:
            pin(tastes.engine, person, vectors, handle)
        found[handle] = person
    tastes.cluster()
    treatments = {handle: tastes.state(person)["treatment"] for handle, person in found.items()}
    assert treatments == {
        "few": "cold_start",
        "uniform": "uniform",
        "scattered": "scattered",
        "none": "none",
        "wordy": "none",  # this encoder has no text tower
    }
    assert {handle: len(tastes.clusters(person)) for handle, person in found.items()} == {
        "few": 1, "uniform": 1, "scattered": 1, "none": 0, "wordy": 0,
    }  # fmt: skip


def test_a_second_run_writes_nothing(tastes: Tastes) -> None:
    for number in range(4):
        person = add_person(tastes.engine, f"p{number}")
        pin(tastes.engine, person, np.concatenate([pictures(number, 12), pictures(number + 1, 12)]), "pin")
    tastes.cluster()
    before = tastes.everything()
    tastes.cluster()
    assert tastes.everything() == before


def test_only_the_person_who_changed_is_clustered_again_and_keeps_what_did_not_change(tastes: Tastes) -> None:
    ann, bob = add_person(tastes.engine, "ann"), add_person(tastes.engine, "bob")
    for person in (ann, bob):
        pin(tastes.engine, person, pictures(0, 15), "barn")
        pin(tastes.engine, person, pictures(1, 12), "loft")
    tastes.cluster()
    before, of_bob = tastes.clusters(ann), tastes.rows(taste_clusters, bob)
    pin(tastes.engine, ann, pictures(2, 14, seed=1), "beach", PINNED_AT + timedelta(days=1))
    result = tastes.cluster()
    after = tastes.clusters(ann)
    assert tastes.rows(taste_clusters, bob) == of_bob
    assert tastes.state(bob)["run_id"] != result.run_id
    assert len(after) == 3
    assert set(ids(before)) < set(ids(after)), "two tastes went on under their ids"
    kept = {row["cluster_id"]: row["created_at"] for row in before}
    assert all(row["created_at"] == kept[row["cluster_id"]] for row in after if row["cluster_id"] in kept)
    described = tastes.described(result, "taste_clusters")
    assert described["clustered now"] == 1
    assert described["distribution"].startswith("![distribution](data:image/png")


def test_history_has_a_line_for_each_change_of_a_taste_and_for_its_end(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 15), "barn")
    lofts = pin(tastes.engine, ann, pictures(1, 12), "loft")
    tastes.cluster()
    barn, loft = tastes.clusters(ann)
    pin(tastes.engine, ann, pictures(0, 5, seed=1), "more")
    tastes.cluster()
    with tastes.engine.begin() as connection:
        connection.execute(delete(pins).where(pins.c.photo_id.in_(lofts)))
    tastes.cluster()
    lines = {
        one["cluster_id"]: [
            line for line in sorted(tastes.rows(taste_history, ann), key=lambda row: row["recorded_at"])
            if line["cluster_id"] == one["cluster_id"]
        ]
        for one in (barn, loft)
    }  # fmt: skip
    drifts = [line["drift"] for line in lines[barn["cluster_id"]]]
    assert drifts[0] is None
    assert 0 < drifts[1] < 0.05
    assert [line["weight"] for line in lines[loft["cluster_id"]]] == pytest.approx([12 / 27, 12 / 32, 0])
    assert lines[barn["cluster_id"]][-1]["weight"] == 1


def test_ratings_count_for_and_against_and_the_most_deliberate_word_on_a_picture_counts(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    barns = pin(tastes.engine, ann, pictures(0, 12), "barn")
    lofts = pin(tastes.engine, ann, pictures(1, 3), "loft")
    with tastes.engine.begin() as connection:
        rated = [(lofts[0], 0), (lofts[1], 1), (barns[0], 5)]
        rows = [{"user_id": ann, "photo_id": one, "rating": rating, "rated_at": PINNED_AT} for one, rating in rated]
        connection.execute(insert(ratings), rows)
    tastes.cluster()
    (disliked,) = tastes.clusters(ann, "negative")
    assert tastes.members(disliked) == {lofts[0], lofts[1]}
    assert disliked["weight"] == 1
    liked = [row for row in tastes.rows(taste_cluster_members) if row["cluster_id"] != disliked["cluster_id"]]
    assert {row["photo_id"]: row["weight"] for row in liked} == {
        **dict.fromkeys([*barns[1:], lofts[2]], 1.0), barns[0]: 2.5,
    }  # fmt: skip


def test_tau_of_a_person_decides_what_a_rating_means(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann", rating_tau=4)
    barns = pin(tastes.engine, ann, pictures(0, 3), "barn")
    with tastes.engine.begin() as connection:
        rows = [{"user_id": ann, "photo_id": one, "rating": rating, "rated_at": PINNED_AT}
                for one, rating in zip(barns, (3, 4, 5), strict=True)]  # fmt: skip
        connection.execute(insert(ratings), rows)
    tastes.cluster()
    assert tastes.members(tastes.clusters(ann, "negative")[0]) == {barns[0]}
    assert tastes.members(tastes.clusters(ann)[0]) == {barns[1], barns[2]}, "a rating of tau leaves the pin"


def test_a_rated_venue_counts_as_one_picture_the_middle_of_its_photos(tastes: Tastes) -> None:
    ann, venue = add_person(tastes.engine, "ann"), venue_id("v.test")
    shown = [f"{number:064x}" for number in range(5)]
    around = pictures(4, 5, spread=0.3)
    with tastes.engine.begin() as connection:
        add_photos(connection, shown)
        store_photo_vectors(connection, SPACE, shown, around)
        connection.execute(insert(venues).values(venue_id=venue, site_url="https://v.test", bucket=VENUE_BUCKETS - 1))
        rows = [{"venue_id": venue, "photo_id": one, "source_url": one, "page_url": "p", "position": place}
                for place, one in enumerate(shown)]  # fmt: skip
        connection.execute(insert(venue_photos), rows)
        connection.execute(insert(ratings).values(user_id=ann, venue_id=venue, rating=5, rated_at=PINNED_AT))
    tastes.cluster()
    (liked,) = tastes.clusters(ann)
    nearest = shown[int((around @ around.mean(axis=0)).argmax())]
    assert tastes.members(liked) == {nearest}
    assert liked["medoid_pin_id"] is None
    with tastes.engine.begin() as connection:  # the venue takes it down; nobody counts that as a change of taste
        connection.execute(delete(venue_photos).where(venue_photos.c.photo_id == nearest))
        connection.execute(text("DELETE FROM photos WHERE photo_id = :one"), {"one": nearest})
    tastes.cluster()
    (liked,) = tastes.clusters(ann)
    assert tastes.members(liked) < set(shown) - {nearest}


def test_the_weakest_of_what_was_only_rated_is_dropped_and_what_was_pinned_stays(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    with tastes.engine.begin() as connection:
        for number, (rating, count) in enumerate([(5, 12), (4, 8), (3, 4)]):
            photo_ids = [f"{number}{place:063x}" for place in range(count)]
            add_photos(connection, photo_ids)
            store_photo_vectors(connection, SPACE, photo_ids, pictures(number, count))
            rows = [{"user_id": ann, "photo_id": one, "rating": rating, "rated_at": PINNED_AT} for one in photo_ids]
            connection.execute(insert(ratings), rows)
    tastes.cluster()
    assert [row["pin_count"] for row in tastes.clusters(ann)] == [12, 8]
    assert sum(row["weight"] for row in tastes.clusters(ann)) == pytest.approx(1)
    with tastes.engine.begin() as connection:
        connection.execute(
            insert(pins).values(user_id=ann, pin_id="x", board_id="b", photo_id=f"2{0:063x}", pinned_at=PINNED_AT)
        )
        connection.execute(delete(ratings).where(ratings.c.photo_id == f"2{0:063x}"))
    tastes.cluster()
    assert [row["pin_count"] for row in tastes.clusters(ann)] == [12, 4], "of two rated tastes one is kept"


def test_another_space_makes_everybody_due_and_nothing_is_compared_across(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    photo_ids = pin(tastes.engine, ann, pictures(0, 12), "barn")
    tastes.cluster()
    (before,) = tastes.clusters(ann)
    other = EmbeddingSpace("image:other@1-48", "image", "other", "1", SPACE.dim)
    use_space(tastes.engine, other)
    with tastes.engine.begin() as connection:
        store_photo_vectors(connection, other, photo_ids[:10], pictures(3, 10))
    tastes.cluster()
    (after,) = tastes.clusters(ann)
    assert after["space_id"] == other.space_id
    assert after["cluster_id"] != before["cluster_id"]
    assert after["pin_count"] == 10, "what has no vector there takes no part"


def test_another_method_makes_everybody_due_and_names_itself(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, np.concatenate([pictures(0, 12), pictures(1, 12)]), "pin")
    tastes.cluster()
    tastes.cluster(taste_options=TasteOptions(method="ward"))
    assert tastes.state(ann)["method"].startswith("ward:")
    assert [row["pin_count"] for row in tastes.clusters(ann)] == [12, 12]


def test_a_change_that_changes_nothing_is_confirmed_without_clustering(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 12), "barn")
    tastes.cluster()
    before = tastes.state(ann)
    with tastes.engine.begin() as connection:
        connection.execute(update(users).where(users.c.user_id == ann).values(preference_text="barns"))
    result = tastes.cluster()
    after = tastes.state(ann)
    assert after == {**before, "taste_version": before["taste_version"] + 1}
    assert tastes.described(result, "taste_clusters")["due but as before"] == 1


def test_without_a_current_space_nobody_is_clustered_and_nothing_fails(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 12), "barn")
    with tastes.engine.begin() as connection:
        connection.execute(text("DELETE FROM current_spaces"))
    tastes.cluster()
    assert tastes.rows(taste_states) == []


def test_checks_find_what_is_wrong(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, np.concatenate([pictures(0, 12), pictures(1, 12)]), "pin")
    tastes.cluster()
    with tastes.engine.begin() as connection:
        one = connection.scalar(select(taste_clusters.c.cluster_id).limit(1))
        connection.execute(update(taste_clusters).where(taste_clusters.c.cluster_id == one).values(weight=0.9))
        connection.execute(update(taste_states).values(cluster_count=3))
    result = tastes.execute("taste_clusters")
    assert not result.success, "the checks block what stands on clusters"
    failed = {check.check_name for check in result.get_asset_check_evaluations() if not check.passed}
    assert failed == {"weights_sum_to_one", "no_orphan_clusters"}


def test_importance_is_refreshed_from_dates_without_clustering(tastes: Tastes) -> None:
    ann = add_person(tastes.engine, "ann")
    pin(tastes.engine, ann, pictures(0, 12), "old", datetime.now(UTC) - timedelta(days=100))
    pin(tastes.engine, ann, pictures(1, 12), "new", datetime.now(UTC) - timedelta(days=1))
    tastes.cluster()
    before = tastes.clusters(ann)
    assert tastes.execute("taste_importance").success
    assert tastes.clusters(ann) == before, "all pins age alike: shares stay as they are, and nothing is written"
    assert tastes.execute("taste_importance", taste_options=TasteOptions(decay_per_day=0.0)).success
    after = tastes.clusters(ann)
    assert ids(after) == ids(before)
    assert [row["weight"] for row in after] == pytest.approx([0.5, 0.5])
    assert sorted(row["weight"] for row in before) == pytest.approx([np.exp(-0.99) / (1 + np.exp(-0.99)),
                                                                     1 / (1 + np.exp(-0.99))], abs=1e-4)  # fmt: skip


def test_a_venue_rated_never_is_news_for_lists_also_where_its_photo_says_something_else(tastes: Tastes) -> None:
    """Lists follow what was found last; a rating that is no statement would else leave the venue on them."""
    ann, venue, photo = add_person(tastes.engine, "ann"), venue_id("v.test"), "a" * 64
    with tastes.engine.begin() as connection:
        add_photos(connection, [photo])
        store_photo_vectors(connection, SPACE, [photo], pictures(4, 1))
        connection.execute(insert(venues).values(venue_id=venue, site_url="https://v.test", bucket=VENUE_BUCKETS - 1))
        shown = {"venue_id": venue, "photo_id": photo, "source_url": "s", "page_url": "p", "position": 0}
        connection.execute(insert(venue_photos).values(shown))
        connection.execute(insert(ratings).values(user_id=ann, photo_id=photo, rating=5, rated_at=PINNED_AT))
    tastes.cluster()

    def found_anew(rating: int) -> bool:
        before, clusters = tastes.state(ann), tastes.clusters(ann)
        with tastes.engine.begin() as connection:
            connection.execute(delete(ratings).where(ratings.c.venue_id == venue))
            connection.execute(insert(ratings).values(user_id=ann, venue_id=venue, rating=rating, rated_at=PINNED_AT))
        tastes.cluster()
        assert [one | {"updated_at": None} for one in map(dict, tastes.clusters(ann))] == [
            one | {"updated_at": None} for one in map(dict, clusters)
        ]
        return bool(tastes.state(ann)["clustered_at"] > before["clustered_at"])

    assert not found_anew(1)
    assert found_anew(0)
    assert found_anew(1)
