"""The asset `serving_export`: what apps read, as Parquet files, for those that do not read SQL."""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import time

import dagster as dg

from resources.database_resource import DatabaseResource
from taste_assets.parquet_export import CURRENT, export_folder, export_serving


@dg.asset(
    deps=["recommendations", "taste_matches"],
    group_name="recommendations",
    kinds={"parquet"},
    owners=["team:venue-taste"],
)
def serving_export(database: DatabaseResource) -> dg.MaterializeResult[None]:
    """Every view of the serving contract as a file in VENUE_TASTE_HOME, from one snapshot, exchanged as a whole.

    Where nothing changed nothing is replaced.
    """
    started = time.perf_counter()
    root = export_folder()
    exported = export_serving(database.engine, root)
    return dg.MaterializeResult(
        metadata={
            "folder": dg.MetadataValue.path(root / CURRENT),
            "rows": dg.MetadataValue.json(exported.rows),
            "bytes": dg.MetadataValue.int(exported.bytes),
            "replaced": dg.MetadataValue.bool(exported.changed),
            "seconds": dg.MetadataValue.float(round(time.perf_counter() - started, 3)),
        }
    )
