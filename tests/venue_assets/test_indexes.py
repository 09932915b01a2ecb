"""The index assets as Dagster runs them: what they build, store, report and refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, delete, func, select

from resources.database_resource import DatabaseResource
from resources.identity import content_id
from resources.schema import index_settings, photo_embeddings
from resources.vector_index import IndexReport, IndexSettings, indexes_of
from resources.vectors import SummaryKey, ensure_space, store_photo_vectors, store_summary_vectors
from tests.resources.vector_rows import IMAGE, OTHER_IMAGE, TEXT, add_photos, add_venues, photo_ids, units
from venue_assets.index_checks import index_check_results
from venue_assets.indexes import photo_index, summary_index

Run = Callable[[Any], tuple[dict[str, Any], dict[str, bool]]]


@pytest.fixture
def run(database_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Materialise one asset: its metadata and the results of its checks."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("INDEX_MIN_ROWS", "200")

    def materialize(asset: dg.AssetsDefinition) -> tuple[dict[str, Any], dict[str, bool]]:
        with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
            result = dg.materialize([asset], resources={"database": DatabaseResource()}, instance=instance)
        assert result.success
        (event,) = result.get_asset_materialization_events()
        metadata = event.step_materialization_data.materialization.metadata
        checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
        return {name: value.value for name, value in metadata.items()}, checks

    return materialize


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with engine.begin() as connection:
        ids = photo_ids(300)
        add_photos(connection, ids)
        for space, count in ((IMAGE, 300), (OTHER_IMAGE, 100)):
            ensure_space(connection, space)
            store_photo_vectors(connection, space, ids[:count], units(1, count))
        venues = add_venues(connection, 80)
        ensure_space(connection, TEXT)
        for number, field in enumerate(("aesthetic", "factual", "vibe")):
            keys = [SummaryKey(venue, field, content_id(b"")) for venue in venues]
            store_summary_vectors(connection, TEXT, keys, units(number, 80))
    return engine


def test_each_image_space_is_indexed_by_its_size_and_again_without_work(filled: Engine, run: Run) -> None:
    metadata, checks = run(photo_index)
    assert checks == {"recall_reaches_target": True, "indexes_are_valid": True}
    assert (metadata["dagster/row_count"], metadata["indexes built"], metadata["rows written"]) == (400, 1, 2)
    with filled.connect() as connection:
        kinds = {row.space_id: row.kind for row in connection.execute(select(index_settings))}
        stored = connection.execute(select(index_settings).order_by(index_settings.c.space_id)).all()
    assert kinds == {IMAGE.space_id: "hnsw", OTHER_IMAGE.space_id: "exact"}
    assert f"| `{IMAGE.space_id}` | hnsw | 300 |" in metadata["spaces"]
    assert f"| `{OTHER_IMAGE.space_id}` | exact | 100 |" in metadata["spaces"]
    again, checks = run(photo_index)
    assert checks == {"recall_reaches_target": True, "indexes_are_valid": True}
    assert (again["indexes built"], again["rows written"]) == (0, 0)
    assert again["measured now"] == "nothing: what is stored still holds"
    with filled.connect() as connection:
        assert connection.execute(select(index_settings).order_by(index_settings.c.space_id)).all() == stored


def test_summaries_of_all_fields_share_an_index(filled: Engine, run: Run) -> None:
    metadata, checks = run(summary_index)
    assert all(checks.values())
    assert metadata["dagster/row_count"] == 240
    with filled.connect() as connection:
        assert [index.is_valid for index in indexes_of(connection, TEXT.space_id)] == [True]
        assert connection.scalars(select(index_settings.c.space_id)).all() == [TEXT.space_id]


def test_with_no_space_there_is_nothing_to_do(engine: Engine, run: Run) -> None:
    metadata, checks = run(photo_index)
    assert checks == {"recall_reaches_target": True, "indexes_are_valid": True}
    assert (metadata["spaces"], metadata["dagster/row_count"]) == ("no space of this kind yet", 0)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(index_settings)) == 0


def test_a_space_that_lost_its_rows_is_scanned_again(filled: Engine, run: Run) -> None:
    run(photo_index)
    with filled.begin() as connection:
        connection.execute(delete(photo_embeddings).where(photo_embeddings.c.photo_id.in_(photo_ids(150))))
    metadata, checks = run(photo_index)
    assert all(checks.values())
    assert len(metadata["indexes dropped"]) == 1


@pytest.mark.parametrize(
    ("recall", "passed", "severity"),
    [
        (0.97, True, dg.AssetCheckSeverity.WARN),
        (0.94, False, dg.AssetCheckSeverity.WARN),
        (0.80, False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_recall_below_the_target_warns_and_far_below_blocks(
    filled: Engine, run: Run, recall: float, passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    run(photo_index)
    with filled.connect() as connection:
        built = indexes_of(connection, IMAGE.space_id)
    settings = IndexSettings("hnsw", 300, 16, 64, 1000, 0.95, recall, 1.0)
    report = IndexReport(IMAGE.space_id, settings, None, (), (), 1.0, 0)
    reached, valid = index_check_results("photo_index", [report], [built])
    assert (reached.passed, valid.passed) == (passed, True)
    if not passed:
        assert reached.severity == severity


def test_an_index_that_is_missing_or_invalid_does_not_pass(filled: Engine, run: Run) -> None:
    run(photo_index)
    with filled.connect() as connection:
        (good,) = indexes_of(connection, IMAGE.space_id)
    report = IndexReport(IMAGE.space_id, IndexSettings("hnsw", 300, 16, 64, 20, 0.95, 1.0, 1.0), None, (), (), 1.0, 0)
    for built in ([], [replace(good, is_valid=False)], [good, replace(good, name="left", is_valid=False)]):
        _, valid = index_check_results("photo_index", [report], [built])
        assert not valid.passed
