"""Styles of the vocabulary of `serving.venues.styles` beside the names that tastes go by. Data only."""

from __future__ import annotations

from typing import Final

TASTES_OF_STYLE: Final[dict[str, frozenset[str]]] = {
    "alpine": frozenset({"mountain"}),
    "art_deco": frozenset({"art deco"}),
    "ballroom": frozenset({"classic ballroom"}),
    "barn": frozenset({"rustic barn"}),
    "beach": frozenset({"beach"}),
    "boho": frozenset({"bohemian"}),
    "castle": frozenset({"castle"}),
    "coastal": frozenset({"beach"}),
    "country_house": frozenset({"castle"}),
    "farmhouse": frozenset({"rustic barn"}),
    "forest": frozenset({"forest"}),
    "garden": frozenset({"garden"}),
    "greenhouse": frozenset({"greenhouse"}),
    "industrial": frozenset({"industrial loft"}),
    "library": frozenset({"historic library"}),
    "minimalist": frozenset({"modern minimalist"}),
    "modern": frozenset({"modern minimalist"}),
    "mountain": frozenset({"mountain"}),
    "rooftop": frozenset({"rooftop"}),
    "rustic": frozenset({"rustic barn"}),
    "tropical": frozenset({"tropical"}),
    "vineyard": frozenset({"vineyard"}),
    "vintage": frozenset({"vintage"}),
}
"""Style -> labels of taste clusters that are that look."""

FACTORS: Final = {"more": 2.0, "less": 0.4, "none": 0.0}
"""What asking for more, less or none of a look does to the weight of tastes that go by its name."""
