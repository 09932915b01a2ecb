"""The ground truth's formula: how well each venue suits each person. Pure numpy; nothing is written here.

Let a_k be a person's tastes and b a venue, each a mixture over the aesthetics (weights sum to 1), let w_k be
the share of taste k, and d the part of b that the person dislikes. Then

    relevance = (1 - d) * max_k  (1/2 + 1/2 * w_k / max w) * sum_i min(a_ki, b_i)

The sum is the histogram intersection: 1 for the same mixture, 0 for nothing in common. The maximum, not a
mean, because one venue need serve only one taste; a minor taste counts half at least. A person without
tastes has relevance 0 everywhere: nothing is known, so nothing can be right or wrong about them.

Stated wishes (budget, guests, place, setting) are filters, kept apart: `allowed` is False only where
something the site says contradicts something the person says. What a site leaves unsaid rules nothing out,
and neither does a price in another currency than the budget's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demo.aesthetics import AESTHETICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from demo.world.model import Person, Preferences, Venue

_INDEX: Final = {aesthetic.slug: index for index, aesthetic in enumerate(AESTHETICS)}
_EARTH_RADIUS_KM: Final = 6371.0
_GUESTS_WHEN_UNSAID: Final = 80
"""A budget is per event; where the person gives no number, a price per head is taken for this many guests."""


def mixture_matrix(mixtures: Sequence[tuple[tuple[str, float], ...]]) -> NDArray[np.float32]:
    """Mixtures as rows of weights over the aesthetics in their stable order, (n, 14) float32."""
    matrix = np.zeros((len(mixtures), len(AESTHETICS)), dtype=np.float32)
    for row, mixture in enumerate(mixtures):
        for slug, weight in mixture:
            matrix[row, _INDEX[slug]] += weight
    return matrix


def relevance(people: Sequence[Person], venues: Sequence[Venue]) -> NDArray[np.float32]:
    """Relevance of each venue for each person in [0, 1], (people, venues) float32; formula in the module."""
    shares = mixture_matrix([venue.mixture for venue in venues])
    scores = np.zeros((len(people), len(venues)), dtype=np.float32)
    tastes = mixture_matrix([taste.mixture for person in people for taste in person.tastes])
    factors = np.array([factor for person in people for factor in _taste_factors(person)], dtype=np.float32)
    by_taste = np.zeros((len(tastes), len(venues)), dtype=np.float32)
    for column in range(len(AESTHETICS)):
        holders = np.flatnonzero(shares[:, column])
        for taste in np.flatnonzero(tastes[:, column]):
            by_taste[taste, holders] += np.minimum(tastes[taste, column], shares[holders, column])
    owners = [row for row, person in enumerate(people) if person.tastes]
    counts = [len(people[row].tastes) for row in owners]
    if owners:
        firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        scores[owners] = np.maximum.reduceat(by_taste * factors[:, None], firsts, axis=0)
    disliked = np.zeros((len(people), len(AESTHETICS)), dtype=np.float32)
    for row, person in enumerate(people):
        disliked[row, [_INDEX[slug] for slug in person.dislikes]] = 1.0
    # Rounding in float32 may leave a share of 1.0000001.
    return np.clip(scores * (1.0 - disliked @ shares.T), 0.0, 1.0)


def relevance_blocks(
    people: Sequence[Person], venues: Sequence[Venue], rows: int = 256
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """`relevance` for `rows` people at a time, as (first row, block): 10,000 x 10,000 never sits in memory."""
    for start in range(0, len(people), rows):
        yield start, relevance(people[start : start + rows], venues)


def _taste_factors(person: Person) -> list[float]:
    heaviest = max((taste.weight for taste in person.tastes), default=1.0)
    return [0.5 + 0.5 * taste.weight / heaviest for taste in person.tastes]


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """Columns of what venues state, one entry per venue; NaN where a site does not say (float64)."""

    capacity_min: NDArray[np.float64]
    capacity_max: NDArray[np.float64]
    price: NDArray[np.float64]
    per_head: NDArray[np.bool_]
    currency: NDArray[np.str_]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    setting: NDArray[np.str_]

    @classmethod
    def of(cls, venues: Sequence[Venue]) -> StatedFacts:
        """The columns of `venues`, in their order."""
        return cls(
            capacity_min=np.array([venue.capacity_min for venue in venues], dtype=np.float64),
            capacity_max=np.array([venue.capacity_max for venue in venues], dtype=np.float64),
            price=np.array([venue.price_min for venue in venues], dtype=np.float64),
            per_head=np.array([venue.price_unit == "per head" for venue in venues], dtype=np.bool_),
            currency=np.array([venue.currency for venue in venues], dtype=np.str_),
            lat=np.array([venue.lat for venue in venues]),
            lon=np.array([venue.lon for venue in venues]),
            setting=np.array([venue.setting for venue in venues], dtype=np.str_),
        )


def allowed(wishes: Preferences, facts: StatedFacts) -> NDArray[np.bool_]:
    """Which venues nothing stated rules out, (venues,) bool. Comparisons with NaN are False: unsaid passes."""
    ruled_out = np.zeros(len(facts.lat), dtype=np.bool_)
    if wishes.guests is not None:
        ruled_out |= (facts.capacity_max < wishes.guests) | (facts.capacity_min > wishes.guests)
    if wishes.budget_max is not None:
        guests = _GUESTS_WHEN_UNSAID if wishes.guests is None else wishes.guests
        total = np.where(facts.per_head, facts.price * guests, facts.price)
        ruled_out |= (total > wishes.budget_max) & (facts.currency == wishes.currency)
    if wishes.max_distance_km is not None and wishes.lat is not None and wishes.lon is not None:
        ruled_out |= distance_km(wishes.lat, wishes.lon, facts.lat, facts.lon) > wishes.max_distance_km
    if wishes.setting in ("indoor", "outdoor"):
        ruled_out |= (facts.setting != wishes.setting) & (facts.setting != "both")
    return ~ruled_out


def distance_km(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance in kilometres from one point to each of many; degrees in, (n,) float64 out."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2
    half += np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    return np.asarray(2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))
