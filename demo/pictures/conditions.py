"""The conditions a picture is taken in, decided by its spec: light, season and framing.

Painter and captions both read them here, so that a caption says "at dusk" of a picture painted at dusk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final, cast

from demo.aesthetics import OFF_TOPIC
from demo.pictures.light import Season
from demo.pictures.spec import stream
from demo.world.model import PictureSpec

Weights = Mapping[str, float]

_OPEN_AIR: Final[Weights] = {"dawn": 1, "noon": 2, "golden": 2, "dusk": 1.2, "overcast": 1}
_ROOM: Final[Weights] = {"daylight": 1, "lamplight": 1}
_OUTDOORS: Final[Mapping[str, Weights]] = {
    "rustic_barn": {"dawn": 1, "noon": 1, "golden": 3, "dusk": 1.5, "overcast": 0.7},
    "garden": {"dawn": 1, "noon": 3, "golden": 1.2, "overcast": 1.2},
    "industrial_loft": {"noon": 1, "golden": 1, "dusk": 2, "overcast": 2},
    "classic_ballroom": {"noon": 1, "golden": 1.5, "dusk": 1.5, "dawn": 1},
    "beach": {"dawn": 1, "noon": 3, "golden": 2, "dusk": 0.8},
    "vineyard": {"dawn": 1, "noon": 1.5, "golden": 3, "dusk": 0.5},
    "modern_glass": {"dawn": 1, "noon": 3, "dusk": 1, "overcast": 1},
    "castle": {"dawn": 1, "noon": 1, "golden": 1, "dusk": 1, "overcast": 2},
    "forest_clearing": {"dawn": 2, "noon": 2, "golden": 1.5, "overcast": 0.7},
    "boho_tent": {"dawn": 1, "noon": 1, "golden": 3, "dusk": 1.2},
    "rooftop_night": {"night": 3, "dusk": 1},
    "historic_library": {"golden": 1.5, "dusk": 2, "overcast": 2},
    "tropical_conservatory": {"noon": 3, "golden": 0.8, "overcast": 1.2, "dawn": 1},
    "alpine_chalet": {"dawn": 1, "noon": 2.5, "golden": 1, "dusk": 1.2, "overcast": 0.6},
}
_INDOORS: Final[Mapping[str, Weights]] = {
    "rustic_barn": {"daylight": 1, "lamplight": 2},
    "industrial_loft": {"daylight": 2, "lamplight": 1},
    "classic_ballroom": {"daylight": 1.5, "lamplight": 1},
    "vineyard": {"daylight": 1, "lamplight": 1.5},
    "modern_glass": {"daylight": 1},
    "castle": {"daylight": 1.5, "lamplight": 1},
    "historic_library": {"daylight": 1, "lamplight": 1.5},
    "alpine_chalet": {"daylight": 1, "lamplight": 1.2},
    "tropical_conservatory": {"daylight": 1},
}
_INDOOR_CEREMONY: Final = frozenset({"industrial_loft", "classic_ballroom", "historic_library"})
_SEASONS: Final[Mapping[str, Weights]] = {
    "alpine_chalet": {"winter": 4, "autumn": 0.6},
    "beach": {"summer": 3, "spring": 1},
    "tropical_conservatory": {"summer": 2, "spring": 1},
    "garden": {"spring": 2, "summer": 3, "autumn": 0.5},
    "vineyard": {"summer": 2, "autumn": 2, "spring": 1},
}
_ANY_SEASON: Final[Weights] = {"spring": 1.2, "summer": 1.6, "autumn": 1, "winter": 0.4}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a picture is taken in.

    Attributes:
        lead: slug of the aesthetic that gives the structure (the place); the others dress it.
        indoors: whether the place is a room.
        light: a name in `demo.pictures.light.LIGHTS`.
        season: time of year.
        mirror: whether the finished picture is flipped left to right.
    """

    lead: str
    indoors: bool
    light: str
    season: Season
    mirror: bool


def conditions(spec: PictureSpec) -> Conditions:
    """The conditions of a checked spec."""
    rng = stream(spec, "conditions")
    slugs, weights = zip(*spec.mixture, strict=True)
    lead: str = rng.choices(slugs, weights)[0]
    indoors = _is_room(rng, lead, spec.scene)
    if lead in OFF_TOPIC:
        choices: Weights = {"daylight": 1}
    elif indoors:
        choices = _INDOORS[lead]
    else:
        choices = _OUTDOORS.get(lead, _OPEN_AIR)
    light = rng.choices(list(choices), list(choices.values()))[0]
    seasons = _SEASONS.get(lead, _ANY_SEASON)
    season = cast("Season", rng.choices(list(seasons), list(seasons.values()))[0])
    return Conditions(lead, indoors, light, season, rng.random() < 0.5)


def is_open(slug: str) -> bool:
    """Whether even the "interior" of this aesthetic is in the open air: under a pergola, canvas or trees."""
    return slug not in _INDOORS


def _is_room(rng: Random, slug: str, scene: str) -> bool:
    """Whether the place of `scene` in this aesthetic is under a roof; a table or detail may be laid outside."""
    if slug in OFF_TOPIC:
        return True
    if scene == "exterior" or is_open(slug):
        return False
    if slug in _INDOOR_CEREMONY:
        return True
    if scene in ("table", "detail"):
        return rng.random() < 0.6
    return scene == "interior"
