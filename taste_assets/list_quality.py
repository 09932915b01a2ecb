"""The asset `list_quality`: figures about all lists, kept over time in Dagster's metadata.

What the figures mean is `taste_assets.list_figures`; what is said of one bucket by the run that made its lists is
`taste_assets.recommendation_report`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Mapping

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.settings import load_settings
from taste_assets.ground_truth import ground_truth
from taste_assets.list_figures import Agreement, ListFigures, agreement, list_figures
from taste_assets.model.agreement import TOP
from taste_assets.recommendation_store import snapshot
from taste_assets.score_plot import score_plot


@dg.asset(
    deps=["recommendations"],
    group_name="recommendations",
    kinds={"postgres"},
    owners=["team:venue-taste"],
)
def list_quality(database: DatabaseResource) -> dg.MaterializeResult[None]:
    """Whom lists serve and how they share their places; on the demo world also how right they are.

    Writes nothing but its metadata, which Dagster keeps and plots: NDCG and taste coverage against the demo's truth,
    concentration on few venues, the catalogue's coverage, each look's share of places, the scores.
    """
    truth = ground_truth(load_settings())
    with snapshot(database.engine) as reading:
        figures = list_figures(reading)
        compared = None if truth is None else agreement(reading, truth)
    return dg.MaterializeResult(metadata={**_of_lists(figures), **({} if compared is None else _of_truth(compared))})


def _of_lists(figures: ListFigures) -> Mapping[str, dg.MetadataValue]:
    numbers = {
        f"venues in somebody's first {TOP}": figures.shown,
        "concentration (Gini)": figures.concentration,
        "places of the most shown tenth of venues": figures.most_shown,
        f"great tastes in the first {TOP}": figures.great_tastes_shown,
        "gap between weights and places of tastes": figures.taste_gap,
    }
    looks = "\n".join(f"| {look} | {share:.1%} |" for look, share in figures.places_by_look.items())
    return {
        "lists": dg.MetadataValue.int(sum(figures.lists.values())),
        **{f"lists: {kind}": dg.MetadataValue.int(count) for kind, count in figures.lists.items()},
        "people without a list": dg.MetadataValue.int(figures.without_list),
        "venues": dg.MetadataValue.int(figures.venues),
        "venues on no list": dg.MetadataValue.int(figures.unlisted),
        **{name: dg.MetadataValue.float(round(value, 4)) for name, value in numbers.items()},
        "places by look": dg.MetadataValue.md(f"| look | places |\n|---|---|\n{looks}"),
        "scores": dg.MetadataValue.md(score_plot(figures.scores)),
    }


def _of_truth(compared: Agreement) -> Mapping[str, dg.MetadataValue]:
    # Numbered, not named: what is said here stays when somebody is forgotten.
    gains = enumerate(sorted(compared.each.values()), start=1)
    rows = "\n".join(f"| person {number} | {gain:.3f} |" for number, gain in gains)
    return {
        f"NDCG@{TOP}": dg.MetadataValue.float(round(compared.ndcg, 4)),
        f"taste coverage@{TOP}": dg.MetadataValue.float(round(compared.coverage, 4)),
        f"true tastes served@{TOP}": dg.MetadataValue.float(round(compared.tastes_served, 4)),
        "people compared with the truth": dg.MetadataValue.int(compared.people),
        f"NDCG@{TOP} of each": dg.MetadataValue.md(f"| person | NDCG@{TOP} |\n|---|---|\n{rows}"),
    }
