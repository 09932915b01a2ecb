"""What Dagster shows of a bucket's lists: who got one, how scores lie, which tastes and venues they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import dagster as dg
from sqlalchemy import Connection, text

from resources.partitions import PARTITION_ROWS
from taste_assets.model.agreement import GREAT_TASTE, TOP, gini
from taste_assets.recommendation_inputs import Kind
from taste_assets.score_plot import score_plot

_LABELS: Final = 12

_ROWS = text("SELECT count(*) FROM recommendations JOIN users USING (user_id) WHERE bucket = :bucket")
_TOP_ROWS = text(
    """
    SELECT user_id, venue_id, score, matches -> 0 ->> 'cluster_id' AS cluster_id, matches -> 0 ->> 'label' AS label
    FROM recommendations JOIN users USING (user_id)
    WHERE bucket = :bucket AND rank <= :top
    ORDER BY user_id, rank
    """
)
_GREAT_TASTES = text(
    """
    SELECT cluster_id::text FROM taste_clusters JOIN users USING (user_id)
    JOIN recommendation_states AS listed USING (user_id)
    WHERE bucket = :bucket AND polarity = 'positive' AND weight >= :great AND listed.kind <> 'curated'
    """
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a run did for one bucket.

    Attributes:
        kinds: new lists by kind.
        unchanged: people whose list was still right.
        waiting: people whose tastes are in another embedding space; they keep the list they have.
        rows: places in the new lists.
        seconds: for the bucket, the loading of the catalogue included where this bucket was the first to need it.
        problems: what cannot be understood of preferences, each with the number of people who have it.
    """

    kinds: Mapping[Kind, int]
    unchanged: int
    waiting: int
    rows: int
    seconds: float
    problems: Counter[str]


def lists_metadata(
    connection: Connection, bucket: int, listed: Listed, venue_count: int
) -> dict[str, dg.MetadataValue]:
    """The metadata of one bucket, from what was done and from the lists as they now are."""
    rows = connection.execute(_TOP_ROWS, {"bucket": bucket, "top": TOP}).all()
    great = set(connection.scalars(_GREAT_TASTES, {"bucket": bucket, "great": GREAT_TASTE}))
    served = great.intersection(row.cluster_id for row in rows)
    shown = Counter(row.venue_id for row in rows)
    labels = Counter(row.label or "unnamed" for row in rows if row.cluster_id is not None)
    made = sum(listed.kinds.values())
    return {
        PARTITION_ROWS: dg.MetadataValue.int(connection.scalar(_ROWS, {"bucket": bucket}) or 0),
        "listed now": dg.MetadataValue.int(made),
        **{f"listed now: {kind}": dg.MetadataValue.int(count) for kind, count in sorted(listed.kinds.items())},
        "skipped": dg.MetadataValue.int(listed.unchanged),
        "waiting for tastes in this space": dg.MetadataValue.int(listed.waiting),
        "preferences not understood": dg.MetadataValue.int(listed.problems.total()),
        "rows written": dg.MetadataValue.int(listed.rows),
        "seconds": dg.MetadataValue.float(round(listed.seconds, 3)),
        "people per second": dg.MetadataValue.float(round(made / listed.seconds, 1) if made else 0.0),
        "venues": dg.MetadataValue.int(venue_count),
        f"venues in somebody's first {TOP}": dg.MetadataValue.float(len(shown) / venue_count if venue_count else 0.0),
        "concentration (Gini)": dg.MetadataValue.float(gini(list(shown.values()), venue_count)),
        f"great tastes in the first {TOP}": dg.MetadataValue.float(len(served) / len(great) if great else 1.0),
        "places by taste": dg.MetadataValue.json(dict(labels.most_common(_LABELS))),
        "scores": dg.MetadataValue.md(score_plot([row.score for row in rows])),
    }
