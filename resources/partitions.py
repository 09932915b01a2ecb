"""Partitions: the hashed buckets of `resources.identity` as Dagster partition keys, "00" to "15" and "00" to "31"."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Final

import dagster as dg

from resources.identity import USER_BUCKETS, VENUE_BUCKETS

VENUE_PARTITIONS: Final = dg.StaticPartitionsDefinition([f"{bucket:02d}" for bucket in range(VENUE_BUCKETS)])
"""One key per venue bucket. The count is fixed; changing it is a migration."""

USER_PARTITIONS: Final = dg.StaticPartitionsDefinition([f"{bucket:02d}" for bucket in range(USER_BUCKETS)])
"""One key per user bucket; likewise."""

# Dagster is pinned to an exact version, so a beta parameter cannot change under us; it need not say so at every import.
warnings.filterwarnings("ignore", message=".*backfill_policy", category=dg.BetaWarning)

EVERY_BUCKET_IN_ONE_RUN: Final = dg.BackfillPolicy.single_run()
"""A backfill takes all its buckets into one run: starting a process per bucket would cost more than the work."""

PARTITION_ROWS: Final = "dagster/partition_row_count"
"""Dagster's name for how many rows a partition has."""

_TABLE_ROWS: Final = "dagster/row_count"


def buckets_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> list[int]:
    """The buckets a run is about, ascending."""
    return sorted(int(key) for key in context.partition_keys)


def describe_partitions(
    context: dg.AssetExecutionContext, asset: str, described: Mapping[str, Mapping[str, dg.MetadataValue]]
) -> None:
    """Give each partition of a run its own metadata, and the whole table's rows where the run takes all partitions.

    Dagster shows of an asset what its latest partition says: without the sum, a table would seem as long as one bucket.

    Args:
        context: of the run.
        asset: one of those it makes.
        described: metadata by partition key; `PARTITION_ROWS` in each of them, or in none.
    """
    counts = (metadata.get(PARTITION_ROWS) for metadata in described.values())
    rows = [count.value or 0 for count in counts if isinstance(count, dg.IntMetadataValue)]
    partitions = context.assets_def.partitions_def
    takes_all = partitions is not None and described.keys() == set(partitions.get_partition_keys())
    whole = {_TABLE_ROWS: dg.MetadataValue.int(sum(rows))} if takes_all and rows else {}
    for key, metadata in described.items():
        context.add_asset_metadata({**whole, **metadata}, asset, key)
