"""The vocabulary of the demo world: aesthetics, kinds of picture, off-topic subjects, and their words.

Painter, web sites, people and the tiny CLIP's captions all draw on this one list, so what a picture shows
and what a page says about it agree. Colours and shapes belong to `demo.pictures`, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Aesthetic:
    """One look a venue or a pin can have.

    Attributes:
        slug: stable identifier, used in truth files and seeds.
        name: what people call it, in captions ("rustic barn").
        words: single style words that describe it and, as far as possible, no other.
        phrases: noun phrases for captions and prose, each something the painter really draws.
        setting: "indoor", "outdoor" or "both".
    """

    slug: str
    name: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    setting: str


AESTHETICS: Final[tuple[Aesthetic, ...]] = (
    Aesthetic(
        "rustic_barn",
        "rustic barn",
        ("rustic", "timbered", "homespun"),
        (
            "a timber barn with wide doors",
            "exposed oak beams",
            "strings of warm bulbs",
            "hay bales and mason jars",
        ),
        "both",
    ),
    Aesthetic(
        "garden",
        "garden",
        ("floral", "blooming", "leafy"),
        (
            "a rose arch on a lawn",
            "clipped hedges and borders",
            "climbing roses",
            "a white pergola in flower",
        ),
        "outdoor",
    ),
    Aesthetic(
        "industrial_loft",
        "industrial loft",
        ("industrial", "raw", "urban"),
        ("brick walls and steel windows", "bare filament bulbs", "a concrete floor", "black iron columns"),
        "indoor",
    ),
    Aesthetic(
        "classic_ballroom",
        "classic ballroom",
        ("opulent", "gilded", "formal"),
        ("crystal chandeliers", "gilded mouldings", "tall draped windows", "a polished parquet floor"),
        "indoor",
    ),
    Aesthetic(
        "beach",
        "beach",
        ("coastal", "breezy", "sandy"),
        (
            "sand and a calm sea",
            "a driftwood arch by the waves",
            "palms and bleached wood",
            "shells and rope",
        ),
        "outdoor",
    ),
    Aesthetic(
        "vineyard",
        "vineyard",
        ("tuscan", "sunlit", "rolling"),
        ("rows of vines on a hillside", "cypresses and terracotta", "oak barrels", "grapes on a long table"),
        "both",
    ),
    Aesthetic(
        "modern_glass",
        "modern glass",
        ("minimalist", "sleek", "airy"),
        ("a glass pavilion", "white planes and clean lines", "a reflecting pool", "floor-to-ceiling glazing"),
        "both",
    ),
    Aesthetic(
        "castle",
        "castle",
        ("medieval", "regal", "storied"),
        (
            "stone towers and battlements",
            "a vaulted great hall",
            "banners and iron candlesticks",
            "a drawbridge",
        ),
        "both",
    ),
    Aesthetic(
        "forest_clearing",
        "forest clearing",
        ("woodland", "mossy", "secluded"),
        ("tall pines around a clearing", "ferns and moss", "light falling through trees", "log benches"),
        "outdoor",
    ),
    Aesthetic(
        "boho_tent",
        "boho tent",
        ("bohemian", "free-spirited", "tasselled"),
        (
            "a canvas tipi with rugs",
            "pampas grass and macrame",
            "low cushions and lanterns",
            "striped canvas drapes",
        ),
        "outdoor",
    ),
    Aesthetic(
        "rooftop_night",
        "rooftop city night",
        ("metropolitan", "neon", "skyline"),
        (
            "a skyline of lit windows",
            "a rooftop terrace after dark",
            "neon and glass railings",
            "city lights under stars",
        ),
        "outdoor",
    ),
    Aesthetic(
        "historic_library",
        "historic library",
        ("scholarly", "panelled", "bookish"),
        ("walls of leather-bound books", "dark wood panelling", "green reading lamps", "a rolling ladder"),
        "indoor",
    ),
    Aesthetic(
        "tropical_conservatory",
        "tropical conservatory",
        ("tropical", "lush", "glasshouse"),
        ("a white iron glasshouse", "giant palm leaves", "hanging ferns", "orchids and monstera"),
        "both",
    ),
    Aesthetic(
        "alpine_chalet",
        "alpine chalet",
        ("alpine", "snowy", "cosy"),
        (
            "a wooden chalet under peaks",
            "snow on the fir trees",
            "a stone fireplace",
            "sheepskins and antlers",
        ),
        "both",
    ),
)
"""The fourteen aesthetics, in their stable order."""

SCENES: Final[tuple[str, ...]] = ("exterior", "interior", "table", "detail", "ceremony")
"""Kinds of picture: each is painted for every aesthetic, always without people."""

OFF_TOPIC: Final[tuple[str, ...]] = ("recipes", "hairstyles", "dresses", "home_office", "cats")
"""Subjects of boards that are not about venues."""

BY_SLUG: Final[dict[str, Aesthetic]] = {aesthetic.slug: aesthetic for aesthetic in AESTHETICS}
