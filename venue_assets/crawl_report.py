"""What a crawl says of itself in Dagster: counts, rejections by reason, and a sample of its photographs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import dagster as dg

from resources.photo_store import PhotoStore
from resources.sync import Written
from venue_assets.contact_sheet import contact_sheet
from venue_assets.crawl_store import StoredVenue

_SAMPLE_PHOTOS: Final = 24


def pages_metadata(stored: Sequence[StoredVenue], rows: int) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_pages` for the venues that a run stored in one bucket, which has `rows` pages now."""
    rejected = _summed(venue.result.rejected_pages for venue in stored)
    return _common(stored, rows) | {"rejected": _counts(rejected)}


def photos_metadata(stored: Sequence[StoredVenue], rows: int, store: PhotoStore) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_photos` for the venues that a run stored in one bucket, which has `rows` photos now."""
    rejected = _summed(venue.result.rejected_photos for venue in stored)
    shown = [photo for venue in stored for photo in venue.result.photos if photo.rejection is None]
    sample = shown[:: max(1, len(shown) // _SAMPLE_PHOTOS)][:_SAMPLE_PHOTOS]
    sheet = contact_sheet(store.get(photo.photo_id) for photo in sample if photo.photo_id)
    return _common(stored, rows) | {"rejected": _counts(rejected), "sample": sheet}


def _common(stored: Sequence[StoredVenue], rows: int) -> dict[str, dg.MetadataValue]:
    results = [venue.result for venue in stored]
    written = sum((venue.written for venue in stored), Written())
    return {
        "dagster/row_count": dg.MetadataValue.int(rows),
        "venues": dg.MetadataValue.int(len(results)),
        "outcomes": _counts(Counter(str(result.outcome) for result in results)),
        "requests": dg.MetadataValue.int(sum(result.requests for result in results)),
        "conditional requests": dg.MetadataValue.int(sum(result.conditional_requests for result in results)),
        "megabytes": dg.MetadataValue.float(sum(result.bytes_downloaded for result in results) / 1e6),
        "rows written": dg.MetadataValue.int(written.inserted + written.updated + written.deleted),
        "venue seconds": dg.MetadataValue.float(float(sum(result.seconds for result in results))),
    }


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _counts(counts: Mapping[str, int]) -> dg.MetadataValue:
    return dg.MetadataValue.json(dict(sorted(counts.items())))
