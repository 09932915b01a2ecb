"""The lineage's assets in order, each on all its partitions, on the Dagster instance of the environment."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any, Final

import dagster as dg
from rich.console import Console

from resources.asset_runs import assets_by_name, in_words, run_everywhere, why_it_failed
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
    ("list_quality", "how right the lists are"),
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

    assets, job = assets_by_name(defs), defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.get() as instance:
        for name, description in steps:
            asset, started = assets[name], time.perf_counter()
            with console.status(f"{description} ..."):
                result = run_everywhere(job, asset, instance, _CONFIG.get(name, {}))
            if not result.success:
                raise SetupError(
                    f"the step {name!r} failed: {why_it_failed(result)}", f"see run {result.run_id} in `make dev`"
                )
            seconds = time.perf_counter() - started
            console.print(f"[green]ok[/] {in_words(asset.keys)}: {description} ({seconds:.1f} s)")
