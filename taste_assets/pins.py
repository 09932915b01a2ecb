"""The asset `pins`: the pins of every board that changed, and their pictures in the photo store.

This file says so to Dagster. Which boards those are, and how that goes for many people, is `taste_assets.reading`; how
one board is synced `taste_assets.pin_sync`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Iterator

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store_resource import PhotoStoreResource
from resources.settings import load_settings
from taste_assets.boards import SOURCES_POOL
from taste_assets.reading import failures, open_reader
from taste_assets.reading_report import PIN_CHECKS, pin_check_results, pins_metadata


@dg.asset(
    deps=["boards"],
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    check_specs=PIN_CHECKS,
    group_name="taste",
    owners=["team:venue-taste"],
    kinds={"pinterest", "postgres", "jpeg"},
    pool=SOURCES_POOL,
    description="What people pinned, with pictures content-addressed like venues' photographs; pins that show none "
    "are kept with the reason.",
)
def pins(
    context: dg.AssetExecutionContext, database: DatabaseResource, photo_store: PhotoStoreResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Sync the boards of these buckets whose fingerprint is not the one they were synced at."""
    engine, buckets = database.engine, buckets_of(context)
    with open_reader(engine, photo_store.open(), load_settings()) as reader:
        read = reader.read_pins(buckets)
    for message, times in sorted(failures(read).items()):
        context.log.warning("%d people: %s", times, message)
    with engine.connect() as connection:
        described = {
            key: pins_metadata(connection, int(key), [user for user in read if user.bucket == int(key)])
            for key in context.partition_keys
        }
        describe_partitions(context, "pins", described)
        yield dg.MaterializeResult(asset_key="pins")
        yield from pin_check_results(connection, buckets, read)
