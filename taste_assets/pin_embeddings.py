"""The asset `pin_embeddings`: a vector of every picture that people pinned, in the image encoder's space.

This file chooses the pictures and says to Dagster what was done. How they are encoded and stored is
`resources.encoders.filling`, as for venues' photographs: a picture that both have is encoded once.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Engine

from resources.database_resource import DatabaseResource
from resources.encoders.filling import Filled, fill_space
from resources.encoders.load import EncodersResource
from resources.encoders.protocols import ImageEncoder
from resources.identity import USER_BUCKETS
from resources.photo_store import PhotoStore, PhotoStoreResource
from resources.settings import load_settings
from resources.spaces import adopt_first_space
from resources.vectors import ensure_space
from taste_assets.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of
from taste_assets.pin_photos import drop_unkept_files, hold_pin_photos
from taste_assets.pin_vectors import announce_new_vectors, missing_pin_photos, pin_counts, pinned_photos

ENCODER_POOL: Final = "encoder"
"""Concurrency pool of runs that load an image model; the venues' assets are in it, too."""

_SHOWN: Final = 50

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
    filled = Filled()
    if missing:
        context.log.info("%d pinned pictures lack a vector in %s", len(missing), space_id)
        filled = fill_space(database.engine, store, encoder, missing, _progress(context, len(missing)))
    for photo_id, reason in list((filled.unreadable | filled.absent).items())[:_SHOWN]:
        context.log.warning("picture %s has no vector: %s", photo_id, reason)
    with database.engine.begin() as connection:
        if adopt_first_space(connection, encoder.space):
            context.log.info("readers now compare photos in %s", space_id)
    dropped = _drop_files(database.engine, store, missing, buckets)
    with database.engine.connect() as connection:
        for key in context.partition_keys:
            counts = pin_counts(connection, space_id, [int(key)])
            described = {"dagster/row_count": dg.MetadataValue.int(counts.embedded)}
            mine = pinned_photos(connection, [int(key)])
            context.add_asset_metadata(described | _metadata(encoder, filled, mine), "pin_embeddings", key)
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


def _progress(context: dg.AssetExecutionContext, total: int) -> Callable[[Filled], None]:
    def say(filled: Filled) -> None:
        context.log.info("%d of %d pictures, %.1f a second", len(filled.written), total, filled.photos_per_second)

    return say


def _metadata(encoder: ImageEncoder, filled: Filled, pinned: frozenset[str]) -> dict[str, dg.MetadataValue]:
    """What the run did for the pictures of one bucket; speed, device and precision are the whole run's."""
    written = pinned.intersection(filled.written)
    failed = {photo: why for photo, why in (filled.unreadable | filled.absent).items() if photo in pinned}
    done: dict[str, dg.MetadataValue] = {
        "space": dg.MetadataValue.text(encoder.space.space_id),
        "model": dg.MetadataValue.text(encoder.space.model),
        "pictures": dg.MetadataValue.int(len(pinned)),
        "embedded now": dg.MetadataValue.int(len(written)),
        "skipped": dg.MetadataValue.int(len(pinned) - len(written) - len(failed)),
        "failed now": dg.MetadataValue.int(len(failed)),
        "failures": dg.MetadataValue.json(dict(list(failed.items())[:_SHOWN])),
    }
    if filled.seconds:
        done |= {
            "pictures per second": dg.MetadataValue.float(filled.photos_per_second),
            "device": dg.MetadataValue.text(encoder.runtime.device),
            "dtype": dg.MetadataValue.text(encoder.runtime.dtype),
        }
    return done
