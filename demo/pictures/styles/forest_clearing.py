"""Forest clearing: tall trunks, moss and ferns, light falling between trees, log benches."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature
from demo.pictures.kit.perspective import Camera, Surface, fill
from demo.pictures.kit.surfaces import planks
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

MOSS = rgb("6b8f2e")
CUT = rgb("d8b98a")
_PALETTES = (
    palette("4f7a3a 8a5a2e 5f7d3a 6b4e36 8d7a58 3f6b35 24402b 4b6a2c", "f4f2e0 d6dfb4 b9c98a"),
    palette("5d8540 9a6a3a 6a8a40 74563c 96825e 47743a 2a4a34 557432", "ffffff e6ead0 c8b6d8"),
    palette("436b3c 7a4e2c 557038 5e4530 82704e 376038 1f3a2c 43602c", "eef0d6 c2d29a f0dca8"),
)


def _trunk(c: Canvas, x: float, y: float, width: float, bark: RGB, far: float) -> None:
    c.polygon(
        ((x - width * 0.75, y), (x - width * 0.5, c.top), (x + width * 0.5, c.top), (x + width * 0.75, y)),
        bark,
        far=far,
    )
    c.polygon(
        ((x + width * 0.1, y), (x + width * 0.1, c.top), (x + width * 0.5, c.top), (x + width * 0.75, y)),
        shade(bark, 0.68),
        far=far,
    )
    c.polygon(
        ((x - width * 0.6, y), (x - width * 0.42, c.top), (x - width * 0.3, c.top), (x - width * 0.42, y)),
        shade(bark, 1.3),
        far=far,
    )


def _wood(c: Canvas, stage: Stage, *, gap: float) -> Camera:
    """Rows of trunks in green haze about a clearing `gap` units wide."""
    rng = stage.rng
    camera = common.open_air(rng, 0.46)
    leaf = mix(nature.seasonal(stage.palette.leaf, stage.season), stage.palette.leaf, 0.5)
    deep = mix(stage.palette.wall, c.light.sun, 0.12)
    bright = mix(rgb("c4d98a"), c.light.sun, 0.4)
    c.gradient(c.left, c.top, c.right, camera.horizon + 0.06, deep, mix(deep, bright, 0.75))
    c.glow(camera.x, camera.horizon - 0.12, 0.42, mix(bright, c.light.sun, 0.5), 0.32)
    for layer, count in enumerate((9, 7)):
        for _ in range(count):
            x = rng.uniform(c.left, c.right)
            green = mix(mix(bright, deep, 0.35 + 0.3 * layer), leaf, 0.4)
            _trunk(c, x, camera.horizon + 0.03 + 0.03 * layer, 0.016 + 0.012 * layer, mix(green, deep, 0.45), 0)
            c.stamp("fir", rng.randrange(4), x + 0.05, camera.horizon - 0.1, 0.22, 0.34, mix(green, leaf, 0.5))
    floor = stage.palette.floor
    c.gradient(c.left, camera.horizon + 0.03, c.right, c.bottom, mix(floor, bright, 0.4), shade(floor, 0.72))
    for _ in range(9):
        x = rng.uniform(c.left, c.right)
        nature.fern(c, rng, x, camera.horizon + 0.1, 0.1, mix(leaf, bright, 0.25))
    for side in (-1, 1):
        for index, width in enumerate((0.045, 0.065, 0.095)):
            x = side * (gap * (0.5 + 0.2 * index) + rng.uniform(-0.03, 0.05))
            y = camera.horizon + 0.1 + 0.11 * index
            c.shadow(x, y, width * 2.4, 0.03, 0.6)
            _trunk(c, x, y, width, mix(stage.palette.wood, deep, 0.35 - 0.12 * index), 0)
            nature.fern(c, rng, x + rng.uniform(-0.06, 0.06), y + 0.02, 0.13 + 0.04 * index, leaf)
    for _ in range(6):
        nature.crown(
            c,
            rng,
            rng.uniform(c.left, c.right),
            c.top + rng.uniform(-0.05, 0.1),
            0.5,
            0.3,
            shade(leaf, rng.uniform(0.6, 1.0)),
        )
    if c.light.name != "overcast":
        nature.shafts(c, rng, 4, 34)
    return camera


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = _wood(c, stage, gap=rng.uniform(0.5, 0.7))
    if rng.random() < 0.6:
        lamps.bulbs(c, c.left, 0.24, c.right, 0.2, 0.1, 11, 0.009)
    for z in (6.0, 4.4) if rng.random() < 0.6 else (5.0,):
        x, y = camera.at(rng.choice((-0.7, 0.7, 0.0)), 0, z)
        furniture.log_bench(c, rng, x, y, camera.size(1.5, z), camera.size(0.5, z), stage.palette.wood, CUT)
    _undergrowth(c, stage)
    return camera


def _undergrowth(c: Canvas, stage: Stage) -> None:
    for side in (-1, 1):
        for _ in range(3):
            x = side * stage.rng.uniform(0.26, 0.55)
            nature.fern(c, stage.rng, x, c.bottom + 0.02, stage.rng.uniform(0.18, 0.3), shade(stage.palette.leaf, 0.9))


def _dinner(c: Canvas, stage: Stage) -> Camera:
    camera = _wood(c, stage, gap=0.72)
    for y in (0.1, 0.2):
        lamps.bulbs(c, c.left, y, c.right, y + 0.04, 0.12, 11, 0.008)
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = _wood(c, stage, gap=0.7)
    _undergrowth(c, stage)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    rng = stage.rng
    planks(c, rng, s, -1, 0, 1, 1, stage.palette.wood, 5, spread=8)
    fill(c, s, -0.2, 0, 0.2, 1, shade(MOSS, 0.7))
    for index in range(11):
        v = 1 - index / 11
        x, y = s.at(rng.uniform(-0.12, 0.12), v)
        size = common.reach(s, v) * 1.1
        c.stamp("crown", index, x, y, size * 2.2, size * 1.1, shade(MOSS, rng.uniform(0.75, 1.05)))
        c.stamp("fern", index, x + rng.uniform(-0.05, 0.05), y - size * 0.3, size * 1.5, size, stage.palette.leaf)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)
    c.stamp("crown_light", 1, x, y - size * 1.12, size * 1.9, size * 0.35, MOSS)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Two bent branches meeting, with moss, ferns and pale flowers."""
    rng, half = stage.rng, size * 0.4
    c.shadow(x, y, half * 1.5, size * 0.06, 0.5)
    for side in (-1, 1):
        for offset in (0.0, 0.05):
            points = [
                (x + side * (half + offset * size) * (1 - t**3), y - size * (1.02 - offset) * t)
                for t in (0, 0.25, 0.5, 0.7, 0.86, 1.0)
            ]
            c.line(points, size * 0.035, shade(stage.palette.wood, 0.8 + 3 * offset), round_joints=True)
        c.line(
            (points[3], (points[3][0] + side * size * 0.16, points[3][1] - size * 0.14)),
            size * 0.015,
            stage.palette.wood,
        )
        nature.fern(c, rng, x + side * half, y + size * 0.02, size * 0.3, stage.palette.leaf)
        flowers.garland(c, rng, points[2:], size * 0.16, MOSS, stage.palette.blooms, share=0.6)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.log_bench(c, stage.rng, x, y, size * 0.66, size * 0.5, stage.palette.wood, CUT)


def _moss_candles(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Candles in moss on a slice of log, with a toadstool."""
    c.shadow(x, y, size * 0.5, size * 0.12, 0.5)
    c.ellipse(x, y, size * 0.46, size * 0.14, shade(stage.palette.wood, 0.7))
    c.ellipse(x, y - size * 0.07, size * 0.46, size * 0.14, CUT)
    c.stamp("crown", 2, x, y - size * 0.1, size * 0.75, size * 0.26, MOSS)
    nature.fern(c, stage.rng, x - size * 0.12, y - size * 0.08, size * 0.6, stage.palette.leaf)
    lamps.candle(c, x + size * 0.14, y - size * 0.08, size * 0.36, rgb("f2ead2"), width=0.2)
    motifs.mushroom(c, x - size * 0.26, y - size * 0.05, size * 0.24, rgb("b8462e"))


def _fern_vase(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Ferns and white flowers in a hollow log."""
    nature.fern(c, stage.rng, x, y - size * 0.34, size * 0.72, stage.palette.leaf)
    for dx, dy in ((-0.16, 0.56), (0.12, 0.66), (0.02, 0.46)):
        flowers.flower(c, stage.rng, x + dx * size, y - dy * size, size * 0.14, stage.palette.blooms[0])
    c.rect(x - size * 0.14, y - size * 0.38, x + size * 0.14, y, stage.palette.wood)
    c.rect(x + size * 0.04, y - size * 0.38, x + size * 0.14, y, shade(stage.palette.wood, 0.7))
    for v in (0.08, 0.2, 0.3):
        c.line(
            ((x - size * 0.13, y - size * v), (x - size * 0.02, y - size * v)),
            size * 0.02,
            shade(stage.palette.wood, 0.55),
        )


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A mossy stump with ferns."""
    half = size * 0.3
    c.shadow(x, y, half * 1.6, size * 0.1, 0.5)
    c.polygon(
        ((x - half * 1.2, y), (x - half, y - size * 0.4), (x + half, y - size * 0.4), (x + half * 1.2, y)),
        shade(stage.palette.wood, 0.85),
    )
    c.ellipse(x, y - size * 0.4, half, half * 0.3, CUT)
    c.ellipse(x, y - size * 0.4, half * 0.5, half * 0.15, shade(CUT, 0.8))
    c.stamp("crown_light", 1, x - half * 0.4, y - size * 0.2, half * 2, size * 0.4, MOSS)
    nature.fern(c, stage.rng, x + half, y + 0.01, size * 0.6, stage.palette.leaf)
    motifs.mushroom(c, x - half * 1.3, y + 0.01, size * 0.25, rgb("b8462e"))


def _mossy_floor(c: Canvas, stage: Stage, level: float) -> None:
    c.gradient(c.left, level, c.right, c.bottom, shade(MOSS, 0.85), shade(MOSS, 0.5))
    for index in range(12):
        x = c.left + (c.right - c.left) * index / 11
        c.stamp("crown", index, x, level + 0.03, 0.22, 0.12, shade(MOSS, stage.rng.uniform(0.7, 1.1)))
        c.stamp("crown_light", index, x, level + stage.rng.uniform(0.04, 0.2), 0.26, 0.14, shade(MOSS, 1.2))


def _detail_mushrooms(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Toadstools and ferns in moss."""
    rng = stage.rng
    for dx in (-0.34, 0.3, 0.05):
        nature.fern(c, rng, x + dx, 0.84, rng.uniform(0.42, 0.62), stage.palette.leaf)
    _mossy_floor(c, stage, 0.74)
    for dx, dy, tall in ((-0.18, 0.84, 0.36), (0.1, 0.9, 0.5), (0.3, 0.86, 0.26)):
        motifs.mushroom(c, x + dx, dy, tall * size * 1.3, rgb("b8462e"))


def _detail_rings(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A slice of log with candles, among ferns."""
    _mossy_floor(c, stage, 0.66)
    for dx in (-0.42, 0.42):
        nature.fern(c, stage.rng, x + dx, 0.92, 0.55, stage.palette.leaf)
    c.shadow(x, y, 0.45, 0.12, 0.6)
    for ring, tone in ((1.0, 0.45), (0.92, 1.0), (0.72, 0.88), (0.62, 1.02), (0.42, 0.88), (0.34, 1.0), (0.14, 0.8)):
        c.ellipse(x, y - 0.1, 0.36 * ring, 0.15 * ring, shade(CUT, tone))
    for dx, tall in ((-0.15, 0.26), (0.0, 0.4), (0.15, 0.2)):
        lamps.candle(c, x + dx, y - 0.1, tall, rgb("f2ead2"), width=0.17)
    nature.fern(c, stage.rng, x - 0.24, y - 0.02, 0.28, stage.palette.leaf)


STYLE = Style(
    "forest_clearing",
    _PALETTES,
    _exterior,
    _dinner,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_moss_candles, _fern_vase),
    (_detail_mushrooms, _detail_rings),
    lambda c, stage, x, y, size: lamps.lantern(c, x, y + size * 0.3, size * 0.5, rgb("4a3b2c")),
    _prop,
)
