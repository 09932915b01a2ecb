"""The lineage's assets in order, each on all its partitions, on the Dagster instance of the environment."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

import dagster as dg
from rich.console import Console

from resources.asset_runs import assets_by_name, in_words, instance_for_runs, run_everywhere, why_it_failed
from resources.errors import SetupError
from sensors.everything import CONFIG, STEPS

# Dagster says at every run that a part of its own Pipes is a preview; its version is pinned.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

_NAMES: Final = list(STEPS)
_NEEDS_PEOPLE: Final = _NAMES.index("boards")

VENUE_STEPS: Final = _NAMES[:_NEEDS_PEOPLE]
"""From sites to venues that can be compared: the names of the assets' functions."""

TASTE_STEPS: Final = _NAMES[_NEEDS_PEOPLE:]
"""From boards to recommendations."""

_CONFIG: Final[Mapping[str, Mapping[str, Any]]] = {
    # The world may have been built anew with fewer venues; politeness is for other people's servers.
    "venue_sites": {"retire_most": True},
    "crawl": {"delay": 0.0},
    **CONFIG,
}


def run_steps(names: Sequence[str], console: Console) -> None:
    """Run each step, saying how long it took.

    Raises:
        SetupError: a step failed; with its error, and where to see more.
    """
    from definitions import defs

    assets, job = assets_by_name(defs), defs.resolve_implicit_global_asset_job_def()
    with instance_for_runs() as instance:
        for name in names:
            asset, started = assets[name], time.perf_counter()
            with console.status(f"{STEPS[name]} ..."):
                result = run_everywhere(job, asset, instance, _CONFIG.get(name, {}))
            if not result.success:
                raise SetupError(
                    f"the step {name!r} failed: {why_it_failed(result)}", f"see run {result.run_id} in `make dev`"
                )
            seconds = time.perf_counter() - started
            console.print(f"[green]ok[/] {in_words(asset.keys)}: {STEPS[name]} ({seconds:.1f} s)")
