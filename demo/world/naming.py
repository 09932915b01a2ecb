"""Names of venues: words and patterns by aesthetic and country. Only names belong here."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from demo.world.seeds import pick

if TYPE_CHECKING:
    import numpy as np

WORDS: Final[tuple[str, ...]] = (
    "Alder", "Amber", "Ashcombe", "Aster", "Barley", "Beech", "Birchwood", "Blackthorn", "Bramble", "Briar",
    "Calder", "Cedar", "Clover", "Copper", "Cotton", "Elder", "Elm", "Fallow", "Fern", "Finch", "Foxglove",
    "Hallow", "Harbour", "Harrow", "Hart", "Hawthorn", "Hazel", "Heron", "Holloway", "Ivory", "Juniper",
    "Kestrel", "Kingfisher", "Lark", "Laurel", "Linden", "Lowen", "Maple", "Marlow", "Meadow", "Merrow",
    "Northcote", "Oakley", "Orchard", "Osier", "Pearl", "Pembury", "Penrose", "Plover", "Quince", "Raven",
    "Rowan", "Saffron", "Sorrel", "Starling", "Sycamore", "Tamar", "Thistle", "Wexcombe", "Whitmore",
    "Willow", "Winter", "Wren", "Yarrow",
)  # fmt: skip
"""First words of English-language names, and of streets."""

_ENGLISH: Final[dict[str, tuple[str, ...]]] = {
    "rustic_barn": ("{w} Barn", "{w} Farm Barns", "The {w} Tithe Barn", "{w} Hill Farm"),
    "garden": ("{w} Gardens", "{w} Walled Garden", "{w} House & Gardens", "The {w} Rose Garden"),
    "industrial_loft": ("The {w} Works", "{w} Foundry", "{w} Street Loft", "The {w} Mill Rooms"),
    "classic_ballroom": ("{w} Assembly Rooms", "The {w} Ballroom", "{w} House", "The Grand {w}"),
    "beach": ("{w} Cove", "{w} Bay Beach House", "The {w} Boathouse", "{w} Sands"),
    "vineyard": ("{w} Vineyard", "{w} Ridge Estate", "{w} Cellars", "{w} Hill Winery"),
    "modern_glass": ("The {w} Pavilion", "{w} Glass House", "{w} Studio", "{w} Lines"),
    "castle": ("{w} Castle", "Castle {w}", "{w} Keep", "{w} Tower"),
    "forest_clearing": ("{w} Wood", "{w} Glade", "The {w} Clearing", "{w} Forest Retreat"),
    "boho_tent": ("{w} Meadow Camp", "{w} Fields", "The {w} Tipi", "Wild {w}"),
    "rooftop_night": ("The {w} Rooftop", "{w} Skyline", "{w} Terrace", "{w} on Top"),
    "historic_library": ("The {w} Library", "{w} Reading Rooms", "{w} Athenaeum", "{w} Hall Library"),
    "tropical_conservatory": ("{w} Palm House", "{w} Conservatory", "The {w} Glasshouse", "{w} Botanic House"),
    "alpine_chalet": ("Chalet {w}", "{w} Lodge", "{w} Mountain House", "The {w} Alp"),
}

_WORDS_ABROAD: Final[dict[str, tuple[str, ...]]] = {
    "France": (
        "Beaulieu", "Clairval", "Fontbrune", "Lavaudière", "Maillane", "Montclar", "Rochebelle", "Saint-Aubin",
        "Valmont", "Verneuil", "Brissac-le-Vieux", "Chantemerle", "La Garenne", "Mirebel",
    ),
    "Italy": (
        "Belcolle", "Casalta", "La Ginestra", "Montefiore", "Poggio Alto", "San Celso", "Santa Lucia",
        "Serravalle", "Torrebianca", "Valdoro", "Roccamora", "Campolungo", "L'Oliveta",
    ),
    "Spain": ("Almudena", "Los Naranjos", "Olmedilla", "San Telmo", "Torrealba", "Valdemar", "La Higuera"),
    "Portugal": ("Alvorada", "Boavista", "das Oliveiras", "do Monte", "Santa Marta", "da Ribeira"),
    "Greece": ("Anemos", "Elaia", "Galini", "Kyma", "Thalassa"),
    "Switzerland": ("Arvenhof", "Edelweiss", "Gletscherblick", "Steinbock", "Wildbach"),
    "Austria": ("Almrausch", "Enzian", "Hirschberg", "Lärchenhof", "Sonnwend"),
}  # fmt: skip

_ABROAD: Final[dict[str, tuple[str, ...]]] = {
    "France": ("Domaine {w}", "Château {w}", "Villa {w}", "Manoir {w}"),
    "Italy": ("Villa {w}", "Tenuta {w}", "Palazzo {w}", "Borgo {w}"),
    "Spain": ("Finca {w}", "Casa {w}", "Hacienda {w}"),
    "Portugal": ("Quinta {w}", "Casa {w}"),
    "Greece": ("Villa {w}", "{w} Estate"),
    "Switzerland": ("Chalet {w}", "Berghaus {w}"),
    "Austria": ("Chalet {w}", "Gut {w}"),
}


def draw_name(rng: np.random.Generator, aesthetic: str, country: str, city: str, taken: set[str]) -> str:
    """A name not in `taken`, which gains it; first the plain name, then with the town, then with a number."""
    words = _WORDS_ABROAD.get(country, WORDS)
    patterns = _ABROAD.get(country, _ENGLISH[aesthetic])
    for _ in range(4):
        name = pick(rng, patterns).format(w=pick(rng, words))
        for candidate in (name, f"{name}, {city}"):
            if slugify(candidate) not in taken:
                taken.add(slugify(candidate))
                return candidate
    number = 2
    while slugify(f"{name}, {city} {number}") in taken:
        number += 1
    taken.add(slugify(f"{name}, {city} {number}"))
    return f"{name}, {city} {number}"


def slugify(name: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens: fit for a DNS label (63 characters at most)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:60].rstrip("-")
