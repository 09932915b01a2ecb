"""Rooftop city night: a skyline of lit windows, neon, glass railings, black gloss."""

from __future__ import annotations

from demo.pictures.canvas import Canvas
from demo.pictures.colour import WHITE, mix, rgb, rgbs, shade
from demo.pictures.kit import flowers, lamps, motifs, nature
from demo.pictures.kit.perspective import Box, Camera, Plane, Surface, fill
from demo.pictures.kit.surfaces import lines
from demo.pictures.stage import Stage, Style, palette

DARK = rgb("4a4f6e")
_PALETTES = (
    palette("ff3fa4 35d6ff 3a3d5c 4c4a66 8a90b8 4f7a78 3f4468 5a5e80", "ff7ac0 8a7aff f0e4ff"),
    palette("9a5cff ff5c8a 34365a 504c6c 8288b4 4a7280 3a3e64 545a80", "c08aff ff8ab8 ece4ff"),
    palette("2fe0d0 ff4fb0 323a56 484c66 8a98b8 4a8078 384460 566080", "7af0e0 ff8ac8 e4f4ff"),
)


def _skyline(c: Canvas, stage: Stage, base: float) -> None:
    """Night sky and three depths of towers with lit windows."""
    rng = stage.rng
    nature.sky(c, rng, base + 0.05, clouds=1)
    c.glow(rng.uniform(-0.3, 0.3), base, 0.7, mix(stage.palette.accent, rgb("5a4aa0"), 0.5), 0.35)
    lamps = rgbs("ffd98a ffe9b8 ffc060 bfe0ff")
    for layer, (tall, tone) in enumerate(((0.36, rgb("2c3564")), (0.3, rgb("1d2448")), (0.2, rgb("12172f")))):
        x = c.left - 0.04
        while x < c.right:
            wide, height = rng.uniform(0.06, 0.13), tall * rng.uniform(0.5, 1.25)
            top = base - height + 0.05 * layer
            c.rect(x, top, x + wide, c.bottom, tone, lit=False)
            if rng.random() < 0.25:
                c.line(((x + wide / 2, top), (x + wide / 2, top - 0.06)), 0.004, tone, lit=False)
                c.ellipse(x + wide / 2, top - 0.06, 0.005, 0.005, (255, 70, 70), lit=False)
            step = 0.02
            for row in range(int(min(height + 0.05, 0.4) / 0.026)):
                for column in range(int((wide - 0.012) / step)):
                    if rng.random() < 0.36:
                        wx, wy = x + 0.01 + column * step, top + 0.014 + row * 0.026
                        c.rect(
                            wx,
                            wy,
                            wx + 0.011,
                            wy + 0.013,
                            mix(tone, lamps[rng.randrange(4)], 0.5 + 0.25 * layer),
                            lit=False,
                        )
            x += wide + rng.uniform(-0.01, 0.025)


def _deck(c: Canvas, stage: Stage, *, rail: float) -> Camera:
    """A dark terrace with a glass railing before the city."""
    rng = stage.rng
    camera = Camera(rng.uniform(-0.1, 0.1), rng.uniform(0.48, 0.56), 1.6, rng.uniform(0.9, 1.1), rng.uniform(-0.3, 0.3))
    _skyline(c, stage, camera.horizon + 0.06)
    floor = Plane(camera, (0, 0, 0), (1, 0, 0), (0, 0, 1))
    edge = floor.at(0, rail)[1]
    c.gradient(c.left, edge, c.right, c.bottom, rgb("23284a"), rgb("343a60"), lit=False)
    lines(c, floor, -5, 1, 5, rail, 12, 6, 0.002, shade(stage.palette.floor, 0.6))
    c.pool(camera.x, edge + 0.16, 0.6, 0.2, mix(stage.palette.accent, WHITE, 0.4), 0.6)
    top = camera.at(0, 1.1, rail)[1]
    c.rect(c.left, top, c.right, edge, rgb("8ab4e0"), alpha=44, lit=False)
    for index in range(9):
        x = c.left + (c.right - c.left) * index / 8
        c.line(((x, top), (x, edge)), 0.005, rgb("aab4d8"), lit=False)
    c.line(((c.left, top), (c.right, top)), 0.01, rgb("c0cae8"), lit=False)
    motifs.neon(c, [(c.left + (c.right - c.left) * i / 12, edge) for i in range(13)], 0.006, stage.palette.accent, 0.07)
    return camera


def _exterior(c: Canvas, stage: Stage) -> Camera:
    rng = stage.rng
    camera = _deck(c, stage, rail=rng.uniform(6.0, 8.0))
    for _ in range(rng.choice((1, 2, 3))):
        _booth(c, stage, camera, rng.choice((-1.6, -0.6, 0.7, 1.7)), rng.uniform(3.8, 5.2))
    lamps.bulbs(c, c.left, 0.14, c.right, 0.2, 0.12, 11, 0.008)
    if rng.random() < 0.5:
        lamps.bulbs(c, c.left, 0.26, c.right, 0.1, 0.08, 11, 0.007)
    return camera


def _booth(c: Canvas, stage: Stage, camera: Camera, x: float, z: float) -> None:
    """A low sofa edged in light."""
    px, py = camera.at(x, 0, z)
    size = camera.size(1.0, z)
    c.rect(px - size * 0.7, py - size * 0.62, px + size * 0.7, py - size * 0.1, rgb("5a5f88"))
    c.rect(px - size * 0.76, py - size * 0.36, px + size * 0.76, py - size * 0.05, rgb("70769e"))
    for part in (-0.36, 0.0, 0.36):
        c.rect(px + size * (part - 0.14), py - size * 0.58, px + size * (part + 0.14), py - size * 0.36, rgb("6a7098"))
    motifs.neon(c, [(px - size * 0.76, py), (px, py), (px + size * 0.76, py)], 0.007, stage.palette.second, 0.08)


def _bar(c: Canvas, stage: Stage) -> Camera:
    """A sky bar: window walls, neon lines to the vanishing point."""
    rng = stage.rng
    camera = Camera(rng.uniform(-0.1, 0.1), rng.uniform(0.46, 0.52), 1.6, rng.uniform(0.8, 1.0), rng.uniform(-0.4, 0.4))
    _skyline(c, stage, camera.horizon + 0.08)
    box = Box(camera, 7.0, 3.4, 9.0)
    fill(c, box.floor, -0.5, 0.1, 7.5, 9.0, rgb("262a4a"), lit=False)
    fill(c, box.ceiling, -0.5, 0.1, 7.5, 9.0, rgb("171a32"), lit=False)
    for u in (1.4, 3.5, 5.6):
        c.polygon(
            [box.floor.at(u - 0.15, 2), box.floor.at(u + 0.15, 2), box.floor.at(u + 0.1, 9), box.floor.at(u - 0.1, 9)],
            stage.palette.accent,
            alpha=50,
            lit=False,
        )
    for plane in (box.left, box.right):
        for index in range(6):
            u = 3.2 + index * 1.16
            c.line((plane.at(u, 0), plane.at(u, 3.4)), 0.008, rgb("2c3052"), lit=False)
    for index in range(6):
        c.line((box.back.at(7 * index / 5, 0), box.back.at(7 * index / 5, 3.4)), 0.008, rgb("2c3052"), lit=False)
    p = stage.palette
    for u, colour in ((1.0, p.accent), (6.0, p.second)):
        motifs.neon(c, [box.ceiling.at(u, z) for z in (1.6, 2.4, 3.6, 5.2, 7.0, 9.0)], 0.007, colour, 0.08)
    motifs.neon(c, [box.back.at(7 * i / 8, 3.36) for i in range(9)], 0.006, p.accent, 0.07)
    if rng.random() < 0.6:
        x, y = camera.at(rng.choice((-1.4, 1.4)), 2.3, 8.8)
        motifs.neon(c, motifs.heart(x, y, 0.055), 0.006, p.second, 0.06)
    return camera


def _ceremony(c: Canvas, stage: Stage) -> Camera:
    return _deck(c, stage, rail=9.0)


def _tabletop(c: Canvas, stage: Stage, s: Surface) -> None:
    fill(c, s, -1, 0, 1, 1, rgb("1b1e38"), lit=False)
    fill(c, s, -0.7, 0, -0.5, 1, rgb("2c3058"), lit=False)
    p = stage.palette
    fill(c, s, -0.16, 0, 0.16, 1, mix(rgb("1b1e38"), p.accent, 0.22), lit=False)
    for side, colour in ((-1, p.accent), (1, p.second)):
        motifs.neon(c, [s.at(side * 0.97, i / 8) for i in range(9)], 0.006, colour, 0.08)


def _table(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    half = size * 0.7
    c.rect(x - size * 0.06, y - size, x + size * 0.06, y, rgb("3c4168"))
    c.ellipse(x, y, size * 0.36, size * 0.07, rgb("3c4168"))
    c.ellipse(x, y - size, half, size * 0.2, mix(stage.palette.accent, WHITE, 0.2), lit=False)
    c.ellipse(x, y - size * 1.03, half * 0.98, size * 0.19, rgb("24284a"), lit=False)
    c.glow(x, y - size * 0.95, size * 0.9, stage.palette.accent, 0.3)


def _arch(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A ring of neon on the terrace."""
    radius = size * 0.46
    motifs.neon(c, motifs.ring(x, y - radius, radius), size * 0.018, stage.palette.accent, size * 0.16)
    motifs.neon(c, motifs.ring(x, y - radius, radius * 0.86), size * 0.008, stage.palette.second, size * 0.1)
    flowers.bouquet(
        c,
        stage.rng,
        x - radius * 0.8,
        y - size * 0.12,
        size * 0.3,
        size * 0.24,
        stage.palette.leaf,
        stage.palette.blooms,
        8,
    )
    flowers.bouquet(
        c,
        stage.rng,
        x + radius * 0.8,
        y - size * 0.12,
        size * 0.3,
        size * 0.24,
        stage.palette.leaf,
        stage.palette.blooms,
        8,
    )


def _seat(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    half = size * 0.22
    c.rect(x - half, y - size * 0.9, x + half, y - size * 0.34, DARK)
    c.rect(x - half * 0.8, y - size * 0.86, x + half * 0.8, y - size * 0.5, shade(DARK, 1.4))
    for side in (-0.9, 0.9):
        c.line(((x + side * half, y), (x + side * half, y - size * 0.4)), size * 0.04, rgb("8a90b8"))
    c.line(
        ((x - half, y - size * 0.9), (x + half, y - size * 0.9)),
        size * 0.035,
        mix(stage.palette.second, WHITE, 0.3),
        lit=False,
    )


def _cocktail(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A glowing cocktail."""
    drink = stage.rng.choice((stage.palette.accent, stage.palette.second))
    c.line(((x, y), (x, y - size * 0.5)), size * 0.03, rgb("c8d4f0"), lit=False)
    c.ellipse(x, y, size * 0.16, size * 0.04, rgb("9aa6cc"), lit=False)
    c.polygon(
        ((x, y - size * 0.42), (x - size * 0.26, y - size * 0.84), (x + size * 0.26, y - size * 0.84)),
        rgb("b8c8ea"),
        alpha=120,
        lit=False,
    )
    c.polygon(
        ((x, y - size * 0.45), (x - size * 0.2, y - size * 0.77), (x + size * 0.2, y - size * 0.77)),
        mix(drink, WHITE, 0.2),
        lit=False,
    )
    c.ellipse(x, y - size * 0.77, size * 0.2, size * 0.035, mix(drink, WHITE, 0.5), lit=False)
    c.ellipse(x + size * 0.2, y - size * 0.82, size * 0.07, size * 0.07, rgb("ffd24a"), lit=False)
    c.glow(x, y - size * 0.66, 0.04 + size * 0.5, drink, 0.4)


def _glow_candles(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """Tea lights in coloured glass."""
    for index, dx in enumerate((-0.26, 0.0, 0.24)):
        colour = (stage.palette.accent, rgb("ffb45a"), stage.palette.second)[index]
        tall = size * (0.3 + 0.12 * (index % 2))
        c.rect(x + (dx - 0.1) * size, y - tall, x + (dx + 0.1) * size, y, shade(colour, 0.55), lit=False)
        c.rect(
            x + (dx - 0.08) * size,
            y - tall * 0.8,
            x + (dx + 0.08) * size,
            y - tall * 0.05,
            mix(colour, WHITE, 0.35),
            lit=False,
        )
        c.glow(x + dx * size, y - tall * 0.5, 0.03 + size * 0.32, colour, 0.4)


def _prop(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A planter box lit from within."""
    half = size * 0.28
    c.stamp("grass", 1, x, y - size * 0.6, size * 0.7, size * 0.55, shade(stage.palette.leaf, 1.1))
    c.rect(x - half, y - size * 0.45, x + half, y, shade(stage.palette.second, 0.55), lit=False)
    c.rect(
        x - half * 0.9,
        y - size * 0.42,
        x + half * 0.9,
        y - size * 0.03,
        mix(stage.palette.second, WHITE, 0.7),
        lit=False,
    )
    c.glow(x, y - size * 0.2, size * 0.7, stage.palette.second, 0.4)


def _bokeh(c: Canvas, stage: Stage) -> None:
    for _ in range(16):
        colour = stage.rng.choice((stage.palette.accent, stage.palette.second, rgb("ffd98a"), rgb("ffb060")))
        radius = stage.rng.uniform(0.02, 0.05)
        c.ellipse(
            stage.rng.uniform(c.left, c.right),
            stage.rng.uniform(0.05, 0.7),
            radius,
            radius,
            colour,
            alpha=70,
            lit=False,
        )


def _detail_neon(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A neon sign against the night."""
    _bokeh(c, stage)
    p = stage.palette
    if stage.rng.random() < 0.5:
        motifs.neon(c, motifs.heart(x, 0.47, size * 0.4), 0.02, p.accent, 0.2)
        motifs.neon(c, motifs.heart(x, 0.46, size * 0.28), 0.01, p.second, 0.12)
    else:
        motifs.neon(c, motifs.ring(x, 0.47, size * 0.4), 0.018, p.second, 0.18)
        motifs.neon(c, motifs.heart(x, 0.48, size * 0.2), 0.016, p.accent, 0.16)
    for t in (-0.2, 0.2):
        c.line(((x + t, c.top), (x + t, 0.2)), 0.004, rgb("8a90b8"), lit=False)


def _detail_cocktails(c: Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    _bokeh(c, stage)
    c.gradient(c.left, 0.8, c.right, c.bottom, rgb("2a2f58"), rgb("14172c"), lit=False)
    motifs.neon(c, [(c.left + (c.right - c.left) * i / 8, 0.8) for i in range(9)], 0.008, stage.palette.accent, 0.1)
    _cocktail(c, stage, x - 0.14, y, size)
    _cocktail(c, stage, x + 0.22, y + 0.02, size * 0.8)
    _glow_candles(c, stage, x - 0.4, y, size * 0.4)


STYLE = Style(
    "rooftop_night",
    _PALETTES,
    _exterior,
    _bar,
    _ceremony,
    _tabletop,
    _table,
    _arch,
    _seat,
    (_cocktail, _glow_candles),
    (_detail_neon, _detail_cocktails),
    lambda c, stage, x, y, size: motifs.neon(
        c,
        [(x - size, y - size * 0.3), (x, y - size * 0.3), (x + size, y - size * 0.3)],
        size * 0.05,
        stage.palette.second,
        size * 0.4,
    ),
    _prop,
)
