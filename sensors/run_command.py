"""What `venue-taste run` does: the steps of `sensors.everything` one after another, with progress for people.

What a step is, and in which order, is `sensors.everything`; running one is `resources.asset_runs`.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from resources.asset_runs import assets_by_name, in_words, instance_for_runs, run_everywhere, why_it_failed
from resources.dagster_home import dagster_environment
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.processes import environment_variables
from resources.settings import Settings
from sensors.everything import CONFIG, STEPS


def steps_table() -> Table:
    """The steps there are."""
    table = Table(box=SIMPLE, pad_edge=False, title="Steps, in order")
    table.add_column("step")
    table.add_column("makes")
    for name, description in STEPS.items():
        table.add_row(name, description)
    return table


def run_steps(
    definitions: dg.Definitions, urls: DatabaseUrls, settings: Settings, names: Sequence[str], console: Console
) -> None:
    """Run these steps, or all, and say of each what it made, how long it took and which checks warn.

    Raises:
        SetupError: there is no such step, or one failed: with its error, and where to see more.
    """
    unknown = sorted(set(names) - set(STEPS))
    if unknown:
        raise SetupError(f"there is no step {unknown[0]!r}", "`venue-taste run --list` names the steps")
    assets, job = assets_by_name(definitions), definitions.resolve_implicit_global_asset_job_def()
    with (
        dagster_environment(urls, settings) as variables,
        environment_variables(variables),
        instance_for_runs() as instance,
    ):
        for name in [step for step in STEPS if step in names or not names]:
            where = "`venue-taste dev`; then `venue-taste run` goes on from there"
            result = run_step(job, assets[name], instance, CONFIG.get(name, {}), console, where)
            for evaluation in result.get_asset_check_evaluations():
                if not evaluation.passed:
                    said = f": {evaluation.description}" if evaluation.description else ""
                    console.print(f"   [yellow]check {evaluation.check_name} of {name}[/]{said}", highlight=False)


def run_step(
    job: dg.JobDefinition,
    asset: dg.AssetsDefinition,
    instance: dg.DagsterInstance,
    config: Mapping[str, Any],
    console: Console,
    where: str,
) -> dg.ExecuteInProcessResult:
    """Run one step on every partition, and say what it made and how long it took.

    Raises:
        SetupError: it failed; with its error, and `where` its run is to be seen.
    """
    # Dagster says at every run that a part of its own Pipes is a preview; its version is pinned.
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    name, started = asset.node_def.name, time.perf_counter()
    with console.status(f"{STEPS[name]} ..."):
        result = run_everywhere(job, asset, instance, config)
    if not result.success:
        raise SetupError(f"the step {name!r} failed: {why_it_failed(result)}", f"see run {result.run_id} in {where}")
    seconds = time.perf_counter() - started
    console.print(f"[green]ok[/] {in_words(asset.keys)}: {STEPS[name]} ({seconds:.1f} s)")
    return result
