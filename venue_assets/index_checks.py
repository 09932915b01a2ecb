"""Asset checks of the vector indexes: does search find what it should, and is every index fit for use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from resources.vector_index import BuiltIndex, IndexReport

BLOCKING_SHARE: Final = 0.9
"""Share of the target recall below which nothing that searches should run; between that and the target is a warning."""


def index_check_specs(asset: str) -> list[dg.AssetCheckSpec]:
    """Checks that an index asset reports itself."""
    return [
        dg.AssetCheckSpec(
            "recall_reaches_target", asset=asset, blocking=True,
            description="Search finds INDEX_TARGET_RECALL of the true 20 nearest in every space; a little less warns, "
            f"less than {BLOCKING_SHARE:.0%} of that blocks.",
        ),
        dg.AssetCheckSpec(
            "indexes_are_valid", asset=asset, blocking=True,
            description="Every space that is searched by index has one valid index, and nothing is left of a killed "
            "build.",
        ),
    ]  # fmt: skip


def index_check_results(
    asset: str, reports: Sequence[IndexReport], built: Sequence[Sequence[BuiltIndex]]
) -> Iterator[dg.AssetCheckResult]:
    """Results of `index_check_specs` for the spaces of these reports, with the indexes that each has now."""
    shares = {one.space_id: one.settings.measured_recall / one.settings.target_recall for one in reports}
    worst = min(shares.values(), default=1.0)
    yield dg.AssetCheckResult(
        check_name="recall_reaches_target",
        asset_key=asset,
        passed=worst >= 1,
        severity=dg.AssetCheckSeverity.WARN if worst >= BLOCKING_SHARE else dg.AssetCheckSeverity.ERROR,
        description=None if worst >= 1 else "lower INDEX_TARGET_RECALL, or raise m and ef_construction of IndexPolicy",
        metadata={
            "recall": dg.MetadataValue.json({one.space_id: one.settings.measured_recall for one in reports}),
            "target": dg.MetadataValue.json({one.space_id: one.settings.target_recall for one in reports}),
        },
    )
    unfit = {
        report.space_id: [f"{index.name}: {'valid' if index.is_valid else 'invalid'}" for index in indexes]
        for report, indexes in zip(reports, built, strict=True)
        if [index.is_valid for index in indexes] != ([True] if report.settings.kind == "hnsw" else [])
    }
    yield dg.AssetCheckResult(
        check_name="indexes_are_valid",
        asset_key=asset,
        passed=not unfit,
        metadata={"unfit": dg.MetadataValue.json(unfit)},
    )
