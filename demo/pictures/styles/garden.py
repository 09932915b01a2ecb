"""Garden: lawn, clipped hedges, climbing roses, a white pergola, linen and pink flowers."""

from __future__ import annotations

from math import cos, pi, sin

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import lines
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

_PALETTES = (
    palette("f0a8b8 f6c9d0 fbf6f0 e9e4da e8d5b0 5f9e3e fbfaf5 86bf52", "f08aa4 fbd0d8 e2557f"),
    palette("f5c3a8 f7dcc4 fcf8f0 efeae0 e2cfa4 68a548 f7f7f0 8cc45c", "f7b091 fbe0cf f2797c"),
    palette("c9a8dc e6d4ee faf7fb ece8e4 dccfb4 569a44 fafaf8 7fbb54", "b98ad6 f6e9f8 ee8fb4"),
)


def _lawn(c: Canvas, stage: Stage, camera: Camera) -> None:
    """Sky, trees, a hedge, a mown lawn and flower borders."""
    rng, horizon = stage.rng, camera.horizon
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    nature.sky(c, rng, horizon)
    for _ in range(6):
        nature.tree(
            c, rng, rng.uniform(c.left, c.right), horizon + 0.04, rng.uniform(0.24, 0.42), leaf, far=0.28, trunk=0.15
        )
    nature.ground(c, horizon, stage.palette.floor, far=0.2)
    lawn = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    for index in range(-5, 5, 2):
        fill(c, lawn, index * 0.9, 1, (index + 1) * 0.9, 40, shade(stage.palette.floor, 1.09))
    nature.hedge(c, rng, c.left, c.right, horizon + 0.045, 0.075, leaf, far=0.12)
    for side in (-1, 1):
        for z in (11.0, 7.5, 5.0, 3.4):
            x, y = camera.at(side * rng.uniform(2.2, 2.7), 0, z)
            size = camera.size(1.0, z)
            flowers.bouquet(
                c, rng, x, y - size * 0.3, size * 1.5, size * 0.9, leaf, stage.palette.blooms, 8, bloom=0.24
            )


def _rose_arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    rng = stage.rng
    half, spring = size * 0.36, size * 0.58
    c.shadow(x, y, half * 1.5, size * 0.07, 0.5)
    for inset in (1.0, 0.86):
        points = [(x - half * inset, y), (x - half * inset, y - spring)]
        points += [
            (x - half * inset * cos(pi * i / 10), y - spring - half * inset * sin(pi * i / 10)) for i in range(1, 10)
        ]
        points += [(x + half * inset, y - spring), (x + half * inset, y)]
        c.line(points, size * 0.025, WHITE)
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    flowers.garland(
        c,
        rng,
        points[::2]
        + points[3:9:2]
        + [(x + half, y - spring * t) for t in (0.3, 0.65)]
        + [(x - half, y - spring * t) for t in (0.3, 0.65)],
        size * 0.17,
        leaf,
        stage.palette.blooms,
        share=0.95,
    )


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.42)
    _lawn(c, stage, camera)
    path = Plane(camera, (rng.uniform(-0.4, 0.4), 0, 0), (1, 0, 0), (0, 0, 1))
    fill(c, path, -0.55, 0.4, 0.55, 12, rgb("e6dcc6"))
    for z in (9.0, 6.0) if rng.random() < 0.5 else (7.0,):
        _rose_arch(c, stage, *path.at(0, z), camera.size(2.9, z))
    if rng.random() < 0.5:
        x = rng.choice((-0.33, 0.33))
        for z in (6.2, 4.6):
            _topiary(c, stage, x * (1.3 if z < 5 else 1), camera.at(0, 0, z)[1], camera.size(1.3, z))
    return camera


def _topiary(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Two balls on a stem in a white pot."""
    leaf = stage.palette.leaf
    c.rect(x - size * 0.015, y - size * 0.6, x + size * 0.015, y - size * 0.15, nature.BARK)
    tableware.vase(c, x, y, size * 0.26, rgb("efe9dc"), waist=1.05)
    for level, width in ((0.42, 0.4), (0.8, 0.3)):
        nature.crown(c, stage.rng, x, y - size * level, size * width, size * width, leaf)
        flowers.flower(c, stage.rng, x - size * 0.06, y - size * level, size * 0.1, stage.palette.blooms[0])


def _pergola(c: Canvas, stage: Stage) -> Camera:
    """Dinner under a white pergola in flower."""
    rng = stage.rng
    camera = common.open_air(rng, 0.44)
    _lawn(c, stage, camera)
    half, h = rng.uniform(2.1, 2.5), 2.9
    terrace = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    fill(c, terrace, -half - 0.3, 0.4, half + 0.3, 11, rgb("e9e1d2"))
    lines(c, terrace, -half - 0.3, 0.6, half + 0.3, 11, 6, 9, 0.002, rgb("cfc5b2"))
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    for z in (10.5, 8.0, 6.0, 4.5, 3.4):
        thick = camera.size(0.13, z)
        for side in (-1, 1):
            c.line((camera.at(side * half, 0, z), camera.at(side * half, h, z)), thick, shade(WHITE, 0.92))
        c.line((camera.at(-half - 0.4, h, z), camera.at(half + 0.4, h, z)), thick * 1.2, WHITE)
        row = [camera.at(-half + 2 * half * i / 6, h - 0.05 - 0.18 * rng.random(), z) for i in range(7)]
        flowers.garland(c, rng, row, camera.size(0.55, z), leaf, stage.palette.blooms, share=0.85)
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = common.open_air(stage.rng, 0.42)
    _lawn(c, stage, camera)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    common.linen(c, stage, s, runner=False)
    rng = stage.rng
    for index in range(12):
        v = 1 - index / 11
        flowers.garland(
            c,
            rng,
            [s.at(rng.uniform(-0.07, 0.07), v)],
            common.reach(s, v) * 1.1,
            stage.palette.leaf,
            stage.palette.blooms,
            share=0.8,
            bloom=0.7,
        )


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.round_table(c, x, y, size, stage.palette.cloth)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.chair(c, x, y, size, rgb("f6f4ef"), rgb("fbfaf6"), arched=True)


def _posy(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A white bowl of roses."""
    tableware.vase(c, x, y, size * 0.36, rgb("f7f4ee"), waist=1.1)
    flowers.bouquet(
        c,
        stage.rng,
        x,
        y - size * 0.56,
        size * 0.95,
        size * 0.66,
        stage.palette.leaf,
        stage.palette.blooms,
        12,
        bloom=0.34,
    )


def _tall(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Roses high on a white stand."""
    c.ellipse(x, y, size * 0.14, size * 0.04, rgb("e8e2d6"))
    c.rect(x - size * 0.025, y - size * 0.7, x + size * 0.025, y, rgb("f6f2ea"))
    flowers.bouquet(
        c,
        stage.rng,
        x,
        y - size * 0.86,
        size * 0.8,
        size * 0.58,
        stage.palette.leaf,
        stage.palette.blooms,
        11,
        bloom=0.32,
    )


def _detail_roses(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Climbing roses filling the frame."""
    rng, leaf = stage.rng, stage.palette.leaf
    for _ in range(9):
        nature.crown(
            c,
            rng,
            rng.uniform(c.left, c.right),
            rng.uniform(0.45, c.bottom),
            0.5,
            0.42,
            shade(leaf, rng.uniform(0.7, 1.0)),
        )
    for _ in range(11):
        fx, fy = rng.uniform(c.left, c.right), rng.uniform(0.3, 0.95)
        flowers.flower(c, rng, fx, fy, rng.uniform(0.12, 0.26), rng.choice(stage.palette.blooms))
    flowers.flower(c, rng, x, 0.5, size * 0.52, stage.palette.blooms[0])


def _detail_gate(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A wreath of roses on a white garden gate."""
    leaf = stage.palette.leaf
    nature.hedge(c, stage.rng, c.left, c.right, c.bottom, c.bottom - 0.34, leaf)
    gate = Flat(x, 1.02, 1)
    for bar in range(-4, 5):
        fill(c, gate, bar * 0.085 - 0.026, 0, bar * 0.085 + 0.026, 0.66 - 0.06 * cos(bar * 0.4), mix(WHITE, leaf, 0.04))
    for rail in (0.14, 0.5):
        fill(c, gate, -0.38, rail, 0.38, rail + 0.06, shade(WHITE, 0.94))
    flowers.wreath(c, stage.rng, x, 0.62, size * 0.24, leaf, stage.palette.blooms)


STYLE = Style(
    "garden",
    _PALETTES,
    _exterior,
    _pergola,
    _ceremony,
    _tabletop,
    _table,
    _rose_arch,
    _seat,
    (_posy, _tall),
    (_detail_roses, _detail_gate),
    lambda c, stage, x, y, size: flowers.bouquet(
        c, stage.rng, x, y - size * 0.1, size * 0.7, size * 0.6, stage.palette.leaf, stage.palette.blooms, 8
    ),
    _topiary,
)
