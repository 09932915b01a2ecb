"""The wedding aesthetics a taste can be named after, and what else boards are about: data for a text encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Aesthetic:
    """One style, or one other subject.

    Attributes:
        name: what people see; a style's is stored as the cluster's label, so renaming one is a migration.
        prompts: captions a photograph of it might have. Encode each, add the unit vectors, normalise: an ensemble of
            prompts names pictures better than one (Radford et al., ICML 2021, section 3.1.4).
    """

    name: str
    prompts: tuple[str, ...]


AESTHETICS: Final[tuple[Aesthetic, ...]] = tuple(
    Aesthetic(name, tuple(f"a photo of {scene}" for scene in scenes))
    for name, scenes in {
        "rustic barn": (
            "a wedding in a rustic wooden barn with exposed beams",
            "long farm tables and hay bales in a barn with string lights",
            "a rustic barn",
        ),
        "industrial loft": (
            "a wedding in an industrial loft with brick walls and steel beams",
            "a converted warehouse with large factory windows and hanging bulbs",
            "an industrial loft",
        ),
        "modern minimalist": (
            "a modern minimalist wedding in a white gallery with clean lines",
            "a bright white room with simple geometric decoration",
            "a modern glass pavilion",
        ),
        "classic ballroom": (
            "an elegant ballroom with crystal chandeliers set for a wedding",
            "a formal banquet hall with gold chairs and white tablecloths",
            "a classic ballroom",
        ),
        "garden": (
            "a wedding ceremony in a garden with roses and hedges",
            "a floral arch on a lawn with rows of white chairs",
            "a garden in flower",
        ),
        "beach": (
            "a wedding ceremony on a sandy beach by the sea",
            "an aisle on the sand with the ocean behind it",
            "a beach",
        ),
        "vineyard": (
            "a wedding among the vines of a vineyard",
            "a winery terrace with rows of grapevines and hills behind it",
            "a vineyard",
        ),
        "forest": (
            "a wedding ceremony in a forest under tall trees",
            "a woodland clearing with ferns, moss and lanterns",
            "a forest clearing",
        ),
        "mountain": (
            "a wedding ceremony with mountains in the background",
            "an alpine lodge with a view of snowy peaks",
            "an alpine chalet",
        ),
        "castle": (
            "a wedding at a castle with stone walls and towers",
            "a grand historic manor house with a long drive",
            "a castle",
        ),
        "historic library": (
            "a wedding in a historic library with bookshelves and leather chairs",
            "old books in a wood-panelled reading room",
            "a historic library",
        ),
        "bohemian": (
            "a bohemian wedding with pampas grass, rugs and macrame",
            "low tables with cushions, rattan and dried flowers",
            "a boho tent",
        ),
        "vintage": (
            "a vintage wedding with lace, antique furniture and old china",
            "an old car and retro decoration at a wedding",
            "a vintage wedding",
        ),
        "art deco": (
            "an art deco wedding with black and gold geometric patterns",
            "a glamorous nineteen-twenties party with feathers and mirrors",
            "an art deco interior",
        ),
        "tropical": (
            "a tropical wedding with palm trees and bright flowers",
            "a resort pool with palms, orchids and torches",
            "a tropical conservatory",
        ),
        "greenhouse": (
            "a wedding in a glass greenhouse full of plants",
            "an orangery with a glass roof and hanging greenery",
            "a greenhouse",
        ),
        "rooftop": (
            "a wedding on a rooftop with a city skyline",
            "a terrace above the city with lights at dusk",
            "a rooftop at night",
        ),
    }.items()
)

OTHER_SUBJECTS: Final[tuple[Aesthetic, ...]] = tuple(
    Aesthetic(name, tuple(f"a photo of {thing}" for thing in things))
    for name, things in {
        "pets": ("a cat", "a dog", "a pet on a sofa"),
        "food": ("a plate of food", "a recipe", "a cooked dish in a pan"),
        "hair": ("a hairstyle", "a woman's braided hair", "a haircut seen from behind"),
        "clothes": ("a dress", "a dress on a hanger", "an outfit of clothes"),
        "beauty": ("painted nails", "eye make-up", "a manicure"),
        "home office": ("a home office", "a desk with a computer", "a work desk at home"),
        "tattoos": ("a tattoo on an arm", "a tattoo"),
        "fitness": ("a person exercising in a gym", "a workout"),
        "vehicles": ("a car", "a motorcycle"),
        "text": ("a quote in large letters", "a page of text", "an infographic"),
        "children": ("a baby", "a nursery"),
        "crafts": ("knitting and yarn", "a craft project"),
        "travel": ("a passport and a suitcase", "an aeroplane"),
    }.items()
)
"""What people's boards are about besides places to marry in. None of it is decoration that venues are chosen for."""
