"""The asset `photo_embeddings`: a vector of every photograph that a venue shows, in the image encoder's space.

This file chooses the photos and says to Dagster what was done. How they are encoded and stored is
`resources.encoders.filling`, what must hold afterwards `venue_assets.embedding_checks`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Iterator

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.encoders.filling_report import ENCODER_POOL, fill_with_log, filling_metadata
from resources.encoders_resource import EncodersResource
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store_resource import PhotoStoreResource
from resources.vectors import ensure_space, missing_photo_ids
from venue_assets.embedding_checks import PHOTO_CHECKS, photo_check_results, photo_counts, shown_photos


@dg.asset(
    deps=["venue_photos"],
    group_name="venues",
    kinds={"postgres", "pytorch"},
    owners=["team:venue-taste"],
    check_specs=PHOTO_CHECKS,
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=ENCODER_POOL,
)
def photo_embeddings(
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    photo_store: PhotoStoreResource,
    encoders: EncodersResource,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """A unit vector of every photograph that the venues of these buckets show.

    Photos that have one are left alone, whichever venue or pin brought them. Committed some hundred at a time, so a
    run that is killed is taken up where it was. Another image encoder fills a space of its own.
    """
    encoder, buckets = encoders.image_encoder(), buckets_of(context)
    with database.engine.begin() as connection:
        ensure_space(connection, encoder.space)
        missing = missing_photo_ids(connection, encoder.space.space_id, buckets)
    filled = fill_with_log(context.log, database.engine, photo_store.open(), encoder, missing, "photos")
    with database.engine.connect() as connection:
        described = {}
        for key in context.partition_keys:
            mine = shown_photos(connection, int(key))
            counts = photo_counts(connection, encoder.space, [int(key)])
            described[key] = filling_metadata(encoder, filled, mine, "photos", rows=counts.embedded)
        describe_partitions(context, "photo_embeddings", described)
        yield dg.MaterializeResult()
        yield from photo_check_results(connection, encoder.space, buckets)
