"""Asset checks of lists: is the catalogue fit to rank before anything is written, are the lists whole afterwards.

What the tables' own constraints can refuse (a venue twice in a list, a rank of 0) they refuse when it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Connection, func, select, text

from resources.schema import UNIT_TOLERANCE, recommendation_states
from resources.spaces import EmbeddingSpace
from taste_assets.venue_catalogue import CatalogueVersion

MIN_COVERAGE: Final = 0.9
"""Share of the venues with photos that must have a vector, or lists would show what happened to be encoded first."""

MAX_MEAN_NORM: Final = 0.995
"""Length of the mean of unit vectors above which they all point one way, as those of a broken model do. Vectors of
photographs that have nothing in common have one of about 0.75 (mean cosine 0.56, CLIP ViT-B/32)."""

MIN_FOR_MEAN: Final = 20
"""Vectors below which their mean says nothing."""

_LISTED: Final = 20

LIST_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "catalogue_sound", asset="recommendations", blocking=True,
        description="Looked at before anything is written: nearly all venues have vectors, of length 1, of the "
        "space's dimension, that differ from one another; and there are venues where there were some.",
    ),
    dg.AssetCheckSpec(
        "lists_whole", asset="recommendations", blocking=True,
        description="Every list has ranks from 1 without gaps, as many as its state counts, at most as asked for.",
    ),
    dg.AssetCheckSpec(
        "lists_recommendable", asset="recommendations", blocking=True,
        description="No list shows a venue that is retired or was never read.",
    ),
    dg.AssetCheckSpec(
        "everybody_listed", asset="recommendations",
        description="Everybody has a list made from their present taste and wishes.",
    ),
]  # fmt: skip
"""Checks that `recommendations` reports: the first on all venues, the others on the buckets it was about."""

_VECTORS = text(
    """
    SELECT count(*) AS vectors, coalesce(min(vector_norm(embedding)), 1) AS least,
        coalesce(max(vector_norm(embedding)), 1) AS most, coalesce(vector_norm(avg(embedding)), 0) AS mean_norm,
        count(*) FILTER (WHERE vector_dims(embedding) <> :dim) AS misfits
    FROM photo_embeddings
    WHERE space_id = :space_id AND photo_id IN (SELECT photo_id FROM serving.venue_photos)
    """
)

# Of the present space only: people whose tastes are still in another one keep what they had until those are found.
_BROKEN = text(
    """
    SELECT states.user_id
    FROM recommendation_states AS states
    JOIN users USING (user_id)
    LEFT JOIN recommendations AS listed USING (user_id)
    WHERE users.bucket = ANY(:buckets) AND states.space_id = :space_id
    GROUP BY states.user_id, states.list_length
    HAVING count(listed.rank) <> states.list_length OR coalesce(max(listed.rank), 0) <> states.list_length
        OR states.list_length > :length
    UNION
    SELECT listed.user_id FROM recommendations AS listed JOIN users USING (user_id)
    LEFT JOIN recommendation_states AS states USING (user_id)
    WHERE users.bucket = ANY(:buckets) AND states.user_id IS NULL
    """
)

_UNFIT = text(
    """
    SELECT DISTINCT listed.venue_id
    FROM recommendations AS listed
    JOIN users USING (user_id)
    WHERE users.bucket = ANY(:buckets) AND listed.space_id = :space_id
        AND NOT EXISTS (SELECT FROM serving.venues AS shown WHERE shown.venue_id = listed.venue_id)
    """
)

_STALE = text(
    """
    SELECT user_id FROM serving.freshness JOIN users USING (user_id)
    WHERE users.bucket = ANY(:buckets) AND NOT list_is_current
    """
)


def catalogue_check(connection: Connection, space: EmbeddingSpace, version: CatalogueVersion) -> dg.AssetCheckResult:
    """The result of `catalogue_sound`, in the snapshot that lists would be made from."""
    found = connection.execute(_VECTORS, {"space_id": space.space_id, "dim": space.dim}).one()
    lists = connection.scalar(select(func.count()).select_from(recommendation_states)) or 0
    problems = []
    if not version.venue_ids and lists:
        problems.append(f"no venue is left for {lists} lists")
    if version.venues_with_photos and version.coverage < MIN_COVERAGE:
        problems.append(f"{version.coverage:.0%} of the venues with photos have a vector")
    if found.misfits or max(abs(found.least - 1), abs(found.most - 1)) > UNIT_TOLERANCE:
        problems.append("there are vectors that are no unit vectors of the space")
    if found.vectors >= MIN_FOR_MEAN and found.mean_norm > MAX_MEAN_NORM:
        problems.append("the vectors all point one way")
    return dg.AssetCheckResult(
        check_name="catalogue_sound",
        asset_key="recommendations",
        passed=not problems,
        description="; ".join(problems) or None,
        metadata={
            "venues": len(version.venue_ids),
            "coverage": version.coverage,
            "vectors": found.vectors,
            "length of the mean vector": float(found.mean_norm),
        },
    )


def list_check_results(
    connection: Connection, buckets: Sequence[int], space_id: str, length: int
) -> Iterator[dg.AssetCheckResult]:
    """Results of the other `LIST_CHECKS` for the people of these buckets as they stand in the database."""
    about = {"buckets": list(buckets), "space_id": space_id}
    broken = connection.scalars(_BROKEN, about | {"length": length}).all()
    yield _result("lists_whole", broken, "people")
    yield _result("lists_recommendable", connection.scalars(_UNFIT, about).all(), "venues")
    stale = connection.scalars(_STALE, {"buckets": list(buckets)}).all()
    yield _result("everybody_listed", stale, "people", dg.AssetCheckSeverity.WARN)


def no_space_results() -> Iterator[dg.AssetCheckResult]:
    """Results where no image space is current, and so nobody has a list that could be wrong."""
    for spec in LIST_CHECKS:
        yield dg.AssetCheckResult(
            check_name=spec.name, asset_key=spec.asset_key, passed=True, description="no image space is current yet"
        )


def _result(
    name: str, wrong: Sequence[object], what: str, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=name,
        asset_key="recommendations",
        passed=not wrong,
        severity=severity,
        metadata={"count": len(wrong), what: dg.MetadataValue.json([str(one) for one in wrong[:_LISTED]])},
    )
