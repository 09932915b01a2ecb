"""The asset `summary_embeddings`: a vector of each of a venue's three summaries, in the text encoder's space.

This file embeds what changed and says so to Dagster. What changed is decided by `venue_assets.summary_texts`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.encoders.filling_report import ENCODER_POOL
from resources.encoders.protocols import TextEncoder
from resources.encoders_resource import EncodersResource
from resources.identity import venue_bucket
from resources.partitions import (
    EVERY_BUCKET_IN_ONE_RUN,
    PARTITION_ROWS,
    VENUE_PARTITIONS,
    buckets_of,
    describe_partitions,
)
from resources.spaces import adopt_first_space
from resources.vectors import delete_summary_vectors, ensure_space, store_summary_vectors
from venue_assets.embedding_checks import SUMMARY_CHECKS, summary_check_results
from venue_assets.summary_texts import SummaryChanges, summary_changes

_COMMIT_EVERY: Final = 256


@dg.asset(
    deps=["venue_summaries"],
    group_name="venues",
    kinds={"postgres", "pytorch"},
    owners=["team:venue-taste"],
    check_specs=SUMMARY_CHECKS,
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=ENCODER_POOL,
)
def summary_embeddings(
    context: dg.AssetExecutionContext, database: DatabaseResource, encoders: EncodersResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """A unit vector of how each venue of these buckets looks, what it offers and how it feels.

    A vector is made again when its text changed, and removed with it. Another text encoder fills a space of its own.
    """
    encoder, buckets = encoders.text_encoder(), buckets_of(context)
    with database.engine.begin() as connection:
        ensure_space(connection, encoder.space)
        changes = summary_changes(connection, encoder.space, buckets)
        delete_summary_vectors(connection, encoder.space.space_id, changes.gone)
    started = time.perf_counter()
    for start in range(0, len(changes.texts), _COMMIT_EVERY):
        part = changes.texts[start : start + _COMMIT_EVERY]
        vectors = encoder.encode_documents([text for _, text in part])
        with database.engine.begin() as connection:
            store_summary_vectors(connection, encoder.space, [key for key, _ in part], vectors)
    seconds = time.perf_counter() - started
    with database.engine.begin() as connection:
        if adopt_first_space(connection, encoder.space):
            context.log.info("readers now compare texts in %s", encoder.space.space_id)
    with database.engine.connect() as connection:
        after = summary_changes(connection, encoder.space, buckets)
        described = {key: _metadata(encoder, changes, int(key), seconds) for key in context.partition_keys}
        describe_partitions(context, "summary_embeddings", described)
        yield dg.MaterializeResult()
        yield from summary_check_results(connection, encoder.space, buckets, len(after.texts), len(after.gone))


def _metadata(
    encoder: TextEncoder, changes: SummaryChanges, bucket: int, seconds: float
) -> dict[str, dg.MetadataValue]:
    """What the run did for one bucket; speed, device and precision are the whole run's."""
    embedded = [key for key, _ in changes.texts if venue_bucket(key.venue_id) == bucket]
    unchanged = [venue_id for venue_id, _ in changes.unchanged if venue_bucket(venue_id) == bucket]
    removed = [venue_id for venue_id, _ in changes.gone if venue_bucket(venue_id) == bucket]
    done: dict[str, dg.MetadataValue] = {
        PARTITION_ROWS: dg.MetadataValue.int(len(embedded) + len(unchanged)),
        "space": dg.MetadataValue.text(encoder.space.space_id),
        "model": dg.MetadataValue.text(encoder.space.model),
        "embedded now": dg.MetadataValue.json(dict(Counter(key.field for key in embedded))),
        "skipped": dg.MetadataValue.int(len(unchanged)),
        "removed": dg.MetadataValue.int(len(removed)),
    }
    if changes.texts:
        done |= {
            "texts per second": dg.MetadataValue.float(len(changes.texts) / seconds),
            "device": dg.MetadataValue.text(encoder.runtime.device),
            "dtype": dg.MetadataValue.text(encoder.runtime.dtype),
        }
    return done
