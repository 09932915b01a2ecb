"""Whether a wished amenity is a word that venues are read with: the vocabulary, and what venues state beyond it.

The words are those of docs/facts.md. How a site words them is the reading's matter; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection, func, select

from resources.errors import SetupError
from resources.schema import venue_facts

AMENITIES: Final = frozenset(
    {
        "accommodation", "air_conditioning", "alcohol_allowed", "av_equipment", "bar", "bridal_suite",
        "catering_in_house", "ceremony_licence", "ceremony_space", "chapel", "children_welcome", "coordinator",
        "dance_floor", "exclusive_use", "fire_pit", "fireplace", "fireworks_allowed", "furniture_included",
        "garden", "garden_games", "golf", "heating", "kitchen", "lake", "late_licence", "lawn",
        "linen_included", "live_music", "marquee", "meeting_rooms", "outside_catering_allowed", "parking",
        "pet_friendly", "pool", "restrooms", "sound_system", "spa", "stage", "tennis", "terrace", "transfers",
        "views", "water_feature", "weather_backup", "wheelchair_access", "wifi",
    }
)  # fmt: skip


def require_known(connection: Connection, words: Iterable[str]) -> None:
    """Refuse amenities that no venue can be found by: neither of the vocabulary nor stated by any venue.

    Raises:
        SetupError: naming the first such word, and the known word nearest to it in spelling.
    """
    unknown = sorted(set(words) - AMENITIES)
    if not unknown:
        return
    stated = set(connection.scalars(select(func.unnest(venue_facts.c.amenities)).distinct()))
    for word in unknown:
        if word not in stated:
            (nearest,) = get_close_matches(word, sorted(AMENITIES | stated), n=1, cutoff=0)
            raise SetupError(
                f"no venue is read for the amenity {word!r}; the nearest word is {nearest!r}",
                "take a word of docs/facts.md",
            )
