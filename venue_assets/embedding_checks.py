"""Asset checks of embeddings: has everything a vector, and are the vectors what search takes them for.

The tables' own constraints refuse most wrong vectors when they are written; these checks look at what is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from resources.schema import (
    UNIT_TOLERANCE,
    photo_embedding_failures,
    photo_embeddings,
    summary_embeddings,
    venue_photos,
    venues,
)
from resources.spaces import EmbeddingSpace

MAX_MEAN_NORM: Final = 0.995
"""Length of the mean of unit vectors above which they all point one way, as those of a broken model do. Vectors of
photographs that have nothing in common have one of about 0.75 (mean cosine 0.56, CLIP ViT-B/32)."""

MIN_FOR_MEAN: Final = 20
"""Vectors below which their mean says nothing."""

MAX_UNREADABLE_SHARE: Final = 0.02
"""Share of stored photos that the encoder could not read above which somebody should look at them."""

PHOTO_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "photos_embedded", asset="photo_embeddings", blocking=True,
        description="Every photo that a venue shows has a vector, but for those recorded as unreadable.",
    ),
    dg.AssetCheckSpec(
        "photo_vectors_sound", asset="photo_embeddings", blocking=True,
        description="Vectors have their space's dimension and length 1, hold no NaN, and differ from one another.",
    ),
    dg.AssetCheckSpec(
        "photos_readable", asset="photo_embeddings",
        description=f"At most {MAX_UNREADABLE_SHARE:.0%} of the photos could not be read by the encoder.",
    ),
]  # fmt: skip
"""Checks that `photo_embeddings` reports, over the buckets it was about."""

SUMMARY_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "summaries_embedded", asset="summary_embeddings", blocking=True,
        description="Every summary has a vector of its present text, and no vector is left of a text that is gone.",
    ),
    dg.AssetCheckSpec(
        "summary_vectors_sound", asset="summary_embeddings", blocking=True,
        description="Vectors have their space's dimension and length 1, hold no NaN, and differ from one another.",
    ),
]  # fmt: skip
"""Checks that `summary_embeddings` reports, over the buckets it was about."""


@dataclass(frozen=True, slots=True)
class PhotoCounts:
    """Photos that venues show, each counted once: all, those with a vector, those recorded as unreadable."""

    shown: int
    embedded: int
    unreadable: int


def shown_photos(connection: Connection, bucket: int) -> frozenset[str]:
    """Ids of the photos that the venues of a bucket show, retired venues left out."""
    return frozenset(connection.scalars(select(_shown([bucket]).c.photo_id)))


def photo_counts(connection: Connection, space: EmbeddingSpace, buckets: Sequence[int]) -> PhotoCounts:
    """How far the photos of these buckets' venues have vectors in the space."""
    shown = _shown(buckets)
    vector, failure = photo_embeddings.c, photo_embedding_failures.c
    query = (
        select(
            func.count(), func.count(vector.photo_id), func.count(failure.photo_id).filter(vector.photo_id.is_(None))
        )
        .select_from(shown)
        .outerjoin(photo_embeddings, and_(vector.photo_id == shown.c.photo_id, vector.space_id == space.space_id))
        .outerjoin(
            photo_embedding_failures, and_(failure.photo_id == shown.c.photo_id, failure.space_id == space.space_id)
        )
    )
    total, embedded, unreadable = connection.execute(query).one()
    return PhotoCounts(total, embedded, unreadable)


def photo_check_results(
    connection: Connection, space: EmbeddingSpace, buckets: Sequence[int]
) -> Iterator[dg.AssetCheckResult]:
    """Results of `PHOTO_CHECKS` for the photos of these buckets' venues as they stand in the database."""
    counts = photo_counts(connection, space, buckets)
    missing = counts.shown - counts.embedded - counts.unreadable
    yield _result(
        "photos_embedded", "photo_embeddings", missing == 0,
        {"photos": counts.shown, "embedded": counts.embedded, "unreadable": counts.unreadable, "missing": missing},
    )  # fmt: skip
    mine = photo_embeddings.c.photo_id.in_(select(_shown(buckets).c.photo_id))
    yield _sound("photo_vectors_sound", connection, photo_embeddings, mine, space)
    share = counts.unreadable / counts.shown if counts.shown else 0.0
    yield _result(
        "photos_readable", "photo_embeddings", share <= MAX_UNREADABLE_SHARE,
        {"share": share, "limit": MAX_UNREADABLE_SHARE}, dg.AssetCheckSeverity.WARN,
    )  # fmt: skip


def summary_check_results(
    connection: Connection, space: EmbeddingSpace, buckets: Sequence[int], missing: int, surplus: int
) -> Iterator[dg.AssetCheckResult]:
    """Results of `SUMMARY_CHECKS`; `missing` and `surplus` are texts without, and vectors without text, afterwards."""
    yield _result(
        "summaries_embedded", "summary_embeddings", missing == 0 and surplus == 0,
        {"missing": missing, "surplus": surplus},
    )  # fmt: skip
    mine = summary_embeddings.c.venue_id.in_(select(venues.c.venue_id).where(venues.c.bucket.in_(buckets)))
    yield _sound("summary_vectors_sound", connection, summary_embeddings, mine, space)


def _shown(buckets: Sequence[int]) -> Any:
    return (
        select(venue_photos.c.photo_id)
        .distinct()
        .join(venues, venues.c.venue_id == venue_photos.c.venue_id)
        .where(venues.c.bucket.in_(buckets), venues.c.status != "retired")
        .subquery()
    )


def _sound(
    check: str, connection: Connection, table: Table, mine: ColumnElement[bool], space: EmbeddingSpace
) -> dg.AssetCheckResult:
    embedding = table.c.embedding
    norm = func.vector_norm(embedding)
    # A NaN is greater than every number in Postgres, so it is among the wrong norms.
    wrong_norm = func.abs(norm - 1) > UNIT_TOLERANCE
    wrong_dim = or_(func.vector_dims(embedding) != space.dim, table.c.dim != space.dim)
    inside = [mine, table.c.space_id == space.space_id]
    total, dims, norms = connection.execute(
        select(func.count(), func.count().filter(wrong_dim), func.count().filter(wrong_norm)).where(*inside)
    ).one()
    metadata: dict[str, Any] = {"vectors": total, "wrong dimension": dims, "wrong length": norms}
    sound = dims == 0 and norms == 0
    if sound and total >= MIN_FOR_MEAN:
        mean = select(func.avg(embedding).label("mean")).where(*inside).subquery()
        metadata["length of the mean"] = connection.scalar(select(func.vector_norm(mean.c.mean)))
        sound = metadata["length of the mean"] <= MAX_MEAN_NORM
    return _result(check, table.name, sound, metadata)


def _result(
    check: str,
    asset: str,
    passed: bool,
    metadata: dict[str, Any],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(check_name=check, asset_key=asset, passed=passed, severity=severity, metadata=metadata)
