"""The asset `venue_sites`: the table `venues` kept equal to the operator's list."""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
from typing import Final

import dagster as dg
import fsspec
from pydantic import Field
from sqlalchemy import Connection, func, select

from resources.database_resource import DatabaseResource
from resources.errors import SetupError
from resources.identity import venue_bucket, venue_id
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, VENUE_PARTITIONS, buckets_of
from resources.schema import venues
from resources.settings import load_settings
from venue_assets.venue_list import VenueList, parse_venue_list
from venue_assets.venue_table import ListChange, add_venues, missing_from, retire_missing

_SHOWN_REFUSALS: Final = 20
_FEW: Final = 5  # venues that a list may lose at once without anybody asking, whatever share of it they are


class SitesConfig(dg.Config):
    """What an operator confirms for one run."""

    retire_most: bool = Field(
        default=False, description="Retire the venues missing from VENUE_LIST even if they are more than half of it."
    )


def read_venue_list(location: str, named_by: str = "VENUE_LIST, or the file it names") -> VenueList:
    """Read and parse the list at a path or fsspec URL; `.json` is JSON, anything else CSV.

    Args:
        location: path or URL.
        named_by: what to correct where it cannot be read.

    Raises:
        SetupError: it cannot be read, is no list, or names no venue at all. An unreadable or empty list is never
            taken for "no venues": that would retire them all.
    """
    remedy = f"correct {named_by}"
    try:
        with fsspec.open(location, "rb") as file:
            content = file.read()
        listed = parse_venue_list(content, is_json=location.lower().endswith(".json"))
    except (OSError, ValueError, ImportError) as error:
        raise SetupError(f"the venue list {location} cannot be read: {error}", remedy) from error
    if not listed.venues:
        raise SetupError(f"the venue list {location} names no venue ({len(listed.refused)} lines refused)", remedy)
    return listed


def _require_plausible(connection: Connection, listed: VenueList, location: str) -> None:
    """Refuse a list that lost most of its venues: half an upload looks just like a decision to part with them.

    Counted over all buckets, so that a run of one bucket is no way around it.
    """
    known, missing = missing_from(connection, listed.venues)
    if missing >= _FEW and missing * 2 > known:
        raise SetupError(
            f"the venue list {location} no longer names {missing} of its {known} venues, which would retire them",
            "correct VENUE_LIST, or the file it names; if it is meant, run venue_sites with `retire_most: true` in "
            "its config",
        )


@dg.asset(
    group_name="venues",
    kinds={"postgres"},
    owners=["team:venue-taste"],
    partitions_def=VENUE_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def venue_sites(
    context: dg.AssetExecutionContext, config: SitesConfig, database: DatabaseResource
) -> dg.MaterializeResult[None]:
    """The venues we look after: one row of `venues` per site, from VENUE_LIST and from `venue-taste venues add`.

    New ones of the list file are added, what it says of a venue replaces what it said before, and those it no longer
    names are retired with their data; venues added by command stay. A line that is no address is recorded
    here and stops nothing; a list that lost most of its venues stops the run.
    """
    location = load_settings().venue_list
    buckets = buckets_of(context)
    listed = read_venue_list(location) if location else VenueList((), ())
    with database.engine.begin() as connection:
        change = ListChange()
        if location:
            if not config.retire_most:
                _require_plausible(connection, listed, location)
            own = [venue for venue in listed.venues if venue_bucket(venue_id(venue.site_url)) in buckets]
            added = add_venues(connection, own, "file")
            retired = retire_missing(connection, listed.venues, buckets)
            change = ListChange(added.added, added.restored, added.updated, retired.retired)
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
            "updated": change.updated,
            "retired": change.retired,
            "refused": len(listed.refused),
            "refusals": dg.MetadataValue.md("\n".join(refusals) or "none"),
            "list": location or "none: set VENUE_LIST, or use `venue-taste venues add`",
        }
    )
