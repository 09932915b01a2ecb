"""Vineyard: rows of vines on rolling hills, cypresses, a terracotta villa, barrels, grapes and wine."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, nature, tableware
from demo.pictures.kit.perspective import Camera, Plane, Surface
from demo.pictures.kit.surfaces import arch, bricks, planks
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import buildings, common

GRAPE = rgb("5a2a5e")
_PALETTES = (
    palette("8c9a4e 7a1f3d efe3c4 a87844 c08a54 7f9a3e e2b878 c9a468", "f2e8c8 b8506a 8a4a8e"),
    palette("9aa65a 8a2846 f4ead0 b58450 b87f4a 8aa544 e8c48a d2ae72", "fff2d4 d9788a 6f3f86"),
    palette("6f8048 6a1a38 e9dcb8 96683a b0763f 74903a d9aa68 bf985c", "f0e0b0 a8446a 9a5a9e"),
)


def grapes(c: Canvas, stage: Stage, x: float, y: float, size: float, colour: RGB = GRAPE) -> None:
    """A bunch of grapes hanging from (x, y)."""
    radius = size * 0.105
    for row in range(6):
        wide = (3, 4, 4, 3, 2, 1)[row]
        for index in range(wide):
            gx = x + (index - (wide - 1) / 2) * radius * 1.75
            gy = y + radius + row * radius * 1.5
            c.ellipse(gx, gy, radius, radius, shade(colour, 0.75))
            c.ellipse(gx - radius * 0.12, gy - radius * 0.12, radius * 0.8, radius * 0.8, shade(colour, 1.2))
            c.ellipse(
                gx - radius * 0.35, gy - radius * 0.35, radius * 0.22, radius * 0.22, mix(colour, (255, 255, 255), 0.65)
            )
    c.line(((x, y), (x + radius * 0.6, y - radius * 1.6)), radius * 0.35, nature.BARK)
    c.stamp(
        "monstera",
        stage.rng.randrange(4),
        x - size * 0.2,
        y - size * 0.02,
        size * 0.45,
        size * 0.36,
        shade(stage.palette.leaf, 1.05),
    )


def _hills(c: Canvas, stage: Stage, camera: Camera) -> None:
    """Blue ridges, ochre slopes, cypresses, and vines in rows towards the viewer."""
    rng, horizon = stage.rng, camera.horizon
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    nature.sky(c, rng, horizon + 0.02)
    nature.ridge(c, rng, horizon + 0.02, 0.17, rgb("7f90a0"), far=0.5, rough=0.12)
    nature.ridge(c, rng, horizon + 0.03, 0.1, mix(leaf, rgb("d2ae62"), 0.4), far=0.3, rough=0.05)
    nature.ground(c, horizon + 0.01, stage.palette.floor, far=0.2)
    for _ in range(5):
        x = rng.uniform(c.left, c.right)
        nature.cypress(c, rng, x, horizon + 0.03, rng.uniform(0.14, 0.24), rgb("3f5a34"), far=0.2)


def _vines(c: Canvas, stage: Stage, camera: Camera, inner: float) -> None:
    rng = stage.rng
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    for row in (5, 4, 3, 2, 1):
        for side in (-1, 1):
            x = side * (inner + (row - 1) * 1.7)
            c.polygon(
                (camera.at(x, 0.25, 1.2), camera.at(x, 1.25, 1.2), camera.at(x, 1.25, 40), camera.at(x, 0.25, 40)),
                shade(leaf, 0.62),
            )
            for z in (24.0, 15.0, 10.0, 7.0, 5.2, 4.0, 3.1):
                px, py = camera.at(x, 0.85, z)
                if c.left - 0.2 < px < c.right + 0.2:
                    size = camera.size(1.25, z)
                    far = min(0.45, z / 50)
                    c.stamp("crown", row, px, py, size * 1.5, size, shade(leaf, 0.8), far=far)
                    c.stamp("crown_light", row + 1, px, py, size * 1.5, size, shade(leaf, 1.25), far=far)
                    if z < 8 and rng.random() < 0.7:
                        grapes(c, stage, px - side * size * 0.25, py, size * 0.36)


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.47)
    _hills(c, stage, camera)
    x = rng.choice((-0.26, 0.24)) + rng.uniform(-0.06, 0.06)
    buildings.villa(c, stage, x, camera.horizon + 0.06, rng.uniform(0.36, 0.5))
    for dx in (-0.26, -0.2, 0.3):
        nature.cypress(c, rng, x + dx, camera.horizon + 0.08, rng.uniform(0.26, 0.36), rgb("3a5430"))
    _vines(c, stage, camera, rng.uniform(0.75, 1.05))
    return camera


def _cellar(c: Canvas, stage: Stage) -> Camera:
    """A vaulted brick cellar, barrels along its walls."""
    rng, wall = stage.rng, shade(stage.palette.wall, 0.8)
    box = common.room(rng, width=6.2, height=2.4)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, rgb("b98a5e"), wall, wall)
    bricks(c, rng, box.left, 3.5, 0, d, h, shade(wall, 0.72), 9, share=0.3)
    bricks(c, rng, box.right, 3.5, 0, d, h, shade(wall, 0.86), 9, share=0.3)
    c.rect(c.left, c.top, c.right, camera.at(0, h, d)[1], shade(wall, 0.6))
    vault = shade(wall, 0.55)
    for index, z in enumerate((1.6, 2.6, 3.6, 4.7, 6.0, 7.6, d)):
        points = []
        for step in range(13):
            t = step / 12 * 2 - 1
            points.append(camera.at(t * w / 2, h + 1.7 * (1 - t * t) ** 0.6, z))
        c.polygon([*points, camera.at(w / 2, h, z), camera.at(-w / 2, h, z)], mix(vault, wall, index / 7))
        c.line(points, camera.size(0.22, z), shade(buildings.TERRACOTTA, 0.75 + 0.05 * index))
    bricks(c, rng, box.back, 0, 0, w, h, wall, 10, share=0.4)
    arch(
        c,
        box.back,
        w * 0.36,
        0,
        w * 0.64,
        h + 0.3,
        common.glass_colour(c, mix(rgb("c8d88a"), c.light.horizon, 0.5)),
        lit=False,
        frame=buildings.TERRACOTTA,
        frame_width=0.12,
    )
    for z in (d * 0.92, d * 0.74, d * 0.58, d * 0.45):
        for side in (-1, 1):
            for level in (0, 1):
                x, y = camera.at(side * (w / 2 - 0.45), 0.5 + level * 0.82, z)
                r = camera.size(0.42, z)
                c.ellipse(x - side * -r * 0.4, y, r, r, shade(stage.palette.wood, 0.6))
                c.ellipse(x, y, r, r, rgb("4a4038"))
                c.ellipse(x, y, r * 0.9, r * 0.9, stage.palette.wood)
                for plank in (-0.45, 0, 0.45):
                    c.line(
                        ((x + plank * r, y - r * 0.8), (x + plank * r, y + r * 0.8)),
                        0.002,
                        shade(stage.palette.wood, 0.65),
                    )
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = common.open_air(stage.rng, 0.44)
    _hills(c, stage, camera)
    buildings.villa(c, stage, stage.rng.choice((-0.33, 0.33)), camera.horizon + 0.05, 0.26)
    _vines(c, stage, camera, 3.4)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    common.boards(c, stage, s)
    rng = stage.rng
    for index in range(9):
        v = 1 - index / 9
        x, y = s.at(rng.uniform(-0.1, 0.1), v)
        size = common.reach(s, v) * 1.1
        c.stamp("crown_light", index, x, y, size * 2, size, rgb("8a9a6a"))
        c.stamp("crown_light", index + 1, x, y, size * 1.8, size * 0.9, rgb("b9c49a"))
        if index % 3 == 1:
            grapes(c, stage, x + rng.uniform(-0.04, 0.04), y - size * 0.3, size * 1.1)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A wooden arbour grown over with vines and grapes, barrels at its feet."""
    width = size * 0.82
    common.square_frame(c, x, y, width, size, size * 0.06, stage.palette.wood)
    points = common.frame_points(x, y, width, size, 6)
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    flowers.garland(c, stage.rng, points[3:16], size * 0.16, leaf, stage.palette.blooms, share=0.2)
    for t in (-0.3, 0.0, 0.3):
        grapes(c, stage, x + t * width, y - size * 0.97, size * 0.2)
    for side in (-1, 1):
        furniture.barrel(c, x + side * width * 0.62, y + size * 0.03, size * 0.3, stage.palette.wood)
        flowers.bouquet(
            c,
            stage.rng,
            x + side * width * 0.62,
            y - size * 0.33,
            size * 0.24,
            size * 0.18,
            leaf,
            stage.palette.blooms,
            6,
        )


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    wood = shade(stage.palette.wood, 0.85)
    furniture.chair(c, x, y, size, wood, rgb("e6d4a8"), slats=0)
    half = size * 0.22
    for side in (-1, 1):
        c.line(((x - side * half, y - size * 0.98), (x + side * half, y - size * 0.5)), size * 0.035, wood)


def _wine(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    tableware.bottle(c, x - size * 0.08, y, size * 0.95, rgb("2f3d2a"), rgb("efe2c0"))
    tableware.glass(c, x + size * 0.2, y + size * 0.03, size * 0.6, drink=stage.palette.second)
    grapes(c, stage, x + size * 0.02, y - size * 0.22, size * 0.3)


def _bowl(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A terracotta bowl heaped with grapes."""
    for dx, tone in ((-0.2, GRAPE), (0.2, rgb("8fa04a")), (0.0, rgb("6e2a52"))):
        grapes(c, stage, x + dx * size, y - size * 0.52, size * 0.42, tone)
    c.shadow(x, y, size * 0.5, size * 0.12, 0.5)
    c.polygon(
        (
            (x - size * 0.44, y - size * 0.26),
            (x - size * 0.24, y),
            (x + size * 0.24, y),
            (x + size * 0.44, y - size * 0.26),
        ),
        buildings.TERRACOTTA,
    )
    c.rect(x - size * 0.46, y - size * 0.29, x + size * 0.46, y - size * 0.23, shade(buildings.TERRACOTTA, 1.15))


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.barrel(c, x, y, size * 0.85, stage.palette.wood)
    _wine(c, stage, x, y - size * 0.83, size * 0.45)


def _detail_grapes(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Bunches hanging among vine leaves."""
    rng = stage.rng
    leaf = nature.seasonal(stage.palette.leaf, stage.season)
    c.line(((c.left, 0.2), (x, 0.14), (c.right, 0.22)), 0.035, nature.BARK)
    for _ in range(9):
        c.stamp(
            "monstera",
            rng.randrange(4),
            rng.uniform(c.left, c.right),
            rng.uniform(c.top, 0.3),
            0.34,
            0.3,
            shade(leaf, rng.uniform(0.6, 1.2)),
        )
    for dx, tall, tone in ((-0.3, 0.52, rgb("6e2a52")), (0.31, 0.5, GRAPE), (0.0, 0.72, GRAPE)):
        grapes(c, stage, x + dx, rng.uniform(0.18, 0.27), tall * size * 1.3, tone)


def _detail_cask(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Bottle, glass and grapes on a barrel head."""
    planks(
        c,
        stage.rng,
        Plane(Camera(0, 0.42, 0.5, 1), (0, 0, 0.5), (3, 0, 0), (0, 0, 0.9)),
        -1,
        0,
        1,
        1,
        stage.palette.wood,
        9,
    )
    tableware.bottle(c, x - 0.12, y - 0.05, size, rgb("2f3d2a"), rgb("efe2c0"))
    tableware.glass(c, x + 0.14, y, size * 0.66, drink=stage.palette.second)
    _bowl(c, stage, x + 0.34, y + 0.03, size * 0.42)
    grapes(c, stage, x - 0.33, y - 0.24, size * 0.36)


STYLE = Style(
    "vineyard",
    _PALETTES,
    _exterior,
    _cellar,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_wine, _bowl),
    (_detail_grapes, _detail_cask),
    lambda c, stage, x, y, size: lamps.chandelier(c, x, y, size * 0.9, rgb("5a4632"), crystal=False, arms=5),
    _prop,
)
