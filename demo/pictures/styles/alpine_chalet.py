"""Alpine chalet: honey timber, snow and peaks, a stone fireplace, tartan, sheepskins and antlers."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature, tableware
from demo.pictures.kit.perspective import Camera, Flat, Surface, fill
from demo.pictures.kit.surfaces import arch, bricks, planks
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import buildings, common

FIR = rgb("2f5a50")
_PALETTES = (
    palette("b3262e 24503f f4f0ea c68a4a 8a7a6a 2f5a50 b87a40 b98450", "f6f8fc c23038 e8dcc8"),
    palette("a02030 2c4668 f6f2ea d2964e 94806c 35645a c48446 c28e58", "ffffff b02c38 d8c8b0"),
    palette("c03a34 1f4a44 f0ece6 ba7e42 80705f 2a5448 a86c38 ae7a48", "f2f6fa cc4038 e4d4bc"),
)


def _mountains(c: Canvas, stage: Stage, camera: Camera) -> None:
    """Sky, peaks, firs and a field of snow."""
    rng, horizon = stage.rng, camera.horizon
    nature.sky(c, rng, horizon, clouds=2)
    nature.peaks(c, rng, horizon + 0.03, rng.uniform(0.36, 0.44), rgb("7f90b0"), far=0.42, count=4)
    nature.peaks(c, rng, horizon + 0.03, 0.2, rgb("6f84a6"), far=0.25, count=6)
    snowy = 0.55 if stage.season == "winter" else 0.3
    for index in range(16):
        x = c.left + (c.right - c.left) * (index + rng.random()) / 16
        nature.fir(c, rng, x, horizon + 0.05, rng.uniform(0.1, 0.19), stage.palette.leaf, far=0.25, snow=snowy)
    c.gradient(c.left, horizon + 0.03, c.right, c.bottom, c.ink(rgb("dfe8f6")), c.ink(buildings.SNOW), lit=False)
    for _ in range(5):
        y = rng.uniform(horizon + 0.08, c.bottom)
        c.ellipse(rng.uniform(c.left, c.right), y, 0.3, 0.03, rgb("cfdcf0"), alpha=120)


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.54)
    _mountains(c, stage, camera)
    x, y = rng.uniform(-0.16, 0.16), camera.horizon + rng.uniform(0.16, 0.22)
    buildings.chalet(c, stage, x, y, rng.uniform(0.56, 0.7))
    c.polygon(((x - 0.05, y), (x + 0.05, y), (x + 0.26, c.bottom), (x - 0.16, c.bottom)), rgb("c8d6ec"))
    for side in (-1, 1):
        for _ in range(2):
            nature.fir(
                c,
                rng,
                side * rng.uniform(0.36, 0.54),
                y + rng.uniform(0.0, 0.16),
                rng.uniform(0.3, 0.5),
                stage.palette.leaf,
                snow=0.75,
            )
    _snowfall(c, stage)
    return camera


def _snowfall(c: Canvas, stage: Stage) -> None:
    if stage.season == "winter" and stage.rng.random() < 0.6:
        for _ in range(44):
            r = stage.rng.uniform(0.002, 0.006)
            c.ellipse(stage.rng.uniform(c.left, c.right), stage.rng.uniform(c.top, c.bottom), r, r, WHITE, lit=False)


def _fireplace(c: Canvas, stage: Stage, s: Surface, u: float, width: float, height: float) -> None:
    bricks(c, stage.rng, s, u, 0, u + width, height, buildings.STONE, 10, ratio=1.5, share=0.6, spread=12)
    fill(c, s, u - width * 0.06, 1.35, u + width * 1.06, 1.52, shade(stage.palette.wood, 0.6))
    arch(c, s, u + width * 0.2, 0.05, u + width * 0.8, 1.1, rgb("1f1512"))
    x, y = s.at(u + width / 2, 0.1)
    reach = abs(s.at(u + width, 0)[0] - s.at(u, 0)[0])
    for dx, tall in ((-0.14, 0.2), (0.0, 0.3), (0.13, 0.18)):
        lamps.flame(c, x + dx * reach, y, tall * reach)
    c.glow(x, y - reach * 0.1, reach * 0.9, (255, 140, 50), 0.5)


def _room(c: Canvas, stage: Stage) -> Camera:
    """Log walls, a great fireplace, a window on the peaks."""
    rng, wood = stage.rng, stage.palette.wood
    box = common.room(rng, width=6.4, height=3.2, depth=8.8)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, wood, shade(wood, 0.8))
    planks(c, rng, box.floor, 0, 0.8, w, d, stage.palette.floor, 11, spread=7)
    planks(c, rng, box.left, 3.4, 0, d, h, shade(wood, 0.78), 9, upright=False, spread=7)
    planks(c, rng, box.right, 3.4, 0, d, h, shade(wood, 0.92), 9, upright=False, spread=7)
    planks(c, rng, box.back, 0, 0, w, h, wood, 9, upright=False, spread=7)
    peak = h + 2.0
    for side, tone in ((-1, 0.66), (1, 0.8)):
        c.polygon(
            (
                camera.at(side * w / 2, h, 0.8),
                camera.at(0, peak, 0.8),
                camera.at(0, peak, d),
                camera.at(side * w / 2, h, d),
            ),
            shade(wood, tone),
        )
    c.polygon((camera.at(-w / 2, h, d), camera.at(0, peak, d), camera.at(w / 2, h, d)), shade(wood, 0.95))
    day = common.glass_colour(c, rgb("cfe2f6"))
    for start in (d * 0.5, d * 0.76):
        fill(c, box.right, start - 0.1, 0.8, start + 1.3, 2.5, shade(wood, 0.55))
        fill(c, box.right, start, 0.9, start + 1.2, 2.4, day, lit=False)
        c.polygon(
            [
                box.right.at(start, 0.9),
                box.right.at(start, 1.3),
                box.right.at(start + 0.5, 2.0),
                box.right.at(start + 1.2, 1.2),
                box.right.at(start + 1.2, 0.9),
            ],
            buildings.SNOW,
        )
        c.line((box.right.at(start + 0.6, 0.9), box.right.at(start + 0.6, 2.4)), 0.006, shade(wood, 0.55))
    _fireplace(c, stage, box.back, w * 0.34, w * 0.32, peak - 0.7)
    x, y = box.back.at(w * 0.5, 1.75)
    motifs.antlers(c, x, y, camera.size(1.0, d))
    for z in (d * 0.88, d * 0.6, d * 0.4):
        thick = camera.size(0.24, z)
        c.line((camera.at(-w / 2, h, z), camera.at(0, peak, z), camera.at(w / 2, h, z)), thick, shade(wood, 0.6))
        c.line((camera.at(-w / 2, h, z), camera.at(w / 2, h, z)), thick, shade(wood, 0.7))
    x, y = box.floor.at(w * 0.5, d - 1.4)
    c.stamp("crown", 1, x, y, camera.size(2.2, d), camera.size(0.7, d), buildings.SNOW)
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    camera = common.open_air(stage.rng, 0.46)
    _mountains(c, stage, camera)
    for side in (-1, 1):
        nature.fir(
            c, stage.rng, side * stage.rng.uniform(0.4, 0.52), camera.horizon + 0.26, 0.46, stage.palette.leaf, snow=0.7
        )
    _snowfall(c, stage)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    """Pine with a tartan runner."""
    p = stage.palette
    common.boards(c, stage, s, runner=p.accent)
    for index in range(9):
        fill(c, s, -0.24, index / 9, 0.24, index / 9 + 0.035, shade(p.accent, 0.6))
        fill(c, s, -0.24, index / 9 + 0.055, 0.24, index / 9 + 0.06, p.cloth)
    for u, wide, tone in (
        (-0.17, 0.07, shade(p.second, 1.0)),
        (0.1, 0.07, shade(p.second, 1.0)),
        (-0.03, 0.02, p.cloth),
    ):
        fill(c, s, u, 0, u + wide, 1, tone, alpha=190)
    for index in range(8):
        v = 1 - index / 8
        size = common.reach(s, v) * 0.55
        x, y = s.at(stage.rng.uniform(-0.3, 0.3), v)
        c.stamp("fern", index, x, y, size * 1.8, size * 0.8, p.leaf)
        motifs.pine_cone(c, x + size * 0.4, y, size * 0.35)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)
    c.polygon(
        (
            (x - size * 0.3, y - size * 1.28),
            (x + size * 0.3, y - size * 1.28),
            (x + size * 0.36, y - size * 0.7),
            (x - size * 0.36, y - size * 0.7),
        ),
        stage.palette.accent,
    )
    c.line(((x, y - size * 1.28), (x, y - size * 0.7)), size * 0.08, stage.palette.second)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Logs, fir boughs, berries, lanterns in the snow."""
    width = size * 0.8
    common.square_frame(c, x, y, width, size, size * 0.07, stage.palette.wood)
    rng = stage.rng
    for px, py in common.frame_points(x, y, width, size, 6)[3:16]:
        c.stamp("fern", rng.randrange(4), px, py, size * 0.28, size * 0.2, stage.palette.leaf)
        c.stamp("fern", rng.randrange(4), px, py - size * 0.02, size * 0.24, size * 0.13, buildings.SNOW, strength=0.7)
        for _ in range(2):
            c.ellipse(
                px + rng.uniform(-0.05, 0.05) * size,
                py + rng.uniform(-0.04, 0.05) * size,
                size * 0.014,
                size * 0.014,
                stage.palette.accent,
            )
    motifs.antlers(c, x, y - size * 0.84, size * 0.26)
    for side in (-1, 1):
        lamps.lantern(c, x + side * width * 0.72, y + size * 0.02, size * 0.26, rgb("5a4634"))


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.bench(
        c,
        stage.rng,
        x,
        y,
        size * 0.66,
        size * 0.5,
        stage.palette.wood,
        throw=stage.rng.choice((buildings.SNOW, buildings.SNOW, stage.palette.accent)),
    )


def _fir_candles(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """White candles in fir, cones and berries."""
    for dx in (-0.22, 0.0, 0.22):
        c.stamp(
            "fern", stage.rng.randrange(4), x + dx * size, y - size * 0.12, size * 0.6, size * 0.36, stage.palette.leaf
        )
    for dx, tall in ((-0.18, 0.36), (0.02, 0.54), (0.2, 0.3)):
        lamps.candle(c, x + dx * size, y, size * tall, rgb("f6f2ea"), width=0.19)
    motifs.pine_cone(c, x - size * 0.34, y, size * 0.17)
    for dx in (-0.08, 0.12, 0.32):
        c.ellipse(x + dx * size, y - size * 0.05, size * 0.035, size * 0.035, stage.palette.accent)


def _antler_vase(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """White flowers and fir in a tin with antlers."""
    c.stamp("fern", stage.rng.randrange(4), x, y - size * 0.55, size * 0.8, size * 0.6, stage.palette.leaf)
    flowers.bouquet(
        c,
        stage.rng,
        x,
        y - size * 0.5,
        size * 0.5,
        size * 0.38,
        stage.palette.leaf,
        stage.palette.blooms,
        7,
        bloom=0.38,
    )
    tableware.vase(c, x, y, size * 0.36, rgb("aeb4bc"), waist=1.0)
    c.rect(x - size * 0.12, y - size * 0.26, x + size * 0.12, y - size * 0.16, stage.palette.accent)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Stacked logs, or a lantern in the snow with skis."""
    if stage.rng.random() < 0.5:
        for row in range(3):
            for index in range(4 - row):
                lx, ly = x + (index - (3 - row) / 2) * size * 0.22, y - size * (0.11 + row * 0.19)
                c.ellipse(lx, ly, size * 0.11, size * 0.11, rgb("6a4a30"))
                c.ellipse(lx, ly, size * 0.09, size * 0.09, rgb("dcb884"))
                c.ellipse(lx, ly, size * 0.04, size * 0.04, rgb("c09a64"))
    else:
        for lean, tone in ((-0.12, stage.palette.accent), (0.1, stage.palette.second)):
            c.line(((x + lean * size * 0.4, y), (x + lean * size * 1.6, y - size * 1.3)), size * 0.06, tone)
        lamps.lantern(c, x + size * 0.26, y, size * 0.5, rgb("5a4634"))


def _detail_lantern(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A lantern in the snow among fir boughs."""
    rng = stage.rng
    nature.fir(c, rng, x - 0.36, 0.84, 0.7, stage.palette.leaf, snow=0.6)
    nature.fir(c, rng, x + 0.4, 0.82, 0.6, stage.palette.leaf, snow=0.6)
    c.gradient(c.left, 0.78, c.right, c.bottom, c.ink(rgb("dbe6f6")), c.ink(buildings.SNOW), lit=False)
    c.pool(x, 0.92, 0.4, 0.12, (255, 214, 160), 0.5)
    lamps.lantern(c, x, y, size * 0.95, rgb("7a4e30"))
    for dx in (-0.26, 0.27):
        c.stamp("fern", 1, x + dx, y - 0.02, 0.36, 0.2, stage.palette.leaf)
        motifs.pine_cone(c, x + dx * 0.9, y + 0.02, 0.07)
        c.ellipse(x + dx, y + 0.02, 0.014, 0.014, stage.palette.accent)
    _snowfall(c, stage)


def _detail_antlers(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Antlers over fir and tartan on a log wall."""
    p = stage.palette
    planks(c, stage.rng, Flat(0, 1, 1), c.left, 1 - c.bottom, c.right, 1 - c.top, p.wood, 8, upright=False, spread=9)
    c.shadow(x + 0.02, 0.5, 0.4, 0.4, 0.35)
    motifs.antlers(c, x, 0.7, size * 0.78)
    for index in range(9):
        px = x - 0.36 + index * 0.09
        c.stamp("fern", index, px, 0.76 + 0.05 * (1 - abs(index - 4) / 4), 0.24, 0.2, p.leaf)
        c.ellipse(px, 0.78 + 0.05 * (1 - abs(index - 4) / 4), 0.014, 0.014, p.accent)
    for side in (-1, 1):
        c.polygon(((x, 0.8), (x + side * 0.14, 0.75), (x + side * 0.13, 0.87)), p.accent)
        c.polygon(((x, 0.8), (x + side * 0.03, 1.0), (x + side * 0.1, 0.98)), shade(p.accent, 0.8))


STYLE = Style(
    "alpine_chalet",
    _PALETTES,
    _exterior,
    _room,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_fir_candles, _antler_vase),
    (_detail_lantern, _detail_antlers),
    lambda c, stage, x, y, size: lamps.chandelier(c, x, y, size, rgb("6a4a2c"), crystal=False, arms=5),
    _prop,
)
