"""Asset checks of what was read out of sites: does every quote stand, are there facts, can the summaries be shown."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, RowMapping, func, select

from resources.schema import site_readings, venue_facts, venue_summaries, venues
from venue_assets.extract.quotes import verified
from venue_assets.extract.reading import Quoted, SitePage
from venue_assets.extract.summary.bounds import MAX_CHARACTERS, MIN_CHARACTERS, SENTENCES, Voice
from venue_assets.model_reading.voices import sentences
from venue_assets.reading_store import LISTED_FACTS, SINGLE_FACTS
from venue_assets.site_pages import site_source
from venue_assets.summary_report import shares

MAX_UNREAD_SHARE: Final = 0.1
"""Share of venues whose reading failed above which somebody should look at the model."""

MIN_WITH_CAPACITY: Final = 0.5
"""Share of venues that should state how many guests they take: most do."""

MAX_ODD_SUMMARIES: Final = 0.1
"""Share of summaries that may be outside their bounds."""

_LISTED: Final = 50

READING_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "quotes_verified", asset="venue_facts", blocking=True,
        description="Every fact's quote stands on the stored page that it names, and holds the fact's number.",
    ),
    dg.AssetCheckSpec(
        "facts_current", asset="venue_facts",
        description="Every fact was read from the pages as they are stored now.",
    ),
    dg.AssetCheckSpec(
        "facts_stated", asset="venue_facts",
        description=f"At least {MIN_WITH_CAPACITY:.0%} of the venues have a capacity; the share of each fact.",
    ),
    dg.AssetCheckSpec(
        "summary_length", asset="venue_summaries",
        description=f"At least {1 - MAX_ODD_SUMMARIES:.0%} of the summaries have the length of their voice.",
    ),
    dg.AssetCheckSpec(
        "sites_read", asset="venue_summaries",
        description=f"At most {MAX_UNREAD_SHARE:.0%} of the readings failed.",
    ),
]  # fmt: skip
"""Checks that reading itself reports, over the buckets it was about."""


def reading_check_results(
    connection: Connection, buckets: Sequence[int], summariser: str
) -> Iterator[dg.AssetCheckResult]:
    """Results of `READING_CHECKS` for the venues of these buckets as they stand in the database."""
    in_buckets = select(venues.c.venue_id).where(venues.c.bucket.in_(buckets))
    fact_rows = _all(connection, select(venue_facts).where(venue_facts.c.venue_id.in_(in_buckets)))
    summary_rows = _all(connection, select(venue_summaries).where(venue_summaries.c.venue_id.in_(in_buckets)))
    yield from _quotes_verified(connection, fact_rows)
    yield _facts_stated(fact_rows)
    yield _summary_length(summary_rows)
    failed = site_readings.c.failure.is_not(None)
    counts = select(func.count(), func.count().filter(failed), func.min(site_readings.c.failure)).where(
        site_readings.c.venue_id.in_(in_buckets), site_readings.c.summariser == summariser
    )
    total, failures, example = connection.execute(counts).one()
    share = failures / total if total else 0.0
    said = f"{failures} of {total} readings failed" + (f", one of them: {example}" if example else "")
    metadata = {"share": share, "readings": total}
    yield _warning("sites_read", "venue_summaries", share <= MAX_UNREAD_SHARE, said, metadata)


def unverified(row: RowMapping, pages: Mapping[str, SitePage]) -> list[str]:
    """Facts of a row of `venue_facts` that its own evidence and these pages do not bear out.

    A value without evidence, evidence for another value than the column's, and a quote that is not on its page.
    """
    evidence = row["evidence"]
    wrong = []
    for name in (*SINGLE_FACTS, *LISTED_FACTS):
        values = row[name] if name in LISTED_FACTS else [] if row[name] is None else [row[name]]
        statements = evidence.get(name, [])
        if {statement["value"] for statement in statements} != set(values):
            wrong.append(f"{name}: the evidence is for other values")
        wrong += [f"{name}: {each['quote']}" for each in statements if not _stands(each, pages)]
    for name, statements in evidence.get("conflicts", {}).items():
        wrong += [f"conflicting {name}: {each['quote']}" for each in statements if not _stands(each, pages)]
    return wrong


def _quotes_verified(connection: Connection, rows: Sequence[RowMapping]) -> Iterator[dg.AssetCheckResult]:
    wrong: dict[str, list[str]] = {}
    outdated: list[str] = []
    for row in rows:
        venue_id: uuid.UUID = row["venue_id"]
        source = site_source(connection, venue_id)
        if source is None or source.source_hash != row["source_hash"]:
            # Its pages changed and reading them failed: what is shown was verified on the older ones.
            outdated.append(str(venue_id) if source is None else source.label)
            continue
        found = unverified(row, {page.url: page for page in source.pages})
        if found:
            wrong[source.label] = found
    yield dg.AssetCheckResult(
        check_name="quotes_verified",
        asset_key="venue_facts",
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "venues": len(rows) - len(outdated),
            "which": dg.MetadataValue.json(dict(list(wrong.items())[:_LISTED])),
        },
    )
    metadata = {"venues": len(rows), "outdated": len(outdated), "which": dg.MetadataValue.json(outdated[:_LISTED])}
    said = f"{len(outdated)} of {len(rows)} venues were read from other pages than are stored now"
    yield _warning("facts_current", "venue_facts", not outdated, said, metadata)


def _stands(statement: Mapping[str, Any], pages: Mapping[str, SitePage]) -> bool:
    return verified(Quoted[Any].model_validate(statement), pages)


def _facts_stated(rows: Sequence[RowMapping]) -> dg.AssetCheckResult:
    capacities = ("capacity_max", "seated_max", "standing_max")
    having = sum(any(row[name] is not None for name in capacities) for row in rows)
    passed = not rows or having / len(rows) >= MIN_WITH_CAPACITY
    metadata = {"venues": len(rows), "with a capacity": having, **shares(rows)}
    return _warning("facts_stated", "venue_facts", passed, f"{having} of {len(rows)} venues state a capacity", metadata)


def _summary_length(rows: Sequence[RowMapping]) -> dg.AssetCheckResult:
    texts = [(voice, row[voice]) for row in rows for voice in SENTENCES if row[voice] is not None]
    odd = [text for voice, text in texts if not _has_its_length(voice, text)]
    share = len(odd) / len(texts) if texts else 0.0
    metadata = {"summaries": len(texts), "share outside": share, "which": dg.MetadataValue.json(odd[:_LISTED])}
    said = f"{len(odd)} of {len(texts)} summaries are shorter or longer than their voice wants"
    return _warning("summary_length", "venue_summaries", share <= MAX_ODD_SUMMARIES, said, metadata)


def _has_its_length(voice: Voice, text: str) -> bool:
    least, most = SENTENCES[voice]
    return least <= len(sentences(text)) <= most and MIN_CHARACTERS <= len(text) <= MAX_CHARACTERS


def _warning(check: str, asset: str, passed: bool, said: str, metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=check,
        asset_key=asset,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=said,
        metadata=dict(metadata),
    )


def _all(connection: Connection, query: Any) -> Sequence[RowMapping]:
    rows: Sequence[RowMapping] = connection.execute(query.order_by("venue_id")).mappings().all()
    return rows
