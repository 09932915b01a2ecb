"""The asset `venue_sites`: the table `venues` kept equal to the operator's list."""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from typing import Final

import dagster as dg
import fsspec
from sqlalchemy import func, select

from resources.database_resource import DatabaseResource
from resources.errors import SetupError
from resources.identity import venue_bucket, venue_id
from resources.schema import venues
from resources.settings import load_settings
from venue_assets.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of
from venue_assets.venue_list import VenueList, parse_venue_list
from venue_assets.venue_table import ListChange, add_venues, retire_missing

_SHOWN_REFUSALS: Final = 20


def read_venue_list(location: str) -> VenueList:
    """Read and parse the list at a path or fsspec URL; `.json` is JSON, anything else CSV.

    Raises:
        SetupError: it cannot be read, is no list, or names no venue at all. An unreadable or empty list is never
            taken for "no venues": that would retire them all.
    """
    remedy = "correct VENUE_LIST, or the file it names"
    try:
        with fsspec.open(location, "rb") as file:
            content = file.read()
        listed = parse_venue_list(content, is_json=location.endswith(".json"))
    except (OSError, ValueError, ImportError) as error:
        raise SetupError(f"the venue list {location} cannot be read: {error}", remedy) from error
    if not listed.venues:
        raise SetupError(f"the venue list {location} names no venue ({len(listed.refused)} lines refused)", remedy)
    return listed


@dg.asset(
    group_name="venues",
    kinds={"postgres"},
    owners=["team:venue-taste"],
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def venue_sites(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[None]:
    """The venues we look after: one row of `venues` per site, from VENUE_LIST and from `venue-taste venues add`.

    New ones of the list file are added, and those it no longer names are retired with their data; venues added by
    command stay. A line that is no address is recorded here and stops nothing.
    """
    location = load_settings().venue_list
    buckets = buckets_of(context)
    listed = read_venue_list(location) if location else VenueList((), ())
    with database.engine.begin() as connection:
        change = ListChange()
        if location:
            own = [venue for venue in listed.venues if venue_bucket(venue_id(venue.site_url)) in buckets]
            added = add_venues(connection, own, "file")
            retired = retire_missing(connection, listed.venues, buckets)
            change = ListChange(added.added, added.restored, retired.retired)
        by_status = connection.execute(
            select(venues.c.status, func.count()).where(venues.c.bucket.in_(buckets)).group_by(venues.c.status)
        ).all()
    for line in listed.refused[:_SHOWN_REFUSALS]:
        context.log.warning("line %d of the venue list refused: %s (%s)", line.line, line.reason, line.text)
    refusals = [f"- line {line.line}: {line.reason}" for line in listed.refused[:_SHOWN_REFUSALS]]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(count for _, count in by_status),
            "by status": dict(by_status) or {"none": 0},
            "added": change.added,
            "restored": change.restored,
            "retired": change.retired,
            "refused": len(listed.refused),
            "refusals": dg.MetadataValue.md("\n".join(refusals) or "none"),
            "list": location or "none: set VENUE_LIST, or use `venue-taste venues add`",
        }
    )
