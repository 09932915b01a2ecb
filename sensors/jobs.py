"""The jobs that sensors and schedules start: which assets go together in a run."""

from __future__ import annotations

from typing import Final

import dagster as dg

from resources.identity import USER_BUCKETS, VENUE_BUCKETS

# A run that hangs would keep its bucket waiting for ever; run monitoring ends it.
_MAX_RUNTIME: Final = {"dagster/max_runtime": str(4 * 3600)}
RANGE_START: Final = "dagster/asset_partition_range_start"
"""Run tag: the first bucket of a run of several, as a backfill of assets with a single-run policy would have it."""

RANGE_END: Final = "dagster/asset_partition_range_end"
"""Run tag: the last one."""

EVERY_USER_BUCKET: Final = {RANGE_START: "00", RANGE_END: f"{USER_BUCKETS - 1:02d}"}
"""Run tags: all user buckets in one run."""

EVERY_VENUE_BUCKET: Final = {RANGE_START: "00", RANGE_END: f"{VENUE_BUCKETS - 1:02d}"}
"""Run tags: all venue buckets in one run."""

# Steps of a chain: a process for each would start Python and load Dagster and torch again, which takes longer than what
# most of them do for one person's change.
_ONE_AFTER_ANOTHER: Final = dg.in_process_executor

# The export and the figures are about everybody's lists, whoever changed. By name, so that the jobs also fit a
# repository without these assets.
_ON_SCHEDULE: Final = (
    dg.AssetSelection.key_substring("taste_importance")
    | dg.AssetSelection.key_substring("list_quality")
    | dg.AssetSelection.key_substring("serving_export")
)

board_listing = dg.define_asset_job(
    "board_listing",
    selection=dg.AssetSelection.assets("boards"),
    tags=_MAX_RUNTIME,
    executor_def=_ONE_AFTER_ANOTHER,
    description="Lists boards. What changed on them is found by the sensor board_changes.",
)

taste_refresh = dg.define_asset_job(
    "taste_refresh",
    selection=dg.AssetSelection.assets("pins").downstream() - _ON_SCHEDULE,
    tags=_MAX_RUNTIME,
    executor_def=_ONE_AFTER_ANOTHER,
    description="From changed boards, ratings and words to recommendations, for the buckets that have any.",
)

list_update = dg.define_asset_job(
    "list_update",
    selection=dg.AssetSelection.assets("recommendations").downstream() - _ON_SCHEDULE,
    tags=_MAX_RUNTIME,
    executor_def=_ONE_AFTER_ANOTHER,
    description="Lists of the buckets in which somebody's is behind their wishes, or behind the venues.",
)

match_update = dg.define_asset_job(
    "match_update",
    selection=dg.AssetSelection.assets("taste_matches"),
    tags=_MAX_RUNTIME,
    executor_def=_ONE_AFTER_ANOTHER,
    description="Lists of people who share a taste, of the buckets in which somebody began to share theirs, or ended.",
)

lists_refresh = dg.define_asset_job(
    "lists_refresh",
    selection=dg.AssetSelection.groups("recommendations"),
    description="Lists of those for whom the venues or their own wishes have changed, and what is made of lists.",
)

importance_refresh = dg.define_asset_job(
    "importance_refresh",
    selection=dg.AssetSelection.assets("taste_importance"),
    executor_def=_ONE_AFTER_ANOTHER,
    description="Weights of tastes as of today, without clustering anybody.",
)

venue_refresh = dg.define_asset_job(
    "venue_refresh",
    selection=dg.AssetSelection.groups("venues"),
    description="Crawls every venue and brings up to date what stands on it.",
)

JOBS: Final = (
    board_listing, taste_refresh, list_update, match_update, lists_refresh, importance_refresh, venue_refresh,
)  # fmt: skip
"""All of them, for the definitions."""
