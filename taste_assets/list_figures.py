"""Figures about all lists as they stand: whose tastes they serve, how they share their places, whether they are right.

Read from the serving contract, as an app's owner could. The asset that keeps them over time is
`taste_assets.list_quality`; the formulas are `taste_assets.model.agreement`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection, text

from taste_assets.ground_truth import GroundTruth
from taste_assets.model.agreement import GREAT_TASTE, TOP, gini, ndcg, share_of_most_shown, tastes_served

_PEOPLE: Final = text("SELECT list_kind AS kind, count(*) AS people FROM serving.freshness GROUP BY list_kind")
_SHOWN: Final = text(
    """
    SELECT count(*) FILTER (WHERE rank <= :top) AS shown FROM serving.recommendations
    RIGHT JOIN serving.venues USING (venue_id) GROUP BY venue_id
    """
)
_UNLISTED: Final = text(
    """
    SELECT count(*) FROM serving.venues
    WHERE NOT EXISTS (SELECT FROM serving.recommendations AS listed WHERE listed.venue_id = venues.venue_id)
    """
)
# A place is for the taste that stands first among its reasons.
_TASTES: Final = text(
    """
    WITH places AS (
        SELECT user_id, matches -> 0 ->> 'cluster_id' AS cluster_id, count(*) AS places
        FROM serving.recommendations WHERE rank <= :top AND kind <> 'curated' GROUP BY 1, 2
    )
    SELECT tastes.weight, coalesce(places.places, 0) AS places,
        CAST(sum(places.places) OVER (PARTITION BY tastes.user_id) AS double precision) AS of_places, label
    FROM serving.taste_clusters AS tastes
    LEFT JOIN places ON places.user_id = tastes.user_id AND places.cluster_id = tastes.cluster_id::text
    WHERE polarity = 'positive' AND tastes.user_id IN (SELECT user_id FROM places)
    """
)
_SCORES: Final = text("SELECT score FROM serving.recommendations WHERE rank <= :top AND kind = 'taste' LIMIT :most")
_LISTS: Final = text(
    """
    SELECT handle, venue_id FROM serving.recommendations JOIN serving.people USING (user_id)
    WHERE rank <= :top ORDER BY handle, rank
    """
)
_MOST_SCORES: Final = 100_000


@dataclass(frozen=True, slots=True)
class ListFigures:
    """What can be said of lists without knowing what is right. Shares and coefficients are 0 to 1.

    Attributes:
        lists: people with a list, by its kind.
        without_list: people without one.
        venues: in the catalogue.
        shown: share of the venues that are in somebody's first places.
        unlisted: venues on nobody's list.
        concentration: Gini coefficient of the first places over venues.
        most_shown: share of the first places that the most shown tenth of the venues has.
        great_tastes_shown: share of the tastes of weight `GREAT_TASTE` and more that a first place is for.
        taste_gap: mean difference between a taste's weight and its share of the person's first places.
        places_by_look: share of first places by the label of the taste they are for.
        scores: of the first places of lists from pictures.
    """

    lists: dict[str, int]
    without_list: int
    venues: int
    shown: float
    unlisted: int
    concentration: float
    most_shown: float
    great_tastes_shown: float
    taste_gap: float
    places_by_look: dict[str, float]
    scores: list[float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How lists compare with the truth.

    Attributes:
        people: who are compared: those of the world with a taste that some venue they could take serves.
        ndcg: mean over them, of the first places.
        coverage: share of them in whose first places every great taste shows.
        tastes_served: share of all great tastes that show.
        each: NDCG of each person, by handle.
    """

    people: int
    ndcg: float
    coverage: float
    tastes_served: float
    each: dict[str, float]


def list_figures(connection: Connection) -> ListFigures:
    """The figures of all lists in the caller's transaction."""
    kinds = {row.kind: row.people for row in connection.execute(_PEOPLE)}
    shown = list(connection.scalars(_SHOWN, {"top": TOP}))
    tastes = connection.execute(_TASTES, {"top": TOP}).all()
    great = [row.places > 0 for row in tastes if row.weight >= GREAT_TASTE]
    gaps = [abs(row.weight - row.places / row.of_places) for row in tastes if row.of_places]
    by_look: defaultdict[str, int] = defaultdict(int)
    for row in tastes:
        by_look[row.label or "unnamed"] += row.places
    places = sum(by_look.values())
    return ListFigures(
        lists={kind: people for kind, people in sorted(kinds.items()) if kind is not None},
        without_list=kinds.get(None, 0),
        venues=len(shown),
        shown=sum(one > 0 for one in shown) / len(shown) if shown else 0.0,
        unlisted=connection.scalar(_UNLISTED) or 0,
        concentration=gini(shown, len(shown)),
        most_shown=share_of_most_shown(shown, len(shown)),
        great_tastes_shown=float(np.mean(great)) if great else 1.0,
        taste_gap=float(np.mean(gaps)) if gaps else 0.0,
        places_by_look={look: count / places for look, count in sorted(by_look.items()) if count},
        scores=list(connection.scalars(_SCORES, {"top": TOP, "most": _MOST_SCORES})),
    )


def agreement(connection: Connection, truth: GroundTruth) -> Agreement:
    """The lists of everybody the truth is about, compared with it. Who should have a list and has none has NDCG 0."""
    column = {one: number for number, one in enumerate(truth.venue_ids)}
    order: defaultdict[str, list[int]] = defaultdict(list)
    for row in connection.execute(_LISTS, {"top": TOP}):
        if row.venue_id in column:
            order[row.handle].append(column[row.venue_id])
    each: dict[str, float] = {}
    served: list[list[bool]] = []
    for handle in connection.scalars(text("SELECT handle FROM serving.people ORDER BY handle")):
        person = truth.about(handle)
        if person is None:
            continue
        places = np.array(order[handle], np.intp)
        gain = ndcg(person.relevance, places)
        if gain is not None:
            each[handle] = gain
            served.append(tastes_served(person.likeness, person.weights, places))
    tastes = [one for person in served for one in person]
    return Agreement(
        people=len(each),
        ndcg=float(np.mean(list(each.values()))) if each else 0.0,
        coverage=float(np.mean([all(person) for person in served])) if served else 0.0,
        tastes_served=float(np.mean(tastes)) if tastes else 0.0,
        each=each,
    )
