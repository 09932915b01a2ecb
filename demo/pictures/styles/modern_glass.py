"""Modern glass: white planes, floor-to-ceiling glazing, a reflecting pool, very little else."""

from __future__ import annotations

from math import cos, pi, sin

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, lamps, nature
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import lines
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

STEEL = rgb("9aa6ae")
_PALETTES = (
    palette("b9c6cf e9ddc2 fbfcfd dfe3e6 c9d0d5 7da08a f4f7f9 e4eaee", "ffffff eef3f4 dfe9ec"),
    palette("a7bdcb eee2c6 ffffff e6e8ea bfc8ce 86a894 eff4f7 dae3e9", "ffffff f4f6f2 d6e4ea"),
    palette("c6ccd0 e6d8bc f8f9fa d6d9db d2d6d9 8aa690 f7f8f8 ebeef0", "ffffff f2f2ee e6eaea"),
)


def _box_house(c: Canvas, stage: Stage, camera: Camera, z: float) -> None:
    """A glass pavilion under a thin white roof."""
    rng = stage.rng
    x0, x1, h = rng.uniform(-3.6, -2.6), rng.uniform(2.8, 3.8), 3.0
    s = Plane(camera, (0, 0, z), (1, 0, 0), (0, 1, 0))
    glow = mix(rgb("c4dbe6"), rgb("ffe6b8"), c.light.lamps * 0.8)
    fill(c, s, x0, 0, x1, h, glow, lit=False)
    fill(c, s, x0, 0, x1, 0.9, mix(glow, WHITE, 0.35), lit=False)
    for index in range(5):
        u = x0 + (x1 - x0) * (index + 0.3) / 5
        c.polygon([s.at(u, 0), s.at(u + 0.9, h), s.at(u + 1.3, h), s.at(u + 0.4, 0)], WHITE, alpha=70, lit=False)
    for index in range(8):
        u = x0 + (x1 - x0) * index / 7
        c.line((s.at(u, 0), s.at(u, h)), camera.size(0.07, z), STEEL)
    fill(c, s, x0 - 1.0, h, x1 + 1.6, h + 0.34, WHITE)
    fill(c, s, x0 - 1.0, h - 0.05, x1 + 1.6, h + 0.04, shade(WHITE, 0.7))
    wall = x0 - 0.6 if rng.random() < 0.5 else x1 - 1.2
    fill(c, s, wall, 0, wall + 1.8, h + 1.3, mix(WHITE, STEEL, 0.08))
    fill(c, s, wall + 1.5, 0, wall + 1.8, h + 1.3, shade(WHITE, 0.78))


def _garden(c: Canvas, stage: Stage) -> Camera:
    """The pavilion mirrored in a long pool."""
    rng = stage.rng
    camera = common.open_air(rng, 0.5)
    nature.sky(c, rng, camera.horizon, clouds=2)
    nature.ridge(c, rng, camera.horizon + 0.01, 0.07, rgb("8fa8a0"), far=0.6, rough=0.05)
    nature.ground(c, camera.horizon, stage.palette.floor, far=0.1)
    z = rng.uniform(8.0, 10.5)
    _box_house(c, stage, camera, z)
    pool = Plane(camera, (rng.uniform(-0.7, 0.7), 0, 0), (1, 0, 0), (0, 0, 1))
    half = rng.uniform(1.3, 2.0)
    fill(c, pool, -half - 0.2, 0.5, half + 0.2, z - 1.1, WHITE)
    upper, lower = mix(c.light.zenith, rgb("a8c8d8"), 0.5), mix(c.light.horizon, rgb("c8e0ea"), 0.4)
    for step in range(6):
        near = 0.5 + (z - 1.9) * (1 - (step + 1) / 6) ** 2
        end = 0.5 + (z - 1.9) * (1 - step / 6) ** 2
        fill(c, pool, -half, near, half, end, mix(lower, upper, step / 5), lit=False)
    for index in range(5):
        u = -half + 2 * half * (index + 0.5) / 5
        c.polygon(
            (pool.at(u, z - 1.4), pool.at(u + 0.16, z - 1.4), pool.at(u + 0.1, 2.6), pool.at(u + 0.03, 2.6)),
            WHITE,
            alpha=90,
            lit=False,
        )
    for side in (-1, 1):
        for depth in (6.5, 4.6):
            x, y = camera.at(side * (half + 0.9), 0, depth)
            size = camera.size(0.8, depth)
            c.rect(x - size * 0.3, y - size * 0.5, x + size * 0.3, y, mix(WHITE, STEEL, 0.15))
            c.ellipse(x, y - size * 0.8, size * 0.32, size * 0.34, shade(stage.palette.leaf, 0.8))
            c.ellipse(x - size * 0.05, y - size * 0.85, size * 0.24, size * 0.25, stage.palette.leaf)
    return camera


def _room(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    box = common.room(rng, width=7, height=3.6)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    nature.sky(c, rng, camera.horizon)
    nature.ridge(c, rng, camera.horizon + 0.02, 0.08, rgb("8fa8a8"), far=0.5, rough=0.06)
    c.gradient(c.left, camera.horizon + 0.01, c.right, c.bottom, rgb("bcd3c0"), rgb("d3dfd6"))
    fill(c, box.floor, -0.4, 0.1, w + 0.4, d, stage.palette.floor)
    lines(c, box.floor, 0, 1, w, d, 5, 6, 0.002, shade(stage.palette.floor, 0.92))
    fill(c, box.ceiling, -0.4, 0.1, w + 0.4, d, WHITE)
    fill(c, box.ceiling, w * 0.3, 0.1, w * 0.34, d, rgb("fff6e2"), lit=False)
    fill(c, box.ceiling, w * 0.66, 0.1, w * 0.7, d, rgb("fff6e2"), lit=False)
    for plane, start, end in ((box.left, 0.4, d), (box.right, 0.4, d), (box.back, 0.0, w)):
        fill(c, plane, start, 0, end, h, rgb("dcecf4"), alpha=70)
        count = 7 if plane is not box.back else 6
        for index in range(count + 1):
            u = start + (end - start) * (index / count) ** (1.0 if plane == box.back else 0.6)
            c.line((plane.at(u, 0), plane.at(u, h)), 0.006, STEEL)
        for v in (0.02, h):
            c.line((plane.at(start, v), plane.at(end, v)), 0.008, WHITE)
    for u in (0.12, 0.55):
        c.polygon(
            [
                box.back.at(w * u, 0),
                box.back.at(w * (u + 0.12), h),
                box.back.at(w * (u + 0.2), h),
                box.back.at(w * (u + 0.08), 0),
            ],
            WHITE,
            alpha=80,
        )
    if rng.random() < 0.5:
        side = box.left if rng.random() < 0.5 else box.right
        fill(c, side, d * 0.5, 0, d, h, mix(WHITE, STEEL, 0.1))
    return camera


def _terrace(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.44)
    nature.sky(c, rng, camera.horizon, clouds=2)
    nature.ground(c, camera.horizon, stage.palette.floor, far=0.1)
    _box_house(c, stage, camera, 12.0)
    lines(
        c, Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1)), -5, 1.5, 5, 11, 8, 7, 0.002, shade(stage.palette.floor, 0.9)
    )
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    fill(c, s, -1, 0, 1, 1, stage.palette.cloth)
    c.polygon([s.at(-0.8, 0.0), s.at(-0.3, 1), s.at(0.1, 1), s.at(-0.1, 0)], WHITE)
    fill(c, s, -0.15, 0, 0.15, 1, mix(stage.palette.accent, WHITE, 0.35))
    fill(c, s, -0.05, 0, 0.05, 1, rgb("dceaf0"))


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    half = size * 0.95
    c.shadow(x, y, half * 1.1, size * 0.16, 0.35)
    c.rect(x - size * 0.05, y - size, x + size * 0.05, y, STEEL)
    c.ellipse(x, y, size * 0.4, size * 0.08, STEEL)
    c.ellipse(x, y - size, half, size * 0.26, shade(WHITE, 0.82))
    c.ellipse(x, y - size * 1.04, half, size * 0.26, WHITE)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A thin white hoop with one spray of white flowers."""
    radius = size * 0.46
    c.shadow(x, y, radius, size * 0.05, 0.4)
    for scale, tone in ((1.0, shade(WHITE, 0.8)), (0.985, WHITE)):
        ring = [
            (x + cos(pi * i / 20) * radius * scale, y - radius - sin(pi * i / 20) * radius * scale) for i in range(41)
        ]
        c.line(ring, size * 0.03 if tone != WHITE else size * 0.018, tone)
    for index in range(4):
        flowers.flower(
            c, stage.rng, x - radius * (0.85 - index * 0.12), y - radius * (0.45 - index * 0.13), size * 0.12, WHITE
        )
    c.stamp("fern", 1, x - radius * 0.85, y - radius * 0.7, size * 0.25, size * 0.3, stage.palette.leaf)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    half = size * 0.22
    c.shadow(x, y, half * 1.5, size * 0.1, 0.35)
    for side in (-0.9, 0.9):
        c.line(((x + side * half, y), (x + side * half, y - size * 0.45)), size * 0.04, STEEL)
    c.polygon(
        (
            (x - half, y - size * 0.42),
            (x - half * 0.92, y - size * 0.92),
            (x + half * 0.92, y - size * 0.92),
            (x + half, y - size * 0.42),
        ),
        WHITE,
    )
    c.rect(x - half, y - size * 0.46, x + half, y - size * 0.4, shade(WHITE, 0.8))


def _calla(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Callas in a tall glass cylinder."""
    for lean, tall in ((-0.2, 0.86), (0.03, 1.0), (0.2, 0.78)):
        tip_x, tip_y = x + lean * size, y - tall * size
        c.line(
            ((x, y - size * 0.05), (x + lean * size * 0.3, y - size * 0.4), (tip_x, tip_y + size * 0.12)),
            size * 0.025,
            stage.palette.leaf,
        )
        c.polygon(
            (
                (tip_x, tip_y + size * 0.16),
                (tip_x - size * 0.075, tip_y - size * 0.02),
                (tip_x + size * 0.03, tip_y - size * 0.09),
                (tip_x + size * 0.085, tip_y),
            ),
            WHITE,
        )
        c.polygon(
            ((tip_x, tip_y + size * 0.16), (tip_x + size * 0.01, tip_y), (tip_x + size * 0.085, tip_y)), rgb("d8e0e0")
        )
    half = size * 0.1
    c.shadow(x, y, half * 2, half * 0.6, 0.3)
    c.rect(x - half, y - size * 0.5, x + half, y, rgb("cfe4ee"), alpha=120)
    c.rect(x - half, y - size * 0.2, x + half, y, rgb("b5d6e6"), alpha=130)
    c.rect(x - half, y - size * 0.5, x - half * 0.7, y, WHITE, alpha=190)


def _spheres(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Glass spheres and one floating candle."""
    for dx, r in ((-0.22, 0.17), (0.16, 0.24)):
        cx, cy = x + dx * size, y - r * size
        c.shadow(cx, y, r * size * 1.2, size * 0.05, 0.3)
        c.ellipse(cx, cy, r * size, r * size, rgb("c2dae6"), alpha=170)
        c.ellipse(cx - r * size * 0.1, cy - r * size * 0.1, r * size * 0.8, r * size * 0.8, rgb("e2f0f6"), alpha=150)
        c.ellipse(cx - r * size * 0.4, cy - r * size * 0.4, r * size * 0.2, r * size * 0.2, WHITE)
    lamps.candle(c, x - size * 0.02, y, size * 0.2, WHITE, width=0.3)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.shadow(x, y, size * 0.3, size * 0.08, 0.35)
    c.rect(x - size * 0.2, y - size * 0.4, x + size * 0.2, y, WHITE)
    c.rect(x + size * 0.08, y - size * 0.4, x + size * 0.2, y, shade(WHITE, 0.82))
    _calla(c, stage, x, y - size * 0.4, size * 0.7)


def _detail_calla(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.rect(c.left, 0.84, c.right, c.bottom, WHITE)
    c.rect(c.left, 0.84, c.right, 0.86, shade(WHITE, 0.86))
    _calla(c, stage, x - 0.08, y, size * 1.05)
    _spheres(c, stage, x + 0.26, y + 0.01, size * 0.5)


def _detail_planes(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A white stair before glass, a study in planes."""
    steel = mix(STEEL, WHITE, 0.3)
    for index in range(5):
        u = c.left + (c.right - c.left) * index / 4
        c.line(((u, c.top), (u, c.bottom)), 0.012, steel)
    s = Flat(x - 0.62, 1.05, 1)
    for step in range(9):
        fill(c, s, step * 0.14, -0.2, 1.6, step * 0.1 + 0.03, shade(WHITE, 1.0 - 0.045 * (step % 2) - 0.012 * step))
        fill(c, s, step * 0.14, step * 0.1 + 0.012, 1.6, step * 0.1 + 0.03, WHITE)
        fill(c, s, step * 0.14, step * 0.1 - 0.07, step * 0.14 + 0.006, step * 0.1 + 0.012, shade(WHITE, 0.8))
    c.polygon([s.at(0.05, 0.05), s.at(1.3, 0.94), s.at(1.3, 1.3), s.at(0.05, 0.42)], rgb("cfe4ee"), alpha=90)
    c.line((s.at(0.02, 0.42), s.at(1.3, 1.32)), 0.014, STEEL)


def _globe_lamp(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A plain white globe."""
    c.line(((x, c.top), (x, y)), 0.002, STEEL)
    c.ellipse(x, y, size * 0.2, size * 0.2, rgb("fff8ea"), lit=False)
    c.glow(x, y, size * 0.5, (255, 244, 220), 0.3)


STYLE = Style(
    "modern_glass",
    _PALETTES,
    _garden,
    _room,
    _terrace,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_calla, _spheres),
    (_detail_calla, _detail_planes),
    _globe_lamp,
    _prop,
)
