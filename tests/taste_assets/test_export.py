"""The Parquet files hold what the views hold, and are exchanged as a whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import URL, Engine

from resources.schema import users
from resources.settings import load_settings
from taste_assets.export import serving_export
from taste_assets.matches import taste_matches
from taste_assets.parquet_export import CURRENT, export_serving
from taste_assets.recommendation_options import MatchOptions
from taste_assets.recommendations import recommendations
from tests.taste_assets.list_lineage import Lists, list_resources, near


@pytest.fixture
def lists(engine: Engine, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Two people who share a taste, and three venues."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    lists = Lists(
        engine, [recommendations, taste_matches, serving_export], list_resources(match_options=MatchOptions())
    )
    lists.start()
    for number in range(3):
        lists.venue(f"v{number}.test", near(number), "it's a „venue“", amenities=["parking", "bar"])
    lists.person("ann", likes=[near(0)], shares_taste=True, preferences={"guests": 2})
    lists.person("bob", likes=[near(1)], shares_taste=True)
    lists.run("recommendations", "taste_matches")
    return lists


def root() -> Path:
    return load_settings().venue_taste_home / "export"


def read(view: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(root() / CURRENT / f"{view}.parquet").to_pylist()
    return rows


def test_files_hold_what_the_views_hold(lists: Lists) -> None:
    lists.run("serving_export")
    assert {path.stem for path in (root() / CURRENT).iterdir()} == {
        "freshness", "people", "ratings", "recommendations", "taste_clusters", "taste_history", "taste_matches",
        "venue_photos", "venues",
    }  # fmt: skip
    live = lists.rows("SELECT * FROM serving.recommendations ORDER BY user_id, rank")
    stored = read("recommendations")
    assert len(live) == len(stored) == 6
    for row, copy in zip(live, stored, strict=True):
        assert json.loads(copy.pop("matches")) == row.matches
        assert json.loads(copy.pop("parameters")) == row.parameters
        for name, value in copy.items():
            expected = getattr(row, name)
            assert value == (str(expected) if name.endswith("venue_id") or name == "user_id" else expected), name
    (venue, *_) = read("venues")
    assert (venue["amenities"], venue["vibe"]) == (["parking", "bar"], "it's a „venue“")
    (cluster, *_) = read("taste_clusters")
    ((vector,), *_) = lists.rows(
        "SELECT centroid_vector::real[] FROM serving.taste_clusters WHERE cluster_id::text = :one",
        one=cluster["cluster_id"],
    )
    assert cluster["centroid_vector"] == pytest.approx(vector)
    field = pq.read_schema(root() / CURRENT / "recommendations.parquet").field("rank")
    assert b"From 1 without gaps" in field.metadata[b"comment"]


def test_nothing_is_replaced_where_nothing_changed_and_who_is_forgotten_is_gone(lists: Lists) -> None:
    lists.run("serving_export")
    before = (root() / CURRENT).readlink(), {path: path.stat().st_mtime_ns for path in root().rglob("*.parquet")}
    assert lists.run("serving_export").metadata("serving_export", "replaced") == [False]
    assert before == (
        (root() / CURRENT).readlink(), {path: path.stat().st_mtime_ns for path in root().rglob("*.parquet")}
    )  # fmt: skip
    lists.remove(users, users.c.handle == "bob")
    assert lists.run("serving_export").metadata("serving_export", "replaced") == [True]
    assert [row["handle"] for row in read("people")] == ["ann"]
    assert len([path for path in root().iterdir() if path.is_dir()]) == 2, "the link and what it leads to"


def test_a_run_that_was_killed_leaves_the_last_export_and_its_rest_is_removed(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists.run("serving_export")
    before = (root() / CURRENT).readlink()
    lists.remove(users, users.c.handle == "bob")

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("taste_assets.parquet_export._content_name", killed)
        export_serving(lists.engine, root())
    assert (root() / CURRENT).readlink() == before
    assert len(list(root().glob(".begun-*"))) == 1
    assert export_serving(lists.engine, root()).rows["people"] == 1
    assert list(root().glob(".begun-*")) == []
