"""Castle: grey stone towers and vaults, heraldic banners, iron candlesticks, dark oak."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import GOLD, mix, rgb, shade
from demo.pictures.kit import flowers, furniture, lamps, motifs, nature
from demo.pictures.kit.perspective import Camera, Flat, Surface, fill
from demo.pictures.kit.surfaces import arch, arch_outline, bricks, window
from demo.pictures.stage import Stage, Style, palette
from demo.pictures.styles import buildings, common

IRON = rgb("34343a")
_PALETTES = (
    palette("a11d2c 6e1420 8f8f92 4a352a 34343a 55683f 8d8f96 77777c", "a8283a 7a1c2e d9c8b8"),
    palette("27408a 5c1626 97979c 523c2c 34343a 5a6b45 96979c 808086", "3a56a8 8a2436 e2d6c4"),
    palette("8a1a30 3d1a4a 86888e 433026 34343a 506040 83868e 707278", "94203a 5c2a66 cbbcae"),
)


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = common.open_air(rng, 0.58)
    nature.sky(c, rng, camera.horizon, clouds=5)
    leaf = nature.seasonal(rgb("5a7248"), stage.season)
    nature.ridge(c, rng, camera.horizon + 0.02, 0.2, rgb("6f7f88"), far=0.5, rough=0.2)
    nature.ground(c, camera.horizon, leaf, far=0.15)
    base = camera.horizon + rng.uniform(0.08, 0.14)
    s = Flat(rng.uniform(-0.05, 0.05), base, rng.uniform(0.85, 1.0))
    buildings.tower(c, stage, s, -0.24, 0.15, rng.uniform(0.5, 0.58), cone=rng.random() < 0.5)
    stone = stage.palette.wall
    bricks(c, rng, s, -0.42, 0, 0.42, 0.3, shade(stone, 0.96), 10, ratio=1.7, share=0.25, spread=9)
    for tooth in range(14):
        u = -0.42 + tooth * 0.061
        fill(c, s, u, 0.3, u + 0.036, 0.335, stone)
    buildings.tower(c, stage, s, -0.53, 0.18, rng.uniform(0.36, 0.46), cone=True)
    buildings.tower(c, stage, s, 0.36, 0.17, rng.uniform(0.4, 0.52), cone=rng.random() < 0.7)
    arch(c, s, -0.09, 0, 0.09, 0.24, rgb("2c2622"), pointed=0.8, frame=shade(stone, 0.7), frame_width=0.14)
    for bar in range(-3, 4):
        c.line((s.at(bar * 0.025, 0.08), s.at(bar * 0.025, 0.2 - abs(bar) * 0.02)), 0.004, rgb("5a5a60"))
    for side in (-0.19, 0.19):
        motifs.banner(c, *s.at(side, 0.27), 0.075, 0.17, stage.palette.accent)
    c.polygon((s.at(-0.1, 0), s.at(0.1, 0), (s.at(0.22, 0)[0], c.bottom), (s.at(-0.22, 0)[0], c.bottom)), rgb("6a5038"))
    for board in range(7):
        y = base + (c.bottom - base) * (board / 7) ** 1.4
        half = 0.1 + 0.12 * (y - base) / (c.bottom - base)
        c.line(((s.at(0, 0)[0] - half, y), (s.at(0, 0)[0] + half, y)), 0.005, rgb("443222"))
    moat = mix(c.light.horizon, rgb("4f6f7a"), 0.6)
    for side in (-1, 1):
        edge = c.left if side < 0 else c.right
        inner = s.at(side * 0.15, 0)[0]
        c.polygon(
            ((edge, base + 0.07), (inner, base + 0.07), (inner + side * 0.04, base + 0.2), (edge, base + 0.2)), moat
        )
        c.line(((edge, base + 0.1), (inner + side * 0.1, base + 0.1)), 0.004, shade(moat, 1.25))
        nature.tree(c, rng, side * rng.uniform(0.44, 0.54), base + 0.3, rng.uniform(0.2, 0.3), leaf)
    return camera


def _hall(c: Canvas, stage: Stage) -> Camera:
    """A vaulted great hall with lancet windows and banners."""
    rng, stone = stage.rng, stage.palette.wall
    box = common.room(rng, width=6.4, height=3.6)
    camera, w, h, d = box.camera, box.width, box.height, box.depth
    common.shell(c, box, stage.palette.floor, stone, shade(stone, 0.5))
    c.rect(c.left, c.top, c.right, camera.at(0, h, d)[1], shade(stone, 0.42))
    bricks(c, rng, box.left, 3.6, 0, d, h, shade(stone, 0.66), 9, ratio=1.8, share=0.25, spread=9)
    bricks(c, rng, box.right, 3.6, 0, d, h, shade(stone, 0.82), 9, ratio=1.8, share=0.25, spread=9)
    bricks(c, rng, box.back, 0, 0, w, h, shade(stone, 0.95), 10, ratio=1.8, share=0.3, spread=9)
    peak = 2.6
    for index, z in enumerate((2.0, 3.2, 4.6, 6.4, d)):
        rib = [
            camera.at(t * w / 2, h + peak * (1 - abs(t) ** 1.6), z)
            for t in (-1, -0.8, -0.55, -0.28, 0, 0.28, 0.55, 0.8, 1)
        ]
        c.polygon([*rib, camera.at(w / 2, h, z), camera.at(-w / 2, h, z)], shade(stone, 0.4 + 0.07 * index))
        c.line(rib, camera.size(0.26, z), shade(stone, 0.78 + 0.05 * index))
        for side in (-1, 1):
            c.line(
                (camera.at(side * w / 2, 0, z), camera.at(side * w / 2, h, z)),
                camera.size(0.3, z),
                shade(stone, 0.75 + 0.04 * index),
            )
    c.line((camera.at(0, h + peak, 1.5), camera.at(0, h + peak, d)), 0.012, shade(stone, 0.8))
    glass = common.glass_colour(c, rgb("cfdcf0"))
    stained = (glass, mix(glass, stage.palette.accent, 0.35), mix(glass, GOLD, 0.35))
    for index, u in enumerate((0.3, 0.5, 0.7)):
        tall = h + (0.9 if index == 1 else 0.3)
        window(
            c,
            box.back,
            w * (u - 0.075),
            1.0,
            w * (u + 0.075),
            tall,
            stained[index],
            rgb("5a5c62"),
            2,
            4,
            pointed=1.0,
            bar=0.004,
        )
    c.glow(*box.back.at(w * 0.5, 2.6), 0.26, c.light.sun, 0.3)
    for start in (d * 0.48, d * 0.76):
        window(c, box.left, start, 1.2, start + d * 0.1, h - 0.2, shade(glass, 0.9), rgb("4a4c52"), 2, 3, pointed=1.0)
        x, y = box.right.at(start + 0.5, h - 0.3)
        motifs.banner(c, x, y, camera.size(0.75, start), camera.size(1.9, start), stage.palette.accent)
    x, y = box.left.at(d * 0.68, h - 0.3)
    motifs.banner(c, x, y, camera.size(0.7, d * 0.68), camera.size(1.8, d * 0.68), stage.palette.second)
    return camera


def _courtyard(c: Canvas, stage: Stage) -> Camera:
    rng, stone = stage.rng, stage.palette.wall
    camera = common.open_air(rng, 0.46)
    nature.sky(c, rng, camera.horizon, clouds=4)
    nature.ground(c, camera.horizon, nature.seasonal(rgb("6a7f4e"), stage.season), far=0.1)
    s = Flat(0, camera.horizon + 0.05, 1)
    bricks(c, rng, s, c.left, 0, c.right, 0.25, shade(stone, 0.9), 8, ratio=1.8, share=0.3, spread=9)
    for tooth in range(int((c.right - c.left) / 0.07)):
        fill(c, s, c.left + tooth * 0.07, 0.25, c.left + tooth * 0.07 + 0.042, 0.285, shade(stone, 0.95))
    buildings.tower(c, stage, s, rng.uniform(-0.5, -0.4), 0.17, 0.38, cone=rng.random() < 0.6)
    buildings.tower(c, stage, s, rng.uniform(0.24, 0.34), 0.17, 0.36, cone=rng.random() < 0.6)
    for u in (-0.22, 0.17):
        motifs.banner(c, *s.at(u, 0.22), 0.075, 0.17, stage.palette.accent)
    return camera


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    common.boards(c, stage, s, runner=stage.palette.accent)
    for edge in (-0.2, 0.17):
        fill(c, s, edge, 0, edge + 0.03, 1, GOLD)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.long_table(c, x, y, size * 2.1, size, stage.palette.wood)
    c.polygon(
        (
            (x - size * 0.22, y - size * 1.28),
            (x + size * 0.22, y - size * 1.28),
            (x + size * 0.26, y - size * 0.62),
            (x - size * 0.26, y - size * 0.62),
        ),
        stage.palette.accent,
    )


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A free-standing gothic stone arch with ivy and banners."""
    stone = stage.palette.wall
    s = Flat(x, y, size)
    c.shadow(x, y, size * 0.6, size * 0.06, 0.5)
    for width, tone in ((0.46, 0.72), (0.43, 1.0), (0.36, 0.78)):
        outline = arch_outline(s, -width, 0, width, 0.72 + width * 0.65, pointed=1.0)
        c.line(outline, size * (0.1 if tone == 1.0 else 0.04), shade(stone, tone), round_joints=True)
    for index, (px, py) in enumerate(outline[2:-2]):
        if index < 6:
            c.stamp("crown_light", index, px - size * 0.04, py, size * 0.2, size * 0.2, stage.palette.leaf)
    for side in (-1, 1):
        c.line(((x + side * size * 0.62, y), (x + side * size * 0.62, y - size * 0.88)), size * 0.02, IRON)
        motifs.banner(c, x + side * size * 0.62, y - size * 0.85, size * 0.17, size * 0.52, stage.palette.accent)


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    furniture.solid_chair(c, x, y, size * 1.15, stage.palette.wood)
    c.polygon(
        ((x - size * 0.1, y - size * 1.15), (x, y - size * 1.3), (x + size * 0.1, y - size * 1.15)), stage.palette.wood
    )
    c.rect(x - size * 0.13, y - size * 0.95, x + size * 0.13, y - size * 0.55, stage.palette.accent)


def _iron_candles(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    lamps.candelabra(c, x, y, size * 1.1, IRON, rgb("efe2c4"), arms=3)
    flowers.bouquet(
        c,
        stage.rng,
        x,
        y - size * 0.06,
        size * 0.5,
        size * 0.22,
        stage.palette.leaf,
        stage.palette.blooms,
        6,
        bloom=0.5,
    )


def _goblet(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A pewter goblet beside a small casket."""
    pewter = rgb("9a9ca4")
    c.rect(x - size * 0.42, y - size * 0.26, x - size * 0.02, y, stage.palette.wood)
    c.ellipse(x - size * 0.22, y - size * 0.26, size * 0.2, size * 0.09, shade(stage.palette.wood, 1.3))
    c.rect(x - size * 0.25, y - size * 0.28, x - size * 0.19, y - size * 0.12, GOLD)
    gx = x + size * 0.2
    c.ellipse(gx, y, size * 0.13, size * 0.035, shade(pewter, 0.7))
    c.line(((gx, y), (gx, y - size * 0.36)), size * 0.05, pewter)
    c.polygon(
        (
            (gx - size * 0.06, y - size * 0.3),
            (gx - size * 0.16, y - size * 0.62),
            (gx + size * 0.16, y - size * 0.62),
            (gx + size * 0.06, y - size * 0.3),
        ),
        pewter,
    )
    c.polygon(
        ((gx + size * 0.04, y - size * 0.3), (gx + size * 0.07, y - size * 0.62), (gx + size * 0.16, y - size * 0.62)),
        shade(pewter, 0.7),
    )
    c.ellipse(gx, y - size * 0.62, size * 0.16, size * 0.035, stage.palette.second)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A tall iron candle stand, or a banner on a pole."""
    if stage.rng.random() < 0.5:
        lamps.candelabra(c, x, y, size * 1.25, IRON, rgb("efe2c4"))
    else:
        c.line(((x, y), (x, y - size * 1.3)), size * 0.05, stage.palette.wood)
        motifs.banner(c, x, y - size * 1.25, size * 0.4, size * 0.85, stage.palette.accent)


def _stone_wall(c: Canvas, stage: Stage) -> None:
    bricks(
        c,
        stage.rng,
        Flat(0, 1, 1),
        c.left,
        1 - c.bottom,
        c.right,
        1 - c.top,
        shade(stage.palette.wall, 0.9),
        9,
        ratio=1.7,
        share=0.6,
        spread=10,
    )


def _detail_shield(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A shield and crossed swords on a stone wall."""
    _stone_wall(c, stage)
    top, half = 0.24, size * 0.33
    steel = rgb("c6cad2")
    for side in (-1, 1):
        c.line(
            ((x + side * half * 1.45, top - 0.06), (x - side * half * 1.4, 0.92)), 0.032, shade(steel, 0.8 + 0.1 * side)
        )
        c.line(((x - side * half * 1.55, 0.8), (x - side * half * 0.95, 0.9)), 0.028, GOLD)
    c.shadow(x + 0.03, 0.54, half * 1.4, 0.4, 0.5)
    for inset, colour in ((1.0, GOLD), (0.92, stage.palette.accent)):
        w = half * inset
        c.polygon(
            (
                (x - w, top + (1 - inset)),
                (x + w, top + (1 - inset)),
                (x + w, 0.52),
                (x + w * 0.6, 0.7),
                (x, 0.82 - (1 - inset) * 0.6),
                (x - w * 0.6, 0.7),
                (x - w, 0.52),
            ),
            colour,
        )
    w = half * 0.92
    c.polygon(((x, top + 0.08), (x + w, top + 0.08), (x + w, 0.5), (x, 0.5)), stage.palette.second)
    c.polygon(((x, 0.3), (x + 0.1, 0.48), (x, 0.66), (x - 0.1, 0.48)), GOLD)
    c.polygon(((x, 0.38), (x + 0.05, 0.48), (x, 0.58), (x - 0.05, 0.48)), stage.palette.accent)


def _detail_window(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Iron candles in a stone window niche."""
    _stone_wall(c, stage)
    s = Flat(x, y, size * 1.2)
    glass = mix(c.light.horizon, rgb("c2d4ee"), 0.5)
    window(c, s, -0.26, 0.0, 0.26, 0.95, glass, shade(stage.palette.wall, 0.6), 4, 5, pointed=1.0, bar=0.012)
    fill(c, s, -0.4, -0.1, 0.4, 0.0, shade(stage.palette.wall, 1.1))
    c.shadow(x, y + 0.03, 0.4, 0.06, 0.4)
    _iron_candles(c, stage, x, y, size * 0.8)
    motifs.banner(c, x + stage.rng.choice((-0.42, 0.42)), 0.06, 0.17, 0.62, stage.palette.accent)


STYLE = Style(
    "castle",
    _PALETTES,
    _exterior,
    _hall,
    _courtyard,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_iron_candles, _goblet),
    (_detail_shield, _detail_window),
    lambda c, stage, x, y, size: lamps.chandelier(c, x, y, size * 1.1, IRON, crystal=False, arms=6),
    _prop,
)
