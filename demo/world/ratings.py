"""Ratings 0-5 that follow the ground truth with some noise: what somebody clicks after seeing venues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from demo.world.model import Rating
from demo.world.relevance import relevance
from demo.world.seeds import sample

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from demo.world.model import Person, Venue

_SEEN: Final = 64
_WINDOW_DAYS: Final = 180


def draw_ratings(rng: np.random.Generator, person: Person, venues: Sequence[Venue], now: datetime) -> Person:
    """`person` with 8-24 ratings of venues, some of single photos; what they dislike is among them.

    They are shown up to 64 venues at random, rate the best and the most disliked of those first, then others.
    """
    if not venues:
        return person
    seen = sample(rng, venues, _SEEN)
    scores = relevance([person], seen)[0]
    disliked = np.array([sum(weight for slug, weight in venue.mixture if slug in person.dislikes) for venue in seen])
    count = min(len(seen), int(rng.integers(8, 25)))
    interest = np.maximum(scores, disliked) + rng.uniform(0, 0.3, size=len(seen))
    ratings = [
        _rate(rng, seen[number], float(scores[number]), float(disliked[number]), now)
        for number in np.argsort(-interest, kind="stable")[:count].tolist()
    ]
    return replace(person, ratings=tuple(sorted(ratings, key=lambda rating: rating.rated_at)))


def _rate(rng: np.random.Generator, venue: Venue, score: float, disliked: float, now: datetime) -> Rating:
    stars = float(rng.uniform(0, 0.8)) if disliked >= 0.5 else 1.5 + 3.5 * score + float(rng.normal(0, 0.6))
    photo = venue.photos[int(rng.integers(len(venue.photos)))].name if rng.random() < 0.25 else None
    rated_at = now - timedelta(days=float(rng.uniform(0, _WINDOW_DAYS)))
    return Rating(venue.slug, photo, int(np.clip(round(stars), 0, 5)), rated_at.replace(microsecond=0))
