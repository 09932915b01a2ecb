"""The assets `venue_summaries` and `venue_facts`: every venue's site read once, by rule or by a language model.

This file chooses the venues, runs the reader and says so to Dagster. Who reads is `venue_assets.site_readers`, how a
run goes `venue_assets.site_reading`, what the rows look like `venue_assets.reading_store`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from resources.database_resource import DatabaseResource
from resources.identity import venue_bucket
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of, describe_partitions
from resources.settings import load_settings
from venue_assets.reading_store import drop_unreadable
from venue_assets.site_pages import readable_venues
from venue_assets.site_readers import site_reader
from venue_assets.site_reading import ReadVenue, read_sites
from venue_assets.summary_checks import READING_CHECKS, reading_check_results
from venue_assets.summary_report import facts_metadata, summaries_metadata

MODEL_POOL: Final = "language_model"
"""Concurrency pool of runs that ask the model: LANGUAGE_MODEL_CONCURRENCY is a promise of one run."""

_PROGRESS_S: Final = 15.0


def _spec(name: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        name, deps=["venue_pages"], group_name="venues", owners=["team:venue-taste"], kinds={"postgres", "llm"},
        description=description,
    )  # fmt: skip


@dg.multi_asset(
    name="site_reading",
    specs=[
        _spec("venue_summaries", "Every venue in three voices: how it looks, what it offers, how it feels."),
        _spec("venue_facts", "Capacity, prices, setting, amenities and styles, each with the site's own words for it."),
    ],
    check_specs=READING_CHECKS,
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=MODEL_POOL,
)
def site_reading(
    context: dg.AssetExecutionContext, database: DatabaseResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Read the sites of these buckets that changed, or that another reader read, and keep the rest."""
    buckets = buckets_of(context)
    dropped = drop_unreadable(database.engine, buckets)
    if dropped:
        context.log.info("%d rows taken from venues that have nothing to read any more", dropped.deleted)
    with database.engine.connect() as connection:
        venue_ids = readable_venues(connection, buckets)
    summariser, venues = asyncio.run(_read(context, database, venue_ids))
    with database.engine.connect() as connection:
        summaries, facts = {}, {}
        for key in context.partition_keys:
            mine = [venue for venue in venues if venue_bucket(venue.venue_id) == int(key)]
            summaries[key] = summaries_metadata(connection, int(key), summariser, mine)
            facts[key] = facts_metadata(connection, int(key), summariser)
        describe_partitions(context, "venue_summaries", summaries)
        describe_partitions(context, "venue_facts", facts)
        yield dg.MaterializeResult(asset_key="venue_summaries")
        yield dg.MaterializeResult(asset_key="venue_facts")
        yield from reading_check_results(connection, buckets, summariser)


async def _read(
    context: dg.AssetExecutionContext, database: DatabaseResource, venue_ids: Sequence[uuid.UUID]
) -> tuple[str, list[ReadVenue]]:
    async with site_reader(load_settings()) as reader:
        context.log.info("%d venues, read by %s", len(venue_ids), reader.summariser)
        progress = _Progress(context, len(venue_ids))
        await read_sites(database.engine, venue_ids, reader, progress.done)
        progress.say()
        return reader.summariser, progress.venues


class _Progress:
    """What is done so far, and a line of it in the log now and then."""

    def __init__(self, context: dg.AssetExecutionContext, total: int) -> None:
        self.venues: list[ReadVenue] = []
        self._context = context
        self._total = total
        self._said = time.monotonic()

    def done(self, venue: ReadVenue) -> None:
        self.venues.append(venue)
        if venue.outcome == "failed":
            self._context.log.warning("%s cannot be read: %s", venue.label, venue.reason)
        if time.monotonic() - self._said >= _PROGRESS_S:
            self.say()

    def say(self) -> None:
        outcomes = Counter(venue.outcome for venue in self.venues)
        counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        tokens = sum(venue.usage.input_tokens + venue.usage.output_tokens for venue in self.venues)
        self._context.log.info(
            "%d of %d venues: %s; %d tokens", len(self.venues), self._total, counted or "none", tokens
        )
        self._said = time.monotonic()
