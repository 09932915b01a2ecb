"""Reading many sites, several at a time: which need it, what came of each, each stored as soon as it is read.

Dagster's side is `venue_assets.summaries`; who reads is `venue_assets.site_readers`.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError

from resources.language_model.model import AnswerError, Usage
from resources.sync import Written
from venue_assets.reading_store import remembered_reading, store_failure, store_reading
from venue_assets.site_pages import site_source
from venue_assets.site_readers import SiteReader

Outcome = Literal["read", "unchanged", "failed", "waiting"]


@dataclass(frozen=True, slots=True)
class ReadVenue:
    """What came of one venue.

    Attributes:
        venue_id: the venue.
        outcome: `unchanged` was read before by this reader from these pages; `waiting` has nothing to read any more, or
            pages whose extraction cannot be read, which the next crawl renews.
        label: its name or address.
        reason: why it failed.
        dropped: statements of the reader that were not believed.
        usage: of this run.
        seconds: spent with the reader.
        written: rows.
    """

    venue_id: uuid.UUID
    outcome: Outcome
    label: str = ""
    reason: str = ""
    dropped: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    written: Written = field(default_factory=Written)


async def read_sites(
    engine: Engine, venue_ids: Sequence[uuid.UUID], reader: SiteReader, done: Callable[[ReadVenue], None]
) -> None:
    """Read the venues that this reader has not read as they are, and show what was read of all.

    Args:
        engine: of the tables' database.
        venue_ids: in this order.
        reader: from `site_reader`.
        done: called with each venue once it is stored.

    Raises:
        SetupError: the reader can read no site; what was read before stays stored.
    """
    waiting = iter(venue_ids)
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(reader.concurrency):
                workers.create_task(_worker(engine, waiting, reader, done))
    except ExceptionGroup as errors:  # one worker's error ends them all
        raise errors.exceptions[0] from errors


async def _worker(
    engine: Engine, venue_ids: Iterator[uuid.UUID], reader: SiteReader, done: Callable[[ReadVenue], None]
) -> None:
    # The workers share the iterator, so that no more sites are in memory than are being read.
    for venue_id in venue_ids:
        done(await _read_venue(engine, venue_id, reader))


async def _read_venue(engine: Engine, venue_id: uuid.UUID, reader: SiteReader) -> ReadVenue:
    with engine.connect() as connection:
        source = site_source(connection, venue_id)
        if source is None:
            return ReadVenue(venue_id, "waiting")
        reading = remembered_reading(connection, source, reader.summariser)
    if reading is not None:
        written = store_reading(engine, source, reader.summariser, reading, usage=None)
        return ReadVenue(venue_id, "unchanged", source.label, written=written)
    started, usage = time.perf_counter(), Usage()
    try:
        reading, usage = await reader.read(source.pages)
        written = store_reading(engine, source, reader.summariser, reading, usage)
    except AnswerError as error:
        usage, reason = error.usage, error.reason
    except (DataError, IntegrityError) as error:
        reason = f"what was read cannot be stored: {error.orig}"
    else:
        seconds = time.perf_counter() - started
        return ReadVenue(venue_id, "read", source.label, "", len(reading.dropped), usage, seconds, written)
    written = store_failure(engine, source, reader.summariser, reason, usage)
    seconds = time.perf_counter() - started
    return ReadVenue(venue_id, "failed", source.label, reason, 0, usage, seconds, written)
