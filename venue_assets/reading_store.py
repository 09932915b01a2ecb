"""Between readers of sites and the database: what was read before, and what a new reading changes. SQL only.

`site_readings` remembers one reading per venue and reader, so that no site is read twice for nothing; `venue_summaries`
and `venue_facts` hold the reading that is shown, and who made it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from resources.language_model.model import Usage
from resources.schema import site_readings, venue_facts, venue_pages, venue_summaries, venues
from resources.sync import Written, sync_rows
from venue_assets.extract.reading import Quoted, SiteFacts, SiteReading
from venue_assets.extract.words import one_line
from venue_assets.site_pages import SiteSource

SINGLE_FACTS: Final = (
    "capacity_min", "capacity_max", "seated_max", "standing_max", "price_min", "price_max", "currency", "price_unit",
    "price_on_application", "setting", "address",
)  # fmt: skip
"""Columns of `venue_facts` with one value, named as in `SiteFacts`."""

LISTED_FACTS: Final = ("amenities", "styles", "other_amenities", "other_styles")
"""Columns with several."""

_MAX_TOKENS: Final = 2**31 - 1
"""Of the columns: a server may count whatever it likes, and the reading is worth keeping all the same."""

# When a site was read is no reason to write: the row keeps the time of the reading that it holds.
_TIMES: Final = frozenset({"read_at"})


def remembered_reading(connection: Connection, source: SiteSource, summariser: str) -> SiteReading | None:
    """What this reader read from exactly these pages; None when it has not, or failed."""
    result = connection.scalar(
        select(site_readings.c.result).where(
            site_readings.c.venue_id == source.venue_id,
            site_readings.c.summariser == summariser,
            site_readings.c.source_hash == source.source_hash,
        )
    )
    return None if result is None else SiteReading.model_validate(result)


def store_reading(
    engine: Engine, source: SiteSource, summariser: str, reading: SiteReading, usage: Usage | None
) -> Written:
    """Remember a reading and show it, in one transaction; unchanged rows are not written.

    Args:
        engine: of the tables' database.
        source: what was read.
        summariser: who read.
        reading: what was read out of it.
        usage: what it took; None for a remembered reading, which is only shown.

    Returns:
        Nothing written where the venue was retired or removed meanwhile.
    """
    with engine.begin() as connection:
        if not _is_listed(connection, source.venue_id):
            return Written()
        written = Written()
        if usage is not None:
            row = {"result": reading.model_dump(mode="json"), "failure": None}
            written += _remember(connection, source, summariser, row, usage)
        origin = {"venue_id": source.venue_id, "summariser": summariser, "source_hash": source.source_hash}
        voices = {"aesthetic": reading.aesthetic, "factual": reading.factual, "vibe": reading.vibe}
        for table, values in ((venue_summaries, voices), (venue_facts, _fact_columns(reading.facts))):
            written += sync_rows(connection, table, table.c.venue_id == source.venue_id, [origin | values])
        return written


def store_failure(engine: Engine, source: SiteSource, summariser: str, reason: str, usage: Usage) -> Written:
    """Remember that a reading failed. What an earlier one found stays shown; the next run tries again."""
    with engine.begin() as connection:
        if not _is_listed(connection, source.venue_id):
            return Written()
        return _remember(connection, source, summariser, {"result": None, "failure": one_line(reason)}, usage)


def drop_unreadable(engine: Engine, buckets: Sequence[int]) -> Written:
    """Take summaries and facts from the venues of the buckets that are retired or have no accepted page any more."""
    has_pages = select(venue_pages.c.venue_id).where(venue_pages.c.rejection.is_(None))
    in_buckets = select(venues.c.venue_id).where(venues.c.bucket.in_(buckets))
    retired = select(venues.c.venue_id).where(venues.c.status == "retired")
    dropped = Written()
    with engine.begin() as connection:
        for table in (venue_summaries, venue_facts):
            venue = table.c.venue_id
            scope = venue.in_(in_buckets) & (venue.in_(retired) | venue.not_in(has_pages))
            dropped += sync_rows(connection, table, scope, [])
    return dropped


def _is_listed(connection: Connection, venue_id: uuid.UUID) -> bool:
    # The lock makes two runs over one venue wait for each other, and a removal wait for this.
    status = connection.scalar(select(venues.c.status).where(venues.c.venue_id == venue_id).with_for_update())
    return status is not None and status != "retired"


def _remember(
    connection: Connection, source: SiteSource, summariser: str, outcome: dict[str, Any], usage: Usage
) -> Written:
    row = {
        "venue_id": source.venue_id,
        "summariser": summariser,
        "source_hash": source.source_hash,
        "input_tokens": min(usage.input_tokens, _MAX_TOKENS),
        "output_tokens": min(usage.output_tokens, _MAX_TOKENS),
        "read_at": datetime.now(UTC),
        **outcome,
    }
    scope = (site_readings.c.venue_id == source.venue_id) & (site_readings.c.summariser == summariser)
    return sync_rows(connection, site_readings, scope, [row], ignore=_TIMES)


def _fact_columns(facts: SiteFacts) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for name in SINGLE_FACTS:
        quoted: Quoted[Any] | None = getattr(facts, name)
        columns[name] = None if quoted is None else quoted.value
        if quoted is not None:
            evidence[name] = _as_json([quoted])
    for name in LISTED_FACTS:
        several: tuple[Quoted[str], ...] = getattr(facts, name)
        columns[name] = sorted({quoted.value for quoted in several})
        if several:
            evidence[name] = _as_json(several)
    if facts.conflicts:
        evidence["conflicts"] = {name: _as_json(statements) for name, statements in facts.conflicts.items()}
    return columns | {"evidence": evidence}


def _as_json(statements: Sequence[Quoted[Any]]) -> list[dict[str, Any]]:
    return [quoted.model_dump(mode="json") for quoted in statements]
