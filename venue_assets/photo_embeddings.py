"""The asset `photo_embeddings`: a vector of every photograph that a venue shows, in the image encoder's space.

This file chooses the photos and says to Dagster what was done. How they are encoded and stored is
`resources.encoders.filling`, what must hold afterwards `venue_assets.embedding_checks`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Callable, Iterator
from typing import Final

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.encoders.filling import Filled, fill_space
from resources.encoders.load import EncodersResource
from resources.encoders.protocols import ImageEncoder
from resources.photo_store import PhotoStoreResource
from resources.spaces import adopt_first_space
from resources.vectors import ensure_space, missing_photo_ids
from venue_assets.embedding_checks import PHOTO_CHECKS, photo_check_results, photo_counts, shown_photos
from venue_assets.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of

ENCODER_POOL: Final = "encoder"
"""Concurrency pool of runs that load a model: two at a time share the same cores and memory for no gain."""

_SHOWN: Final = 50


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
    filled = Filled()
    if missing:  # or there is no reason to load a model
        context.log.info("%d photos lack a vector in %s", len(missing), encoder.space.space_id)
        filled = fill_space(database.engine, photo_store.open(), encoder, missing, _progress(context, len(missing)))
    for photo_id, reason in list((filled.unreadable | filled.absent).items())[:_SHOWN]:
        context.log.warning("photo %s has no vector: %s", photo_id, reason)
    with database.engine.begin() as connection:
        if adopt_first_space(connection, encoder.space):
            context.log.info("readers now compare photos in %s", encoder.space.space_id)
    with database.engine.connect() as connection:
        for key in context.partition_keys:
            mine = shown_photos(connection, int(key))
            counts = photo_counts(connection, encoder.space, [int(key)])
            metadata = {"dagster/row_count": dg.MetadataValue.int(counts.embedded)}
            context.add_asset_metadata(metadata | _metadata(encoder, filled, mine), "photo_embeddings", key)
        yield dg.MaterializeResult()
        yield from photo_check_results(connection, encoder.space, buckets)


def _progress(context: dg.AssetExecutionContext, total: int) -> Callable[[Filled], None]:
    def say(filled: Filled) -> None:
        context.log.info("%d of %d photos, %.1f a second", len(filled.written), total, filled.photos_per_second)

    return say


def _metadata(encoder: ImageEncoder, filled: Filled, shown: frozenset[str]) -> dict[str, dg.MetadataValue]:
    """What the run did for the photos of one bucket; speed, device and precision are the whole run's."""
    written = shown.intersection(filled.written)
    failed = {photo: why for photo, why in (filled.unreadable | filled.absent).items() if photo in shown}
    done: dict[str, dg.MetadataValue] = {
        "space": dg.MetadataValue.text(encoder.space.space_id),
        "model": dg.MetadataValue.text(encoder.space.model),
        "photos": dg.MetadataValue.int(len(shown)),
        "embedded now": dg.MetadataValue.int(len(written)),
        "skipped": dg.MetadataValue.int(len(shown) - len(written) - len(failed)),
        "failed now": dg.MetadataValue.int(len(failed)),
        "failures": dg.MetadataValue.json(dict(list(failed.items())[:_SHOWN])),
    }
    if filled.seconds:
        done |= {
            "photos per second": dg.MetadataValue.float(filled.photos_per_second),
            "device": dg.MetadataValue.text(encoder.runtime.device),
            "dtype": dg.MetadataValue.text(encoder.runtime.dtype),
        }
    return done
