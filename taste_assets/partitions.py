"""User partitions: the hashed buckets of `resources.identity`, as Dagster partition keys "00" to "31"."""

from __future__ import annotations

import warnings
from typing import Final

import dagster as dg

from resources.identity import USER_BUCKETS

USER_PARTITIONS: Final = dg.StaticPartitionsDefinition([f"{bucket:02d}" for bucket in range(USER_BUCKETS)])
"""One key per user bucket. The count is fixed; changing it is a migration."""

# Dagster is pinned to an exact version, so a beta parameter cannot change under us; it need not say so at every import.
warnings.filterwarnings("ignore", message=".*backfill_policy", category=dg.BetaWarning)

EVERY_BUCKET_IN_ONE_RUN: Final = dg.BackfillPolicy.single_run()
"""A backfill takes all its buckets into one run: starting a process per bucket would cost more than the work."""


def buckets_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> list[int]:
    """The buckets a run is about, ascending."""
    return sorted(int(key) for key in context.partition_keys)
