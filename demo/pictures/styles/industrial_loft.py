"""Industrial loft: brick, steel windows, black iron, concrete, bare filament bulbs."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill
from demo.pictures.kit.surfaces import bricks, lines, window
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import common

IRON = rgb("2b2b2d")
_PALETTES = (
    palette("3a3c3f b8693c 8f9092 6d5440 b0703f 7f998c a4533a 8e8c88", "f2ede4 c96f4a 8a9a90"),
    palette("2f3336 c07f4f 9a9a98 5f4c3c b98253 86a090 8f4c38 9a9894", "ffffff d9a07a 6f8a80"),
    palette("44464a a65f38 838688 77604a a8683c 76917f b0604a 84827e", "efe6dc b85c3f 9fb0a6"),
)


def _street(c: Canvas, stage: Stage) -> Camera:
    """A brick works with a saw-tooth roof, steel windows, a fire escape and a water tower."""
    rng = stage.rng
    camera = common.open_air(rng, 0.6)
    nature.sky(c, rng, camera.horizon, clouds=4)
    for _ in range(6):
        x, w, h = rng.uniform(c.left, c.right), rng.uniform(0.08, 0.2), rng.uniform(0.1, 0.3)
        c.rect(x, camera.horizon - h, x + w, camera.horizon + 0.1, rgb("6b6460"), far=0.55)
    base = camera.horizon + rng.uniform(0.16, 0.22)
    nature.ground(c, camera.horizon, stage.palette.floor, far=0.1)
    s = Flat(rng.uniform(-0.56, -0.46), base, 1)
    width, height = rng.uniform(0.95, 1.15), rng.uniform(0.5, 0.62)
    tower = rng.uniform(0.1, 0.8)
    for leg in (0, 0.05, 0.1):
        c.line((s.at(tower + leg, height), s.at(tower + leg, height + 0.14)), 0.008, IRON)
    fill(c, s, tower - 0.02, height + 0.13, tower + 0.12, height + 0.25, rgb("6a4a38"))
    c.polygon(
        [s.at(tower - 0.03, height + 0.25), s.at(tower + 0.05, height + 0.31), s.at(tower + 0.13, height + 0.25)], IRON
    )
    chimney = (tower + 0.42) % 0.9
    bricks(c, rng, s, chimney, height, chimney + 0.07, height + 0.26, shade(stage.palette.wall, 0.85), 9, ratio=2)
    bricks(c, rng, s, 0, 0, width, height, stage.palette.wall, 22, share=0.28)
    fill(c, s, -0.01, height, width + 0.01, height + 0.025, IRON)
    columns, rows = rng.choice((4, 5)), 3
    glass = common.lit_window(c, rgb("8fa3ae"))
    step = width / columns
    for row in range(rows):
        for column in range(columns):
            u, v = column * step + step * 0.14, 0.06 + row * (height - 0.06) / rows
            tone = glass if rng.random() < 0.7 else shade(glass, 0.7)
            if row == 0 and column == columns // 2:
                fill(c, s, u, 0, u + step * 0.7, 0.15, IRON)
                fill(c, s, u + 0.012, 0, u + step * 0.7 - 0.012, 0.135, rgb("ffca80"), lit=False)
                c.glow(*s.at(u + step * 0.35, 0.07), 0.14, rgb("ffc070"), 0.4)
            else:
                window(c, s, u, v, u + step * 0.72, v + height / rows * 0.66, tone, IRON, 4, 3, bar=0.004)
    side = rng.choice((1, columns - 2)) * step
    for row in range(1, rows):
        v = 0.03 + row * (height - 0.06) / rows
        fill(c, s, side, v, side + step, v + 0.01, IRON)
        c.line((s.at(side, v + 0.05), s.at(side + step, v + 0.05)), 0.004, IRON)
        c.line((s.at(side, v), s.at(side + step, v - (height - 0.06) / rows)), 0.007, IRON)
    lines(c, Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1)), -4, 1, 4, 6, 8, 5, 0.002, shade(stage.palette.floor, 0.75))
    lamps.bulbs(c, c.left, base - 0.3, c.right, base - 0.26, 0.1, 11, 0.008)
    return camera


def _room(c: Canvas, stage: Stage) -> Camera:
    rng, wall = stage.rng, stage.palette.wall
    box = common.room(rng, width=6.8, height=4.2)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, wall, rgb("4a4846"))
    bricks(c, rng, box.left, 3.8, 0, d, h, shade(wall, 0.76), 15, share=0.3)
    bricks(c, rng, box.back, 0, 0, w, h, wall, 16, share=0.3)
    lines(c, box.floor, 0, 1, w, d, 4, 6, 0.002, shade(stage.palette.floor, 0.8))
    glass = common.glass_colour(c, rgb("dbe7ea"))
    for start in (d * 0.42, d * 0.72):
        window(c, box.right, start, 0.8, start + d * 0.24, h - 0.5, glass, IRON, 5, 5, bar=0.005)
    for u in (w * 0.08, w * 0.54):
        window(c, box.back, u, 1.0, u + w * 0.38, h - 0.6, glass, IRON, 6, 5, bar=0.005)
    if c.light.name == "daylight":
        for start in (d * 0.42, d * 0.72):
            c.polygon(
                (
                    box.floor.at(w, start),
                    box.floor.at(w, start + 1.6),
                    box.floor.at(w * 0.5, start + 0.7),
                    box.floor.at(w * 0.5, start - 0.8),
                ),
                rgb("fff6e0"),
                alpha=70,
            )
            c.glow(*box.right.at(start + 1, 2.5), 0.3, rgb("fff4e0"), 0.25)
    for z in (d * 0.92, d * 0.68, d * 0.46):
        c.line((camera.at(-w / 2, h - 0.15, z), camera.at(w / 2, h - 0.15, z)), camera.size(0.26, z), IRON)
        for side in (-0.3, 0.3):
            x0, y0 = camera.at(side * w, 0, z)
            thick = camera.size(0.12, z)
            c.rect(x0 - thick, camera.at(0, h, z)[1], x0 + thick, y0, IRON)
            c.rect(x0 - thick * 0.6, camera.at(0, h, z)[1], x0 - thick * 0.2, y0, rgb("4c4c50"))
    duct = camera.size(0.3, d)
    c.polygon(
        (
            camera.at(-1.9, h - 0.5, 1.4),
            camera.at(-1.2, h - 0.5, 1.4),
            camera.at(-1.2, h - 0.5, d),
            camera.at(-1.9, h - 0.5, d),
        ),
        rgb("a9adb0"),
    )
    c.ellipse(*camera.at(-1.55, h - 0.5, d), duct, duct, rgb("8a8e92"))
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    fill(c, s, -1, 0, 1, 1, stage.palette.cloth)
    for index in range(5):
        fill(c, s, -1 + index * 0.4, 0, -0.7 + index * 0.4, 1, shade(stage.palette.cloth, 0.96 + 0.02 * (index % 3)))
    fill(c, s, -1, 0, -0.94, 1, IRON)
    fill(c, s, 0.94, 0, 1, 1, IRON)
    fill(c, s, -0.17, 0, 0.17, 1, stage.palette.accent)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, rgb("5a5552"))


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A frame of copper pipe hung with bulbs and eucalyptus."""
    width = size * 0.8
    common.square_frame(c, x, y, width, size, size * 0.035, stage.palette.metal)
    points = common.frame_points(x, y, width, size, 6)
    flowers.garland(c, stage.rng, points[9:15], size * 0.12, stage.palette.leaf, stage.palette.blooms, share=0.3)
    for index in range(5):
        bx = x - width * 0.38 + width * 0.19 * index
        drop = y - size * (0.86 - 0.12 * ((index * 2) % 3))
        c.line(((bx, y - size), (bx, drop)), 0.002, IRON)
        c.ellipse(bx, drop, size * 0.025, size * 0.034, (255, 214, 150), lit=False)
        c.glow(bx, drop, size * 0.14, (255, 190, 110), 0.5)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.chair(c, x, y, size, IRON, rgb("47484b"), slats=1)


def _bulb_stand(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Eucalyptus in a tin beside a bulb on a pipe."""
    pipe = stage.palette.metal
    c.rect(x - size * 0.2, y - size * 0.1, x + size * 0.2, y, IRON)
    c.line(((x, y - size * 0.1), (x, y - size * 0.55)), size * 0.06, pipe)
    c.rect(x - size * 0.06, y - size * 0.62, x + size * 0.06, y - size * 0.5, IRON)
    c.ellipse(x, y - size * 0.78, size * 0.13, size * 0.17, (255, 205, 128), lit=False)
    c.line(
        (
            (x - size * 0.05, y - size * 0.66),
            (x - size * 0.02, y - size * 0.86),
            (x + size * 0.03, y - size * 0.68),
            (x + size * 0.05, y - size * 0.86),
        ),
        size * 0.02,
        (255, 250, 226),
        lit=False,
    )
    c.glow(x, y - size * 0.78, 0.05 + size * 0.5, (255, 190, 110), 0.4)


def _eucalyptus(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.stamp("fern", stage.rng.randrange(4), x, y - size * 0.6, size * 0.9, size * 0.7, shade(stage.palette.leaf, 0.8))
    flowers.bouquet(
        c, stage.rng, x, y - size * 0.55, size * 0.55, size * 0.44, stage.palette.leaf, stage.palette.blooms, 5
    )
    tableware.vase(c, x, y, size * 0.4, rgb("54565a"), waist=1.0)
    c.rect(x - size * 0.13, y - size * 0.3, x + size * 0.13, y - size * 0.24, stage.palette.metal)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """An oil drum with branches."""
    half = size * 0.26
    c.shadow(x, y, half * 1.8, size * 0.1, 0.5)
    c.stamp("fern", 2, x, y - size * 0.95, size * 0.8, size * 0.7, shade(stage.palette.leaf, 0.8))
    c.rect(x - half, y - size * 0.6, x + half, y, rgb("3f4a50"))
    for hoop in (0.02, 0.2, 0.4, 0.58):
        c.rect(x - half * 1.04, y - size * hoop - 0.008, x + half * 1.04, y - size * hoop, rgb("66737a"))


def _brick_wall(c: Canvas, stage: Stage) -> None:
    bricks(c, stage.rng, Flat(0, 1, 1), c.left, 1 - c.bottom, c.right, 1 - c.top, stage.palette.wall, 13, share=0.6)


def _detail_bulbs(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Big filament bulbs before bare brick."""
    _brick_wall(c, stage)
    for index in range(stage.rng.choice((2, 3, 3))):
        bx = x + (index - 1) * 0.29 + stage.rng.uniform(-0.03, 0.03)
        c.pool(bx, 0.5, 0.3, 0.36, (226, 196, 150), 0.35)
        lamps.pendant(c, bx, stage.rng.uniform(0.36, 0.66), size * 0.24)


def _detail_pipes(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Black pipe and copper, a steel shelf with bottles and greenery."""
    _brick_wall(c, stage)
    for px, colour in ((-0.4, IRON), (-0.31, stage.palette.metal), (0.42, IRON)):
        c.rect(px - 0.025, c.top, px + 0.025, c.bottom, colour)
        c.rect(px - 0.014, c.top, px - 0.004, c.bottom, mix(colour, (255, 255, 255), 0.35))
        for joint in (0.3, 0.75):
            c.rect(px - 0.036, joint, px + 0.036, joint + 0.05, shade(colour, 0.8))
    c.shadow(0.05, y, 0.5, 0.12, 0.5)
    c.rect(-0.31, y - 0.06, c.right, y - 0.02, rgb("4c4e52"))
    _eucalyptus(c, stage, x - 0.06, y - 0.06, size * 0.75)
    _bulb_stand(c, stage, x + 0.25, y - 0.06, size * 0.6)


def _pendants(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Three bare bulbs."""
    for dx, dy in ((-0.7, 0), (0, 0.3), (0.7, -0.1)):
        lamps.pendant(c, x + dx * size, y - dy * size, size * 0.2)


STYLE = Style(
    "industrial_loft",
    _PALETTES,
    _street,
    _room,
    _room,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_bulb_stand, _eucalyptus),
    (_detail_bulbs, _detail_pipes),
    _pendants,
    _prop,
)
