"""Unit vectors in the database: register a space, store vectors in bulk, read them back as matrices.

What a vector means, which space readers compare in (`resources.spaces`), indexes (`resources.vector_index`) and
search (`resources.search`) are elsewhere.
"""

from resources.vectors.reading import (
    PhotoVectors,
    VenuePhotoVectors,
    photo_vectors,
    vector_blocks,
    venue_photo_vectors,
)
from resources.vectors.writing import (
    SummaryKey,
    checked_vectors,
    delete_summary_vectors,
    ensure_space,
    missing_photo_ids,
    record_photo_failures,
    store_photo_vectors,
    store_summary_vectors,
    stored_summary_hashes,
)

__all__ = [
    "PhotoVectors",
    "SummaryKey",
    "VenuePhotoVectors",
    "checked_vectors",
    "delete_summary_vectors",
    "ensure_space",
    "missing_photo_ids",
    "photo_vectors",
    "record_photo_failures",
    "store_photo_vectors",
    "store_summary_vectors",
    "stored_summary_hashes",
    "vector_blocks",
    "venue_photo_vectors",
]
