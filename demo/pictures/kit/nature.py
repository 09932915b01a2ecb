"""Sky, land, water and plants."""

from __future__ import annotations

import math
from random import Random

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, WHITE, jitter, mix, rgb, shade
from demo.pictures.light import Season

BARK: RGB = rgb("5a4334")
_SEASON_LEAF = {
    "spring": (rgb("9cc35a"), 0.3),
    "summer": (rgb("4f8a3c"), 0.1),
    "autumn": (rgb("c98a35"), 0.55),
    "winter": (rgb("8d8a72"), 0.45),
}


def seasonal(leaf: RGB, season: Season) -> RGB:
    """Foliage colour `leaf` as the season has it."""
    target, amount = _SEASON_LEAF[season]
    return mix(leaf, target, amount)


def sky(c: Canvas, rng: Random, horizon: float, *, clouds: int = 3) -> None:
    """Sky down to the horizon, with sun or stars and clouds."""
    c.gradient(c.left, c.top, c.right, horizon + 0.02, c.light.zenith, c.light.horizon, lit=False)
    x = rng.uniform(-0.42, 0.42)
    if c.light.name == "night":
        for _ in range(40):
            sx, sy = rng.uniform(c.left, c.right), rng.uniform(c.top, horizon * 0.8)
            c.ellipse(sx, sy, 0.0016, 0.0016, (226, 230, 255), alpha=rng.randrange(90, 255), lit=False)
    elif c.light.name in ("golden", "dusk", "dawn"):
        y = horizon - rng.uniform(0.03, 0.16)
        c.ellipse(x, y, 0.035, 0.035, mix(c.light.sun, WHITE, 0.6), lit=False)
        c.glow(x, y, 0.34, c.light.sun, 0.36)
    for _ in range(clouds):
        width = rng.uniform(0.25, 0.6)
        c.stamp(
            "cloud",
            rng.randrange(4),
            rng.uniform(c.left, c.right),
            rng.uniform(c.top, horizon - 0.1),
            width,
            width * rng.uniform(0.35, 0.6),
            mix(c.light.horizon, WHITE, 0.6),
            strength=0.55,
            lit=False,
        )


def ridge(
    c: Canvas,
    rng: Random,
    base: float,
    height: float,
    colour: RGB,
    *,
    far: float,
    rough: float = 0.25,
    steps: int = 22,
) -> None:
    """A line of hills (small `rough`) or peaks (large) from side to side, filled down to `base`."""
    phase, second = rng.uniform(0, 6), rng.uniform(0, 6)
    points = [(c.left - 0.05, base)]
    for index in range(steps + 1):
        x = c.left + (c.right - c.left) * index / steps
        swell = 0.5 + 0.32 * math.sin(x * 5.1 + phase) + 0.18 * math.sin(x * 11.3 + second)
        points.append((x, base - height * max(0.05, swell + rng.uniform(-rough, rough) * 0.5)))
    points.append((c.right + 0.05, base))
    c.polygon(points, colour, far=far)


def peaks(c: Canvas, rng: Random, base: float, height: float, rock: RGB, *, far: float, count: int = 4) -> None:
    """Snowy mountains with a lit and a shaded side."""
    order = sorted((rng.uniform(0.6, 1.0), (index + rng.uniform(0.2, 0.8)) / count) for index in range(count))
    for tall, place in order:
        x = c.left + (c.right - c.left) * place
        top, half = base - height * tall, height * tall * rng.uniform(0.65, 0.9)
        crook = [(x + half * 0.12 * rng.uniform(-1, 1), top + (base - top) * t) for t in (0.3, 0.6)]
        c.polygon(
            [(x - half, base), (x - half * 0.45, top + (base - top) * 0.48), (x, top), *crook, (x, base)], rock, far=far
        )
        c.polygon(
            [(x, top), (x + half * 0.4, top + (base - top) * 0.38), (x + half, base), (x, base), *crook[::-1]],
            shade(rock, 0.72),
            far=far,
        )
        snow = top + (base - top) * rng.uniform(0.4, 0.62)
        deep = (snow - top) / (base - top)
        c.polygon(
            [
                (x, top),
                crook[0],
                (x - half * deep * 0.2, snow * 0.8 + top * 0.2),
                (x - half * deep * 0.5, snow),
                (x - half * deep * 0.55, top + (snow - top) * 0.66),
            ],
            WHITE,
            far=far * 0.7,
        )
        c.polygon(
            [
                (x, top),
                (x + half * deep * 0.62, top + (snow - top) * 0.72),
                (x + half * deep * 0.4, snow),
                (x + half * deep * 0.2, snow * 0.75 + top * 0.25),
                crook[0],
            ],
            rgb("c3d2e6"),
            far=far * 0.7,
        )


def ground(c: Canvas, horizon: float, near: RGB, *, far: float = 0.45) -> None:
    """Open ground from the horizon to the bottom, hazy where it is far."""
    c.gradient(c.left, horizon, c.right, c.bottom + 0.01, c.ink(near, far), c.ink(shade(near, 0.86)), lit=False)


def tufts(c: Canvas, rng: Random, x0: float, x1: float, y: float, size: float, colour: RGB, count: int) -> None:
    """A strip of grass tufts."""
    for _ in range(count):
        wide = size * rng.uniform(0.7, 1.4)
        c.stamp(
            "grass",
            rng.randrange(4),
            rng.uniform(x0, x1),
            y + rng.uniform(-0.2, 0.3) * size,
            wide,
            size * rng.uniform(0.6, 1.1),
            jitter(rng, colour),
        )


def sea(c: Canvas, rng: Random, horizon: float, shore: float, deep: RGB, shallow: RGB) -> None:
    """Sea with glitter and a line of surf."""
    c.gradient(c.left, horizon, c.right, shore, c.ink(deep, 0.15), c.ink(shallow), lit=False)
    for _ in range(26):
        t = rng.random() ** 1.6
        y = horizon + (shore - horizon) * t
        half = 0.015 + 0.07 * t * rng.random()
        x = rng.uniform(c.left, c.right)
        c.line(((x - half, y), (x + half, y)), 0.002 + 0.003 * t, mix(shallow, WHITE, 0.6), alpha=150)
    for row in range(2):
        y = shore - row * 0.035
        points = [(c.left + (c.right - c.left) * i / 14, y + rng.uniform(-0.006, 0.006)) for i in range(15)]
        c.line(points, 0.012 - row * 0.005, WHITE, alpha=225 - row * 70)


def tree(
    c: Canvas, rng: Random, x: float, y: float, size: float, leaf: RGB, *, far: float = 0.0, trunk: float = 0.35
) -> None:
    """A broad-leaved tree standing on (x, y)."""
    c.polygon(
        (
            (x - size * 0.035, y),
            (x - size * 0.02, y - size * 0.6),
            (x + size * 0.02, y - size * 0.6),
            (x + size * 0.035, y),
        ),
        BARK,
        far=far,
    )
    crown(c, rng, x, y - size * (trunk + (1 - trunk) / 2), size * 0.85, size * (1 - trunk) * 1.1, leaf, far=far)


def crown(
    c: Canvas, rng: Random, x: float, y: float, width: float, height: float, leaf: RGB, *, far: float = 0.0
) -> None:
    """Foliage in three tones, lit from the upper left."""
    variant, flip = rng.randrange(4), rng.random() < 0.5
    c.stamp("crown", variant, x, y, width, height, shade(leaf, 0.62), far=far, flip=flip)
    c.stamp(
        "crown",
        variant + 1,
        x - width * 0.03,
        y - height * 0.05,
        width * 0.8,
        height * 0.8,
        shade(leaf, 0.85),
        far=far,
        flip=flip,
        strength=0.9,
    )
    c.stamp("crown_light", variant, x, y, width, height, shade(leaf, 1.25), far=far, strength=0.8)


def hedge(
    c: Canvas, rng: Random, x0: float, x1: float, y: float, height: float, leaf: RGB, *, far: float = 0.0
) -> None:
    """A clipped hedge: a box of foliage with a lit top."""
    c.rect(x0, y - height, x1, y, shade(leaf, 0.68), far=far)
    c.rect(x0, y - height, x1, y - height * 0.82, shade(leaf, 1.12), far=far)
    for _ in range(max(2, int((x1 - x0) / height * 1.5))):
        c.stamp(
            "crown_light",
            rng.randrange(4),
            rng.uniform(x0, x1),
            y - height * 0.45,
            height * 1.2,
            height * 1.0,
            shade(leaf, 0.95),
            far=far,
            strength=0.7,
        )


def fir(
    c: Canvas, rng: Random, x: float, y: float, size: float, leaf: RGB, *, far: float = 0.0, snow: float = 0.0
) -> None:
    """A fir or spruce; `snow` 0..1 whitens its boughs."""
    width, variant = size * rng.uniform(0.42, 0.56), rng.randrange(4)
    c.rect(x - size * 0.02, y - size * 0.1, x + size * 0.02, y, BARK, far=far)
    c.stamp("fir", variant, x, y - size * 0.54, width, size * 0.98, shade(leaf, 0.75), far=far)
    lit = mix(shade(leaf, 1.25), WHITE, snow)
    c.stamp("fir_light", variant, x, y - size * 0.54, width, size * 0.96, lit, far=far * 0.8, strength=0.6 + 0.4 * snow)


def cypress(c: Canvas, rng: Random, x: float, y: float, size: float, leaf: RGB, *, far: float = 0.0) -> None:
    """A tall, narrow cypress."""
    c.stamp("crown", rng.randrange(4), x, y - size * 0.5, size * 0.2, size, shade(leaf, 0.7), far=far)
    c.stamp(
        "crown_light",
        rng.randrange(4),
        x - size * 0.01,
        y - size * 0.5,
        size * 0.18,
        size,
        shade(leaf, 1.1),
        far=far,
        strength=0.7,
    )


def palm(c: Canvas, rng: Random, x: float, y: float, size: float, leaf: RGB, *, far: float = 0.0) -> None:
    """A leaning palm."""
    lean = rng.uniform(-0.22, 0.22) * size
    spine = [(x + lean * t * t, y - size * 0.72 * t) for t in (0, 0.25, 0.5, 0.75, 1)]
    c.line(spine, size * 0.045, rgb("8a6d52"), far=far)
    c.line([(px + size * 0.012, py) for px, py in spine], size * 0.015, rgb("5f4a39"), far=far)
    top_x, top_y = spine[-1]
    fronds(c, rng, top_x, top_y, size * 0.5, leaf, far=far)


def fronds(
    c: Canvas, rng: Random, x: float, y: float, reach: float, leaf: RGB, *, far: float = 0.0, count: int = 6
) -> None:
    """A rosette of palm leaves about (x, y)."""
    for index in range(count):
        flip = index % 2 == 0
        tall = reach * (0.5 + 0.75 * (index // 2) / max(1, count // 2)) * rng.uniform(0.85, 1.15)
        side = -1 if flip else 1
        tone = shade(leaf, rng.uniform(0.7, 1.2))
        c.stamp(
            "frond",
            index,
            x + side * reach * 0.46,
            y - tall * 0.12 + reach * 0.1 * (index // 2 - 1),
            reach * 1.0,
            tall,
            tone,
            far=far,
            flip=flip,
        )


def fern(c: Canvas, rng: Random, x: float, y: float, size: float, leaf: RGB, *, far: float = 0.0) -> None:
    """A fern growing at (x, y)."""
    c.stamp("fern", rng.randrange(4), x, y - size * 0.42, size * 1.25, size, shade(leaf, 0.66), far=far)
    c.stamp("fern", rng.randrange(4), x, y - size * 0.38, size * 1.05, size * 0.85, shade(leaf, 1.15), far=far)


def shafts(c: Canvas, rng: Random, count: int, strength: int) -> None:
    """Slanting light from above."""
    lean = rng.uniform(0.15, 0.4) * rng.choice((-1, 1))
    for _ in range(count):
        x, width = rng.uniform(-0.45, 0.35), rng.uniform(0.04, 0.12)
        c.shaft(
            ((x, c.top), (x + width, c.top), (x + width * 1.7 + lean, 0.86), (x + lean, 0.86)), c.light.sun, strength
        )
