"""Buildings seen from outside that give a style its outline: barn, chalet, villa, tower, tipi."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import mix, rgb, shade
from demo.pictures.kit import lamps
from demo.pictures.kit.perspective import Flat, Surface, fill
from demo.pictures.kit.surfaces import arch, bricks, planks, window
from demo.pictures.stage import Stage
from demo.pictures.styles import common

STONE = rgb("8f9098")
SNOW = rgb("f2f6fc")
TERRACOTTA = rgb("c4693c")
CANVAS = rgb("efe2c9")
IRON = rgb("34343a")


def barn(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """The gable end of a barn, `size` wide, standing on (x, y)."""
    rng, wall = stage.rng, stage.palette.wall
    s = Flat(x, y, size)
    eave, ridge = rng.uniform(0.42, 0.52), rng.uniform(0.82, 0.98)
    roof = rgb("5b4a42")
    c.shadow(x + size * 0.2, y, size * 0.8, size * 0.1, 0.5)
    c.polygon([s.at(0.5, eave), s.at(0, ridge), s.at(0.62, ridge - 0.05), s.at(1.05, eave + 0.02)], shade(roof, 1.25))
    planks(c, rng, s, 0.5, 0, 1.02, eave, shade(wall, 0.7), 9)
    planks(c, rng, s, -0.5, 0, 0.5, eave, wall, 17, spread=8)
    c.polygon(
        [
            s.at(-0.5, eave),
            s.at(-0.28, eave + (ridge - eave) * 0.62),
            s.at(0, ridge),
            s.at(0.28, eave + (ridge - eave) * 0.62),
            s.at(0.5, eave),
        ],
        shade(wall, 0.94),
    )
    trim = rgb("efe4cf")
    gable = [
        s.at(-0.55, eave - 0.03),
        s.at(-0.29, eave + (ridge - eave) * 0.66),
        s.at(0, ridge + 0.02),
        s.at(0.29, eave + (ridge - eave) * 0.66),
        s.at(0.55, eave - 0.03),
    ]
    c.line(gable, size * 0.035, trim)
    inside = mix(rgb("4a3020"), rgb("ffbe62"), 0.35 + 0.6 * c.light.lamps)
    fill(c, s, -0.19, 0, 0.19, 0.36, inside, lit=False)
    c.glow(*s.at(0, 0.16), size * 0.4, rgb("ffb458"), 0.25 + 0.4 * c.light.lamps)
    for side in (-1, 1):
        planks(c, rng, s, side * 0.2, 0, side * 0.38, 0.37, shade(wall, 0.85), 4)
        c.line((s.at(side * 0.2, 0.01), s.at(side * 0.38, 0.36)), size * 0.016, trim)
        c.line((s.at(side * 0.2, 0.36), s.at(side * 0.38, 0.01)), size * 0.016, trim)
        c.line(
            (s.at(side * 0.2, 0), s.at(side * 0.2, 0.37), s.at(side * 0.38, 0.37), s.at(side * 0.38, 0)),
            size * 0.014,
            trim,
        )
    fill(c, s, -0.08, eave + 0.02, 0.08, eave + 0.17, trim)
    fill(c, s, -0.06, eave + 0.04, 0.06, eave + 0.15, common.lit_window(c), lit=False)
    left, right = s.at(-0.5, eave), s.at(0.5, eave)
    lamps.bulbs(c, *left, *right, size * 0.1, 9, size * 0.011)


def chalet(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A broad gable, balconies, a stone base, snow on the roof."""
    rng, wall = stage.rng, stage.palette.wall
    s = Flat(x, y, size)
    c.shadow(x + size * 0.1, y, size * 0.7, size * 0.08, 0.4)
    bricks(c, rng, s, -0.42, 0, 0.42, 0.18, STONE, 5, ratio=1.6, share=0.6)
    planks(c, rng, s, -0.42, 0.18, 0.42, 0.46, wall, 8, upright=False, spread=8)
    c.polygon([s.at(-0.42, 0.46), s.at(0, 0.72), s.at(0.42, 0.46)], shade(wall, 0.92))
    glass = mix(rgb("7a6a58"), rgb("ffca74"), 0.4 + 0.55 * c.light.lamps)
    for u in (-0.3, -0.1, 0.12, 0.32):
        for v, tall in ((0.25, 0.14),):
            fill(c, s, u - 0.075, v, u + 0.055, v + tall, stage.palette.second)
            window(c, s, u - 0.045, v, u + 0.03, v + tall, glass, rgb("f4ead8"), 2, 2, bar=0.003)
            c.glow(*s.at(u, v + 0.07), size * 0.14, (255, 200, 110), 0.2 + 0.25 * c.light.lamps)
    window(c, s, -0.07, 0.5, 0.07, 0.6, glass, rgb("f4ead8"), 2, 1)
    arch(c, s, -0.09, 0, 0.09, 0.17, shade(stage.palette.wood, 0.55), frame=shade(STONE, 0.8))
    fill(c, s, -0.44, 0.17, 0.44, 0.2, shade(wall, 0.6))
    fill(c, s, -0.44, 0.255, 0.44, 0.265, shade(wall, 0.7))
    for rail in range(23):
        u = -0.43 + rail * 0.039
        fill(c, s, u, 0.2, u + 0.014, 0.26, shade(wall, 0.75))
    for box in (-0.3, -0.1, 0.1, 0.3):
        px, py = s.at(box, 0.265)
        c.stamp("crown_light", rng.randrange(4), px, py, size * 0.14, size * 0.06, stage.palette.accent)
    for side in (-1, 1):
        c.polygon([s.at(side * 0.58, 0.36), s.at(0, 0.72), s.at(0, 0.77), s.at(side * 0.6, 0.4)], shade(wall, 0.5))
        c.polygon(
            [s.at(side * 0.61, 0.38), s.at(0, 0.755), s.at(0, 0.83), s.at(side * 0.62, 0.43)],
            SNOW if side < 0 else rgb("d6e2f2"),
        )
    bricks(c, rng, s, 0.2, 0.64, 0.29, 0.82, STONE, 4, ratio=1.6)
    fill(c, s, 0.19, 0.82, 0.3, 0.85, SNOW)


def villa(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A plastered villa with a tower and terracotta roofs."""
    s, wall = Flat(x, y, size), stage.palette.wall
    c.shadow(x, y, size * 0.6, size * 0.06, 0.4)
    glass = common.lit_window(c, rgb("5a5048"))
    for u0, u1, tall in ((-0.5, 0.12, 0.34), (0.1, 0.34, 0.56), (0.32, 0.62, 0.26)):
        fill(c, s, u0, 0, u1, tall, wall)
        fill(c, s, u1 - (u1 - u0) * 0.22, 0, u1, tall, shade(wall, 0.82))
        c.polygon(
            [s.at(u0 - 0.04, tall), s.at(u0 + 0.05, tall + 0.1), s.at(u1 - 0.05, tall + 0.1), s.at(u1 + 0.04, tall)],
            TERRACOTTA,
        )
        c.polygon(
            [
                s.at((u0 + u1) / 2, tall),
                s.at((u0 + u1) / 2, tall + 0.1),
                s.at(u1 - 0.05, tall + 0.1),
                s.at(u1 + 0.04, tall),
            ],
            shade(TERRACOTTA, 0.82),
        )
    for u, v in ((-0.42, 0.2), (-0.26, 0.2), (-0.1, 0.2), (0.18, 0.4), (0.42, 0.1)):
        fill(c, s, u - 0.015, v, u + 0.065, v + 0.09, rgb("5f7a56"))
        fill(c, s, u, v, u + 0.05, v + 0.09, glass, lit=False)
    for u in (-0.44, -0.26, -0.08):
        arch(c, s, u, 0, u + 0.12, 0.15, glass, lit=False, frame=shade(wall, 0.75))


def tower(c: Canvas, stage: Stage, s: Surface, u: float, width: float, height: float, *, cone: bool) -> None:
    """A square tower from `u`, crenellated, with a cone for a roof if asked."""
    stone = stage.palette.wall
    bricks(c, stage.rng, s, u, 0, u + width, height, stone, 11, ratio=1.7, share=0.22, spread=9)
    fill(c, s, u + width * 0.62, 0, u + width, height, shade(stone, 0.55), alpha=90)
    fill(c, s, u - width * 0.1, height, u + width * 1.1, height + 0.05, shade(stone, 1.05))
    for tooth in range(4):
        a = u - width * 0.1 + tooth * width * 0.32
        fill(c, s, a, height + 0.05, a + width * 0.2, height + 0.09, shade(stone, 1.0))
    if cone:
        c.polygon(
            [
                s.at(u - width * 0.1, height + 0.07),
                s.at(u + width / 2, height + 0.36),
                s.at(u + width * 1.1, height + 0.07),
            ],
            rgb("4d5668"),
        )
        c.polygon(
            [
                s.at(u + width * 0.55, height + 0.07),
                s.at(u + width / 2, height + 0.36),
                s.at(u + width * 1.1, height + 0.07),
            ],
            rgb("3a4252"),
        )
        x, y = s.at(u + width / 2, height + 0.36)
        c.line(((x, y), (x, y - 0.07)), 0.004, IRON)
        c.polygon(((x, y - 0.07), (x + 0.07, y - 0.055), (x, y - 0.035)), stage.palette.accent)
    glass = common.lit_window(c, rgb("3a3f4a"))
    for v in (0.3, 0.62):
        arch(c, s, u + width * 0.4, height * v, u + width * 0.6, height * v + 0.08, glass, pointed=1.0, lit=False)


def tipi(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A canvas tipi, `size` tall, lit from within."""
    half = size * 0.5
    c.shadow(x + half * 0.2, y, half * 1.3, size * 0.08, 0.5)
    for lean in (-0.16, -0.06, 0.07, 0.17):
        c.line(((x, y - size * 0.9), (x + lean * size, y - size * 1.12)), size * 0.02, rgb("7a5a3c"))
    c.polygon(((x - half, y), (x, y - size), (x + half, y)), CANVAS)
    c.polygon(((x + half * 0.3, y), (x, y - size), (x + half, y)), shade(CANVAS, 0.82))
    c.polygon(((x - half, y), (x, y - size), (x - half * 0.6, y)), shade(CANVAS, 0.93))
    for v, colour in ((0.12, stage.palette.accent), (0.17, stage.palette.second)):
        w0, w1 = half * (1 - v), half * (1 - v - 0.035)
        c.polygon(
            (
                (x - w0, y - size * v),
                (x + w0, y - size * v),
                (x + w1, y - size * (v + 0.035)),
                (x - w1, y - size * (v + 0.035)),
            ),
            colour,
        )
    inside = mix(rgb("6a4630"), rgb("ffb866"), 0.3 + 0.5 * c.light.lamps)
    c.polygon(((x - half * 0.34, y), (x, y - size * 0.68), (x + half * 0.34, y)), inside, lit=False)
    c.glow(x, y - size * 0.18, size * 0.3, (255, 190, 110), 0.25 + 0.3 * c.light.lamps)
    for side in (-1, 1):
        c.polygon(
            ((x + side * half * 0.34, y), (x, y - size * 0.68), (x + side * half * 0.5, y - size * 0.3)),
            shade(CANVAS, 1.04),
        )
