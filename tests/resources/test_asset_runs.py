"""One asset, all its partitions, one run; and what is said of a run that failed."""

# No `from __future__ import annotations`: Dagster reads the annotation of `context` itself.
import dagster as dg

from resources.asset_runs import assets_by_name, every_partition, run_everywhere, why_it_failed
from resources.errors import SetupError

BUCKETS = dg.StaticPartitionsDefinition(["0", "1", "2"])
seen: list[str] = []


def refuse() -> None:
    raise ConnectionError("refused")


@dg.asset(partitions_def=BUCKETS, backfill_policy=dg.BackfillPolicy.single_run())
def bucketed(context: dg.AssetExecutionContext) -> None:
    seen.extend(context.partition_keys)


@dg.asset
def without_a_model() -> None:
    try:
        refuse()
    except ConnectionError as error:
        raise SetupError("IMAGE_ENCODER cannot be fetched", "set IMAGE_ENCODER to a folder") from error


@dg.asset
def broken() -> None:
    try:
        refuse()
    except ConnectionError as error:
        raise RuntimeError("no answer") from error


@dg.asset(
    check_specs=[
        dg.AssetCheckSpec("sound", asset="unsound", blocking=True),
        dg.AssetCheckSpec("agreed", asset="unsound", blocking=True, description="Everybody agreed."),
        dg.AssetCheckSpec("pretty", asset="unsound", description="Nothing is stopped by it."),
    ]
)
def unsound():  # type: ignore[no-untyped-def]
    results = [
        dg.AssetCheckResult(check_name="sound", passed=False, description="48 of 48 venues: a.test, b.test"),
        dg.AssetCheckResult(check_name="agreed", passed=False),
        dg.AssetCheckResult(check_name="pretty", passed=False),
    ]
    return dg.MaterializeResult(check_results=results)


DEFINITIONS = dg.Definitions(assets=[bucketed, without_a_model, broken, unsound])


def run(name: str, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = DEFINITIONS.resolve_implicit_global_asset_job_def()
    return run_everywhere(job, assets_by_name(DEFINITIONS)[name], instance, {})


def test_all_partitions_are_one_run(instance: dg.DagsterInstance) -> None:
    seen.clear()
    assert run("bucketed", instance).success
    assert seen == ["0", "1", "2"]
    assert instance.get_runs_count() == 1
    assert every_partition(broken) == {}


def test_a_failure_says_what_to_mend_or_else_what_it_came_from(instance: dg.DagsterInstance) -> None:
    said = why_it_failed(run("without_a_model", instance))
    assert said.startswith("IMAGE_ENCODER cannot be fetched")
    assert "set IMAGE_ENCODER to a folder" in said
    assert "refused" not in said
    assert "refused" in why_it_failed(run("broken", instance))
    said = why_it_failed(run("unsound", instance))
    assert "unsound: sound,agreed" in said
    assert said.endswith("; sound: 48 of 48 venues: a.test, b.test; agreed: Everybody agreed.")
