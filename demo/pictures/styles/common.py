"""What several styles share: cameras to start from, the shell of a room, frames for arches, linen on tables."""

from __future__ import annotations

from math import hypot
from random import Random

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, WHITE, mix, shade
from demo.pictures.kit.perspective import Box, Camera, Surface, fill
from demo.pictures.kit.surfaces import planks
from demo.pictures.stage import Stage


def open_air(rng: Random, horizon: float = 0.46) -> Camera:
    """A camera out of doors, framed a little differently every time."""
    return Camera(
        rng.uniform(-0.1, 0.1), horizon + rng.uniform(-0.06, 0.07), 1.6, rng.uniform(0.9, 1.15), rng.uniform(-0.3, 0.3)
    )


def room(rng: Random, *, width: float = 6.6, height: float = 4.0, depth: float = 9.5) -> Box:
    """A room of about these metres, framed a little differently every time."""
    camera = Camera(
        rng.uniform(-0.13, 0.13), rng.uniform(0.44, 0.53), 1.55, rng.uniform(0.78, 1.0), rng.uniform(-0.6, 0.6)
    )
    return Box(camera, width * rng.uniform(0.92, 1.12), height * rng.uniform(0.94, 1.1), depth * rng.uniform(0.9, 1.1))


def shell(c: Canvas, box: Box, floor: RGB, wall: RGB, ceiling: RGB) -> None:
    """Floor, walls and ceiling, the left wall in shade, the floor darker towards the viewer."""
    w, h, d = box.width, box.height, box.depth
    fill(c, box.ceiling, 0, 0.1, w, d, shade(ceiling, 0.9))
    fill(c, box.floor, 0, 0.1, w, d, floor)
    fill(c, box.left, 0.1, 0, d, h, shade(wall, 0.74))
    fill(c, box.right, 0.1, 0, d, h, shade(wall, 0.9))
    fill(c, box.back, 0, 0, w, h, wall)
    x, y = box.camera.at(0, 0, d)
    c.shadow(x, y, box.camera.size(w * 0.7, d), 0.06, 0.5)
    for side in (-1, 1):
        x, y = box.camera.at(side * w / 2, h / 2, d)
        c.shadow(x, y, 0.06, box.camera.size(h * 0.9, d), 0.35)


def glass_colour(c: Canvas, day: RGB = (224, 238, 246)) -> RGB:
    """What a window shows from inside: daylight, or the dark sky of the evening."""
    return day if c.light.name != "lamplight" else mix(c.light.zenith, c.light.horizon, 0.5)


def lit_window(c: Canvas, glass: RGB = (96, 112, 132)) -> RGB:
    """What a window shows from outside: warm light when lamps matter, sky in it when they do not."""
    return mix(mix(glass, c.light.horizon, 0.35), (255, 205, 120), min(1.0, c.light.lamps * 1.15))


def linen(c: Canvas, stage: Stage, s: Surface, *, runner: bool = True) -> None:
    """A table cloth, with a runner down the middle."""
    cloth = stage.palette.cloth
    fill(c, s, -1, 0, 1, 1, cloth)
    for fold in (-0.5, 0.5):
        fill(c, s, fold - 0.012, 0, fold + 0.012, 1, shade(cloth, 0.93))
    if runner:
        fill(c, s, -0.2, 0, 0.2, 1, shade(stage.palette.accent, 0.8))
        fill(c, s, -0.185, 0, 0.185, 1, stage.palette.accent)


def boards(c: Canvas, stage: Stage, s: Surface, *, runner: RGB | None = None) -> None:
    """A bare plank table, with a runner if asked."""
    planks(c, stage.rng, s, -1, 0, 1, 1, stage.palette.wood, 9, spread=9)
    if runner is not None:
        fill(c, s, -0.26, 0, 0.26, 1, shade(runner, 0.78))
        fill(c, s, -0.24, 0, 0.24, 1, runner)


def frame_points(x: float, y: float, width: float, height: float, count: int = 7) -> list[tuple[float, float]]:
    """Points up the left post, along the top and down the right post of a square frame."""
    left, right, top = x - width / 2, x + width / 2, y - height
    points = [(left, y - height * i / count) for i in range(count)]
    points += [(left + width * i / count, top) for i in range(count)]
    return points + [(right, top + height * i / count) for i in range(count + 1)]


def square_frame(c: Canvas, x: float, y: float, width: float, height: float, thick: float, colour: RGB) -> None:
    """Two posts and a lintel standing on (x, y)."""
    c.shadow(x, y, width * 0.7, height * 0.06, 0.5)
    for side in (-1, 1):
        post = x + side * width / 2
        c.rect(post - thick / 2, y - height, post + thick / 2, y, colour)
        c.rect(post + thick * 0.15, y - height, post + thick / 2, y, shade(colour, 0.72))
    c.rect(
        x - width / 2 - thick,
        y - height - thick * 0.6,
        x + width / 2 + thick,
        y - height + thick * 0.4,
        shade(colour, 1.12),
    )


def drape(c: Canvas, x: float, y: float, width: float, height: float, cloth: RGB) -> None:
    """Cloth swagged over a frame and falling down its left post."""
    left, right, top = x - width / 2, x + width / 2, y - height
    c.polygon(
        (
            (left - 0.02, top),
            (x - width * 0.1, top + height * 0.16),
            (right, top),
            (right, top - height * 0.03),
            (left, top - height * 0.03),
        ),
        cloth,
    )
    c.polygon(
        (
            (left - width * 0.1, top),
            (left + width * 0.1, top),
            (left + width * 0.02, top + height * 0.45),
            (left + width * 0.1, y),
            (left - width * 0.12, y),
            (left - width * 0.04, top + height * 0.45),
        ),
        mix(cloth, WHITE, 0.3),
    )
    c.polygon(
        (
            (left, top),
            (left + width * 0.1, top),
            (left + width * 0.02, top + height * 0.45),
            (left + width * 0.1, y),
            (left + width * 0.02, y),
            (left, top + height * 0.45),
        ),
        shade(cloth, 0.82),
    )


def reach(s: Surface, v: float) -> float:
    """About how large a decoration on a runner should be, in canvas units, at `v` along a table."""
    (x0, y0), (x1, y1) = s.at(-0.15, v), s.at(0.15, v)
    return max(0.08, 0.5 * hypot(x1 - x0, y1 - y0))
