"""The five scenes: which part of the cast is painted where. The parts themselves belong to the styles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from demo.pictures.canvas import Canvas
from demo.pictures.colour import shade
from demo.pictures.kit.flowers import flower
from demo.pictures.kit.perspective import Camera, Plane, fill
from demo.pictures.kit.tableware import glass, plate
from demo.pictures.stage import Stage

_BACKDROP_SIDE = 72  # pixels of the short side: out of focus anyway


def exterior(c: Canvas, stage: Stage) -> None:
    """The place from outside, with a few things of the dressing style about."""
    place, own = stage.act("place")
    camera = place.exterior(c, own)
    rng = stage.rng
    dressed = len(stage.palettes) > 1
    if dressed:
        z = 7.0
        stage.thing("arch", lambda s: s.arch, c, *camera.at(rng.uniform(-1.2, 1.2), 0, z), camera.size(2.7, z))
    for side in (-1, 1):
        if dressed or rng.random() < 0.55:
            z = rng.uniform(3.2, 4.6)
            x, y = camera.at(side * rng.uniform(1.0, 1.6) + camera.slide, 0, z)
            stage.thing("prop", lambda s: s.prop, c, x, min(y, 0.97), camera.size(0.9, z))


def interior(c: Canvas, stage: Stage) -> None:
    """The room set for a party: tables in depth, lamps over them."""
    place, own = stage.act("place")
    camera = place.room(c, own)
    rng = stage.rng
    columns = rng.choice(((-1.5, 1.5), (-1.7, 0.1, 1.8), (-1.3, 1.6)))
    depths = sorted((rng.uniform(3.4, 4.2), rng.uniform(5.2, 6.2), rng.uniform(7.2, 8.2)), reverse=True)
    for z in depths[: rng.choice((2, 3, 3))]:
        for x in columns:
            _laid_table(c, stage, camera, x + rng.uniform(-0.15, 0.15), z)
        lamp_x, lamp_y = camera.at(rng.uniform(-0.4, 0.4), rng.uniform(2.7, 3.0), z)
        stage.thing("lamp", lambda s: s.lamp, c, lamp_x, lamp_y, camera.size(0.9, z))
    z = 3.0
    x, y = camera.at(rng.choice((-1.15, 1.15)) + camera.slide, 0, z)
    if rng.random() < 0.6 or stage.cast["prop"] is not place:
        stage.thing("prop", lambda s: s.prop, c, x, min(y, 0.97), camera.size(0.8, z))


def _laid_table(c: Canvas, stage: Stage, camera: Camera, x: float, z: float) -> None:
    px, py = camera.at(x, 0, z)
    size = camera.size(0.76, z)
    seat, seated = stage.act("seat")
    for offset in (-0.55, 0.55):
        sx, sy = camera.at(x + offset, 0, z + 0.75)
        seat.seat(c, seated, sx, sy, camera.size(0.95, z + 0.75))
    stage.thing("tabletop", lambda s: s.table, c, px, py, size)
    centre, dressed = stage.act("centre")
    stage.rng.choice(centre.centres)(c, dressed, px, py - size * 1.05, camera.size(0.55, z))


def _backdrop(c: Canvas, stage: Stage, blur: float) -> None:
    """Lay the place behind the subject, out of focus."""
    place, own = stage.act("place")
    grow = _BACKDROP_SIDE / min(c.width, c.height)
    behind = Canvas(max(16, round(c.width * grow)), max(16, round(c.height * grow)), c.light)
    roofed = stage.rng.random() < stage.roofed
    camera = (place.room if roofed else place.ceremony)(behind, own)
    lamp, lit = stage.act("lamp")
    for _ in range(3 if roofed else 0):
        z = stage.rng.uniform(4, 7)
        x, y = camera.at(stage.rng.uniform(-2, 2), 2.7, z)
        lamp.lamp(behind, lit, x, y, camera.size(0.9, z))
    c.lay(behind.blurred(blur))


def table(c: Canvas, stage: Stage) -> None:
    """A table laid for guests, the place out of focus behind it."""
    rng = stage.rng
    _backdrop(c, stage, 0.016)
    camera = Camera(rng.uniform(-0.14, 0.14), rng.uniform(0.2, 0.3), rng.uniform(0.5, 0.62), rng.uniform(0.95, 1.15))
    end_on = rng.random() < 0.55
    half = rng.uniform(0.75, 0.95) if end_on else 3.0
    near, far = 0.5, rng.uniform(2.1, 2.8) if end_on else rng.uniform(1.5, 1.8)
    if end_on:
        top = Plane(camera, (0, 0, near), (half, 0, 0), (0, 0, far - near))
    else:  # the table runs from side to side, and so does what lies along it
        long = 1.3 * (c.right - c.left)
        top = Plane(camera, (-long, 0, (near + far) / 2), (0, 0, (near - far) / 2), (2 * long, 0, 0))
    cover, covered = stage.act("tabletop")
    x, y = camera.at(0, 0, far)
    c.shadow(x, y, 0.8, 0.05, 0.35)
    fill(
        c,
        Plane(camera, (0, -0.03, near), (half, 0, 0), (0, 0, far - near)),
        -1,
        0,
        1,
        1,
        shade(covered.palette.wood, 0.5),
    )
    cover.tabletop(c, covered, top)
    centre, dressed = stage.act("centre")
    count = rng.choice((2, 3, 3, 4))
    depths = sorted((rng.uniform(0.98, far - 0.12) for _ in range(count)), reverse=True)
    for index, z in enumerate(depths):
        spread = 0.1 if end_on else 0.55
        across = (index - (count - 1) / 2) / count * spread * 2 + rng.uniform(-0.06, 0.06)
        painter = centre.centres[(index + stage.rng.randrange(2)) % len(centre.centres)]
        px, py = camera.at(across, 0, z)
        painter(c, dressed, px, py, camera.size(rng.uniform(0.34, 0.44), z))
        if end_on:
            for side in (-1, 1):
                _place_setting(c, stage, camera, side * half * 0.66, z - 0.05)
    if not end_on:
        for x in (-0.42, 0.42) if rng.random() < 0.5 else (-0.6, 0.0, 0.6):
            _place_setting(c, stage, camera, x + rng.uniform(-0.03, 0.03), 0.86)


def _place_setting(c: Canvas, stage: Stage, camera: Camera, x: float, z: float) -> None:
    palette = stage.act("centre")[1].palette
    linen = stage.act("tabletop")[1].palette
    px, py = camera.at(x, 0, z)
    rx = camera.size(0.15, z)
    ry = rx * camera.eye / z * 0.9
    gx, gy = camera.at(x + (0.17 if x < 0 else -0.17), 0, z + 0.12)
    glass(c, gx, gy, camera.size(0.2, z + 0.12), drink=stage.rng.choice((None, palette.second)))
    plate(c, px, py, rx, ry, palette.metal, shade(linen.cloth, 1.04), palette.accent)
    for side in (-1.25, 1.25):
        c.line(
            ((px + rx * side, py - ry * 0.6), (px + rx * side * 1.03, py + ry * 0.6)),
            rx * 0.05,
            shade(palette.metal, 1.15),
        )


def detail(c: Canvas, stage: Stage) -> None:
    """One thing of the style, close to."""
    rng = stage.rng
    _backdrop(c, stage, 0.035)
    style, own = stage.act("detail")
    painter = rng.choice(style.details)
    painter(c, own, rng.uniform(-0.1, 0.1), rng.uniform(0.88, 0.95), rng.uniform(0.66, 0.8))
    if len(stage.palettes) > 1:  # some subjects hide the backdrop: a second thing keeps the mixture in sight
        centre, dressed = stage.act("centre")
        rng.choice(centre.centres)(c, dressed, rng.choice((-0.34, 0.34)), 0.98, 0.44)


def ceremony(c: Canvas, stage: Stage) -> None:
    """An aisle between rows of seats, leading to an arch."""
    rng = stage.rng
    place, own = stage.act("place")
    camera = place.ceremony(c, own)
    far = rng.uniform(6.2, 7.6)
    arch, dressed = stage.act("arch")
    aisle = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    runner = dressed.palette.second if rng.random() < 0.4 else dressed.palette.cloth
    fill(c, aisle, -0.62, 0.3, 0.62, far, shade(runner, 0.96))
    x, y = camera.at(0, 0, far)
    arch.arch(c, dressed, x, y, camera.size(rng.uniform(2.5, 2.9), far))
    seat, seated = stage.act("seat")
    rows = rng.choice((3, 4))
    for row in range(rows):
        z = far - 1.1 - (far - 3.6) * row / rows
        for side in (-1, 1):
            for place_in_row in range(3 if z > 4 else 2, 0, -1):
                sx, sy = camera.at(side * (0.45 + 0.68 * place_in_row), 0, z)
                if c.left - 0.1 < sx < c.right + 0.1:
                    seat.seat(c, seated, sx, sy, camera.size(0.95, z))
        if rng.random() < 0.6:
            for _ in range(5):
                fx, fy = camera.at(rng.choice((-1, 1)) * rng.uniform(0.4, 0.6), 0, z)
                flower(c, rng, fx, fy, camera.size(0.12, z), rng.choice(dressed.palette.blooms))


SCENE_PAINTERS: Final[Mapping[str, Callable[[Canvas, Stage], None]]] = {
    "exterior": exterior,
    "interior": interior,
    "table": table,
    "detail": detail,
    "ceremony": ceremony,
}
