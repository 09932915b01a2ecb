"""docs/serving.md is what the database says: views, columns, types and comments; and its queries run as the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError

from taste_assets.matches import taste_matches
from taste_assets.people import StatedWishes
from taste_assets.recommendation_options import MatchOptions, RecommendationOptions
from taste_assets.recommendations import recommendations
from tests.taste_assets.list_lineage import Lists, list_resources, near

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text()
QUERIES = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
LIVE = """
    SELECT relname, obj_description(views.oid, 'pg_class') AS about, attname,
        format_type(atttypid, atttypmod) AS type, col_description(views.oid, attnum) AS meaning
    FROM pg_class AS views
    JOIN pg_attribute ON attrelid = views.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'serving'::regnamespace
    ORDER BY relname, attnum
"""

PAST = """
    INSERT INTO taste_history (cluster_id, recorded_at, user_id, polarity, label, weight, pin_count)
    SELECT cluster_id, updated_at, user_id, polarity, label, weight, pin_count FROM taste_clusters;
    INSERT INTO ratings (user_id, venue_id, rating, rated_at) SELECT user_id, venue_id, 4, now() FROM users, venues;
    INSERT INTO index_settings (space_id, kind, rows, built_at)
    SELECT space_id, 'exact', 1, now() FROM embedding_spaces;
"""

Views = dict[str, tuple[str, list[tuple[str, str, str]]]]


def documented() -> Views:
    views: Views = {}
    for name, about, table in re.findall(r"### `serving\.(\w+)`\n\n(.+?)\n\n(.+?)(?:\n\n|\n?\Z)", DOCUMENT, re.DOTALL):
        rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", table, re.MULTILINE)
        views[name] = (about, rows)
    return views


def test_the_document_is_what_the_database_says(engine: Engine) -> None:
    live: Views = {}
    with engine.connect() as connection:
        for row in connection.execute(text(LIVE)):
            live.setdefault(row.relname, (row.about, []))[1].append((row.attname, row.type, row.meaning))
    assert all(about and all(meaning for *_, meaning in columns) for about, columns in live.values())
    assert documented() == live
    assert len(live) == 13


def test_the_document_names_every_key_of_preferences() -> None:
    section = DOCUMENT.partition("## Preferences")[2].partition("\n## ")[0]
    named = {
        key for line in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE) for key in re.findall(r"`(\w+)`", line)
    }
    assert named == StatedWishes.model_fields.keys()


@pytest.fixture
def filled(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Something in every view, and a venue that is on no list."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    lists = Lists(
        engine,
        [recommendations, taste_matches],
        list_resources(recommendation_options=RecommendationOptions(length=2), match_options=MatchOptions()),
    )
    lists.start()
    for number in range(4):
        evidence = {"capacity_max": [{"value": 150, "quote": "up to 150 guests", "page_url": "https://v.test/"}]}
        lists.venue(f"v{number}.test", near(number, count=2), "a venue", capacity_max=150, evidence=evidence)
    lists.person("ann", likes=[near(0), near(1)], shares_taste=True)
    lists.person("bob", likes=[near(1)], shares_taste=True)
    lists.run("recommendations", "taste_matches")
    with engine.begin() as connection:
        connection.execute(text(PAST))
    return engine


def test_every_query_of_the_document_runs_as_the_reader_and_finds_something(filled: Engine) -> None:
    assert len(QUERIES) >= 8
    with filled.begin() as connection:
        connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
        for query in QUERIES:
            # Not through `text`, to which a colon in a cast or a time is the start of a parameter.
            assert connection.exec_driver_sql(query).all(), query
        for view in documented():
            assert connection.execute(text(f"SELECT * FROM serving.{view}")).all(), view  # noqa: S608


def test_the_reader_reads_nothing_else_and_writes_nothing(filled: Engine) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with filled.connect() as connection:
        names = connection.scalars(text(tables)).all()
    statements = [f"SELECT * FROM {name}" for name in names]  # noqa: S608
    statements += [f"DELETE FROM serving.{view}" for view in documented()]  # noqa: S608
    for statement in statements:
        with (
            pytest.raises(DBAPIError, match=r"permission denied|cannot delete from view"),
            filled.begin() as connection,
        ):
            connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
            connection.execute(text(statement))


def test_a_list_asked_for_by_person_reads_that_persons_rows_only(filled: Engine) -> None:
    """Ranks are closed up by a window function; it must not be computed for everybody first."""
    query = "EXPLAIN SELECT * FROM serving.recommendations WHERE user_id = (SELECT user_id FROM users LIMIT 1)"
    with filled.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(connection.scalars(text(query)))
    assert re.search(r"Index (Only )?Scan.* on recommendations", plan) or "Bitmap Heap Scan on recommendations" in plan
    assert "SubPlan" not in plan, "counting photos is not a list's business"
