"""Rustic barn: weathered red timber, oak trusses, straw, jars of wild flowers, strings of warm bulbs."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import planks
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import buildings, common

STRAW = rgb("d9b25c")
_PALETTES = (
    palette("c9a878 a8402f e9dcc3 8a5a34 8d7a62 6f8a4a 8e3b2c a0764a", "f2e6d0 d98f4e e9c24f"),
    palette("d8bd8f 7d5b3c f0e6d2 9a6b3f 9a8468 7f9156 9a4a34 8f6a44", "fff4e2 e6b5a0 c98a54"),
    palette("bfa37c c4652e e6d8bd 75492b 7f6f5a 768a50 7c3327 96693f", "f4d26b d9713a fff0d4"),
)


def _field(c: Canvas, stage: Stage, camera: Camera) -> None:
    rng, horizon = stage.rng, camera.horizon
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    nature.sky(c, rng, horizon)
    nature.ridge(c, rng, horizon + 0.01, 0.12, shade(leaf, 0.8), far=0.5, rough=0.1)
    nature.ground(c, horizon, mix(leaf, STRAW, 0.5))
    for _ in range(4):
        nature.tree(c, rng, rng.uniform(c.left, c.right), horizon + 0.03, rng.uniform(0.16, 0.26), leaf, far=0.25)


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.56)
    _field(c, stage, camera)
    x, y, size = rng.uniform(-0.14, 0.1), camera.horizon + rng.uniform(0.12, 0.2), rng.uniform(0.52, 0.72)
    path = mix(STRAW, rgb("a68a62"), 0.6)
    c.polygon(((x - size * 0.16, y), (x + size * 0.16, y), (x + 0.42, c.bottom), (x - 0.36, c.bottom)), path)
    buildings.barn(c, stage, x, y, size)
    for side in (-1, 1):
        nature.tree(
            c,
            rng,
            side * rng.uniform(0.4, 0.55),
            y + 0.02,
            rng.uniform(0.36, 0.5),
            nature.seasonal(stage.palette.leaf, stage.season),
        )
    if rng.random() < 0.6:
        _fence(c, stage, y + 0.1)
    nature.tufts(c, rng, c.left, c.right, c.bottom - 0.02, 0.09, mix(stage.palette.leaf, STRAW, 0.35), 9)
    return camera


def _fence(c: Canvas, stage: Stage, y: float) -> None:
    wood = shade(stage.palette.metal, 1.1)
    for side in (-1, 1):
        edge = c.left if side < 0 else c.right
        for rail in (0.03, 0.065):
            c.line(((edge, y - rail + 0.05), (side * 0.24, y - rail)), 0.01, wood)
        for post in range(4):
            x = side * 0.24 + (edge - side * 0.24) * post / 3
            c.rect(x - 0.008, y - 0.09 + post * 0.015, x + 0.008, y + post * 0.016, shade(wood, 0.85))


def _room(c: Canvas, stage: Stage) -> Camera:
    """Under the trusses, towards the open doors."""
    rng, wood = stage.rng, stage.palette.wood
    box = common.room(rng, width=7, height=3.4)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, shade(wood, 0.8), shade(wood, 0.5))
    planks(c, rng, box.floor, 0, 0.5, w, d, stage.palette.floor, 12)
    planks(c, rng, box.right, 3.5, 0, d, h, shade(wood, 0.82), 14)
    planks(c, rng, box.left, 3.5, 0, d, h, shade(wood, 0.66), 14)
    planks(c, rng, box.back, 0, 0, w, h, shade(wood, 0.92), 15)
    peak = h + 2.6
    for side, tone in ((-1, 0.46), (1, 0.58)):
        c.polygon(
            (
                camera.at(side * w / 2, h, 0.8),
                camera.at(0, peak, 0.8),
                camera.at(0, peak, d),
                camera.at(side * w / 2, h, d),
            ),
            shade(wood, tone),
        )
    c.polygon((camera.at(-w / 2, h, d), camera.at(0, peak, d), camera.at(w / 2, h, d)), shade(wood, 0.86))
    door = common.glass_colour(c, mix(c.light.horizon, rgb("cfe0b0"), 0.5))
    fill(c, box.back, w / 2 - 1.1, 0, w / 2 + 1.1, 2.6, door, lit=False)
    for side in (-1, 1):
        planks(c, rng, box.back, w / 2 + side * 1.15, 0, w / 2 + side * 2.1, 2.6, shade(wood, 0.7), 4)
    c.glow(*camera.at(0, 1.4, d), 0.28, c.light.sun, 0.4)
    beam = shade(wood, 0.72)
    for z in (d - 0.2, d * 0.72, d * 0.5, d * 0.33):
        thick = camera.size(0.22, z)
        c.line((camera.at(-w / 2, h, z), camera.at(0, peak, z), camera.at(w / 2, h, z)), thick, beam)
        c.line((camera.at(-w / 2, h, z), camera.at(w / 2, h, z)), thick, shade(beam, 1.2))
        c.line((camera.at(0, h, z), camera.at(0, peak, z)), thick * 0.8, beam)
        for side in (-1, 1):
            c.line((camera.at(side * w / 2, 0, z), camera.at(side * w / 2, h, z)), thick, shade(beam, 1.05))
    for z in (d * 0.8, d * 0.55, d * 0.38):
        lamps.bulbs(c, *camera.at(-w / 2, h, z), *camera.at(w / 2, h, z), camera.size(0.7, z), 10, camera.size(0.05, z))
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    """The field before the barn."""
    camera = common.open_air(stage.rng, 0.46)
    _field(c, stage, camera)
    buildings.barn(c, stage, stage.rng.choice((-0.3, 0.26)), camera.horizon + 0.06, 0.42)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    common.boards(c, stage, s, runner=stage.palette.accent)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A timber frame with grasses and flowers on one shoulder."""
    width = size * 0.82
    common.square_frame(c, x, y, width, size, size * 0.06, stage.palette.wood)
    c.line(((x - width / 2, y - size * 0.78), (x - width * 0.3, y - size)), size * 0.04, stage.palette.wood)
    c.line(((x + width / 2, y - size * 0.78), (x + width * 0.3, y - size)), size * 0.04, stage.palette.wood)
    points = common.frame_points(x, y, width, size, 6)
    flowers.garland(c, stage.rng, points[3:10], size * 0.15, stage.palette.leaf, stage.palette.blooms, share=0.7)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.bale(c, stage.rng, x, y, size * 0.55, STRAW)


def _jar(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A mason jar of wild flowers."""
    rng = stage.rng
    c.stamp("pampas", rng.randrange(4), x, y - size * 0.62, size * 0.5, size * 0.75, mix(STRAW, WHITE, 0.3))
    flowers.bouquet(
        c, rng, x, y - size * 0.62, size * 0.62, size * 0.5, stage.palette.leaf, stage.palette.blooms, 8, bloom=0.36
    )
    jar = rgb("b9d0d2")
    tableware.vase(c, x, y, size * 0.46, jar, waist=0.75, alpha=170)
    c.rect(x - size * 0.13, y - size * 0.47, x + size * 0.13, y - size * 0.4, rgb("a99a86"))
    c.rect(x - size * 0.16, y - size * 0.3, x + size * 0.16, y - size * 0.2, stage.palette.accent)


def _log_candles(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Candles on a slice of log."""
    c.ellipse(x, y, size * 0.42, size * 0.13, shade(stage.palette.wood, 0.6))
    c.ellipse(x, y - size * 0.05, size * 0.42, size * 0.13, rgb("d9b98a"))
    c.ellipse(x, y - size * 0.05, size * 0.26, size * 0.08, rgb("c7a270"))
    for dx, tall in ((-0.2, 0.3), (0.05, 0.45), (0.22, 0.24)):
        lamps.candle(c, x + dx * size, y - size * 0.05, size * tall, rgb("efdcb4"), width=0.19)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.bale(c, stage.rng, x, y, size * 0.62, STRAW)
    if stage.rng.random() < 0.6:
        _jar(c, stage, x, y - size * 0.6, size * 0.55)
    else:
        lamps.lantern(c, x, y - size * 0.6, size * 0.5, rgb("4a3b30"))


def _detail_jar(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    table = Plane(Camera(0, 0.4, 0.5, 1.0), (0, 0, 0.5), (3, 0, 0), (0, 0, 1.1))
    planks(c, stage.rng, table, -1, 0, 1, 1, stage.palette.wood, 13)
    furniture.bale(c, stage.rng, x + 0.3, y - 0.14, size * 0.34, STRAW)
    c.shadow(x, y, 0.24, 0.06, 0.6)
    _jar(c, stage, x - 0.05, y - 0.03, size)


def _detail_door(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A wreath on a plank door."""
    rng = stage.rng
    door = Flat(0, 1, 1)
    planks(c, rng, door, c.left, 1 - c.bottom, c.right, 1 - c.top, stage.palette.wall, 11, spread=7)
    for bar in (0.1, 0.84):
        planks(c, rng, door, c.left, bar, c.right, bar + 0.1, shade(stage.palette.wood, 1.1), 1, upright=False)
    c.line(((c.left, 0.9), (c.right, 0.16)), 0.09, shade(stage.palette.wood, 1.05))
    c.shadow(x + 0.03, 0.52, 0.42, 0.42, 0.4)
    flowers.wreath(c, rng, x, 0.48, size * 0.36, stage.palette.leaf, stage.palette.blooms)
    c.polygon(
        (
            (x - 0.02, 0.74),
            (x - 0.1, 0.97),
            (x - 0.03, 0.93),
            (x, 0.78),
            (x + 0.04, 0.94),
            (x + 0.1, 0.96),
            (x + 0.02, 0.74),
        ),
        stage.palette.accent,
    )


STYLE = Style(
    "rustic_barn",
    _PALETTES,
    _exterior,
    _room,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_jar, _log_candles),
    (_detail_jar, _detail_door),
    lambda c, stage, x, y, size: lamps.bulbs(
        c, x - size, y - size * 0.3, x + size, y - size * 0.3, size * 0.3, 7, size * 0.06
    ),
    _prop,
)
