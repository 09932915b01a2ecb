"""Running one asset on all its partitions, here and now, as a run of its own on the Dagster instance.

For commands and for the job `everything`, which go from asset to asset whatever the assets are partitioned by. Which
assets, in which order and with which configuration is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg

from resources.errors import SetupError


@contextmanager
def instance_for_runs() -> Iterator[dg.DagsterInstance]:
    """The environment's Dagster instance for as long as the block lasts, holding its connections open meanwhile."""
    with dg.DagsterInstance.get() as instance, kept_connections(instance):
        yield instance


@contextmanager
def kept_connections(instance: dg.DagsterInstance) -> Iterator[None]:
    """Let an instance hold its connections to Postgres during the block, as Dagster's web server does.

    Else it opens one for each of the thousands of statements of a run, which takes half of the run's time.
    """
    instance.optimize_for_webserver(statement_timeout=0, pool_recycle=3600, max_overflow=20)
    try:
        yield
    finally:
        # Dagster leaves them open for as long as the process lives, and an open connection keeps the server running.
        storages: tuple[Any, ...] = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
        for storage in storages:
            storage._engine.dispose()


def assets_by_name(definitions: dg.Definitions) -> dict[str, dg.AssetsDefinition]:
    """The assets by the name of their function, each once though it makes several tables."""
    found = (asset for asset in definitions.assets or () if isinstance(asset, dg.AssetsDefinition))
    return {asset.node_def.name: asset for asset in found}


def run_everywhere(
    job: dg.JobDefinition, asset: dg.AssetsDefinition, instance: dg.DagsterInstance, config: Mapping[str, Any]
) -> dg.ExecuteInProcessResult:
    """Materialise an asset on every partition it has, in one run in this process; a failure is in the result.

    Args:
        job: of all assets (`Definitions.resolve_implicit_global_asset_job_def`).
        asset: one of them.
        instance: keeps the run.
        config: of the asset; empty for its defaults.
    """
    run_config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    if config:
        run_config["ops"] = {asset.node_def.name: {"config": dict(config)}}
    return job.execute_in_process(
        run_config=run_config,
        instance=instance,
        asset_selection=sorted(asset.keys),
        tags=every_partition(asset),
        raise_on_error=False,
    )


def every_partition(asset: dg.AssetsDefinition) -> dict[str, str]:
    """Run tags for all partitions of an asset; none where it has none."""
    if asset.partitions_def is None:
        return {}
    keys = asset.partitions_def.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}


def why_it_failed(result: dg.ExecuteInProcessResult) -> str:
    """What to mend, if the step that failed says so; else its innermost error, with what checks that block found."""
    for event in result.all_events:
        if event.is_step_failure and (error := event.step_failure_data.error) is not None:
            chain = [error]
            while (cause := chain[-1].cause) is not None:
                chain.append(cause)
            for one in chain:
                if one.cls_name == SetupError.__name__:
                    return one.message.strip().removeprefix(f"{SetupError.__module__}.{SetupError.__name__}: ")
            return "; ".join([chain[-1].message.strip(), *_found_by_checks(result)])
    return "no reason was recorded"


def _found_by_checks(result: dg.ExecuteInProcessResult) -> list[str]:
    """What each failed check that blocks says it found; what it demands, where it says nothing."""
    nodes = result.job_def.asset_layer.asset_graph
    said = []
    for found in result.get_asset_check_evaluations():
        if found.blocking and not found.passed and found.severity == dg.AssetCheckSeverity.ERROR:
            what = found.description or nodes.get(found.asset_check_key).description
            if what:
                said.append(f"{found.check_name}: {what}")
    return said


def in_words(keys: Iterable[dg.AssetKey]) -> str:
    """Names of tables for people."""
    return ", ".join(key.to_user_string() for key in sorted(keys))
