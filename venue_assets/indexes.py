"""The assets `photo_index` and `summary_index`: an index per embedding space, measured, with its settings stored.

Policy, building and measuring are in `resources.vector_index`; this is the Dagster shell.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Engine

from resources.database_resource import DatabaseResource
from resources.settings import load_settings
from resources.spaces import Modality, registered_spaces
from resources.vector_index import IndexReport, index_policy, indexes_of, maintain_index
from venue_assets.index_checks import index_check_results, index_check_specs

INDEX_POOL: Final = "vector_index"
"""Concurrency pool of index builds: two at once would share the server's memory for them."""


@dg.asset(
    group_name="venues",
    kinds={"postgres"},
    owners=["team:venue-taste"],
    deps=["photo_embeddings"],
    pool=INDEX_POOL,
    check_specs=index_check_specs("photo_index"),
)
def photo_index(
    context: dg.AssetExecutionContext, database: DatabaseResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """How photographs are searched: exactly while they are few, then by an HNSW index per image space.

    Built concurrently with readers and writers; recall and latency measured; the smallest `ef_search` that reaches
    INDEX_TARGET_RECALL stored in `index_settings`. Nothing is done where that still holds.
    """
    yield from _maintained(context, database.engine, "image", "photo_index")


@dg.asset(
    group_name="venues",
    kinds={"postgres"},
    owners=["team:venue-taste"],
    deps=["summary_embeddings"],
    pool=INDEX_POOL,
    check_specs=index_check_specs("summary_index"),
)
def summary_index(
    context: dg.AssetExecutionContext, database: DatabaseResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """How summaries are searched: as `photo_index`, for the text spaces."""
    yield from _maintained(context, database.engine, "text", "summary_index")


def _maintained(
    context: dg.AssetExecutionContext, engine: Engine, modality: Modality, asset: str
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    # A space that is still being filled has its index before readers change to it.
    with engine.connect() as connection:
        spaces = registered_spaces(connection, modality)
    policy = index_policy(load_settings())
    reports = []
    for space in spaces:
        report = maintain_index(engine, space, policy)
        if report.build_seconds is not None:
            context.log.info("built the index of %s in %.1f s", space.space_id, report.build_seconds)
        reports.append(report)
    with engine.connect() as connection:
        built = [indexes_of(connection, space.space_id) for space in spaces]
    yield dg.MaterializeResult(asset_key=asset, metadata=_metadata(reports))
    yield from index_check_results(asset, reports, built)


def _metadata(reports: Sequence[IndexReport]) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/row_count": dg.MetadataValue.int(sum(report.settings.rows for report in reports)),
        "spaces": dg.MetadataValue.md(_spaces_table(reports)),
        "measured now": dg.MetadataValue.md(_steps_table(reports)),
        "indexes built": dg.MetadataValue.int(sum(report.build_seconds is not None for report in reports)),
        "build seconds": dg.MetadataValue.float(float(sum(report.build_seconds or 0 for report in reports))),
        "indexes dropped": dg.MetadataValue.json([name for report in reports for name in report.dropped]),
        "rows written": dg.MetadataValue.int(sum(report.rows_written for report in reports)),
    }


def _spaces_table(reports: Sequence[IndexReport]) -> str:
    if not reports:
        return "no space of this kind yet"
    lines = ["| space | search | vectors | ef_search | recall@20 | p95 ms | MB |", "|---|---|---|---|---|---|---|"]
    for report in reports:
        one = report.settings
        ef_search, p95 = ("", "") if one.kind == "exact" else (str(one.ef_search), f"{one.p95_ms:.2f}")
        lines.append(
            f"| `{report.space_id}` | {one.kind} | {one.rows:,} | {ef_search} | {one.measured_recall:.3f} | {p95} "
            f"| {report.megabytes:.0f} |"
        )
    return "\n".join(lines)


def _steps_table(reports: Sequence[IndexReport]) -> str:
    steps = [(report.space_id, step) for report in reports for step in report.steps]
    if not steps:
        return "nothing: what is stored still holds"
    lines = ["| space | ef_search | recall@20 | p50 ms | p95 ms |", "|---|---|---|---|---|"]
    lines += [
        f"| `{space}` | {one.ef_search} | {one.recall:.3f} | {one.p50_ms} | {one.p95_ms} |" for space, one in steps
    ]
    return "\n".join(lines)
