"""What a crawl says of itself in Dagster: counts, rejections by reason, and a sample of its photographs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import dagster as dg

from resources.photo_store import PhotoStore
from resources.sync import Written
from venue_assets.contact_sheet import contact_sheet
from venue_assets.crawl_store import StoredVenue

_SAMPLE_PHOTOS: Final = 24


def crawl_results(stored: Sequence[StoredVenue], store: PhotoStore) -> Iterator[dg.MaterializeResult[None]]:
    """Results for `venue_pages` and `venue_photos` from the venues that this run stored."""
    results = [venue.result for venue in stored]
    pages = sum(page.rejection is None for result in results for page in result.pages)
    photo_ids = [
        photo.photo_id for result in results for photo in result.photos if photo.photo_id and photo.rejection is None
    ]
    sample = photo_ids[:: max(1, len(photo_ids) // _SAMPLE_PHOTOS)][:_SAMPLE_PHOTOS]
    yield dg.MaterializeResult(
        asset_key="venue_pages",
        metadata=_common(stored) | {
            "dagster/row_count": dg.MetadataValue.int(pages),
            "rejected": _counts(_summed(result.rejected_pages for result in results)),
        },
    )  # fmt: skip
    yield dg.MaterializeResult(
        asset_key="venue_photos",
        metadata=_common(stored) | {
            "dagster/row_count": dg.MetadataValue.int(len(photo_ids)),
            "rejected": _counts(_summed(result.rejected_photos for result in results)),
            "sample": contact_sheet(store.get(photo_id) for photo_id in sample),
        },
    )  # fmt: skip


def _common(stored: Sequence[StoredVenue]) -> dict[str, dg.MetadataValue]:
    results = [venue.result for venue in stored]
    written = sum((venue.written for venue in stored), Written())
    return {
        "venues": dg.MetadataValue.int(len(results)),
        "outcomes": _counts(Counter(str(result.outcome) for result in results)),
        "requests": dg.MetadataValue.int(sum(result.requests for result in results)),
        "conditional requests": dg.MetadataValue.int(sum(result.conditional_requests for result in results)),
        "megabytes": dg.MetadataValue.float(sum(result.bytes_downloaded for result in results) / 1e6),
        "rows written": dg.MetadataValue.int(written.inserted + written.updated + written.deleted),
        "venue seconds": dg.MetadataValue.float(sum(result.seconds for result in results)),
    }


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _counts(counts: Mapping[str, int]) -> dg.MetadataValue:
    return dg.MetadataValue.json(dict(sorted(counts.items())))
