"""Classic ballroom: cream and gilt panels, crystal chandeliers, tall draped windows, parquet."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import GOLD, WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, nature
from demo.pictures.kit.perspective import Camera, Flat, Surface, fill
from demo.pictures.kit.surfaces import checker, curtain, panel, window
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

_PALETTES = (
    palette("9c1f34 c9a050 fbf4e4 b98a50 cda454 6f8a58 f3e4c2 b8834a", "fbeee2 f3c9c4 fffaf0"),
    palette("7c2748 d8b262 fdf6ea a87842 d2ab58 748f5c f6e8cc a97440", "fff6ee eebfc4 d98a9a"),
    palette("b8963e e0c070 fff8ea c0925a d6ae5c 7a9464 f0dfba c08c54", "ffffff fbe6cc f6d8d0"),
)


def _palace(c: Canvas, stage: Stage) -> Camera:
    """A columned front with a pediment, a drive and a fountain."""
    rng = stage.rng
    camera = common.open_air(rng, 0.6)
    nature.sky(c, rng, camera.horizon)
    leaf = nature.seasonal(rgb("5c8a4a"), stage.season)
    for x in (-0.5, -0.36, 0.38, 0.52):
        nature.tree(c, rng, x + rng.uniform(-0.04, 0.04), camera.horizon + 0.06, rng.uniform(0.26, 0.36), leaf, far=0.2)
    nature.ground(c, camera.horizon, rgb("e0cfa8"), far=0.2)
    stone = stage.palette.wall
    base, size = camera.horizon + rng.uniform(0.07, 0.12), rng.uniform(0.85, 1.0)
    s = Flat(rng.uniform(-0.06, 0.06), base, size)
    fill(c, s, -0.56, 0, 0.56, 0.4, shade(stone, 0.88))
    fill(c, s, -0.58, 0.4, 0.58, 0.435, stone)
    for index in range(9):
        u = -0.56 + index * 0.14
        fill(c, s, u - 0.008, 0.435, u + 0.008, 0.475, stone)
    fill(c, s, -0.57, 0.475, 0.57, 0.485, stone)
    glass = common.lit_window(c)
    for u in (-0.48, -0.37, -0.26, 0.26, 0.37, 0.48):
        for v, tall in ((0.05, 0.17), (0.26, 0.11)):
            window(c, s, u - 0.03, v, u + 0.03, v + tall, glass, rgb("fff9ea"), 2, 3, round_head=v < 0.1, bar=0.003)
    fill(c, s, -0.22, 0, 0.22, 0.42, shade(stone, 0.94))
    for u in (-0.12, 0.0, 0.12):
        window(c, s, u - 0.035, 0.03, u + 0.035, 0.24, glass, GOLD, 2, 3, round_head=True, bar=0.003)
    for index in range(6):
        u = -0.2 + index * 0.08
        fill(c, s, u - 0.016, 0.02, u + 0.016, 0.38, rgb("fffaec"))
        fill(c, s, u + 0.005, 0.02, u + 0.016, 0.38, shade(stone, 0.8))
        fill(c, s, u - 0.024, 0.37, u + 0.024, 0.39, rgb("fffaec"))
    fill(c, s, -0.25, 0.39, 0.25, 0.43, rgb("fbf2dc"))
    c.polygon([s.at(-0.27, 0.43), s.at(0, 0.56), s.at(0.27, 0.43)], rgb("fdf5e2"))
    c.polygon([s.at(-0.19, 0.44), s.at(0, 0.53), s.at(0.19, 0.44)], shade(stone, 0.85))
    c.ellipse(*s.at(0, 0.47), 0.025 * size, 0.025 * size, GOLD)
    for step in range(4):
        fill(
            c,
            s,
            -0.26 - step * 0.02,
            -0.018 * (step + 1),
            0.26 + step * 0.02,
            -0.018 * step,
            shade(rgb("fbf2dc"), 1 - 0.05 * step),
        )
    x, y = s.at(0, 0)[0] + rng.uniform(-0.05, 0.05), base + rng.uniform(0.17, 0.22)
    if rng.random() < 0.7:
        _fountain(c, x, y, 0.2)
    for side in (-1, 1):
        nature.hedge(c, rng, x + side * 0.36 - 0.16, x + side * 0.36 + 0.16, y + 0.02, 0.06, leaf)
    return camera


def _fountain(c: Canvas, x: float, y: float, size: float) -> None:
    c.shadow(x, y, size * 1.2, size * 0.3, 0.5)
    c.ellipse(x, y, size, size * 0.26, rgb("d8c9a4"))
    c.ellipse(x, y - size * 0.05, size * 0.9, size * 0.2, rgb("9cc3d0"))
    c.rect(x - size * 0.06, y - size * 0.55, x + size * 0.06, y - size * 0.04, rgb("eadfc2"))
    c.ellipse(x, y - size * 0.52, size * 0.4, size * 0.09, rgb("eadfc2"))
    for side in (-1, 1):
        for reach in (0.18, 0.36):
            c.line(
                [
                    (x + side * size * reach * t * 2, y - size * (0.95 - 0.2 * t - 1.3 * t * t * (0.6 / (reach + 0.4))))
                    for t in (0, 0.25, 0.5, 0.75, 1)
                ],
                0.005,
                WHITE,
                alpha=210,
            )


def _room(c: Canvas, stage: Stage) -> Camera:
    rng, wall, gilt = stage.rng, stage.palette.wall, stage.palette.metal
    box = common.room(rng, width=6.8, height=4.8)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, wall, rgb("fbf4e0"))
    checker(c, rng, box.floor, 0, 1.2, w, d, stage.palette.floor, shade(stage.palette.floor, 1.18), 8, 10)
    glass = common.glass_colour(c)
    drape = stage.palette.accent
    for start in (d * 0.4, d * 0.58, d * 0.79):
        end = start + d * 0.13
        for wing, tone in ((box.left, 0.8), (box.right, 0.96)):
            window(c, wing, start, 0.5, end, h - 0.9, glass, shade(gilt, tone), 2, 5, round_head=True, bar=0.004)
            for edge in (start - 0.15, end - 0.2):
                fill(c, wing, edge, 0.1, edge + 0.36, h - 0.7, shade(drape, tone))
            fill(c, wing, start - 0.25, h - 0.95, end + 0.25, h - 0.55, shade(drape, tone * 0.85))
    for u in (0.04, 0.28, 0.52, 0.76):
        panel(c, box.back, w * u, 0.5, w * (u + 0.2), h - 0.7, shade(wall, 1.04), gilt)
    window(c, box.back, w * 0.4, 0.3, w * 0.6, h - 0.8, glass, gilt, 2, 5, round_head=True, bar=0.004)
    x0, y0 = box.back.at(w * 0.3, h - 0.5)
    x1, y1 = box.back.at(w * 0.7, 0.1)
    curtain(c, rng, x0, x0 + (x1 - x0) * 0.3, y0, y1, drape, folds=5)
    curtain(c, rng, x1, x1 - (x1 - x0) * 0.3, y0, y1, drape, folds=5)
    for plane, a, b in ((box.left, 2, d), (box.right, 2, d), (box.back, 0, w)):
        for v, tall in ((h - 0.32, 0.14), (0.32, 0.06)):
            fill(c, plane, a, v, b, v + tall, shade(gilt, 1.05))
    for u in (0.2, 0.5, 0.8):
        c.line((box.ceiling.at(w * u, 1.5), box.ceiling.at(w * u, d)), 0.004, gilt)
    x, y = camera.at(0, h - 1.4, d * 0.5)
    lamps.chandelier(c, x, y, camera.size(1.9, d * 0.5), gilt)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    common.linen(c, stage, s, runner=False)
    fill(c, s, -0.24, 0, 0.24, 1, shade(stage.palette.metal, 0.95))
    fill(c, s, -0.2, 0, 0.2, 1, mix(stage.palette.accent, WHITE, 0.06))


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.round_table(c, x, y, size, stage.palette.cloth)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Gold columns, a swag of silk and great urns of flowers."""
    width = size * 0.78
    left, right, top = x - width / 2, x + width / 2, y - size
    curtain(c, stage.rng, left, x - width * 0.08, top, y, stage.palette.cloth, folds=6, gather=0.5)
    curtain(c, stage.rng, right, x + width * 0.08, top, y, stage.palette.cloth, folds=6, gather=0.5)
    for side in (left, right):
        c.rect(side - size * 0.035, top, side + size * 0.035, y, stage.palette.metal)
        c.rect(side - size * 0.02, top, side - size * 0.005, y, mix(stage.palette.metal, WHITE, 0.5))
        for v in (0.0, 0.96):
            c.rect(
                side - size * 0.06,
                y - size * (v + 0.04),
                side + size * 0.06,
                y - size * v,
                shade(stage.palette.metal, 1.1),
            )
        flowers.bouquet(
            c, stage.rng, side, y - size * 0.22, size * 0.3, size * 0.26, stage.palette.leaf, stage.palette.blooms, 8
        )
    for part in range(3):
        px = left + width * (part + 0.5) / 3
        c.ellipse(px, top + size * 0.02, width / 5.4, size * 0.085, shade(stage.palette.accent, 0.9 + 0.1 * (part % 2)))
    c.rect(left - size * 0.07, top - size * 0.04, right + size * 0.07, top + size * 0.01, stage.palette.metal)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.chair(c, x, y, size, stage.palette.metal, rgb("fbf3e0"), slats=4)


def _candelabra(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    flowers.bouquet(
        c, stage.rng, x, y - size * 0.1, size * 0.5, size * 0.3, stage.palette.leaf, stage.palette.blooms, 6, bloom=0.42
    )
    lamps.candelabra(c, x, y - size * 0.06, size * 1.1, stage.palette.metal)


def _urn(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Cream roses high on a gold trumpet."""
    metal = stage.palette.metal
    c.ellipse(x, y, size * 0.15, size * 0.04, shade(metal, 0.8))
    c.polygon(
        (
            (x - size * 0.1, y),
            (x - size * 0.02, y - size * 0.3),
            (x - size * 0.09, y - size * 0.7),
            (x + size * 0.09, y - size * 0.7),
            (x + size * 0.02, y - size * 0.3),
            (x + size * 0.1, y),
        ),
        metal,
    )
    flowers.bouquet(
        c,
        stage.rng,
        x,
        y - size * 0.88,
        size * 0.72,
        size * 0.5,
        stage.palette.leaf,
        stage.palette.blooms,
        13,
        bloom=0.34,
    )


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.rect(x - size * 0.2, y - size * 0.36, x + size * 0.2, y, rgb("f4e8cc"))
    c.rect(x - size * 0.24, y - size * 0.4, x + size * 0.24, y - size * 0.35, stage.palette.metal)
    _urn(c, stage, x, y - size * 0.38, size * 0.8)


def _detail_chandelier(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    lamps.chandelier(c, x, 0.5, size * 1.05, stage.palette.metal, arms=9)
    for _ in range(9):
        c.ellipse(
            stage.rng.uniform(c.left, c.right),
            stage.rng.uniform(0.05, 0.95),
            0.025,
            0.025,
            (255, 232, 178),
            alpha=90,
            lit=False,
        )


def _detail_moulding(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Gilt panelling, a swag of silk and a candelabra."""
    wall, gilt = stage.palette.wall, stage.palette.metal
    s = Flat(0, 1, 1)
    fill(c, s, c.left, 1 - c.bottom, c.right, 1 - c.top, wall)
    for u in (-0.9, -0.28, 0.34):
        panel(c, s, u, 0.3, u + 0.56, 0.96, shade(wall, 1.04), gilt)
    fill(c, s, c.left, 0.22, c.right, 0.26, gilt)
    fill(c, s, c.left, 1 - c.bottom, c.right, 0.13, rgb("efe3cf"))
    fill(c, s, c.left, 0.12, c.right, 0.14, shade(gilt, 1.1))
    side = stage.rng.choice((-1, 1))
    curtain(c, stage.rng, side * 0.56, side * 0.24, c.top, c.bottom, stage.palette.accent, folds=7, gather=0.3)
    lamps.candelabra(c, x - side * 0.1, y - 0.04, size, gilt)
    flowers.bouquet(
        c, stage.rng, x - side * 0.1, y - 0.06, 0.46, 0.22, stage.palette.leaf, stage.palette.blooms, 9, bloom=0.5
    )


STYLE = Style(
    "classic_ballroom",
    _PALETTES,
    _palace,
    _room,
    _room,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_candelabra, _urn),
    (_detail_chandelier, _detail_moulding),
    lambda c, stage, x, y, size: lamps.chandelier(c, x, y - size * 0.2, size * 1.2, stage.palette.metal),
    _prop,
)
