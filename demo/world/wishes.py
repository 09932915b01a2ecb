"""What people say in so many words: stated preferences and a sentence about what they like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demo.aesthetics import BY_SLUG
from demo.world.model import Preferences, Setting
from demo.world.places import COUNTRIES, PLACES
from demo.world.seeds import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from demo.world.model import Taste

# Kilometres. A day's journey, since a world of a few dozen venues spread over continents has one or two in any county.
_DISTANCES: Final = (200, 400, 600, 800)


def draw_preferences(rng: np.random.Generator) -> Preferences:
    """At least one wish; a budget comes with a currency, a distance with a town and its coordinates."""
    place = pick(rng, PLACES)
    country = COUNTRIES[place.country]
    wants_budget, wants_guests, wants_place, wants_setting = (bool(rng.random() < 0.6) for _ in range(4))
    setting: Setting = "outdoor" if rng.random() < 0.6 else "indoor"
    if not (wants_budget or wants_place or wants_setting):
        wants_guests = True
    return Preferences(
        budget_max=round(float(rng.uniform(6, 18)) * country.cost) * 1000 if wants_budget else None,
        currency=country.currency if wants_budget else None,
        guests=10 * int(rng.integers(3, 19)) if wants_guests else None,
        near=place.city if wants_place else None,
        lat=place.lat if wants_place else None,
        lon=place.lon if wants_place else None,
        max_distance_km=float(pick(rng, _DISTANCES)) if wants_place else None,
        setting=setting if wants_setting else None,
    )


def draw_words(rng: np.random.Generator, tastes: Sequence[Taste], dislikes: Sequence[str]) -> str:
    """A sentence or two that name the tastes by a phrase and a style word each, and perhaps a dislike."""
    heaviest = sorted(tastes, key=lambda taste: -taste.weight)[:2]
    liked = [BY_SLUG[taste.mixture[0][0]] for taste in heaviest]
    wishes = " or ".join(f"{pick(rng, look.phrases)}, something {pick(rng, look.words)}" for look in liked)
    opening = pick(rng, ("We keep coming back to", "We would love", "I dream of", "Somewhere with"))
    sentence = f"{opening} {wishes}."
    if dislikes and rng.random() < 0.7:
        disliked = BY_SLUG[pick(rng, dislikes)]
        sentence += f" Please nothing too {pick(rng, disliked.words)}."
    return sentence
