"""The asset `pin_embeddings`: a vector of every picture that people pinned, in the image encoder's space.

This file chooses the pictures and says to Dagster what was done. How they are encoded and stored is
`resources.encoders.filling`, as for venues' photographs: a picture that both have is encoded once.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Engine

from resources.database_resource import DatabaseResource
from resources.encoders.filling_report import ENCODER_POOL, fill_with_log, filling_metadata
from resources.encoders_resource import EncodersResource
from resources.identity import USER_BUCKETS
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.settings import load_settings
from resources.vectors import ensure_space
from taste_assets.pin_photos import drop_unkept_files, hold_pin_photos
from taste_assets.pin_vectors import announce_new_vectors, missing_pin_photos, pin_counts, pinned_photos

PIN_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "pins_embedded", asset="pin_embeddings",
        description="Every pinned picture has a vector or is known to be unreadable. One whose file is gone is "
        "fetched again by the next run of `pins`.",
    ),
]  # fmt: skip
"""Checks that `pin_embeddings` reports, over the buckets it was about."""


@dg.asset(
    deps=["pins"],
    group_name="taste",
    kinds={"postgres", "pytorch"},
    owners=["team:venue-taste"],
    check_specs=PIN_CHECKS,
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=ENCODER_POOL,
)
def pin_embeddings(
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    photo_store: PhotoStoreResource,
    encoders: EncodersResource,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """A unit vector of every picture that the people of these buckets pinned.

    Pictures that have one are left alone, whichever pin or venue brought them; with nothing to do, no model is loaded.
    Committed some hundred at a time. With PIN_RETENTION=minimal, files go once their vectors are stored.
    """
    encoder, buckets, store = encoders.image_encoder(), buckets_of(context), photo_store.open()
    space_id = encoder.space.space_id
    with database.engine.begin() as connection:
        ensure_space(connection, encoder.space)
        missing = missing_pin_photos(connection, space_id, buckets)
        # Before the vectors, not after: a run killed in between then leaves people due, never forgotten.
        announce_new_vectors(connection, missing, buckets)
    filled = fill_with_log(context.log, database.engine, store, encoder, missing, "pictures")
    dropped = _drop_files(database.engine, store, missing, buckets)
    with database.engine.connect() as connection:
        described = {}
        for key in context.partition_keys:
            counts = pin_counts(connection, space_id, [int(key)])
            mine = pinned_photos(connection, [int(key)])
            described[key] = filling_metadata(encoder, filled, mine, "pictures", rows=counts.embedded)
        describe_partitions(context, "pin_embeddings", described)
        left = pin_counts(connection, space_id, buckets)
        yield dg.MaterializeResult(metadata={"files dropped": dg.MetadataValue.int(dropped)})
        yield dg.AssetCheckResult(
            check_name="pins_embedded", asset_key="pin_embeddings", passed=left.missing == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"pictures": left.pinned, "embedded": left.embedded, "unreadable": left.unreadable,
                      "missing": left.missing},
        )  # fmt: skip


def _drop_files(engine: Engine, store: PhotoStore, seen: Sequence[str], buckets: Sequence[int]) -> int:
    """With PIN_RETENTION=minimal, delete the files that this run's vectors made needless; how many."""
    if load_settings().pin_retention != "minimal":
        return 0
    with engine.begin() as connection:
        hold_pin_photos(connection)
        # Asking an object store for every pin of a bucket after each new one would take minutes. A run over all
        # buckets does ask for all, and so finds what a killed run left.
        everything = len(buckets) == USER_BUCKETS
        return drop_unkept_files(connection, store, sorted(pinned_photos(connection, buckets)) if everything else seen)
