"""The job `everything` and `venue-taste run`: every asset, in an order that works, whatever it is partitioned by."""

from __future__ import annotations

import io

import dagster as dg
import pytest
from rich.console import Console
from sqlalchemy import URL, Engine

from definitions import build_definitions
from resources.asset_runs import assets_by_name
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.settings import load_settings
from sensors.everything import STEPS, everything_job
from sensors.run_command import run_steps, steps_table

SITES = dg.StaticPartitionsDefinition(["00", "01"])
PEOPLE = dg.StaticPartitionsDefinition(["00", "01", "02"])


def small_lineage(*, broken: bool) -> dg.Definitions:
    """Two partitionings and an asset without one, the last of which may fail."""

    @dg.asset(partitions_def=SITES, backfill_policy=dg.BackfillPolicy.single_run())
    def sites() -> None:
        """Venues."""

    @dg.asset(partitions_def=PEOPLE, backfill_policy=dg.BackfillPolicy.single_run(), deps=[
        dg.AssetDep(sites, partition_mapping=dg.AllPartitionMapping())
    ])  # fmt: skip
    def lists() -> None:
        """Lists."""

    @dg.asset(deps=[lists])
    def export() -> None:
        """Files."""
        if broken:
            raise OSError("the disk is full")

    return dg.Definitions(assets=[sites, lists, export])


def test_every_asset_is_a_step_after_those_it_is_made_from() -> None:
    definitions = build_definitions()
    assets = assets_by_name(definitions)
    assert STEPS.keys() == assets.keys()
    step_of = {key: name for name, asset in assets.items() for key in asset.keys}
    order = list(STEPS)
    for name, asset in assets.items():
        for key in set(asset.dependency_keys) - set(asset.keys):
            assert order.index(step_of[key]) < order.index(name), f"{name} comes before {step_of[key]}"
    assert "everything" in {job.name for job in definitions.resolve_all_job_defs()}


def test_the_job_runs_each_asset_on_all_its_partitions_in_a_run_of_its_own(instance: dg.DagsterInstance) -> None:
    definitions = small_lineage(broken=False)
    job = everything_job(definitions, {"sites": "", "lists": "", "export": ""})
    assert job.execute_in_process(instance=instance).success
    assert instance.get_materialized_partitions(dg.AssetKey("sites")) == {"00", "01"}
    assert instance.get_materialized_partitions(dg.AssetKey("lists")) == {"00", "01", "02"}
    assert instance.get_latest_materialization_event(dg.AssetKey("export")) is not None
    assert len(instance.get_runs()) == 4


def test_the_job_ends_where_an_asset_fails_and_says_why(instance: dg.DagsterInstance) -> None:
    job = everything_job(small_lineage(broken=True), {"export": "", "sites": ""})
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_failure_data.error is not None
    assert "the disk is full" in failure.step_failure_data.error.message
    assert not instance.get_materialized_partitions(dg.AssetKey("sites"))


def test_the_command_runs_the_steps_it_is_told_in_the_lineages_order(
    engine: Engine, database_url: URL, empty_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    urls = DatabaseUrls(database_url, empty_url.set(drivername="postgresql+psycopg2"))
    said = Console(file=io.StringIO(), width=150)
    run_steps(build_definitions(), urls, load_settings(), ["serving_export", "taste_importance"], said)
    assert isinstance(said.file, io.StringIO)
    lines = said.file.getvalue().splitlines()
    assert [line.split()[1].rstrip(":") for line in lines] == ["taste_importance", "serving_export"]
    assert (load_settings().venue_taste_home / "export" / "current" / "recommendations.parquet").exists()
    with pytest.raises(SetupError, match="no step 'serving'"):
        run_steps(build_definitions(), urls, load_settings(), ["serving"], said)
    assert steps_table().row_count == len(STEPS)
