"""Historic library: walls of leather-bound books, dark panelling, a rolling ladder, green reading lamps."""

from __future__ import annotations

from math import cos, pi, sin

from demo.pictures.canvas import Canvas
from demo.pictures.colour import GOLD, RGB, mix, rgb, rgbs, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import bricks, panel, planks, shelves, window
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

LAMP_GREEN = rgb("1f7a4d")
SPINES = rgbs("7a2a22 5a3420 2f4a38 8a5a2c 3a2c4a 94412c a07a3c 2c3e52")
_PALETTES = (
    palette("1f5a40 7a2a26 e6d8b8 5c3820 cda454 4f6a44 8a5a44 6a4428", "f0e4cc 8a3a34 d4b480"),
    palette("244f3a 6a2230 eadfc4 523020 b98f4c 566f4a 7f4f3c 603c24", "f4ead4 a04a3c c9a878"),
    palette("1b6148 5c2c1e dfd0ac 664026 c49a56 4a6440 94604a 704a2c", "ece0c0 94402c e0c490"),
)


def _book_window(c: Canvas, stage: Stage, s: Surface, u: float, stone: RGB) -> None:
    """A tall lit window with bookshelves behind it, about `u`."""
    inside = mix(rgb("5a3418"), rgb("ffc470"), 0.35 + 0.5 * c.light.lamps)
    window(c, s, u - 0.055, 0.08, u + 0.055, 0.44, inside, stone, 1, 1, round_head=True)
    for row in range(5):
        v = 0.1 + row * 0.055
        for column in range(6):
            tall = 0.03 + 0.012 * ((row * 5 + column * 3) % 3)
            left = u - 0.05 + column * 0.0165
            fill(c, s, left, v, left + 0.012, v + tall, mix(inside, stage.rng.choice(SPINES), 0.75), lit=False)
    for bar in (-0.018, 0.018):
        c.line((s.at(u + bar, 0.08), s.at(u + bar, 0.42)), 0.004, stone)
    c.glow(*s.at(u, 0.22), 0.13, (255, 196, 110), 0.2 + 0.2 * c.light.lamps)


def _college(c: Canvas, stage: Stage) -> Camera:
    """An ivied reading room at dusk, its books seen through tall lit windows."""
    rng, brick = stage.rng, stage.palette.wall
    camera = common.open_air(rng, 0.62)
    nature.sky(c, rng, camera.horizon, clouds=4)
    ivy = nature.seasonal(rgb("4a7038"), stage.season)
    nature.ground(c, camera.horizon, mix(ivy, rgb("6a7a4a"), 0.5), far=0.1)
    base = camera.horizon + rng.uniform(0.12, 0.18)
    s = Flat(rng.uniform(-0.05, 0.05), base, rng.uniform(0.92, 1.06))
    stone = rgb("cdbb98")
    c.polygon([s.at(-0.58, 0.5), s.at(-0.48, 0.66), s.at(0.48, 0.66), s.at(0.58, 0.5)], rgb("4a4448"))
    for u in (-0.34, 0.3):
        bricks(c, rng, s, u, 0.58, u + 0.07, 0.78, shade(brick, 0.8), 6, ratio=2)
    bricks(c, rng, s, -0.55, 0, 0.55, 0.5, brick, 20, share=0.2, spread=10)
    for u in (-0.55, 0.52):
        fill(c, s, u, 0, u + 0.03, 0.5, stone)
    fill(c, s, -0.57, 0.485, 0.57, 0.515, stone)
    for u in (-0.42, -0.25, 0.25, 0.42):
        _book_window(c, stage, s, u, stone)
    fill(c, s, -0.14, 0, 0.14, 0.4, stone)
    c.polygon([s.at(-0.17, 0.4), s.at(0, 0.5), s.at(0.17, 0.4)], shade(stone, 1.08))
    fill(c, s, -0.09, 0, 0.09, 0.3, LAMP_GREEN)
    for u in (-0.075, 0.01):
        for v in (0.03, 0.16):
            fill(c, s, u, v, u + 0.065, v + 0.11, shade(LAMP_GREEN, 0.75))
    for side in (-1, 1):
        lamps.lantern(c, *s.at(side * 0.115, 0.16), 0.1, rgb("2a2826"))
        for _ in range(6):
            x, y = s.at(side * rng.uniform(0.46, 0.57), rng.uniform(0.02, 0.5))
            nature.crown(c, rng, x, y, 0.15, 0.15, ivy)
    for step in range(3):
        fill(
            c,
            s,
            -0.15 - step * 0.03,
            -0.02 * (step + 1),
            0.15 + step * 0.03,
            -0.02 * step,
            shade(stone, 0.95 - 0.08 * step),
        )
    c.polygon((s.at(-0.2, -0.06), s.at(0.2, -0.06), (0.4, c.bottom), (-0.4, c.bottom)), rgb("a8987c"))
    return camera


def _room(c: Canvas, stage: Stage) -> Camera:
    rng, wood = stage.rng, stage.palette.wood
    box = common.room(rng, width=6.0, height=4.2, depth=8.5)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, wood, shade(wood, 0.7))
    planks(c, rng, box.floor, 0, 1, w, d, stage.palette.floor, 9, spread=6)
    for u in (0.25, 0.5, 0.75):
        c.line((box.ceiling.at(w * u, 1.2), box.ceiling.at(w * u, d)), 0.016, shade(wood, 1.1))
    for v in (0.45, 0.62, 0.8):
        c.line((box.ceiling.at(0, d * v), box.ceiling.at(w, d * v)), 0.012, shade(wood, 1.1))
    for start, end in ((d * 0.44, d * 0.7), (d * 0.73, d * 0.99)):
        shelves(c, rng, box.left, start, 0.15, end, h - 0.4, wood, SPINES, 6, 9)
        shelves(c, rng, box.right, start, 0.15, end, h - 0.4, shade(wood, 1.15), SPINES, 6, 9)
    shelves(c, rng, box.back, 0.1, 0.15, w * 0.37, h - 0.3, wood, SPINES, 6, 8)
    shelves(c, rng, box.back, w * 0.63, 0.15, w - 0.1, h - 0.3, wood, SPINES, 6, 8)
    panel(c, box.back, w * 0.38, 0.0, w * 0.62, h - 0.1, shade(wood, 1.2), shade(wood, 0.7))
    window(
        c,
        box.back,
        w * 0.42,
        0.9,
        w * 0.58,
        h - 0.5,
        common.glass_colour(c, rgb("e8e2c8")),
        shade(wood, 0.8),
        3,
        5,
        round_head=True,
        bar=0.004,
    )
    for plane in (box.left, box.right):
        fill(c, plane, d * 0.4, h - 0.38, d, h - 0.15, shade(wood, 1.25))
    wing = box.left if rng.random() < 0.5 else box.right
    z = d * rng.uniform(0.5, 0.6)
    foot = 0.6 if wing is box.left else -0.6
    for dz in (0.0, 0.5):
        c.line((camera.at(wing.origin[0] + foot, 0, z + dz), wing.at(z + dz, h - 0.5)), 0.009, rgb("b07a44"))
    for rung in range(1, 8):
        t = rung / 8
        x = wing.origin[0] + foot * (1 - t)
        c.line((camera.at(x, t * (h - 0.5), z), camera.at(x, t * (h - 0.5), z + 0.5)), 0.007, rgb("b07a44"))
    furniture.rug(
        c,
        [
            box.floor.at(w * 0.26, 2.2),
            box.floor.at(w * 0.74, 2.2),
            box.floor.at(w * 0.74, d - 0.8),
            box.floor.at(w * 0.26, d - 0.8),
        ],
        stage.palette.second,
        GOLD,
    )
    c.pool(camera.x, camera.horizon + 0.05, 0.5, 0.3, (255, 214, 160), 0.5)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    wood = stage.palette.wood
    planks(c, stage.rng, s, -1, 0, 1, 1, wood, 4, spread=5)
    fill(c, s, -0.56, 0, 0.56, 1, GOLD)
    fill(c, s, -0.54, 0, 0.54, 1, stage.palette.accent)
    fill(c, s, -0.5, 0, 0.5, 1, shade(stage.palette.accent, 0.86))


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)
    c.polygon(
        (
            (x - size * 0.72, y - size * 1.24),
            (x + size * 0.72, y - size * 1.24),
            (x + size * 0.8, y - size * 1.05),
            (x - size * 0.8, y - size * 1.05),
        ),
        stage.palette.accent,
    )


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A bookcase with an arched opening, garlanded."""
    wood, width = stage.palette.wood, size * 0.95
    c.shadow(x, y, width * 0.7, size * 0.05, 0.5)
    s = Flat(x, y, 1)
    fill(c, s, -width / 2, 0, width / 2, size, shade(wood, 1.25))
    shelves(c, stage.rng, s, -width * 0.47, 0.01, -width * 0.2, size * 0.9, wood, SPINES, 7, 6)
    shelves(c, stage.rng, s, width * 0.2, 0.01, width * 0.47, size * 0.9, wood, SPINES, 7, 6)
    window(
        c,
        s,
        -width * 0.17,
        0,
        width * 0.17,
        size * 0.82,
        mix(rgb("ffdca0"), wood, 0.25),
        shade(wood, 0.7),
        1,
        1,
        round_head=True,
    )
    fill(c, s, -width * 0.54, size, width * 0.54, size * 1.05, shade(wood, 1.4))
    c.glow(x, y - size * 0.4, size * 0.5, (255, 206, 130), 0.3)
    row = [(x + cos(pi * i / 8) * width * 0.21, y - size * 0.62 - sin(pi * i / 8) * size * 0.24) for i in range(9)]
    flowers.garland(c, stage.rng, row, size * 0.09, stage.palette.leaf, stage.palette.blooms, share=0.5)
    for side in (-1, 1):
        top = tableware.books(c, stage.rng, x + side * width * 0.36, y + size * 0.02, size * 0.26, SPINES, 3)
        lamps.candle(c, x + side * width * 0.36, top, size * 0.12)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    leather = stage.palette.second
    furniture.solid_chair(c, x, y, size * 1.05, leather)
    for row in (0.6, 0.76, 0.9):
        for dx in (-0.1, 0.0, 0.1):
            c.ellipse(x + dx * size, y - row * size, size * 0.012, size * 0.012, GOLD)


def _book_pile(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Old books with a candle and a few roses on top."""
    c.shadow(x, y, size * 0.5, size * 0.1, 0.5)
    top = tableware.books(c, stage.rng, x, y, size * 0.72, SPINES, 4)
    lamps.candle(c, x - size * 0.12, top, size * 0.26, rgb("f2e6c8"))
    flowers.bouquet(
        c,
        stage.rng,
        x + size * 0.14,
        top - size * 0.08,
        size * 0.36,
        size * 0.24,
        stage.palette.leaf,
        stage.palette.blooms,
        5,
        bloom=0.5,
    )


def _green_lamp(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    lamps.reading_lamp(c, x, y, size, LAMP_GREEN, stage.palette.metal)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A globe on a stand, or a pile of books with a lamp."""
    if stage.rng.random() < 0.4:
        c.line(((x - size * 0.2, y), (x, y - size * 0.3), (x + size * 0.2, y)), size * 0.05, stage.palette.wood)
        motifs.globe(c, x, y - size * 0.55, size * 0.28)
    else:
        top = tableware.books(c, stage.rng, x, y, size, SPINES, 3)
        _green_lamp(c, stage, x, top, size * 0.6)


def _detail_spines(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Shelves of gilt leather spines."""
    rng, wood = stage.rng, stage.palette.wood
    s = Flat(0, 1, 1)
    rows = rng.choice((3, 4))
    fill(c, s, c.left, 1 - c.bottom, c.right, 1 - c.top, shade(wood, 0.35))
    low, high = 1 - c.bottom, 1 - c.top
    tall = (high - low) / rows
    for row in range(rows):
        v, u = low + row * tall, c.left
        while u < c.right:
            wide, height = rng.uniform(0.05, 0.1), tall * rng.uniform(0.68, 0.88)
            colour = rng.choice(SPINES)
            fill(c, s, u, v + tall * 0.08, u + wide * 0.94, v + height, colour)
            fill(c, s, u + wide * 0.08, v + tall * 0.08, u + wide * 0.3, v + height, shade(colour, 1.35))
            for band in (0.2, 0.32, 0.72):
                fill(
                    c,
                    s,
                    u,
                    v + tall * 0.08 + height * band * 0.9,
                    u + wide * 0.94,
                    v + tall * 0.08 + height * (band * 0.9 + 0.025),
                    GOLD,
                )
            u += wide
        fill(c, s, c.left, v - tall * 0.02, c.right, v + tall * 0.08, shade(wood, 1.2))
        c.shadow(0, 1 - v - tall * 0.95, 0.9, tall * 0.16, 0.5)
    c.pool(x, 0.5, 0.5, 0.5, (255, 222, 168), 0.45)
    if rng.random() < 0.6:
        for rail in (x - 0.12, x + 0.12):
            c.line(((rail * 1.15, c.bottom), (rail, c.top)), 0.026, rgb("b07a44"))
        for rung in range(6):
            c.line(((x - 0.13, 0.08 + rung * 0.18), (x + 0.13, 0.08 + rung * 0.18)), 0.02, rgb("9a6838"))


def _detail_desk(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """An open book under a green lamp."""
    table = Plane(Camera(0, 0.44, 0.5, 1.0), (0, 0, 0.6), (1, 0, 0), (0, 0, 1))
    fill(c, table, -3, -0.1, 3, 0.8, shade(stage.palette.wood, 1.1))
    fill(c, table, -0.7, -0.1, 0.7, 0.55, stage.palette.accent)
    top = tableware.books(c, stage.rng, x - 0.3, y - 0.14, size * 0.45, SPINES, 4)
    motifs.globe(c, x - 0.3, top - size * 0.18, size * 0.13)
    _green_lamp(c, stage, x + 0.14, y - 0.13, size * 0.9)
    c.pool(x + 0.14, y - 0.04, 0.36, 0.14, (255, 236, 190), 0.7)
    for side in (-1, 1):
        c.polygon(
            (
                (x + 0.08, y - 0.1),
                (x + 0.08 + side * 0.2, y - 0.13),
                (x + 0.08 + side * 0.25, y + 0.03),
                (x + 0.08, y + 0.06),
            ),
            rgb("f2e8cc") if side < 0 else rgb("e4d6b4"),
        )
        for row in range(5):
            ty = y - 0.09 + row * 0.026
            c.line(((x + 0.08 + side * 0.04, ty), (x + 0.08 + side * 0.19, ty - 0.02)), 0.004, rgb("8a7a5c"))


STYLE = Style(
    "historic_library",
    _PALETTES,
    _college,
    _room,
    _room,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_book_pile, _green_lamp),
    (_detail_spines, _detail_desk),
    lambda c, stage, x, y, size: lamps.chandelier(c, x, y, size * 0.8, stage.palette.metal, crystal=False, arms=5),
    _prop,
)
