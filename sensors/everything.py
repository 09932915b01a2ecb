"""The job `everything`: the whole lineage in order, venues and people, each asset on all its buckets.

A Dagster asset job has one partitioning, and venues and people are two. So each step here is an op that runs one
asset, as a run of its own that Dagster shows with its logs. Everything is incremental: a run after a run that was
killed does what is left, and one with nothing to do writes nothing.
"""

# No `from __future__ import annotations`: Dagster reads the parameters' annotations itself.
from collections.abc import Callable, Mapping
from typing import Any, Final

import dagster as dg

from resources.asset_runs import assets_by_name, in_words, run_everywhere, why_it_failed

STEPS: Final[Mapping[str, str]] = {
    "venue_sites": "the list of venues",
    "crawl": "pages and photographs of every site",
    "site_reading": "summaries and facts, with quotes",
    "photo_embeddings": "a vector of every photograph",
    "summary_embeddings": "a vector of every summary",
    "venue_centroids": "the mean of each venue's photographs",
    "venue_map": "the venues by likeness",
    "summary_index": "search by words",
    "boards": "everybody's boards",
    "pins": "what they pinned",
    "pin_embeddings": "a vector of every pin",
    # It covers pins as well: built before them, an unchanged second run would build it again.
    "photo_index": "search by picture",
    "taste_clusters": "everybody's tastes",
    "taste_importance": "how much each taste counts today",
    "recommendations": "everybody's venues, with reasons",
    "taste_matches": "people who share a taste",
    "taste_reports": "a page for everybody to look at",
    "list_quality": "figures about the lists",
    "serving_export": "files for apps that read no SQL",
}
"""Every asset by the name of its function, after what it is made from; and what it makes."""

CONFIG: Final[Mapping[str, Mapping[str, Any]]] = {"boards": {"everyone": True}}
"""Of steps that want it: whoever asks for everything does not mean only accounts whose turn it is."""


def everything_job(definitions: dg.Definitions, steps: Mapping[str, str] = STEPS) -> dg.JobDefinition:
    """The job, over the assets of these definitions that `steps` names."""
    assets = assets_by_name(definitions)
    lineage: Callable[[], dg.JobDefinition] = definitions.resolve_implicit_global_asset_job_def
    ops = [_step(assets[name], description, lineage) for name, description in steps.items()]

    @dg.job(description="The whole lineage, venues and people, all buckets: what is due is done, the rest stays.")
    def everything() -> None:
        done = ops[0]()
        for op in ops[1:]:
            done = op(done)

    return everything


def _step(asset: dg.AssetsDefinition, description: str, lineage: Callable[[], dg.JobDefinition]) -> dg.OpDefinition:
    name = asset.node_def.name

    @dg.op(name=f"run_{name}", ins={"after": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), description=description)
    def run(context: dg.OpExecutionContext) -> None:
        result = run_everywhere(lineage(), asset, context.instance, CONFIG.get(name, {}))
        context.log.info("%s: run %s", in_words(asset.keys), result.run_id)
        if not result.success:
            raise dg.Failure(f"{name}: {why_it_failed(result)}", metadata={"run": result.run_id})

    return run
