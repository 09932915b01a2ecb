"""What a run says of its partitions: of each its own rows, and the table's only where the run takes them all."""

# No `from __future__ import annotations`: Dagster reads the parameters' annotations themselves.
import dagster as dg
import pytest

from resources.partitions import PARTITION_ROWS, VENUE_PARTITIONS, describe_partitions


@dg.asset(partitions_def=VENUE_PARTITIONS, backfill_policy=dg.BackfillPolicy.single_run())
def table(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """A bucket has as many rows as its number."""
    described = {key: {PARTITION_ROWS: dg.MetadataValue.int(int(key))} for key in context.partition_keys}
    describe_partitions(context, "table", described)
    return dg.MaterializeResult()


@pytest.mark.parametrize(("first", "last", "whole"), [("00", "15", sum(range(16))), ("03", "04", None)])
def test_the_table_has_the_rows_of_all_partitions(
    instance: dg.DagsterInstance, first: str, last: str, whole: int | None
) -> None:
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    made = dg.materialize([table], instance=instance, tags=tags)
    for event in made.get_asset_materialization_events():
        said = event.materialization.metadata
        assert said[PARTITION_ROWS].value == int(event.partition or "")
        assert (said["dagster/row_count"].value if "dagster/row_count" in said else None) == whole
