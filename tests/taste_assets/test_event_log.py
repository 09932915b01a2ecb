"""What the assets of lists leave in Dagster, which keeps it when somebody is forgotten: nothing that names a person."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, MetaData, create_engine, select

from resources.identity import user_bucket, user_id
from resources.photo_store_resource import PhotoStoreResource
from taste_assets.list_quality import list_quality
from taste_assets.matches import taste_matches
from taste_assets.recommendation_options import MatchOptions
from taste_assets.recommendations import recommendations
from taste_assets.report_pages import page_path, report_folder
from taste_assets.reports import taste_reports
from tests.taste_assets.list_lineage import Lists, list_resources, near

HANDLES = ("zora brightwater", "yves underhill")
ASSETS = ("recommendations", "taste_matches", "taste_reports", "list_quality")
UNKNOWN = ("capacity_min", "capacity_max", "price_min", "currency", "price_unit", "setting", "lat", "lon")


def text_of_dagster(url: URL) -> str:
    """Every row of every table of an instance's storage."""
    engine = create_engine(url)
    try:
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            return "\n".join(
                str(tuple(row)) for table in tables.sorted_tables for row in connection.execute(select(table))
            )
    finally:
        engine.dispose()


def test_what_lists_leave_in_dagster_names_nobody(
    engine: Engine, database_url: URL, instance: dg.DagsterInstance, dagster_url: URL, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Two with a page, who share a taste; the truth knows both, and the preferences of one are not understood."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("VENUE_LIST", str(tmp_path / "venues.csv"))
    monkeypatch.setenv("PHOTO_STORE_URL", str(tmp_path / "photos"))
    person = {"tastes": [{"mixture": {"barn": 1.0}, "weight": 1.0}], "dislikes": [], "preferences": {}}
    told = {
        "venues": {
            f"v{number}": {
                "site_url": f"http://v{number}.test/",
                "mixture": {"barn": 1.0},
                "facts": {**dict.fromkeys(UNKNOWN), "amenities": []},
            }
            for number in range(3)
        },
        "people": dict.fromkeys(HANDLES, person),
    }
    (tmp_path / "truth.json").write_text(json.dumps(told))
    lists = Lists(
        engine,
        [recommendations, taste_matches, taste_reports, list_quality],
        list_resources(photo_store=PhotoStoreResource(), match_options=MatchOptions()),
    )
    lists.start()
    for number in range(3):
        lists.venue(f"v{number}.test", near(0, seed=number), capacity_max=50)
    for handle, preferences in zip(HANDLES, ({HANDLES[0]: 1, "guests": "many"}, {}), strict=True):
        bucket = user_bucket(user_id(handle))
        lists.person(handle, likes=[near(0)], preferences=preferences, shares_taste=True, bucket=bucket)
    made = lists.run(*ASSETS, buckets=(0, 31), instance=instance)
    assert made.metadata("list_quality", "people compared with the truth") == [2]
    assert "| person 2 |" in made.metadata("list_quality", "NDCG@10 of each")[0]
    left = text_of_dagster(dagster_url)
    assert "preferences of 1 people are left aside: guests" in left, "the log is among what is searched"
    assert all(page_path(report_folder(), user_id(handle)).exists() for handle in HANDLES)
    for handle in HANDLES:
        assert [trace for trace in (handle, str(user_id(handle)), user_id(handle).hex) if trace in left] == []
