"""Lists as Dagster makes them: what is in them, who gets a new one and who does not, and what readers see meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import URL, Engine, text

from resources.encoders.lexical import LexicalEncoder
from resources.identity import venue_id
from resources.schema import (
    current_spaces,
    ratings,
    taste_clusters,
    taste_states,
    users,
    venue_facts,
    venues,
)
from resources.spaces import EmbeddingSpace
from resources.vectors import ensure_space
from taste_assets.due_lists import buckets_to_list
from taste_assets.model.fusion import says_nothing
from taste_assets.model.recommend import RecommendOptions
from taste_assets.recommendation_inputs import Person
from taste_assets.recommendation_options import RecommendationOptions
from taste_assets.recommendations import recommendations
from taste_assets.recommending import HowToRecommend, PersonList, Recommender
from taste_assets.venue_catalogue import Summaries, load_venues
from tests.taste_assets.list_lineage import IMAGE, NOW, Lists, list_resources, near

ASSET = "recommendations"
BARN, LOFT, BEACH = 0, 1, 2
VENUES = 12


@pytest.fixture
def lists(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Four venues of each of three looks, and nobody."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    lists = Lists(engine, [recommendations], list_resources())
    lists.start()
    words = {BARN: "a rustic barn in the fields", LOFT: "a loft of brick and steel", BEACH: "sand and sea and surf"}
    for number in range(VENUES):
        look = number % 3
        lists.venue(
            f"v{number}.test", near(look, seed=number, count=1 + number % 4), words[look],
            capacity_max=40 + 20 * number, amenities=["parking"],
        )  # fmt: skip
    return lists


def look_of(lists: Lists, venue: uuid.UUID) -> int:
    ((url,),) = lists.rows("SELECT site_url FROM venues WHERE venue_id = :one", one=venue)
    return int(url.removeprefix("https://v").removesuffix(".test")) % 3


def due_buckets(lists: Lists) -> list[int]:
    with lists.engine.connect() as connection:
        return [one.bucket for one in buckets_to_list(connection, NOW)]


def matches_of(lists: Lists, one: uuid.UUID) -> list[Any]:
    return lists.rows("SELECT * FROM serving.recommendations WHERE user_id = :one ORDER BY rank", one=one)


def test_a_person_of_two_tastes_gets_both_with_the_reasons(lists: Lists) -> None:
    one = lists.person("ann", likes=[near(BARN), near(LOFT)], weights=[0.7, 0.3], dislikes=[near(BEACH)])
    made = lists.run(ASSET)
    assert made.checks == dict.fromkeys(
        ("catalogue_sound", "lists_whole", "lists_recommendable", "everybody_listed"), True
    )
    rows = matches_of(lists, one)
    assert [row.rank for row in rows] == list(range(1, VENUES + 1))
    looks = [look_of(lists, row.venue_id) for row in rows]
    assert set(looks[:4]) == {BARN, LOFT}
    assert looks[8:] == [BEACH] * 4
    assert {(row.kind, row.strategy, row.space_id) for row in rows} == {("taste", "top5/proportional", IMAGE.space_id)}
    assert rows[0].parameters["temperature"] == RecommendOptions().temperature
    assert rows[0].parameters["lists"]["mean_mix"] == RecommendOptions().lists.mean_mix
    for row, look in zip(rows[:4], looks, strict=False):
        first = row.matches[0]
        assert first["cluster_index"] == look
        assert first["label"] == f"look {look}"
        assert first["medoid_pin_id"] == f"pin {look}"
        assert sum(match["contribution"] for match in row.matches) == pytest.approx(1, abs=1e-5)
        shown = lists.rows("SELECT photo_id FROM venue_photos WHERE venue_id = :one", one=row.venue_id)
        assert (first["photo_id"],) in shown


def test_scores_and_evidence_are_those_of_a_brute_force_reading(lists: Lists) -> None:
    one = lists.person("ann", likes=[near(BARN), near(LOFT)], weights=[0.6, 0.4], dislikes=[near(BEACH)])
    lists.run(ASSET)
    pictures = defaultdict(list)
    for venue, photo, vector in lists.rows(
        "SELECT venue_id, photo_id, embedding::real[] FROM venue_photos JOIN photo_embeddings USING (photo_id)"
    ):
        pictures[venue].append((photo, np.array(vector)))
    for row in matches_of(lists, one):
        expected = 0.0
        for index, weight in ((0, 0.6), (1, 0.4)):
            taste = near((BARN, LOFT)[index])[0].astype(np.float64)
            best, photo = max((float(taste @ vector), photo) for photo, vector in pictures[row.venue_id])
            (match,) = (match for match in row.matches if match["cluster_index"] == index)
            assert match["similarity"] == pytest.approx(best, abs=1e-5)
            assert match["photo_id"] == photo
            expected += weight * best
        disliked = max(float(near(BEACH)[0] @ vector) for _, vector in pictures[row.venue_id])
        assert row.score == pytest.approx(expected - 0.25 * disliked, abs=1e-5)


def test_running_again_writes_nothing_and_loads_no_vector(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    lists.person("ann", likes=[near(BARN)], preferences={"guests": 60}, preference_text="a barn with parking")
    lists.person("bob", preference_text="surf")
    lists.person("cid")
    assert sum(lists.run(ASSET).metadata(ASSET, "listed now")) == 3
    before = lists.versions()

    def fail(*_: object) -> None:
        raise AssertionError("nobody is due")

    monkeypatch.setattr("taste_assets.recommendations.load_venues", fail)
    again = lists.run(ASSET)
    assert sum(again.metadata(ASSET, "listed now")) == 0
    assert sum(again.metadata(ASSET, "skipped")) == 3
    assert lists.versions() == before


def test_only_those_whose_inputs_changed_get_new_lists(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)])
    bob = lists.person("bob", likes=[near(LOFT)])
    cid = lists.person("cid", likes=[near(LOFT)], preferences={"guests": 60})
    dee = lists.person("dee", likes=[near(LOFT)], preference_text="brick and steel")
    lists.run(ASSET)

    def renewed() -> set[uuid.UUID]:
        before = {row.user_id: row.run_id for row in lists.rows("SELECT user_id, run_id FROM recommendation_states")}
        lists.run(ASSET)
        after = {row.user_id: row.run_id for row in lists.rows("SELECT user_id, run_id FROM recommendation_states")}
        return {one for one, run_id in after.items() if before[one] != run_id}

    lists.change(taste_clusters, taste_clusters.c.user_id == ann, centroid_vector=near(BEACH)[0], updated_at=NOW)
    assert renewed() == {ann}
    assert look_of(lists, lists.list_of(ann)[0]) == BEACH
    lists.change(users, users.c.user_id == bob, preferences={"guests": 100})
    assert renewed() == {bob}
    # Facts are read for those who wish something, texts for those who say something.
    lists.change(venue_facts, venue_facts.c.capacity_max == 40, capacity_max=50)
    assert renewed() == {bob, cid}
    with lists.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM summary_embeddings WHERE venue_id = (SELECT venue_id FROM venues LIMIT 1)")
        )
    assert renewed() == {dee}
    assert renewed() == set()
    lists.venue("new.test", near(BARN, seed=99))
    assert renewed() == {ann, bob, cid, dee}


def test_a_list_that_is_right_for_a_younger_taste_is_confirmed_not_made_again(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)])
    lists.run(ASSET)
    before = lists.versions()["recommendations"]
    lists.change(taste_states, taste_states.c.user_id == ann, clustered_at=NOW + timedelta(days=1))
    current = "SELECT list_is_current FROM serving.freshness"
    assert lists.rows(current) == [(False,)]
    lists.run(ASSET)
    assert lists.rows(current) == [(True,)]
    assert lists.versions()["recommendations"] == before


def test_whose_list_is_behind_is_found_by_bucket(lists: Lists) -> None:
    lists.person("ann", likes=[near(BARN)])
    lists.person("bob", likes=[near(LOFT)], bucket=1)

    def due() -> dict[int, str]:
        with lists.engine.connect() as connection:
            return {one.bucket: one.version for one in buckets_to_list(connection, NOW)}

    assert list(due()) == [0, 1]
    lists.run(ASSET)
    assert due() == {}
    lists.change(users, users.c.handle == "bob", preferences={"guests": 50})
    first = due()
    assert list(first) == [1]
    assert due() == first, "the same word as long as it is the same work"
    lists.change(users, users.c.handle == "bob", preferences={"guests": 60})
    assert list(due()) == [1]
    assert due() != first
    lists.run(ASSET)
    lists.change(users, users.c.handle == "ann", taste_version=1, preferences={"guests": 50})
    assert due() == {}, "their taste is found again first"
    lists.change(users, users.c.handle == "ann", taste_version=0, preferences={})
    # Facts are read for those who wish something, pictures for everybody.
    lists.change(venue_facts, venue_facts.c.capacity_max == 40, capacity_max=50)
    assert list(due()) == [1]
    lists.run(ASSET)
    assert due() == {}
    lists.change(venues, venues.c.site_url == "https://v0.test", status="retired")
    assert list(due()) == [0, 1]
    lists.run(ASSET)
    assert due() == {}
    lists.venue("new.test", near(LOFT, seed=99))
    assert list(due()) == [0, 1]
    assert sum(lists.run(ASSET).metadata(ASSET, "listed now")) == 2
    assert due() == {}


def test_a_run_that_dies_among_the_lists_of_a_bucket_leaves_them_as_they_were(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        lists.person(f"p{number}", likes=[near(number % 3)], bucket=number // 2)
    lists.run(ASSET)
    lists.change(users, users.c.handle.like("p%"), preferences={"guests": 100})
    before = lists.versions()
    making = Recommender.lists

    def dying(recommender: Recommender, people: Sequence[Person]) -> Iterator[PersonList]:
        yield next(making(recommender, people))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recommender, "lists", dying)
        assert not lists.execute(ASSET).result.success
    assert lists.versions() == before
    assert sum(lists.run(ASSET).metadata(ASSET, "listed now")) == 4
    assert {len(lists.list_of(one)) for (one,) in lists.rows("SELECT user_id FROM users")} == {9}


def test_what_people_wish_for_rules_venues_out(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)], preferences={"guests": 200})
    odd = lists.person("odd", likes=[near(BARN)], preferences={"guests": "many"})
    none = lists.person("none", likes=[near(BARN)], preferences={"guests": 5000})
    made = lists.run(ASSET)
    assert len(lists.list_of(ann)) == 4
    assert len(lists.list_of(odd)) == VENUES, "preferences nobody understands are left aside, and said"
    assert sum(made.metadata(ASSET, "preferences not understood")) == 1
    assert lists.list_of(none) == []
    assert lists.rows("SELECT list_length FROM recommendation_states WHERE user_id = :one", one=none) == [(0,)]
    assert made.checks["lists_whole"]


def test_words_count_and_newcomers_see_every_look(lists: Lists) -> None:
    words = lists.person("words", preference_text="steel and brick, a loft")
    tower = lists.person("tower", likes=[near(BEACH)], treatment="words", preference_text="by the sea")
    nothing = lists.person("nothing")
    picky = lists.person("picky", preferences={"guests": 150})
    lists.run(ASSET)
    kinds = dict(lists.rows("SELECT user_id, kind FROM recommendation_states"))
    assert kinds == {words: "words", tower: "words", nothing: "curated", picky: "curated"}
    assert [look_of(lists, venue) for venue in lists.list_of(words)[:4]] == [LOFT] * 4
    assert [look_of(lists, venue) for venue in lists.list_of(tower)[:4]] == [BEACH] * 4
    assert {look_of(lists, venue) for venue in lists.list_of(nothing)[:3]} == {BARN, LOFT, BEACH}
    assert len(lists.list_of(picky)) == 6
    (row, *_) = matches_of(lists, words)
    assert (row.matches, row.visual_score) == ([], None)
    (row, *_) = matches_of(lists, nothing)
    assert (row.matches, row.strategy, row.text_score) == ([], "coverage", None)


def test_a_venue_that_is_retired_leaves_every_list_at_once_and_for_good(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)])
    lists.person("bob")
    lists.run(ASSET)
    gone = lists.list_of(ann)[1]
    left = [venue for venue in lists.list_of(ann) if venue != gone]
    lists.change(venues, venues.c.venue_id == gone, status="retired")
    ranked = lists.rows("SELECT rank, venue_id FROM serving.recommendations WHERE user_id = :a ORDER BY rank", a=ann)
    assert ranked == list(enumerate(left, start=1))
    assert lists.run(ASSET).checks["lists_recommendable"]
    assert lists.rows("SELECT * FROM recommendations WHERE venue_id = :gone", gone=gone) == []
    assert lists.list_of(ann) == left
    lists.change(venues, venues.c.venue_id == left[0], status="failing")
    lists.run(ASSET)
    assert lists.list_of(ann) == left, "a site that is down keeps its place"


def test_bad_vectors_never_reach_the_lists(lists: Lists) -> None:
    lists.person("ann", likes=[near(BARN)])
    lists.run(ASSET)
    before = lists.versions()
    lists.person("bob", likes=[near(LOFT)])
    with lists.engine.begin() as connection:
        stored = connection.execute(text("SELECT photo_id, embedding::real[] FROM photo_embeddings")).all()
        connection.execute(
            text("UPDATE photo_embeddings SET embedding = (SELECT embedding FROM photo_embeddings LIMIT 1)")
        )
    made = lists.execute(ASSET)
    assert not made.result.success
    assert made.checks == {"catalogue_sound": False}
    assert lists.versions() == before
    with lists.engine.begin() as connection:
        for photo, vector in stored:
            connection.execute(
                text("UPDATE photo_embeddings SET embedding = CAST(:v AS vector) WHERE photo_id = :p"),
                {"v": str(list(vector)), "p": photo},
            )
    lists.run(ASSET)
    for_most = "DELETE FROM photo_embeddings WHERE photo_id IN (SELECT photo_id FROM venue_photos JOIN venues USING \
        (venue_id) WHERE site_url IN ('https://v0.test', 'https://v1.test'))"
    with lists.engine.begin() as connection:
        connection.execute(text(for_most))
    assert lists.execute(ASSET).checks == {"catalogue_sound": False}
    lists.remove(venues, venues.c.status == "crawled")
    assert lists.execute(ASSET).checks == {"catalogue_sound": False}


def test_people_whose_tastes_are_in_another_space_keep_what_they_have(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)])
    lists.run(ASSET)
    before = lists.list_of(ann)
    other = EmbeddingSpace("image:other@1-8", "image", "other", "1", 8)
    with lists.engine.begin() as connection:
        ensure_space(connection, other)
        copied = text("INSERT INTO photo_embeddings SELECT photo_id, :s, dim, embedding FROM photo_embeddings")
        connection.execute(copied, {"s": other.space_id})
    lists.change(current_spaces, current_spaces.c.modality == "image", space_id=other.space_id)
    made = lists.run(ASSET)
    assert sum(made.metadata(ASSET, "waiting for tastes in this space")) == 1
    assert lists.list_of(ann) == before
    assert made.checks["lists_whole"]
    assert due_buckets(lists) == [], "their taste is found again first"
    lists.change(taste_clusters, taste_clusters.c.user_id == ann, space_id=other.space_id)
    lists.change(taste_states, taste_states.c.user_id == ann, space_id=other.space_id)
    assert due_buckets(lists) == [0]
    lists.run(ASSET)
    assert due_buckets(lists) == []
    assert {row.space_id for row in matches_of(lists, ann)} == {other.space_id}


def test_without_an_image_space_there_is_nothing_to_do(lists: Lists) -> None:
    lists.person("ann", likes=[near(BARN)])
    lists.remove(current_spaces, current_spaces.c.modality == "image")
    assert set(lists.run(ASSET).checks.values()) == {True}
    assert lists.rows("SELECT * FROM recommendation_states") == []


def test_a_run_is_about_its_buckets_only(lists: Lists) -> None:
    people = [lists.person(f"p{bucket}", likes=[near(BARN)], bucket=bucket) for bucket in (4, 5, 6)]
    lists.run(ASSET, buckets=(5, 5))
    assert lists.rows("SELECT user_id FROM recommendation_states") == [(people[1],)]
    assert sorted(lists.run(ASSET, buckets=(0, 31)).metadata(ASSET, "listed now")) == [0] * 30 + [1, 1]


def test_other_options_make_other_lists_and_are_written_down(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN), near(LOFT)], weights=[0.8, 0.2])
    lists.run(ASSET)
    lists.run(ASSET, recommendation_options=RecommendationOptions(strategy="best_score", order="plain", length=3))
    rows = matches_of(lists, ann)
    assert len(rows) == 3
    assert {(row.strategy, row.parameters["length"]) for row in rows} == {("best_score/plain", 3)}
    lists.run(ASSET, recommendation_options=RecommendationOptions(min_score=2))
    assert matches_of(lists, ann) == []


def test_a_reader_never_sees_part_of_a_list(lists: Lists) -> None:
    people = [lists.person(f"p{number}", likes=[near(number % 3)]) for number in range(6)]
    lists.run(ASSET)
    stop = threading.Event()
    seen: set[str] = set()
    wrong: list[object] = []

    def poll() -> None:
        with lists.engine.connect() as connection:
            while not stop.is_set():
                rows = connection.execute(
                    text("SELECT user_id, array_agg(rank ORDER BY rank) AS ranks, array_agg(DISTINCT run_id) AS runs,"
                         " max(kind) AS kind FROM serving.recommendations GROUP BY user_id")
                ).all()  # fmt: skip
                connection.rollback()
                seen.update(run for row in rows for run in row.runs)
                if len(rows) != len(people) or any(
                    list(row.ranks) != list(range(1, VENUES + 1)) or len(row.runs) != 1 for row in rows
                ):
                    wrong.append(rows)

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for round_number in range(8):
            lists.change(users, users.c.handle.like("p%"), preference_text=f"brick {round_number}")
            lists.run(ASSET)
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert len(seen) > 2, "the reader must have looked while lists were replaced"


def test_who_is_forgotten_while_lists_are_made_gets_none(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = (lists.person(name, likes=[near(BARN)]) for name in ("ann", "bob"))
    venue = lists.rows("SELECT venue_id FROM venues WHERE site_url = 'https://v0.test'")[0].venue_id

    def forget_meanwhile(*arguments: Any) -> Any:
        lists.remove(users, users.c.user_id == bob)
        lists.remove(venues, venues.c.venue_id == venue)
        return load_venues(*arguments)

    monkeypatch.setattr("taste_assets.recommendations.load_venues", forget_meanwhile)
    lists.run(ASSET)
    assert {row.user_id for row in lists.rows("SELECT user_id FROM recommendation_states")} == {ann}
    assert len(lists.list_of(ann)) == VENUES - 1


def test_the_resource_has_the_models_defaults_and_refuses_what_the_model_does_not_know() -> None:
    assert RecommendationOptions().how() == HowToRecommend(RecommendOptions())
    for wrong in ({"strategy": "best"}, {"order": "random"}, {"fusion": "sum"}, {"query": "mean"}, {"length": 0}):
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            RecommendationOptions(**wrong)


def test_words_speak_neither_for_nor_against_a_venue_nothing_is_written_about() -> None:
    texts = near(0, count=3)
    summaries = Summaries(texts, starts=np.array([0, 2]), venues=np.array([0, 2]))
    asked = near(0, seed=5, count=2)
    found = summaries.similarities(asked, 3)
    products = asked.astype(np.float64) @ texts.T
    np.testing.assert_allclose(found[:, 0], products[:, :2].max(axis=1), atol=1e-6)
    np.testing.assert_allclose(found[:, 2], products[:, 2], atol=1e-6)
    np.testing.assert_allclose(found[:, 1], found[:, [0, 2]].mean(axis=1))
    nothing = Summaries(texts[:0], starts=np.zeros(0, np.intp), venues=np.zeros(0, np.intp))
    assert nothing.similarities(asked, 2).tolist() == [[0, 0], [0, 0]]


def test_a_venue_they_never_want_is_on_no_list_of_theirs_until_they_take_it_back(lists: Lists) -> None:
    ann = lists.person("ann", likes=[near(BARN)])
    bob = lists.person("bob", likes=[near(BARN)])
    new, told = lists.person("new"), lists.person("told", preference_text="a barn")
    everybody = (ann, bob, new, told)
    lists.run(ASSET)
    before = {one: lists.list_of(one) for one in everybody}
    for one in (ann, new, told):
        lists.rate(one, before[one][0], 0)
        lists.rate(one, before[one][1], 1)
    made = lists.run(ASSET)
    assert sum(made.metadata(ASSET, "listed now")) == 3
    assert made.checks["lists_whole"]
    assert lists.list_of(bob) == before[bob]
    for one in (ann, new, told):
        assert set(lists.list_of(one)) == set(before[one][1:]), "1 is a dislike, 0 is never"
    lists.remove(ratings, ratings.c.rating == 0)
    lists.run(ASSET)
    assert {one: lists.list_of(one) for one in everybody} == before


def test_a_newcomer_who_only_dislikes_sees_other_looks_first(lists: Lists) -> None:
    venue = lists.rows("SELECT venue_id FROM venues WHERE site_url = 'https://v0.test'")[0].venue_id
    grim = lists.person("grim", treatment="none", dislikes=[near(BARN)])
    lists.rate(grim, venue, 0)
    lists.run(ASSET)
    ((kind,),) = lists.rows("SELECT kind FROM recommendation_states")
    looks = [look_of(lists, one) for one in lists.list_of(grim)]
    assert kind == "curated"
    assert set(looks[:2]) == {LOFT, BEACH}
    assert looks[8:] == [BARN] * 3


def test_curated_lists_lower_venues_whose_sites_are_silent_about_a_wish(lists: Lists) -> None:
    """Two venues that show the same; who wishes something gets the one that says it has it."""
    twin = near(5, seed=1)
    silent, said = sorted((venue_id("a.test"), venue_id("b.test")))
    for host in ("a.test", "b.test"):
        lists.venue(host, twin, setting="indoor" if venue_id(host) == said else None)
    first = lists.person("first")
    picky = lists.person("picky", preferences={"setting": "indoor"})
    lists.run(ASSET)
    order = lists.list_of(first)
    assert order.index(silent) < order.index(said), "of equals the first by id"
    order = lists.list_of(picky)
    assert order.index(said) < order.index(silent)
    assert len(order) == VENUES + 2
    lists.run(ASSET, recommendation_options=RecommendationOptions(unknown_penalty=0))
    assert lists.list_of(picky) == lists.list_of(first)


def test_words_that_tell_no_venue_from_another_are_no_words(lists: Lists) -> None:
    emoji = lists.person("emoji", preference_text="\N{HEAVY BLACK HEART} \N{CHURCH}!")
    fillers = lists.person("fillers", likes=[near(BARN)], preference_text="the and of")
    nothing = lists.person("nothing")
    silent = lists.person("silent", likes=[near(BARN)])
    made = lists.run(ASSET)
    kinds = dict(lists.rows("SELECT user_id, kind FROM recommendation_states"))
    assert kinds == {emoji: "curated", fillers: "taste", nothing: "curated", silent: "taste"}
    assert sum(made.metadata(ASSET, "listed now: curated")) == 2
    assert lists.list_of(emoji) == lists.list_of(nothing)
    assert lists.list_of(fillers) == lists.list_of(silent)
    assert {row.text_score for row in matches_of(lists, fillers)} == {None}


SUMMARIES = (
    "A rustic barn in the fields.", "A loft of brick and steel in the city.", "Sand, sea and surf.",
    "Das Schloss am See hat einen Festsaal.", "A chapel with 80 seats and a walled garden, and rooms for the night.",
)  # fmt: skip
FEATURELESS = st.lists(
    st.sampled_from(["the", "and", "of", "with", "your", "...", "-", "!?", "\N{CHURCH}", "\N{HEAVY BLACK HEART}"]),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip


@given(text=FEATURELESS)
def test_words_without_a_feature_say_nothing(text: str) -> None:
    encoder = LexicalEncoder()
    assert says_nothing(encoder.encode_queries([text]) @ encoder.encode_documents(SUMMARIES).T).all()


@given(word=st.sampled_from(["barn", "steel", "surfing", "Schloss", "gardens"]), other=FEATURELESS)
def test_one_word_of_a_summary_says_something(word: str, other: str) -> None:
    encoder = LexicalEncoder()
    texts = encoder.encode_documents([*SUMMARIES, "A hall."])
    many = np.concatenate([texts, np.repeat(texts[-1:], 500, axis=0)])  # one venue of five hundred has it
    assert not says_nothing(encoder.encode_queries([f"{other} {word}"]) @ many.T).any()
