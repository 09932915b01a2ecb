"""Definitions load, and run for real on an instance made from our dagster.yaml with Postgres storage."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage
from sqlalchemy import URL, text

from definitions import build_definitions, defs
from resources.database_resource import DatabaseResource
from resources.photo_store_resource import PhotoStoreResource

PROJECT = Path(__file__).resolve().parent.parent


def test_definitions_are_loadable() -> None:
    dg.Definitions.validate_loadable(defs)


def test_resources_can_be_replaced_by_name() -> None:
    own = PhotoStoreResource(url="memory://x")
    replaced = build_definitions(resources={"photo_store": own}).resources
    assert replaced is not None
    assert replaced["photo_store"] is own
    assert isinstance(replaced["database"], DatabaseResource)


def test_the_instance_keeps_its_state_in_postgres_and_says_how_runs_behave(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_storage, PostgresRunStorage)
    assert isinstance(instance.event_log_storage, PostgresEventLogStorage)
    assert instance.run_retries_enabled
    assert not instance.run_retries_retry_on_asset_or_op_failure, "run retries must not multiply asset retries"
    pools = instance.get_concurrency_config().pool_config
    assert pools.default_pool_limit == 1
    assert instance.run_monitoring_enabled


def test_the_workspace_names_the_definitions() -> None:
    (location,) = yaml.safe_load((PROJECT / "workspace.yaml").read_text())["load_from"]
    assert location["python_module"]["module_name"] == "definitions"


def test_an_asset_reaches_database_and_photos_in_a_real_run(
    instance: dg.DagsterInstance, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))

    @dg.asset
    def probe(database: DatabaseResource, photo_store: PhotoStoreResource) -> dg.MaterializeResult[None]:
        photo_id = photo_store.open().put(b"photo")
        with database.engine.connect() as connection:
            return dg.MaterializeResult(
                metadata={"venues": connection.scalar(text("SELECT count(*) FROM venues")), "photo": photo_id}
            )

    resources = build_definitions().resources or {}
    result = dg.materialize([probe], resources=dict(resources), instance=instance)
    assert result.success
    event = instance.get_latest_materialization_event(dg.AssetKey("probe"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["venues"].value == 0


def test_an_unmigrated_database_says_what_to_run(
    instance: dg.DagsterInstance, empty_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.render_as_string(hide_password=False))
    with pytest.raises(Exception, match="venue-taste db migrate"):
        _ = DatabaseResource().engine
