"""The lineage's assets in order, each on all its partitions, on the Dagster instance of the environment."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any, Final

import dagster as dg
from rich.console import Console

from resources.errors import SetupError

# Dagster says at every run that a part of its own Pipes is a preview; its version is pinned.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

VENUE_STEPS: Final = (
    ("venue_sites", "the list of venues"),
    ("crawl", "pages and photographs of every site"),
    ("site_reading", "summaries and facts, with quotes"),
    ("photo_embeddings", "a vector of every photograph"),
    ("summary_embeddings", "a vector of every summary"),
    ("venue_centroids", "the mean of each venue's photographs"),
    ("venue_map", "the venues by likeness"),
    ("summary_index", "search by words"),
)
"""From sites to indexed venues: the name of each asset's function, and what it makes."""

TASTE_STEPS: Final = (
    ("boards", "everybody's boards"),
    ("pins", "what they pinned"),
    ("pin_embeddings", "a vector of every pin"),
    # It covers pins as well: built before them, an unchanged second run would build it again.
    ("photo_index", "search by picture"),
    ("taste_clusters", "everybody's tastes"),
    ("recommendations", "everybody's venues, with reasons"),
    ("taste_matches", "people who share a taste"),
    ("taste_reports", "a page for everybody to look at"),
)
"""From boards to recommendations."""

_CONFIG: Final[dict[str, dict[str, Any]]] = {
    # The world may have been built anew with fewer venues; politeness is for other people's servers.
    "venue_sites": {"retire_most": True},
    "crawl": {"delay": 0.0},
    "boards": {"everyone": True},
}


def run_steps(steps: Sequence[tuple[str, str]], console: Console) -> None:
    """Run each step, saying how long it took.

    Raises:
        SetupError: a step failed; with its error, and where to see more.
    """
    from definitions import defs

    assets = {asset.node_def.name: asset for asset in defs.assets or () if isinstance(asset, dg.AssetsDefinition)}
    job = defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.get() as instance:
        for name, description in steps:
            asset, started = assets[name], time.perf_counter()
            config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
            if name in _CONFIG:
                config["ops"] = {name: {"config": _CONFIG[name]}}
            with console.status(f"{description} ..."):
                result = job.execute_in_process(
                    run_config=config,
                    instance=instance,
                    asset_selection=sorted(asset.keys),
                    tags=_every_partition(asset),
                    raise_on_error=False,
                )
            if not result.success:
                raise SetupError(
                    f"the step {name!r} failed: {_reason(result)}", f"see run {result.run_id} in `make dev`"
                )
            names = ", ".join(key.to_user_string() for key in sorted(asset.keys))
            console.print(f"[green]ok[/] {names}: {description} ({time.perf_counter() - started:.1f} s)")


def _every_partition(asset: dg.AssetsDefinition) -> dict[str, str]:
    if asset.partitions_def is None:
        return {}
    keys = asset.partitions_def.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """The innermost error of the step that failed, or which checks did."""
    failed = [evaluation.check_name for evaluation in result.get_asset_check_evaluations() if not evaluation.passed]
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            if error is not None:
                return error.message.strip()
    return f"checks {', '.join(failed)}" if failed else "no reason was recorded"
