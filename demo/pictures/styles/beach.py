"""Beach: pale sand, turquoise sea, palms, bleached wood, shells and rope."""

from __future__ import annotations

from math import pi, sin

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature, tableware
from demo.pictures.kit.perspective import Camera, Plane, Surface, fill
from demo.pictures.kit.surfaces import curtain, planks
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

DRIFTWOOD = rgb("b7a48c")
_PALETTES = (
    palette("4fb8c4 f2a38c fbf8f2 d8c9b0 cdb58a 5fa868 2f9db8 efdcb4", "ffffff f7b7a0 ffd9b8"),
    palette("7cc9d6 f5d08a ffffff e0d3bd d4be96 6bb070 2aa6b4 f4e2c0", "fff4e4 f59a86 f8d47a"),
    palette("3f97b8 f0b8a8 f6f8f8 ccbfa8 c2ac84 58a072 2588b0 e8d3a8", "ffffff d9eef2 f6c3b4"),
)


def _shore(c: Canvas, stage: Stage, horizon: float) -> float:
    """Sky, sea and sand; answers with the y of the water's edge."""
    rng = stage.rng
    nature.sky(c, rng, horizon, clouds=4)
    if rng.random() < 0.5:
        nature.ridge(c, rng, horizon + 0.003, 0.06, rgb("5f8a7a"), far=0.5)
    shore = horizon + rng.uniform(0.14, 0.2)
    nature.ground(c, shore - 0.02, stage.palette.floor, far=0.02)
    sea = stage.palette.wall
    nature.sea(c, rng, horizon, shore, sea, mix(sea, rgb("a8f0e4"), 0.6))
    for _ in range(16):
        x, y = rng.uniform(c.left, c.right), rng.uniform(shore + 0.05, c.bottom)
        half = 0.02 + 0.1 * (y - shore)
        c.line(((x - half, y), (x, y - 0.004), (x + half, y)), 0.003, shade(stage.palette.floor, 0.9))
    return shore


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.44)
    shore = _shore(c, stage, camera.horizon)
    side = rng.choice((-1, 1))
    for _ in range(rng.choice((1, 2, 3))):
        nature.palm(
            c,
            rng,
            side * rng.uniform(0.3, 0.46),
            rng.uniform(shore + 0.1, 0.9),
            rng.uniform(0.6, 0.9),
            stage.palette.leaf,
        )
    if rng.random() < 0.75:
        z = 8.0
        x, y = camera.at(-side * rng.uniform(0.0, 1.2), 0, z)
        _hut(c, stage, x, max(y, shore + 0.1), rng.uniform(0.26, 0.38)) if rng.random() < 0.5 else _arch(
            c, stage, x, max(y, shore + 0.12), rng.uniform(0.36, 0.46)
        )
    nature.tufts(c, rng, c.left, c.left + 0.3, c.bottom, 0.14, rgb("b8b06a"), 6)
    return camera


def _hut(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A thatched beach pavilion with white curtains."""
    c.shadow(x, y, size * 0.7, size * 0.1, 0.5)
    for u in (-0.4, -0.14, 0.14, 0.4):
        c.rect(x + size * (u - 0.018), y - size * 0.5, x + size * (u + 0.018), y, DRIFTWOOD)
    for side in (-1, 1):
        curtain(
            c, stage.rng, x + side * size * 0.4, x + side * size * 0.18, y - size * 0.48, y, WHITE, folds=4, gather=0.5
        )
    thatch = rgb("c2a063")
    c.polygon(
        (
            (x - size * 0.58, y - size * 0.46),
            (x - size * 0.12, y - size * 0.9),
            (x + size * 0.12, y - size * 0.9),
            (x + size * 0.58, y - size * 0.46),
        ),
        thatch,
    )
    c.polygon(
        (
            (x + size * 0.1, y - size * 0.46),
            (x + size * 0.04, y - size * 0.9),
            (x + size * 0.12, y - size * 0.9),
            (x + size * 0.58, y - size * 0.46),
        ),
        shade(thatch, 0.78),
    )
    for row in range(3):
        v = 0.5 + row * 0.13
        half = 0.54 - row * 0.13
        c.line(((x - size * half, y - size * v), (x + size * half, y - size * v)), 0.004, shade(thatch, 0.8))


def _pavilion(c: Canvas, stage: Stage) -> Camera:
    """Inside an open pavilion of bleached wood, the sea beyond its curtains."""
    rng = stage.rng
    camera = common.open_air(rng, 0.45)
    _shore(c, stage, camera.horizon)
    half, h, d = rng.uniform(2.3, 2.8), 3.0, 9.0
    wood = stage.palette.wood
    deck = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    planks(c, rng, deck, -half, 0.4, half, d, wood, 14, spread=7)
    roof = Plane(camera, (0, h, 0), (1, 0, 0), (0, 0, 1))
    for index in range(11):
        u = -half + 2 * half * index / 10
        c.line((roof.at(u, 0.6), roof.at(u, d)), 0.012, shade(wood, 0.85))
    for z in (d, 6.6, 4.8):
        thick = camera.size(0.16, z)
        c.line((camera.at(-half, h, z), camera.at(half, h, z)), thick, shade(wood, 1.05))
        for side in (-1, 1):
            x, y = camera.at(side * half, 0, z)
            top = camera.at(0, h, z)[1]
            c.rect(x - thick / 2, top, x + thick / 2, y, shade(wood, 0.95))
            curtain(c, rng, x, x - side * camera.size(0.8, z), top, y - 0.01, WHITE, folds=5, gather=0.45)
        points = [camera.at(-half + 2 * half * t / 6, h - 0.25 - 0.4 * sin(pi * t / 6), z) for t in range(7)]
        c.line(points, camera.size(0.06, z), rgb("cdb58a"))
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = common.open_air(stage.rng, 0.4)
    _shore(c, stage, camera.horizon)
    if stage.rng.random() < 0.7:
        nature.palm(c, stage.rng, stage.rng.choice((-0.42, 0.42)), 0.74, 0.66, stage.palette.leaf)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    planks(c, stage.rng, s, -1, 0, 1, 1, stage.palette.wood, 9, spread=6)
    fill(c, s, -0.22, 0, 0.22, 1, mix(stage.palette.accent, WHITE, 0.35))
    for edge in (-0.25, 0.25):
        c.line((s.at(edge, 0), s.at(edge, 1)), 0.008, rgb("cdb58a"))
    for _ in range(7):
        motifs.shell(
            c, *s.at(stage.rng.uniform(-0.2, 0.2), stage.rng.random()), 0.03, stage.rng.choice(stage.palette.blooms)
        )


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood, cloth=WHITE)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Driftwood, white cloth and a few palm leaves."""
    width = size * 0.8
    common.square_frame(c, x, y, width, size, size * 0.045, DRIFTWOOD)
    common.drape(c, x, y, width, size, WHITE)
    nature.fronds(c, stage.rng, x + width * 0.46, y - size * 0.95, size * 0.24, stage.palette.leaf, count=4)
    flowers.bouquet(
        c,
        stage.rng,
        x + width * 0.44,
        y - size * 0.95,
        size * 0.26,
        size * 0.2,
        stage.palette.leaf,
        stage.palette.blooms,
        6,
    )


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.chair(c, x, y, size, rgb("efe6d4"), WHITE, slats=2)


def _shells(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A glass cylinder of sand, shells and a candle."""
    half = size * 0.2
    c.shadow(x, y, half * 1.8, half * 0.5, 0.4)
    c.rect(x - half, y - size * 0.2, x + half, y, rgb("efdcb4"))
    lamps.candle(c, x, y - size * 0.18, size * 0.34, WHITE, width=0.22)
    c.rect(x - half, y - size * 0.72, x + half, y, rgb("d6eef2"), alpha=75)
    c.rect(x - half, y - size * 0.72, x - half * 0.8, y, WHITE, alpha=150)
    motifs.shell(c, x - size * 0.32, y, size * 0.15, stage.palette.second)
    motifs.starfish(c, x + size * 0.34, y - size * 0.06, size * 0.16, rgb("ee8a5c"))


def _coral(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Palm leaves and white flowers in a turquoise bottle vase."""
    nature.fronds(c, stage.rng, x, y - size * 0.6, size * 0.36, stage.palette.leaf, count=4)
    flowers.bouquet(
        c, stage.rng, x, y - size * 0.6, size * 0.44, size * 0.36, stage.palette.leaf, stage.palette.blooms, 6
    )
    tableware.vase(c, x, y, size * 0.46, stage.palette.accent, waist=0.4, alpha=225)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    if stage.rng.random() < 0.5:
        lamps.lantern(c, x, y, size * 0.7, rgb("f4efe4"))
    else:
        c.polygon(((x - size * 0.1, y), (x - size * 0.02, y - size * 1.1), (x + size * 0.1, y)), stage.palette.accent)
        c.ellipse(x, y - size * 0.5, size * 0.13, size * 0.55, stage.palette.accent)
        c.line(((x, y), (x, y - size)), size * 0.03, WHITE)
    motifs.starfish(c, x + size * 0.35, y, size * 0.13, rgb("ee8a5c"))


def _sand(c: Canvas, stage: Stage, level: float) -> None:
    rng, sand = stage.rng, stage.palette.floor
    c.gradient(c.left, level, c.right, c.bottom, sand, shade(sand, 0.86))
    for _ in range(22):
        px, py = rng.uniform(c.left, c.right), rng.uniform(level + 0.02, c.bottom)
        c.line(((px - 0.07, py), (px, py - 0.008), (px + 0.07, py)), 0.006, shade(sand, rng.choice((0.9, 1.05))))


def _detail_shells(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Shells and a starfish at the edge of the water."""
    rng = stage.rng
    level = rng.uniform(0.24, 0.42)
    sea = mix(stage.palette.wall, rgb("a8f0e4"), 0.5)
    c.gradient(c.left, level - 0.2, c.right, level + 0.03, stage.palette.wall, sea)
    _sand(c, stage, level)
    edge = [(c.left + (c.right - c.left) * i / 12, level + 0.05 * sin(i * 1.3) + 0.02) for i in range(13)]
    c.polygon([(c.left, level - 0.08), *edge, (c.right, level - 0.08)], sea)
    c.line(edge, 0.025, WHITE)
    for sx, sy, tall, tone in ((x - 0.2, 0.66, 0.17, 0), (x + 0.27, 0.84, 0.13, 1), (x - 0.05, 0.94, 0.1, 2)):
        c.shadow(sx + 0.02, sy, tall * 1.1, tall * 0.5, 0.5)
        motifs.shell(c, sx, sy, tall, shade(stage.palette.blooms[tone], 0.97))
    c.shadow(x + 0.14, 0.66, 0.2, 0.16, 0.45)
    motifs.starfish(c, x + 0.12, 0.62, size * 0.24, rgb("ee8a5c"))


def _detail_lantern(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A white lantern on the sand, rope and shells about it."""
    _shore(c, stage, 0.34)
    _sand(c, stage, 0.6)
    lamps.lantern(c, x, y, size, rgb("f6f2ea"))
    for turn in range(4):
        c.ellipse(x + 0.3, y - 0.02 - turn * 0.03, 0.13, 0.04, shade(rgb("cdb58a"), 0.8 + 0.1 * (turn % 2)))
        c.ellipse(x + 0.3, y - 0.03 - turn * 0.03, 0.1, 0.026, rgb("a58c62"))
    motifs.shell(c, x - 0.3, y + 0.02, 0.11, stage.palette.blooms[1])
    motifs.starfish(c, x - 0.16, y + 0.05, 0.09, rgb("ee8a5c"))


STYLE = Style(
    "beach",
    _PALETTES,
    _exterior,
    _pavilion,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_shells, _coral),
    (_detail_shells, _detail_lantern),
    lambda c, stage, x, y, size: lamps.bulbs(
        c, x - size, y, x + size, y, size * 0.2, 6, size * 0.07, bulb=(255, 240, 214)
    ),
    _prop,
)
