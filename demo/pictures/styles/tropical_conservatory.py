"""Tropical conservatory: a white iron glasshouse, giant leaves, hanging ferns, orchids."""

from __future__ import annotations

from math import cos, pi, sin

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import checker
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

IRON = rgb("f4f8f4")
_PALETTES = (
    palette("d9408a f2b430 f4faf2 c9a878 d8c27a 1f8a4c dff0e6 d9e4d4", "e24a98 f7a8d0 ffd24a"),
    palette("f0643c e24a98 f2f8f0 bf9c6c cdb86c 2a9a52 d8eee0 e2e8d8", "ff7a4a ffb03a f7d0e0"),
    palette("a03ac0 f78ab0 f6faf4 d4b484 dcc884 188058 e4f4ec d4e2d0", "b04ad0 f0c8f8 ff8ab4"),
)


def _jungle(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A clump of palms, monstera and ferns."""
    rng, leaf = stage.rng, stage.palette.leaf
    nature.fronds(c, rng, x, y - size * 0.62, size * 0.6, shade(leaf, 0.8))
    for _ in range(4):
        wide = size * rng.uniform(0.3, 0.5)
        c.stamp(
            "monstera",
            rng.randrange(4),
            x + rng.uniform(-0.3, 0.3) * size,
            y - rng.uniform(0.1, 0.45) * size,
            wide,
            wide,
            shade(leaf, rng.uniform(0.75, 1.3)),
        )
    nature.fern(c, rng, x, y, size * 0.4, mix(leaf, rgb("9ad04a"), 0.4))


def _glasshouse(c: Canvas, stage: Stage) -> Camera:
    """A domed Victorian glasshouse among palms."""
    rng = stage.rng
    camera = common.open_air(rng, 0.6)
    nature.sky(c, rng, camera.horizon)
    leaf = stage.palette.leaf
    nature.ground(c, camera.horizon, mix(leaf, rgb("9ad060"), 0.55), far=0.12)
    for _ in range(4):
        nature.tree(c, rng, rng.uniform(c.left, c.right), camera.horizon + 0.04, 0.26, leaf, far=0.25)
    base = camera.horizon + rng.uniform(0.1, 0.16)
    s = Flat(rng.uniform(-0.04, 0.04), base, rng.uniform(0.92, 1.05))
    glass, size = mix(rgb("c4e8d8"), c.light.horizon, 0.25), s.scale
    for x0, x1, spring in ((-0.52, -0.18, 0.2), (0.18, 0.52, 0.2), (-0.22, 0.22, 0.3)):
        half, middle = (x1 - x0) / 2, (x0 + x1) / 2
        dome = [s.at(x0, 0), s.at(x0, spring)]
        rise = half * (1.15 if x1 - x0 > 0.4 else 0.7)
        dome += [s.at(middle - half * cos(pi * i / 12), spring + rise * sin(pi * i / 12)) for i in range(1, 12)]
        dome += [s.at(x1, spring), s.at(x1, 0)]
        c.polygon(dome, glass, lit=False)
        for _ in range(5):
            px, py = s.at(rng.uniform(x0 + 0.06, x1 - 0.06), rng.uniform(0.03, spring))
            c.stamp("crown", rng.randrange(4), px, py, 0.13, 0.13, mix(leaf, glass, 0.3))
        nature.fronds(c, rng, *s.at(middle, spring * 0.95), 0.15 * size, mix(leaf, glass, 0.25))
        c.line(dome, 0.012, IRON)
        for rib in range(1, 6):
            u = x0 + (x1 - x0) * rib / 6
            head = rise * max(0.0, 1 - ((u - middle) / half) ** 2) ** 0.5
            c.line((s.at(u, 0), s.at(u, spring), s.at(middle + (u - middle) * 0.8, spring + head * 0.9)), 0.005, IRON)
        for v in (spring * 0.5, spring):
            c.line((s.at(x0, v), s.at(x1, v)), 0.007, IRON)
        c.line(
            [
                s.at(middle - half * 0.82 * cos(pi * i / 8), spring + rise * 0.5 * (0.6 + 0.4 * sin(pi * i / 8)))
                for i in range(9)
            ],
            0.004,
            IRON,
        )
    x, y = s.at(0, 0.3 + 0.22 * 1.15)
    c.rect(x - 0.035, y - 0.04, x + 0.035, y + 0.01, IRON)
    c.line(((x, y - 0.04), (x, y - 0.09)), 0.006, IRON)
    fill(c, s, -0.07, 0, 0.07, 0.19, IRON)
    for u in (-0.06, 0.005):
        fill(c, s, u, 0.01, u + 0.055, 0.18, shade(glass, 0.85), lit=False)
    c.polygon((s.at(-0.08, 0), s.at(0.08, 0), (0.26, c.bottom), (-0.26, c.bottom)), rgb("e6dcc4"))
    for side in (-1, 1):
        _jungle(c, stage, side * rng.uniform(0.38, 0.5), base + rng.uniform(0.18, 0.28), rng.uniform(0.34, 0.46))
    return camera


def _inside(c: Canvas, stage: Stage) -> Camera:
    """Under the iron ribs, jungle on both sides."""
    rng, leaf = stage.rng, stage.palette.leaf
    camera = Camera(
        rng.uniform(-0.1, 0.1), rng.uniform(0.46, 0.53), 1.6, rng.uniform(0.85, 1.0), rng.uniform(-0.4, 0.4)
    )
    glass = stage.palette.wall
    c.gradient(c.left, c.top, c.right, camera.horizon + 0.2, mix(c.light.zenith, glass, 0.55), glass)
    half, spring, d = 3.2, 2.6, 10.0
    floor = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    c.rect(c.left, floor.at(0, d)[1] - 0.01, c.right, c.bottom, mix(leaf, stage.palette.floor, 0.3))
    checker(c, rng, floor, -1.9, 0.8, 1.9, d, stage.palette.floor, WHITE, 6, 10)
    ribs = []
    for z in (2.2, 3.2, 4.6, 6.8, d):
        rib = [camera.at(-half, 0, z)]
        rib += [camera.at(-half * cos(pi * i / 10), spring + 2.2 * sin(pi * i / 10), z) for i in range(11)]
        rib.append(camera.at(half, 0, z))
        ribs.append((z, rib))
    c.polygon(ribs[-1][1], mix(glass, WHITE, 0.15))
    for index in range(1, 12):
        c.line((ribs[0][1][index], ribs[-1][1][index]), 0.004, IRON)
    for index in range(1, 8):
        x = -half + 2 * half * index / 8
        c.line((camera.at(x, 0, d), camera.at(x * 0.9, spring + 2.0 * (1 - (x / half) ** 2) ** 0.5, d)), 0.004, IRON)
    for z, rib in reversed(ribs):
        if z < d:
            for side in (-1, 1):
                px, py = camera.at(side * (half - 0.5 + rng.uniform(-0.2, 0.2)), 0, z + 0.6)
                _jungle(c, stage, px, py, camera.size(2.3, z + 0.6))
        c.line(rib, camera.size(0.12, z), IRON)
    for _ in range(4):
        z = rng.uniform(4.4, 8.0)
        x, y = camera.at(rng.uniform(-2.2, 2.2), rng.uniform(2.9, 3.6), z)
        _hanging_fern(c, stage, x, y, camera.size(1.0, z))
    c.glow(camera.x, camera.horizon - 0.2, 0.3, c.light.sun, 0.12)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    """White cloth under a runner of great leaves."""
    common.linen(c, stage, s, runner=False)
    rng, leaf = stage.rng, stage.palette.leaf
    for index in range(10):
        v = 1 - index / 10
        size = common.reach(s, v) * 1.1
        x, y = s.at(rng.uniform(-0.14, 0.14), v)
        c.stamp(
            "monstera" if index % 2 else "frond",
            index,
            x,
            y,
            size * 2.0,
            size * 1.1,
            shade(leaf, rng.uniform(0.75, 1.25)),
            flip=index % 3 == 0,
        )
        if index % 3 == 1:
            flowers.flower(c, rng, x + size * 0.3, y - size * 0.1, size * 0.5, rng.choice(stage.palette.blooms))


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.round_table(c, x, y, size, stage.palette.cloth)
    c.stamp("monstera", stage.rng.randrange(4), x, y - size * 1.02, size * 1.1, size * 0.34, stage.palette.leaf)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """White iron overgrown with palm leaves and orchids."""
    half, rng, leaf = size * 0.38, stage.rng, stage.palette.leaf
    c.shadow(x, y, half * 1.5, size * 0.06, 0.5)
    for inset in (1.0, 0.88):
        points = [(x - half * inset, y)]
        points += [
            (x - half * inset * cos(pi * i / 10), y - size * 0.6 - half * inset * sin(pi * i / 10)) for i in range(11)
        ]
        points.append((x + half * inset, y))
        c.line(points, size * 0.02, IRON)
    for index, (px, py) in enumerate(points[1:-1]):
        wide = size * rng.uniform(0.2, 0.3)
        c.stamp(
            ("monstera", "frond")[index % 2],
            index,
            px,
            py,
            wide * 1.2,
            wide,
            shade(leaf, rng.uniform(0.75, 1.25)),
            flip=px < x,
        )
        if index % 2 == 0:
            flowers.flower(c, rng, px, py, size * 0.09, rng.choice(stage.palette.blooms))
    for side in (-1, 1):
        _jungle(c, stage, x + side * half * 1.2, y + size * 0.03, size * 0.42)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.chair(c, x, y, size, rgb("c89a5c"), rgb("f2ead6"), slats=3, arched=True)


def _orchids(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.stamp(
        "monstera",
        stage.rng.randrange(4),
        x - size * 0.2,
        y - size * 0.3,
        size * 0.46,
        size * 0.42,
        shade(stage.palette.leaf, 0.85),
    )
    c.stamp(
        "monstera", stage.rng.randrange(4), x + size * 0.2, y - size * 0.26, size * 0.4, size * 0.36, stage.palette.leaf
    )
    flowers.orchid(c, stage.palette.leaf, stage.palette.blooms[0], x, y - size * 0.25, size * 0.85)
    flowers.orchid(c, stage.palette.leaf, stage.palette.blooms[0], x, y - size * 0.25, size * 0.7, lean=-1.0)
    tableware.vase(c, x, y, size * 0.3, WHITE, waist=1.1)


def _leaf_vase(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Palm and monstera in green glass."""
    nature.fronds(c, stage.rng, x, y - size * 0.62, size * 0.42, stage.palette.leaf)
    c.stamp(
        "monstera", stage.rng.randrange(4), x, y - size * 0.7, size * 0.5, size * 0.48, shade(stage.palette.leaf, 1.2)
    )
    for dx in (-0.14, 0.16):
        flowers.flower(c, stage.rng, x + dx * size, y - size * 0.5, size * 0.18, stage.rng.choice(stage.palette.blooms))
    tableware.vase(c, x, y, size * 0.42, rgb("7fc4a0"), waist=0.8, alpha=190)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    _jungle(c, stage, x, y - size * 0.2, size * 0.9)
    tableware.vase(c, x, y, size * 0.36, WHITE, waist=1.15)


def _leaves(c: Canvas, stage: Stage, top: float) -> None:
    rng, leaf = stage.rng, stage.palette.leaf
    for index in range(14):
        wide = rng.uniform(0.36, 0.62)
        name: str = ("monstera", "frond", "monstera")[index % 3]
        tone: RGB = shade(leaf, 0.45 + 0.06 * index)
        c.stamp(
            name,
            rng.randrange(4),
            rng.uniform(c.left, c.right),
            rng.uniform(top, c.bottom),
            wide,
            wide,
            tone,
            flip=rng.random() < 0.5,
        )


def _detail_leaves(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Orchids before a wall of great leaves."""
    _leaves(c, stage, c.top)
    flowers.orchid(c, stage.palette.leaf, stage.palette.blooms[0], x - 0.2, 1.02, size * 1.25)
    flowers.orchid(c, stage.palette.leaf, stage.palette.blooms[0], x + 0.2, 1.05, size * 1.05, lean=-1.0)


def _detail_monstera(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """One huge leaf, white ironwork behind."""
    for index in range(5):
        u = c.left + (c.right - c.left) * index / 4
        c.line(((u, c.top), (u, c.bottom)), 0.016, IRON)
    c.line([(x - 0.6 + 0.1 * i, 0.3 - 0.2 * sin(pi * i / 12)) for i in range(13)], 0.016, IRON)
    _leaves(c, stage, 0.62)
    c.stamp("monstera", 1, x + 0.015, 0.52, size, size * 1.02, shade(stage.palette.leaf, 0.6))
    c.stamp("monstera", 1, x, 0.5, size, size * 1.02, shade(stage.palette.leaf, 1.15))
    c.line(((x, 0.5 + size * 0.5), (x, 0.5 - size * 0.3)), 0.01, shade(stage.palette.leaf, 1.6))
    for rib in range(4):
        for side in (-1, 1):
            c.line(
                ((x, 0.64 - rib * 0.1), (x + side * size * 0.32, 0.56 - rib * 0.1)),
                0.005,
                shade(stage.palette.leaf, 1.5),
            )
    flowers.flower(c, stage.rng, x + stage.rng.choice((-0.28, 0.28)), 0.84, 0.22, stage.palette.blooms[0])


def _hanging_fern(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A ball of fern on a wire, trailing."""
    leaf = stage.palette.leaf
    c.line(((x, c.top), (x, y)), 0.002, shade(leaf, 0.5))
    for side in (-1, 1):
        c.stamp(
            "frond", 1, x + side * size * 0.24, y + size * 0.2, size * 0.5, size * 0.5, shade(leaf, 0.8), flip=side < 0
        )
    c.stamp("crown", 1, x, y + size * 0.08, size * 0.62, size * 0.46, shade(leaf, 0.85))
    c.stamp("crown_light", 2, x, y + size * 0.06, size * 0.6, size * 0.44, shade(leaf, 1.3))


STYLE = Style(
    "tropical_conservatory",
    _PALETTES,
    _glasshouse,
    _inside,
    _inside,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_orchids, _leaf_vase),
    (_detail_leaves, _detail_monstera),
    _hanging_fern,
    _prop,
)
