"""What a scene is painted from: a style's painters, its palette, and who plays which part in a mixture.

Styles fill these in (`styles/`), scenes call them (`scenes`), the kit knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, TypeAlias

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, rgbs
from demo.pictures.kit.perspective import Camera, Surface
from demo.pictures.light import Light, Season

Part = Literal["place", "arch", "seat", "centre", "tabletop", "lamp", "prop", "detail"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one style in one picture: textiles, materials, plants."""

    accent: RGB
    second: RGB
    cloth: RGB
    wood: RGB
    metal: RGB
    leaf: RGB
    blooms: tuple[RGB, ...]
    wall: RGB
    floor: RGB


def palette(colours: str, blooms: str) -> Palette:
    """A palette from hexadecimal colours: accent, second, cloth, wood, metal, leaf, wall, floor; and its blooms."""
    accent, second, cloth, wood, metal, leaf, wall, floor = rgbs(colours)
    return Palette(accent, second, cloth, wood, metal, leaf, rgbs(blooms), wall, floor)


@dataclass(frozen=True, slots=True)
class Stage:
    """The state of one picture while it is painted.

    Attributes:
        rng: the picture's random stream.
        light, season: its conditions.
        roofed: how likely what is behind a table or detail is the room and not the ceremony's place.
        palette: colours of the style at work.
        palettes: colours of every style in the mixture.
        cast: which style plays which part.
    """

    rng: Random
    light: Light
    season: Season
    roofed: float
    palette: Palette
    palettes: Mapping[str, Palette]
    cast: Mapping[Part, Style]

    def act(self, part: Part) -> tuple[Style, Stage]:
        """The style that plays `part`, and this stage in that style's colours."""
        style = self.cast[part]
        return style, replace(self, palette=self.palettes[style.slug])

    def thing(self, part: Part, painter: Callable[[Style], Thing], c: Canvas, x: float, y: float, size: float) -> None:
        """Paint one thing of the style that plays `part`."""
        style, stage = self.act(part)
        painter(style)(c, stage, x, y, size)


Place: TypeAlias = Callable[[Canvas, Stage], Camera]
"""Paints surroundings and answers with the camera they were painted by."""
Thing: TypeAlias = Callable[[Canvas, Stage, float, float, float], None]
"""Paints something `size` units tall standing on (x, y); lamps hang with their light at (x, y)."""
Tabletop: TypeAlias = Callable[[Canvas, Stage, Surface], None]
"""Covers the table plane, u -1..1 across and v 0 (near) .. 1 (far)."""


@dataclass(frozen=True, slots=True)
class Style:
    """The painters of one aesthetic.

    Attributes:
        slug: the aesthetic.
        palettes: colourings to choose from.
        exterior, room, ceremony: the surroundings of those scenes; tables and details borrow `room`.
        tabletop: covers the table plane.
        table: a laid table, its top `size` above (x, y).
        arch, seat: what a ceremony has at its end and in its rows.
        centres: centrepieces for tables.
        details: close-up subjects.
        lamp: hangs above tables.
        prop: stands about outside and in corners.
    """

    slug: str
    palettes: tuple[Palette, ...]
    exterior: Place
    room: Place
    ceremony: Place
    tabletop: Tabletop
    table: Thing
    arch: Thing
    seat: Thing
    centres: tuple[Thing, ...]
    details: tuple[Thing, ...]
    lamp: Thing
    prop: Thing
