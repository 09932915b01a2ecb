"""People: wishes that fit together, ratings, and forgetting that leaves no trace."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, inspect, select, text

from resources.errors import SetupError
from resources.identity import user_bucket, user_id, venue_bucket, venue_id
from resources.schema import metadata as schema
from resources.schema import photos, pins, ratings, taste_clusters, taste_matches, users, venues
from taste_assets import people
from taste_assets.connecting import import_folder
from taste_assets.model.wishes import Wishes
from taste_assets.ratings import RatingError, Subject, find_subject, import_ratings, rate
from taste_assets.report_pages import page_path
from tests.taste_assets.taste_lineage import TasteLineage, text_of_everything

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SITES = ("https://manor.example", "https://barn.example")


@pytest.fixture
def ada(engine: Engine) -> Engine:
    """A person, and two venues."""
    with engine.begin() as connection:
        people.add_user(connection, " ada ")
        for number, site in enumerate(SITES):
            connection.execute(
                venues.insert().values(
                    venue_id=venue_id(site), site_url=site, bucket=venue_bucket(venue_id(site)), name=f"Venue {number}"
                )
            )
    return engine


def test_a_person_is_added_once(ada: Engine) -> None:
    with ada.begin() as connection:
        assert people.add_user(connection, "ada") == (user_id("ada"), False)
        row = connection.execute(select(users)).one()
        assert (row.handle, row.bucket, row.taste_version) == ("ada", user_bucket(user_id("ada")), 0)
        with pytest.raises(SetupError, match="blank"):
            people.add_user(connection, "  ")
        with pytest.raises(SetupError, match="nobody called 'ben'"):
            people.find_user(connection, "ben")


def test_wishes_are_changed_one_by_one_and_read_by_the_ranking(ada: Engine) -> None:
    with ada.begin() as connection:
        me = user_id("ada")
        people.change_wishes(connection, me, {"guests": 80, "budget_max": 9000.0, "currency": "GBP"})
        people.change_wishes(connection, me, {"lat": 51.5, "lon": -0.1, "max_distance_km": 60.0, "must": ["guests"]})
        people.change_wishes(connection, me, {"guests": None, "amenities": ["bar", "chapel"]})
        stored = connection.scalar(select(users.c.preferences))
        assert stored is not None
        assert people.stated_wishes(stored).wishes() == Wishes(
            budget_max=9000.0, currency="GBP", lat=51.5, lon=-0.1, max_distance_km=60.0,
            amenities=frozenset({"bar", "chapel"}), must=frozenset({"guests"}),
        )  # fmt: skip
        for nonsense in (
            {"currency": None}, {"currency": "pounds"}, {"lat": None}, {"guests": -1}, {"setting": "moon"},
            {"must": ["luck"]}, {"lat": 91.0}, {"budget_max": float("inf")}, {"colour": "red"},
        ):  # fmt: skip
            with pytest.raises(ValidationError):
                people.change_wishes(connection, me, nonsense)
        assert connection.scalar(select(users.c.preferences)) == stored


def test_words_count_as_a_change_of_taste_and_the_same_words_do_not(ada: Engine) -> None:
    def version(connection: Connection) -> int | None:
        return connection.scalar(select(users.c.taste_version))

    with ada.begin() as connection:
        assert people.change_user(connection, user_id("ada"), preference_text="stone barns", shares_taste=True)
        assert version(connection) == 1
        assert not people.change_user(connection, user_id("ada"), preference_text="stone barns", shares_taste=True)
        assert version(connection) == 1


def test_what_is_rated_is_found_by_any_of_its_names(ada: Engine) -> None:
    with ada.begin() as connection:
        manor = Subject(venue_id=venue_id(SITES[0]))
        for name in (
            SITES[0],
            "http://www.manor.example/index.html",
            "manor.example",
            " venue 0 ",
            str(manor.venue_id),
        ):
            assert find_subject(connection, name) == manor
        row = {"photo_id": "ab" * 32, "mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1}
        connection.execute(photos.insert().values(row))
        assert find_subject(connection, "ab" * 32) == Subject(photo_id="ab" * 32)
        connection.execute(venues.update().values(name="Twin"))
        for unknown, problem in (("cd" * 32, "no photograph"), ("nowhere", "no venue"), ("twin", "several venues")):
            with pytest.raises(RatingError, match=problem):
                find_subject(connection, unknown)


def test_a_rating_replaces_the_one_before_and_an_equal_one_writes_nothing(ada: Engine) -> None:
    me, manor = user_id("ada"), Subject(venue_id=venue_id(SITES[0]))
    with ada.begin() as connection:
        assert rate(connection, me, manor, 4, NOW)
        assert not rate(connection, me, manor, 4)
        assert not rate(connection, me, manor, 4, NOW)
        assert rate(connection, me, manor, 4, NOW + timedelta(days=1))
        assert rate(connection, me, manor, 1)
        assert connection.execute(select(ratings.c.rating, ratings.c.photo_id)).all() == [(1, None)]
        for wrong in (-1, 6):
            with pytest.raises(RatingError, match="from 0 to 5"):
                rate(connection, me, manor, wrong)


def test_a_list_of_ratings_is_stored_and_stored_again_without_a_write(ada: Engine, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(
        "venue,rating,rated_at\n" + f"{SITES[0]},5,2026-05-01\n{SITES[1]},0,\nnowhere,3,\n{SITES[1]},six,\n,1,\n"
        f"{SITES[1]},7,\n{SITES[1]},1,yesterday\n",
        encoding="utf-8-sig",
    )
    with ada.begin() as connection:
        first = import_ratings(connection, user_id("ada"), str(file))
        assert (first.written, first.unchanged, [line for line, _ in first.refused]) == (2, 0, [4, 5, 6, 7, 8])
        again = import_ratings(connection, user_id("ada"), str(file))
        assert (again.written, again.unchanged) == (0, 2)
        rated = connection.scalar(select(ratings.c.rated_at).where(ratings.c.rating == 5))
        assert rated == NOW
        for content, problem in (("venue,stars\n", "have the columns venue, stars"), ("", "have the columns none")):
            file.write_text(content)
            with pytest.raises(SetupError, match=problem):
                import_ratings(connection, user_id("ada"), str(file))
        with pytest.raises(SetupError, match="cannot be read"):
            import_ratings(connection, user_id("ada"), str(tmp_path / "none.csv"))


def fill_every_table_of(connection: Connection, me: str, other: str) -> None:
    """A row of `me`, and of `other` about `me`, in each table that the pipeline fills from taste."""
    ids = {"me": user_id(me), "other": user_id(other), "cluster": user_id("a cluster"), "venue": venue_id(SITES[0])}
    photo = connection.scalar(select(pins.c.photo_id).where(pins.c.photo_id.is_not(None)).limit(1))
    values = {**ids, "photo": photo, "now": NOW}
    for statement in (
        "INSERT INTO embedding_spaces VALUES ('s', 'image', 'm', 'r', 2, :now)",
        "INSERT INTO photo_embeddings SELECT photo_id, 's', 2, '[1,0]' FROM photos",
        "INSERT INTO venues (venue_id, site_url, bucket) VALUES (:venue, 'https://manor.example', 1)",
        "INSERT INTO taste_clusters (cluster_id, user_id, cluster_index, polarity, space_id, dim, medoid_vector, "
        "centroid_vector, weight, pin_count) VALUES (:cluster, :me, 0, 'positive', 's', 2, '[1,0]', '[1,0]', 1, 1)",
        "INSERT INTO taste_cluster_members VALUES (:cluster, :photo, 'x', 1, :now)",
        "INSERT INTO taste_states VALUES (:me, 1, 's', 'h', 'm', 'clustered', 0.5, 1, 1, 'run', :now)",
        "INSERT INTO taste_history VALUES (:cluster, :now, :me, 'positive', 'barn', 1, 1, 0)",
        "INSERT INTO recommendations (user_id, rank, venue_id, score, strategy, inputs_hash, run_id, generated_at) "
        "VALUES (:me, 1, :venue, 1, 'm', 'h', 'run', :now)",
        "INSERT INTO taste_matches (user_id, rank, other_user_id, score, strategy, inputs_hash, run_id, generated_at) "
        "VALUES (:me, 1, :other, 1, 'm', 'h', 'run', :now), (:other, 1, :me, 1, 'm', 'h', 'run', :now)",
        "INSERT INTO ratings (user_id, venue_id, rating, rated_at) VALUES (:me, :venue, 5, :now)",
    ):
        names = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(text(statement), names)


def tables_about_people(engine: Engine) -> set[str]:
    """Every table with a column for a person or a taste."""
    tables = inspect(engine)
    return {
        name
        for name in tables.get_table_names()
        if {"user_id", "other_user_id", "cluster_id"} & {column["name"] for column in tables.get_columns(name)}
    }


def goes_with_the_person(engine: Engine, table: str) -> bool:
    """Whether the table's rows go when those of `users` do, by a foreign key of their own."""
    keys = inspect(engine).get_foreign_keys(table)
    return any(key["referred_table"] == "users" and key["options"].get("ondelete") == "CASCADE" for key in keys)


def test_forgetting_leaves_no_trace_in_tables_photos_or_pages(lineage: TasteLineage, tmp_path: Path) -> None:
    """Ben has one picture that Ada has too: it stays his."""
    folder, pages = tmp_path / "bens", tmp_path / "reports"
    lineage.connect("ada", "ben")
    lineage.read()
    shared = min(lineage.store.ids())
    with lineage.engine.connect() as connection:
        bens = set(connection.scalars(select(pins.c.photo_id).where(pins.c.user_id == user_id("ben"))))
    folder.mkdir()
    shutil.copy(str(lineage.store.path(shared)), folder / "shared.jpg")
    import_folder(lineage.engine, lineage.store, "minimal", "ben", str(folder))
    lineage.read()
    with lineage.engine.begin() as connection:
        fill_every_table_of(connection, "ada", "ben")
        people.change_user(connection, user_id("ada"), preference_text="stone barns")
        people.change_wishes(connection, user_id("ada"), {"near": "Adas town"})
        traces = {str(user_id("ada")), "'ada'", "Adas town", "stone barns", str(user_id("a cluster"))}
        traces |= set(connection.scalars(select(pins.c.pin_id).where(pins.c.user_id == user_id("ada"))))
        filled = {
            table.name for table in schema.sorted_tables
            if any(column.name in ("user_id", "cluster_id") for column in table.columns)
            and connection.scalar(select(text("count(*)")).select_from(table))
        }  # fmt: skip
    assert {"boards", "pins", "ratings", "taste_clusters", "recommendations", "pinterest_accounts"} <= filled
    for name in tables_about_people(lineage.engine) - filled:
        assert goes_with_the_person(lineage.engine, name), name
    pages.mkdir()
    for handle in ("ada", "ben"):
        page_path(pages, user_id(handle)).write_text(f"all about {handle}")
    before = text_of_everything(lineage.engine)
    assert all(trace in before for trace in traces)

    gone = people.forget(lineage.engine, lineage.store, pages, "ada")

    assert (gone.boards, gone.pins, gone.ratings) == (2, 9, 1)
    after = text_of_everything(lineage.engine)
    assert [trace for trace in traces if trace in after] == []
    assert sorted(lineage.store.ids()) == lineage.column(photos.c.photo_id) == sorted(bens | {shared})
    assert list(pages.iterdir()) == [page_path(pages, user_id("ben"))]
    assert lineage.column(taste_clusters.c.cluster_id) == lineage.column(taste_matches.c.user_id) == []
    with pytest.raises(SetupError, match="nobody called"):
        people.forget(lineage.engine, lineage.store, pages, "ada")
