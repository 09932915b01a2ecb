"""What reading sites says of itself in Dagster: counts, tokens, cost, shares of venues with each fact, and samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, RowMapping, Table, func, select

from resources.partitions import PARTITION_ROWS
from resources.schema import venue_facts, venue_summaries, venues
from venue_assets.reading_store import LISTED_FACTS, SINGLE_FACTS
from venue_assets.site_reading import ReadVenue

_SAMPLES: Final = 5
_SHOWN: Final = 160
_SAMPLED_FACTS: Final = ("capacity_max", "price_min", "price_unit", "setting")


def summaries_metadata(
    connection: Connection, bucket: int, summariser: str, read: Sequence[ReadVenue]
) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_summaries` for one bucket, of whose venues a run has looked at `read`."""
    rows = _rows(connection, venue_summaries, bucket)
    usages = [venue.usage for venue in read]
    costs = [usage.cost for usage in usages if usage.cost is not None]
    found: dict[str, dg.MetadataValue] = {
        PARTITION_ROWS: dg.MetadataValue.int(len(rows)),
        "summariser": dg.MetadataValue.text(summariser),
        "venues": dg.MetadataValue.json(dict(sorted(Counter(venue.outcome for venue in read).items()))),
        "calls": dg.MetadataValue.int(sum(usage.calls for usage in usages)),
        "input tokens": dg.MetadataValue.int(sum(usage.input_tokens for usage in usages)),
        "output tokens": dg.MetadataValue.int(sum(usage.output_tokens for usage in usages)),
        "reader seconds": dg.MetadataValue.float(float(sum(venue.seconds for venue in read))),
        "rows written": dg.MetadataValue.int(
            sum(venue.written.inserted + venue.written.updated + venue.written.deleted for venue in read)
        ),
        "statements dropped": dg.MetadataValue.int(
            sum(venue.dropped for venue in read)
        ),
        "sample": dg.MetadataValue.md(
            _table(["venue", "aesthetic", "factual", "vibe"], ([row["label"], row["aesthetic"], row["factual"],
                   row["vibe"]] for row in rows[:_SAMPLES]))
        ),
    }  # fmt: skip
    if costs:
        found["cost in US dollars"] = dg.MetadataValue.float(float(sum(costs, Decimal(0))))
    return found


def facts_metadata(connection: Connection, bucket: int, summariser: str) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_facts` for one bucket."""
    rows = _rows(connection, venue_facts, bucket)
    sample = (
        [row["label"], name, row[name], row["evidence"][name][0]["quote"]]
        for row in rows[:_SAMPLES] for name in _SAMPLED_FACTS if row[name] is not None
    )  # fmt: skip
    return {
        PARTITION_ROWS: dg.MetadataValue.int(len(rows)),
        "summariser": dg.MetadataValue.text(summariser),
        "share of venues with": dg.MetadataValue.json(shares(rows)),
        "venues with conflicts": dg.MetadataValue.int(sum("conflicts" in row["evidence"] for row in rows)),
        "sample": dg.MetadataValue.md(_table(["venue", "fact", "value", "the site's words"], sample)),
    }


def shares(rows: Sequence[RowMapping]) -> dict[str, float]:
    """Share of rows of `venue_facts` that hold each fact; empty for no rows."""
    if not rows:
        return {}
    stated = {name: sum(row[name] not in (None, []) for row in rows) for name in (*SINGLE_FACTS, *LISTED_FACTS)}
    return {name: round(count / len(rows), 3) for name, count in stated.items()}


def _rows(connection: Connection, table: Table, bucket: int) -> Sequence[RowMapping]:
    query = select(table, func.coalesce(venues.c.name, venues.c.site_url).label("label")).join(venues)
    return connection.execute(query.where(venues.c.bucket == bucket).order_by(table.c.venue_id)).mappings().all()


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    """The value for a markdown table: strangers wrote it, so that nothing in it may mean markup."""
    text = "" if value is None else " ".join(str(value).split())
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + " ..."
    return "".join(f"\\{character}" if character in "\\`*_{}[]()<>#|!~&" else character for character in short)
