"""Boho tent: canvas tipis and drapes, layered rugs, pampas, macrame, cushions, terracotta and rose."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Plane, Surface, fill, quad
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import buildings, common

ROPE = rgb("e6d6b8")
_PALETTES = (
    palette("c8643c d99aa0 f1e4cc b98a5c c98e4e a3a06a e9d9bb cdb27e", "e9cfa6 d98c6a f0c8b8"),
    palette("d98b3a b8566a f5ead6 a87a50 bf8448 9a9c70 f0e2c6 d6bc88", "f2dcae e2a06a d9808a"),
    palette("b0523f 3f8a88 efdfc4 c09468 d09a58 aaa478 e4d2b0 c6a974", "eed6b2 c9745a f4e4d0"),
)


def _pampas(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    c.stamp("pampas", stage.rng.randrange(4), x, y - size * 0.48, size * 0.9, size, rgb("b89a6c"))
    c.stamp(
        "pampas", stage.rng.randrange(4), x, y - size * 0.5, size * 0.8, size, mix(stage.palette.blooms[0], WHITE, 0.25)
    )


def _bunting(c: Canvas, stage: Stage, y: float) -> None:
    colours = (stage.palette.accent, stage.palette.second, stage.palette.metal, buildings.CANVAS)
    span = c.right - c.left
    points = [(c.left + span * i / 14, y + 0.22 * (i / 14) * (1 - i / 14) * 2) for i in range(15)]
    c.line(points, 0.003, ROPE)
    for index, (x, py) in enumerate(points):
        c.polygon(((x - 0.022, py), (x + 0.022, py), (x, py + 0.055)), colours[index % 4])


def _meadow(c: Canvas, stage: Stage, camera: Camera) -> None:
    rng = stage.rng
    nature.sky(c, rng, camera.horizon)
    nature.ridge(c, rng, camera.horizon + 0.01, 0.1, rgb("a89a70"), far=0.45, rough=0.08)
    nature.ground(c, camera.horizon, stage.palette.floor, far=0.15)
    nature.tufts(c, rng, c.left, c.right, camera.horizon + 0.06, 0.07, rgb("b8a468"), 12)


def _rugs(c: Canvas, stage: Stage, camera: Camera, near: float, far: float) -> None:
    floor = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    p = stage.palette
    middle = (near + far) / 2
    furniture.rug(c, quad(floor, -1.9, middle, 0.4, far), p.second, p.cloth)
    furniture.rug(c, quad(floor, 0.2, middle - 0.4, 2.2, far - 0.3), p.metal, p.accent)
    furniture.rug(c, quad(floor, -1.2, near, 1.2, middle + 0.5), p.accent, p.cloth)


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.52)
    _meadow(c, stage, camera)
    y = camera.horizon + 0.14
    if rng.random() < 0.6:
        buildings.tipi(c, stage, rng.choice((-0.3, 0.3)), y - 0.05, 0.34)
    x = rng.uniform(-0.1, 0.1)
    buildings.tipi(c, stage, x, y + 0.04, rng.uniform(0.5, 0.6))
    _rugs(c, stage, camera, 2.6, 6.2)
    for side in (-1, 1):
        z = rng.uniform(3.4, 4.6)
        px, py = camera.at(side * 1.3, 0, z)
        motifs.cushion(
            c,
            px,
            py,
            camera.size(0.7, z),
            rng.choice((stage.palette.second, stage.palette.metal, stage.palette.accent)),
        )
        _pampas(c, stage, side * rng.uniform(0.34, 0.46), y + 0.16, rng.uniform(0.26, 0.36))
    if rng.random() < 0.7:
        _bunting(c, stage, 0.06)
    return camera


def _inside(c: Canvas, stage: Stage) -> Camera:
    """Under canvas: drapes radiating from the ridge, rugs, the meadow in the doorway."""
    rng = stage.rng
    camera = Camera(
        rng.uniform(-0.1, 0.1), rng.uniform(0.46, 0.54), 1.5, rng.uniform(0.85, 1.0), rng.uniform(-0.4, 0.4)
    )
    cloth = stage.palette.wall
    c.gradient(c.left, c.top, c.right, c.bottom, shade(cloth, 0.95), shade(cloth, 0.8))
    peak = (camera.x, rng.uniform(-0.12, 0.02))
    rim = camera.horizon - 0.06
    for index in range(12):
        a = c.left - 0.25 + (c.right - c.left + 0.5) * index / 12
        b = c.left - 0.25 + (c.right - c.left + 0.5) * (index + 1) / 12
        tone = (cloth, shade(cloth, 0.86), mix(cloth, stage.palette.second, 0.3))[index % 3]
        c.polygon((peak, (a, rim + 0.03 * (index % 2)), (b, rim + 0.03 * ((index + 1) % 2))), tone)
        c.polygon(((a, rim), (b, rim), (b, c.bottom), (a, c.bottom)), shade(tone, 0.88))
    half = rng.uniform(0.13, 0.19)
    x, foot = camera.x, camera.horizon + 0.13
    c.gradient(
        x - half,
        camera.horizon - 0.2,
        x + half,
        foot,
        mix(c.light.horizon, c.light.zenith, 0.3),
        c.light.horizon,
        lit=False,
    )
    c.rect(x - half, camera.horizon + 0.02, x + half, foot, stage.palette.floor)
    for side in (-1, 1):
        c.polygon(
            (
                (x, camera.horizon - 0.26),
                (x + side * half * 1.3, camera.horizon - 0.26),
                (x + side * half * 1.3, foot),
                (x + side * half * 0.72, foot),
            ),
            shade(cloth, 0.98),
        )
    c.gradient(c.left, foot - 0.01, c.right, c.bottom, rgb("b08c5c"), rgb("8f6f48"))
    _rugs(c, stage, camera, 2.0, 8.0)
    c.pool(x, foot, 0.4, 0.2, (255, 224, 180), 0.5)
    _bunting(c, stage, 0.14)
    for side in (-1, 1):
        _pampas(c, stage, x + side * rng.uniform(0.26, 0.34), foot + 0.04, 0.3)
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = common.open_air(stage.rng, 0.46)
    _meadow(c, stage, camera)
    buildings.tipi(c, stage, stage.rng.choice((-0.34, 0.34)), camera.horizon + 0.1, 0.3)
    _rugs(c, stage, camera, 1.6, 7.0)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    """A low table with a fringed macrame runner over a kilim."""
    p = stage.palette
    common.boards(c, stage, s)
    fill(c, s, -0.62, 0, 0.62, 1, p.accent)
    for index in range(6):
        v = index / 6
        for u in (-0.6, 0.34):
            c.polygon(
                [s.at(u, v), s.at(u + 0.13, v + 0.08), s.at(u + 0.26, v), s.at(u + 0.13, v - 0.06)],
                (p.second, p.metal)[index % 2],
            )
    fill(c, s, -0.26, 0, 0.26, 1, p.cloth)
    for index in range(14):
        v = index / 14
        for side in (-1, 1):
            c.line((s.at(side * 0.26, v), s.at(side * 0.36, v + 0.01)), 0.006, ROPE)
        c.line((s.at(-0.2, v), s.at(0, v + 0.07), s.at(0.2, v)), 0.005, shade(ROPE, 0.82))


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A low table among cushions."""
    low, half = size * 0.6, size * 1.05
    p = stage.palette
    c.shadow(x, y, half * 1.2, size * 0.2, 0.5)
    c.rect(x - half * 0.9, y - low, x + half * 0.9, y - low * 0.1, shade(p.wood, 0.6))
    c.polygon(
        (
            (x - half * 0.9, y - size),
            (x + half * 0.9, y - size),
            (x + half, y - size * 0.72),
            (x - half, y - size * 0.72),
        ),
        p.cloth,
    )
    c.rect(x - half, y - size * 0.72, x + half, y - size * 0.5, p.accent)
    for tassel in range(9):
        tx = x - half + 2 * half * tassel / 8
        c.line(((tx, y - size * 0.5), (tx, y - size * 0.36)), size * 0.03, ROPE)
    for side in (-1, 1):
        motifs.cushion(c, x + side * half * 0.7, y + size * 0.12, size * 0.62, (p.second, p.metal)[side > 0])


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A triangle of poles with macrame and pampas."""
    half = size * 0.52
    c.shadow(x, y, half * 1.4, size * 0.06, 0.5)
    wood = stage.palette.wood
    for side in (-1, 1):
        c.line(
            ((x + side * half, y), (x - side * half * 0.09, y - size * 1.1)),
            size * 0.04,
            shade(wood, 0.85 + 0.15 * side),
        )
    for index in range(9):
        t = index / 8 * 2 - 1
        top = y - size * (0.62 + 0.3 * (1 - abs(t)))
        c.line(
            ((x + t * half * 0.36, top), (x + t * half * 0.36, y - size * (0.3 + 0.22 * abs(t)))), size * 0.022, ROPE
        )
    c.line(((x - half * 0.46, y - size * 0.62), (x + half * 0.46, y - size * 0.62)), size * 0.03, wood)
    for side, tall in ((-1, 0.62), (1, 0.5)):
        _pampas(c, stage, x + side * half * 0.86, y, size * tall)
    flowers.bouquet(
        c,
        stage.rng,
        x - half * 0.34,
        y - size * 0.7,
        size * 0.3,
        size * 0.26,
        stage.palette.leaf,
        stage.palette.blooms,
        8,
    )


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A floor cushion or a rattan peacock chair."""
    p = stage.palette
    if stage.rng.random() < 0.65:
        motifs.cushion(c, x, y, size * 0.66, stage.rng.choice((p.accent, p.second, p.metal)))
        motifs.cushion(c, x, y - size * 0.18, size * 0.6, stage.rng.choice((p.accent, p.second, p.cloth)))
    else:
        c.shadow(x, y, size * 0.3, size * 0.1, 0.4)
        c.polygon(
            (
                (x - size * 0.16, y),
                (x - size * 0.1, y - size * 0.4),
                (x + size * 0.1, y - size * 0.4),
                (x + size * 0.16, y),
            ),
            shade(p.metal, 0.8),
        )
        c.ellipse(x, y - size * 0.74, size * 0.3, size * 0.34, p.metal)
        c.ellipse(x, y - size * 0.72, size * 0.21, size * 0.25, shade(p.metal, 0.7))
        c.ellipse(x, y - size * 0.7, size * 0.14, size * 0.17, p.metal)


def _pampas_vase(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    _pampas(c, stage, x, y - size * 0.28, size * 0.95)
    tableware.vase(c, x, y, size * 0.44, stage.palette.accent, waist=0.45)


def _brass_lanterns(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    lamps.lantern(c, x - size * 0.12, y, size * 0.72, stage.palette.metal)
    lamps.candle(c, x + size * 0.24, y, size * 0.3, stage.palette.second, width=0.22)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    motifs.cushion(c, x, y, size * 0.7, stage.palette.second)
    _pampas_vase(c, stage, x + size * 0.34, y - 0.01, size)
    lamps.lantern(c, x - size * 0.4, y + 0.005, size * 0.45, stage.palette.metal)


def _detail_macrame(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A knotted hanging on a branch."""
    c.line(((x - 0.4, 0.14), (x + 0.4, 0.11)), 0.035, stage.palette.wood)
    c.shadow(x + 0.03, 0.5, 0.4, 0.45, 0.3)
    for index in range(15):
        t = index / 14 * 2 - 1
        sx, length = x + t * 0.33, 0.42 + 0.4 * (1 - abs(t)) * size / 0.72
        c.line(((sx, 0.13), (sx, 0.13 + length)), 0.014, mix(ROPE, WHITE, 0.15 + 0.2 * (index % 2)))
        c.line(
            ((sx, 0.13 + length), (sx - 0.012, 0.2 + length)), 0.02, stage.palette.second if index % 3 == 0 else ROPE
        )
    for row in range(4):
        v, reach = 0.22 + row * 0.1, 0.33 - row * 0.07
        zig = [(x - reach + 2 * reach * i / 8, v + 0.035 * (i % 2)) for i in range(9)]
        c.line(zig, 0.012, (WHITE, stage.palette.accent)[row % 2])
    _pampas(c, stage, x + stage.rng.choice((-0.4, 0.4)), 1.02, 0.55)


def _detail_pampas(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Pampas in terracotta, a lantern, a kilim."""
    table = Plane(Camera(0, 0.42, 0.5, 1.0), (0, 0, 0.6), (1, 0, 0), (0, 0, 1))
    furniture.rug(c, quad(table, -1.6, -0.1, 1.6, 0.8), stage.palette.accent, stage.palette.cloth)
    _pampas_vase(c, stage, x - 0.06, y - 0.02, size * 1.1)
    lamps.lantern(c, x + 0.27, y + 0.01, size * 0.55, stage.palette.metal)
    motifs.cushion(c, x - 0.36, y + 0.03, size * 0.4, stage.palette.second)
    s = Flat(x, 0.06, 1)
    for index in range(9):
        fill(
            c,
            s,
            -0.48 + index * 0.12,
            -0.03,
            -0.42 + index * 0.12,
            0.0,
            (stage.palette.second, stage.palette.metal)[index % 2],
        )


def _hung_lantern(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A lantern on a rope."""
    c.line(((x, c.top), (x, y - size * 0.3)), 0.003, ROPE)
    lamps.lantern(c, x, y + size * 0.2, size * 0.55, stage.palette.metal)


STYLE = Style(
    "boho_tent",
    _PALETTES,
    _exterior,
    _inside,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_pampas_vase, _brass_lanterns),
    (_detail_macrame, _detail_pampas),
    _hung_lantern,
    _prop,
)
