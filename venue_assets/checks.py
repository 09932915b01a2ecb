"""Asset checks of the venue side: is what the crawl stored good enough for what stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Connection, func, select

from resources.schema import venue_pages, venue_photos, venues

MAX_FAILING_SHARE: Final = 0.5
"""Share of venues whose site could not be read above which nothing downstream should run: the fault is ours."""

WORTH_A_LOOK_SHARE: Final = 0.1
"""The same above which somebody should look, and nothing is stopped."""

MIN_FAILING: Final = 5
"""Failing venues below which nothing is stopped, whatever their share: one dead site of one is just a dead site."""

MIN_WITH_PHOTOS: Final = 0.8
"""Share of crawled venues that should have a photograph."""

MIN_PAGES: Final = 2
"""Pages below which a crawled venue is suspicious (a parked domain, a wall of cookies)."""

_NAMED: Final = 5
_LISTED: Final = 50

CRAWL_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "sites_readable", asset="venue_pages", blocking=True,
        description=f"At most {WORTH_A_LOOK_SHARE:.0%} of the venues have a site that could not be read. Stops what "
        f"stands on it where it is more than {MAX_FAILING_SHARE:.0%}, and {MIN_FAILING} venues at least.",
    ),
    dg.AssetCheckSpec(
        "pages_per_venue", asset="venue_pages",
        description=f"Nearly every crawled venue has at least {MIN_PAGES} pages.",
    ),
    dg.AssetCheckSpec(
        "venues_have_photos", asset="venue_photos",
        description=f"At least {MIN_WITH_PHOTOS:.0%} of the crawled venues have a photograph.",
    ),
]  # fmt: skip
"""Checks that the crawl itself reports, over the buckets it was about."""


def crawl_check_results(connection: Connection, buckets: Sequence[int]) -> Iterator[dg.AssetCheckResult]:
    """Results of `CRAWL_CHECKS` for the venues of these buckets as they stand in the database."""
    pages = (
        select(venue_pages.c.venue_id, func.count().label("pages"))
        .where(venue_pages.c.rejection.is_(None))
        .group_by(venue_pages.c.venue_id)
        .subquery()
    )
    photos = select(venue_photos.c.venue_id, func.count().label("photos")).group_by(venue_photos.c.venue_id).subquery()
    rows = connection.execute(
        select(venues.c.site_url, venues.c.status, pages.c.pages, photos.c.photos)
        .outerjoin(pages, pages.c.venue_id == venues.c.venue_id)
        .outerjoin(photos, photos.c.venue_id == venues.c.venue_id)
        .where(venues.c.bucket.in_(buckets), venues.c.status.in_(("crawled", "failing")))
        .order_by(venues.c.site_url)
    ).all()
    crawled = [row for row in rows if row.status == "crawled"]
    failing = [row.site_url for row in rows if row.status == "failing"]
    stops = len(failing) >= MIN_FAILING and len(failing) > MAX_FAILING_SHARE * len(rows)
    severity = dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN
    yield _share("sites_readable", "venue_pages", failing, len(rows), WORTH_A_LOOK_SHARE, severity)
    thin = [row.site_url for row in crawled if (row.pages or 0) < MIN_PAGES]
    yield _share("pages_per_venue", "venue_pages", thin, len(crawled), 0.1, dg.AssetCheckSeverity.WARN)
    bare = [row.site_url for row in crawled if not row.photos]
    limit = 1 - MIN_WITH_PHOTOS
    yield _share("venues_have_photos", "venue_photos", bare, len(crawled), limit, dg.AssetCheckSeverity.WARN)


def _share(
    check: str, asset: str, bad: list[str], total: int, limit: float, severity: dg.AssetCheckSeverity
) -> dg.AssetCheckResult:
    share = len(bad) / total if total else 0.0
    named = ", ".join(bad[:_NAMED]) + (f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else "")
    return dg.AssetCheckResult(
        check_name=check,
        asset_key=asset,
        passed=share <= limit,
        severity=severity,
        description=f"{len(bad)} of {total} venues: {named}" if bad else f"none of {total} venues",
        metadata={"share": share, "limit": limit, "venues": total, "which": dg.MetadataValue.json(bad[:_LISTED])},
    )
