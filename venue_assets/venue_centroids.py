"""The asset `venue_centroids`: one vector per venue, for maps and rough overviews.

A convenience and never what a venue is judged by: an average of a barn and a ballroom looks like neither. Search and
recommendations compare photographs.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

import dagster as dg
import numpy as np
from sqlalchemy import Connection, and_, func, select

from resources.database_resource import DatabaseResource
from resources.partitions import (
    EVERY_BUCKET_IN_ONE_RUN,
    PARTITION_ROWS,
    VENUE_PARTITIONS,
    buckets_of,
    describe_partitions,
)
from resources.schema import venue_centroids as centroids_table
from resources.schema import venues
from resources.spaces import EmbeddingSpace, registered_spaces
from resources.sync import Written, sync_rows
from resources.vectors import venue_photo_vectors

_NO_DIRECTION: Final = 1e-6  # norm of a mean below which its photographs cancel out


@dg.asset(
    group_name="venues",
    kinds={"numpy", "postgres"},
    owners=["team:venue-taste"],
    deps=["photo_embeddings"],
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def venue_centroids(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[None]:
    """The normalised mean of each venue's photo vectors, in every image space, and how many there were.

    A venue without vectors has none. A convenience for maps, not what venues are compared by.
    """
    described = {}
    for bucket in buckets_of(context):
        with database.engine.begin() as connection:
            spaces = registered_spaces(connection, "image")
            written = sum((sync_centroids(connection, space, bucket) for space in spaces), Written())
            rows = connection.scalar(
                select(func.count())
                .select_from(centroids_table)
                .join(venues, venues.c.venue_id == centroids_table.c.venue_id)
                .where(venues.c.bucket == bucket)
            )
        touched = written.inserted + written.updated + written.deleted
        described[f"{bucket:02d}"] = {
            PARTITION_ROWS: dg.MetadataValue.int(rows or 0),
            "spaces": dg.MetadataValue.int(len(spaces)),
            "rows written": dg.MetadataValue.int(touched),
        }
    describe_partitions(context, "venue_centroids", described)
    return dg.MaterializeResult()


def sync_centroids(connection: Connection, space: EmbeddingSpace, bucket: int) -> Written:
    """Make the centroids of one bucket those of its venues' vectors; unchanged ones are not written."""
    in_bucket = select(venues.c.venue_id).where(venues.c.bucket == bucket)
    scope = and_(centroids_table.c.space_id == space.space_id, centroids_table.c.venue_id.in_(in_bucket))
    return sync_rows(connection, centroids_table, scope, list(_wanted(connection, space, bucket)))


def _wanted(connection: Connection, space: EmbeddingSpace, bucket: int) -> Iterator[dict[str, Any]]:
    found = venue_photo_vectors(connection, space.space_id, buckets=[bucket])
    for venue, start, stop in _runs(found.venue_ids):
        # In the order of the photo ids, in double precision: the same sum in every process.
        mean = found.matrix[start:stop].mean(axis=0, dtype=np.float64)
        norm = float(np.linalg.norm(mean))
        if norm > _NO_DIRECTION:
            unit = (mean / norm).astype(np.float32).tolist()
            yield {
                "venue_id": venue, "space_id": space.space_id, "dim": space.dim, "embedding": unit,
                "photo_count": stop - start,
            }  # fmt: skip


def _runs(ids: Sequence[uuid.UUID]) -> Iterator[tuple[uuid.UUID, int, int]]:
    """Runs of equal ids: (id, start, stop)."""
    start = 0
    for stop in range(1, len(ids) + 1):
        if stop == len(ids) or ids[stop] != ids[start]:
            yield ids[start], start, stop
            start = stop
