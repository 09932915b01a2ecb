"""What Dagster shows of a bucket's lists: who got one, how scores lie, which tastes and venues they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import dagster as dg
import numpy as np
from sqlalchemy import Connection, text

from taste_assets.recommendation_inputs import Kind
from taste_assets.score_plot import score_plot

TOP: Final = 10
"""Places that people look at: what the figures on variety are about."""

GREAT_TASTE: Final = 0.2
"""Weight from which a taste has to show in the first places."""

_LABELS: Final = 12

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
        problems: handle to what cannot be understood of the person's preferences.
    """

    kinds: Mapping[Kind, int]
    unchanged: int
    waiting: int
    rows: int
    seconds: float
    problems: Mapping[str, str]


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
        "listed now": dg.MetadataValue.int(made),
        **{f"listed now: {kind}": dg.MetadataValue.int(count) for kind, count in sorted(listed.kinds.items())},
        "skipped": dg.MetadataValue.int(listed.unchanged),
        "waiting for tastes in this space": dg.MetadataValue.int(listed.waiting),
        "preferences not understood": dg.MetadataValue.int(len(listed.problems)),
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


def gini(counts: Sequence[int], venue_count: int) -> float:
    """Gini coefficient of how often venues are shown: 0 when all are shown alike, near 1 when few are shown always.

    Σ_i (2i - n - 1) x_i / (n Σ x) over all n venues by rising count x, those never shown included.
    """
    total = sum(counts)
    if not total or not venue_count:
        return 0.0
    rising = np.sort(np.concatenate([np.zeros(max(0, venue_count - len(counts))), np.array(counts, np.float64)]))
    number = len(rising)
    return float(((2 * np.arange(1, number + 1) - number - 1) * rising).sum() / (number * total))
