"""The lineage's assets in order, each on all its partitions, on the Dagster instance of the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console

from resources.asset_runs import assets_by_name, instance_for_runs
from sensors.everything import CONFIG, STEPS
from sensors.run_command import run_step

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
            run_step(job, assets[name], instance, _CONFIG.get(name, {}), console, "`make dev`")
