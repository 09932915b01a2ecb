"""The asset `boards`: what boards people have, and whether they changed. Their pins are `taste_assets.pins`.

This file chooses who is asked and says so to Dagster. How a source is asked is `taste_assets.sources`, how that goes
for many people `taste_assets.reading`, what the rows look like `taste_assets.board_sync`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from collections.abc import Iterator
from typing import Final

import dagster as dg
from pydantic import Field

from resources.database_resource import DatabaseResource
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store_resource import PhotoStoreResource
from resources.settings import load_settings
from taste_assets.reading import failures, open_reader
from taste_assets.reading_report import BOARD_CHECKS, boards_metadata, readable_check

SOURCES_POOL: Final = "taste_sources"
"""Concurrency pool of runs that ask sources: the requests an account may make are counted within one run."""


class BoardsConfig(dg.Config):
    """What an operator may change for one run."""

    everyone: bool = Field(default=False, description="Ask also the accounts that are not due yet.")


@dg.asset(
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    check_specs=BOARD_CHECKS,
    group_name="taste",
    owners=["team:venue-taste"],
    kinds={"pinterest", "postgres"},
    pool=SOURCES_POOL,
    description="People's boards, with a fingerprint that tells when their pins changed. Asks the accounts that are "
    "due, and every imported folder.",
)
def boards(
    context: dg.AssetExecutionContext, config: BoardsConfig, database: DatabaseResource, photo_store: PhotoStoreResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """List the boards of everybody in these buckets who is due, and store what differs."""
    engine, buckets = database.engine, buckets_of(context)
    with open_reader(engine, photo_store.open(), load_settings()) as reader:
        read = reader.read_boards(buckets, everyone=config.everyone)
    for message, times in sorted(failures(read).items()):
        context.log.warning("%d people: %s", times, message)
    with engine.connect() as connection:
        described = {
            key: boards_metadata(connection, int(key), [user for user in read if user.bucket == int(key)])
            for key in context.partition_keys
        }
    describe_partitions(context, "boards", described)
    yield dg.MaterializeResult(asset_key="boards")
    yield readable_check("boards_readable", "boards", read)
