"""People who share a taste: only those who agreed, exactly, with the reasons, and nothing written twice."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import URL, Engine, text

from resources.database_resource import DatabaseResource
from resources.schema import current_spaces, taste_clusters, users
from taste_assets.due_lists import buckets_to_match
from taste_assets.matches import taste_matches
from taste_assets.recommendation_options import MatchOptions
from tests.taste_assets.list_lineage import NOW, Lists, near

ASSET = "taste_matches"
BARN, LOFT, BEACH = 0, 1, 2
LONDON = {"lat": 51.5, "lon": -0.1, "max_distance_km": 50}
PARIS = {"lat": 48.9, "lon": 2.4, "max_distance_km": 50}


@pytest.fixture
def lists(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Two who like barns, one who likes lofts, one who dislikes barns, and one who does not share."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    lists = Lists(engine, [taste_matches], {"database": DatabaseResource(), "match_options": MatchOptions()})
    lists.start()
    lists.person("ann", likes=[near(BARN, seed=1), near(BEACH)], weights=[0.7, 0.3], shares_taste=True)
    lists.person("bob", likes=[near(BARN, seed=2)], shares_taste=True, preferences=LONDON)
    lists.person("cid", likes=[near(LOFT)], shares_taste=True, bucket=1, preferences=PARIS)
    lists.person("dee", likes=[near(BARN, seed=3)], dislikes=[near(BARN, seed=4)], shares_taste=True)
    lists.person("eve", likes=[near(BARN, seed=1)])
    lists.person("fay", shares_taste=True)
    return lists


def others(lists: Lists, handle: str) -> list[str]:
    query = "SELECT other_handle FROM serving.taste_matches JOIN users USING (user_id) WHERE handle = :h ORDER BY rank"
    return [row.other_handle for row in lists.rows(query, h=handle)]


def test_lists_hold_those_who_agreed_nearest_first_with_the_reasons(lists: Lists) -> None:
    made = lists.run(ASSET)
    assert made.checks == {"matches_agreed": True, "matches_whole": True}
    assert others(lists, "ann") == ["bob", "dee", "cid"]
    assert others(lists, "eve") == []
    (row, *_) = lists.rows(
        "SELECT listed.* FROM serving.taste_matches AS listed JOIN users USING (user_id) WHERE handle = 'ann'"
        " ORDER BY rank"
    )
    tastes = {0: near(BARN, seed=1)[0], 1: near(BEACH)[0]}
    nearest = {index: float(vector @ near(BARN, seed=2)[0]) for index, vector in tastes.items()}
    assert row.score == pytest.approx(0.7 * nearest[0] + 0.3 * nearest[1], abs=1e-6)
    assert [match["similarity"] for match in row.matches] == pytest.approx([nearest[0], nearest[1]], abs=1e-5)
    assert row.matches[0]["label"] == row.matches[0]["other_label"] == "look 0"
    assert (row.strategy, row.parameters["length"]) == ("max_sim", 20)


def test_running_again_writes_nothing_and_one_change_makes_all_anew(lists: Lists) -> None:
    assert sum(lists.run(ASSET).metadata(ASSET, "matched now")) == 4
    before = lists.versions()
    again = lists.run(ASSET)
    assert (sum(again.metadata(ASSET, "matched now")), sum(again.metadata(ASSET, "skipped"))) == (0, 4)
    assert lists.versions() == before
    one = taste_clusters.c.cluster_id == uuid.uuid5(user(lists, "cid"), "positive 0")
    lists.change(taste_clusters, one, centroid_vector=near(BARN, seed=1)[0])
    assert sum(lists.run(ASSET).metadata(ASSET, "matched now")) == 4
    assert others(lists, "ann")[0] == "cid"


def user(lists: Lists, handle: str) -> uuid.UUID:
    ((found,),) = lists.rows("SELECT user_id FROM users WHERE handle = :h", h=handle)
    assert isinstance(found, uuid.UUID)
    return found


def test_who_withdraws_is_gone_at_once_and_for_good(lists: Lists) -> None:
    lists.run(ASSET)
    lists.change(users, users.c.handle == "bob", shares_taste=False)
    assert others(lists, "bob") == []
    assert others(lists, "ann") == ["dee", "cid"]
    ranks = "SELECT rank FROM serving.taste_matches WHERE user_id = :one ORDER BY rank"
    assert lists.rows(ranks, one=user(lists, "ann")) == [(1,), (2,)]
    made = lists.run(ASSET)
    assert sum(made.metadata(ASSET, "lists removed")) == 1
    bob = user(lists, "bob")
    assert lists.rows("SELECT 1 FROM taste_matches WHERE user_id = :b OR other_user_id = :b", b=bob) == []
    assert made.checks["matches_agreed"]


def test_who_begins_or_ends_sharing_is_found_by_bucket_and_only_until_a_run(lists: Lists) -> None:
    def due() -> dict[int, tuple[int, str]]:
        with lists.engine.connect() as connection:
            return {one.bucket: (one.people, one.version) for one in buckets_to_match(connection, NOW)}

    assert {bucket: people for bucket, (people, _) in due().items()} == {0: 3, 1: 1}, "who has no taste is not due"
    lists.run(ASSET)
    assert due() == {}
    with lists.engine.begin() as connection:
        connection.execute(text("SELECT serving.share_taste(:eve, true)"), {"eve": user(lists, "eve")})
    first = due()
    assert {bucket: people for bucket, (people, _) in first.items()} == {0: 1}
    assert due() == first, "the same word as long as it is the same work"
    lists.execute(ASSET, buckets=(0, 0))
    assert others(lists, "eve")[0] == "ann"
    assert due() == {}, "a change of other people's lists makes nobody due"
    lists.change(users, users.c.handle == "eve", shares_taste=False)
    assert list(due()) == [0]
    lists.execute(ASSET, buckets=(0, 0))
    assert due() == {}
    assert lists.rows("SELECT 1 FROM taste_match_states WHERE user_id = :eve", eve=user(lists, "eve")) == []
    lists.change(users, users.c.handle == "eve", shares_taste=True)
    assert list(due()) == [0]
    assert due() != first, "agreeing again is new work"
    lists.change(users, users.c.handle == "eve", taste_version=1)
    assert due() == {}, "their taste is found again first"
    lists.change(users, users.c.handle == "eve", taste_version=0)
    lists.remove(current_spaces, current_spaces.c.modality == "image")
    assert due() == {}


def test_only_people_of_near_places_where_that_is_asked_for(lists: Lists) -> None:
    lists.change(users, users.c.handle == "dee", preferences=LONDON)
    lists.run(ASSET, match_options=MatchOptions(within_km=100))
    assert others(lists, "bob") == ["dee"]
    assert others(lists, "ann") == [], "nobody is near to no place"
    lists.run(ASSET, match_options=MatchOptions(within_km=1000))
    assert sorted(others(lists, "bob")) == ["cid", "dee"]


def test_without_an_image_space_nobody_is_compared(lists: Lists) -> None:
    lists.remove(current_spaces, current_spaces.c.modality == "image")
    assert set(lists.run(ASSET).checks.values()) == {True}
    assert lists.rows("SELECT * FROM taste_matches") == []
