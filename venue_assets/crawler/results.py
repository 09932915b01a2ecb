"""From what a visit saw to the `VenueResult`: site-level text and identity, counts, and the outcome. Pure."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from venue_assets.crawler.job import Rejection, VenueJob, VenueResult
from venue_assets.extract.boilerplate import drop_repeated_boilerplate
from venue_assets.extract.reading import SitePage
from venue_assets.extract.site_words import venue_identity

if TYPE_CHECKING:
    from venue_assets.crawler.fetch import Fetcher
    from venue_assets.crawler.frontier import Frontier
    from venue_assets.crawler.page_set import PageVisit
    from venue_assets.crawler.photo_visit import PhotoVisits


_LIMITS: Final = ("page_budget", "photo_budget")
"""Named once, with how many, and not again for each page and photo that the limit kept from being asked for."""


def venue_result(
    job: VenueJob,
    visits: Iterable[PageVisit],
    photos: PhotoVisits,
    frontier: Frontier,
    fetcher: Fetcher,
    stop: Rejection | None,
    unread_sitemaps: Iterable[Rejection],
    started: float,
) -> VenueResult:
    """The result of a visit whose front page could be read.

    Args:
        job: the venue.
        visits: all its pages, judged.
        photos: all its pictures, folded.
        frontier: the addresses met.
        fetcher: the venue's, for its ledger.
        stop: which budget ended the visit early, if one did.
        unread_sitemaps: why sitemaps could not be read.
        started: `time.monotonic()` at the start.
    """
    pages = sorted(visits, key=lambda visit: visit.position)
    accepted = [(page, page.reading) for page in pages if page.is_accepted and page.reading is not None]
    texts = drop_repeated_boilerplate([reading.text for _, reading in accepted])
    site = []
    for (page, reading), text in zip(accepted, texts, strict=True):
        page.markdown = text.markdown
        site.append(SitePage(text.url, text.title, text.markdown, reading.structured, text.language))
    photo_results = photos.results()
    reasons = [] if stop is None else [f"{stop.reason}: {stop.detail}"]
    if frontier.left_out and stop is None:
        reasons.append(f"page_budget: {frontier.left_out} more known")
    if photos.left_out:
        reasons.append(f"photo_budget: {photos.left_out} more known")
    failures = Counter(failure.reason for page in pages if (failure := page.passing_failure) is not None)
    failures += Counter(failure.reason for failure in (*photos.passing_failures, *unread_sitemaps))
    for reason in _LIMITS:
        del failures[reason]
    if failures and stop is None:
        named = ", ".join(f"{count} {reason}" for reason, count in sorted(failures.items()))
        reasons.append(f"not_reached: {named}")
    return VenueResult(
        venue_id=job.venue_id,
        site_url=job.site_url,
        outcome="partial" if reasons else "complete",
        reason="; ".join(reasons),
        pages=tuple(page.result() for page in pages),
        photos=tuple(photo_results),
        rejected_pages=dict(
            frontier.skipped + Counter(page.rejection.reason for page in pages if page.rejection is not None)
        ),
        rejected_photos=dict(Counter(photo.rejection.reason for photo in photo_results if photo.rejection is not None)),
        identity=_without_blanks(asdict(venue_identity(site))),
        **_costs(fetcher, started),
    )


def failed_result(job: VenueJob, why: Rejection, fetcher: Fetcher, started: float) -> VenueResult:
    """The result of a visit that never saw a front page."""
    return VenueResult(
        venue_id=job.venue_id,
        site_url=job.site_url,
        outcome="failed",
        reason=f"{why.reason}: {why.detail}",
        **_costs(fetcher, started),
    )


def _costs(fetcher: Fetcher, started: float) -> dict[str, Any]:
    ledger = fetcher.ledger
    return {
        "site_files": tuple(fetcher.site_files[url] for url in sorted(fetcher.site_files)),
        "requests": ledger.requests,
        "conditional_requests": ledger.conditional,
        "bytes_downloaded": ledger.received,
        "seconds": round(time.monotonic() - started, 3),
        "ended_at": datetime.now(UTC),
    }


def _without_blanks(identity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in identity.items() if value not in (None, (), [])}
