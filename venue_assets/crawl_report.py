"""What a crawl says of itself in Dagster: counts, rejections by reason, and a sample of its photographs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import dagster as dg

from resources.partitions import PARTITION_ROWS
from resources.photo_store import CorruptPhotoError, PhotoStore
from resources.sync import Written
from venue_assets.contact_sheet import contact_sheet
from venue_assets.crawl_store import RowCounts, StoredVenue

_SAMPLE_PHOTOS: Final = 24


def pages_metadata(stored: Sequence[StoredVenue], rows: RowCounts) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_pages` for the venues that a run stored in one bucket, which holds `rows` now."""
    rejected = _summed(venue.result.rejected_pages for venue in stored)
    return _common(stored, rows) | {PARTITION_ROWS: dg.MetadataValue.int(rows.pages), "rejects": _counts(rejected)}


def photos_metadata(stored: Sequence[StoredVenue], rows: RowCounts, store: PhotoStore) -> dict[str, dg.MetadataValue]:
    """Metadata of `venue_photos` for the venues that a run stored in one bucket, which holds `rows` now."""
    rejected = _summed(venue.result.rejected_photos for venue in stored)
    shown = [photo_id for venue in stored for photo_id in venue.photo_ids]
    sample = shown[:: max(1, len(shown) // _SAMPLE_PHOTOS)][:_SAMPLE_PHOTOS]
    lost: list[str] = []
    sheet = contact_sheet(_readable(store, sample, lost))
    found = {"lost from the photo store": dg.MetadataValue.json(lost)} if lost else {}
    return _common(stored, rows) | found | {
        PARTITION_ROWS: dg.MetadataValue.int(rows.photos), "rejects": _counts(rejected), "sample": sheet,
    }  # fmt: skip


def _readable(store: PhotoStore, photo_ids: Iterable[str], lost: list[str]) -> Iterator[bytes]:
    """Photographs for the sheet. A damaged file is noted in `lost`: a sample must not fail a crawl that is stored."""
    for photo_id in photo_ids:
        try:
            yield store.get(photo_id)
        except (FileNotFoundError, CorruptPhotoError):
            lost.append(photo_id)


def _common(stored: Sequence[StoredVenue], rows: RowCounts) -> dict[str, dg.MetadataValue]:
    results = [venue.result for venue in stored]
    written = sum((venue.written for venue in stored), Written())
    return {
        "venues": dg.MetadataValue.int(len(results)),
        "pages": dg.MetadataValue.int(rows.pages),
        "photos": dg.MetadataValue.int(rows.photos),
        "outcomes": _counts(Counter(str(result.outcome) for result in results)),
        "requests": dg.MetadataValue.int(sum(result.requests for result in results)),
        "conditional requests": dg.MetadataValue.int(sum(result.conditional_requests for result in results)),
        "bytes": dg.MetadataValue.int(sum(result.bytes_downloaded for result in results)),
        "rows written": dg.MetadataValue.int(written.inserted + written.updated + written.deleted),
        # Venues are crawled side by side: the sum is more than the time it took.
        "seconds": dg.MetadataValue.float(float(sum(result.seconds for result in results))),
    }


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _counts(counts: Mapping[str, int]) -> dg.MetadataValue:
    return dg.MetadataValue.json(dict(sorted(counts.items())))
