"""Flowers: single blooms, mounds of them, garlands and wreaths."""

from __future__ import annotations

import math
from random import Random

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, WHITE, jitter, mix, rgb, shade


def flower(c: Canvas, rng: Random, x: float, y: float, size: float, colour: RGB, *, far: float = 0.0) -> None:
    """One full bloom, `size` across."""
    variant = rng.randrange(4)
    c.stamp("rose", variant, x, y, size, size, shade(colour, 0.86), far=far)
    if size > 0.03:
        c.stamp(
            "rose",
            variant + 1,
            x - size * 0.04,
            y - size * 0.05,
            size * 0.72,
            size * 0.72,
            shade(colour, 1.06),
            far=far,
        )
        c.stamp("rose_folds", variant, x, y, size * 0.8, size * 0.8, shade(colour, 0.66), far=far, strength=0.75)
    else:
        c.stamp("rose", variant, x - size * 0.08, y - size * 0.1, size * 0.5, size * 0.5, shade(colour, 1.14), far=far)


def bouquet(
    c: Canvas,
    rng: Random,
    x: float,
    y: float,
    width: float,
    height: float,
    leaf: RGB,
    blooms: tuple[RGB, ...],
    count: int,
    *,
    bloom: float = 0.3,
) -> None:
    """A mound of leaves and flowers about (x, y)."""
    c.stamp("crown", rng.randrange(4), x, y, width, height, shade(leaf, 0.62))
    c.stamp("crown_light", rng.randrange(4), x, y, width * 1.05, height * 1.05, shade(leaf, 1.1))
    for index in range(count):
        angle, reach = index * 2.4 + rng.uniform(-0.3, 0.3), math.sqrt((index + 0.5) / count) * 0.4
        flower(
            c,
            rng,
            x + math.cos(angle) * reach * width,
            y + math.sin(angle) * reach * height,
            min(width, height) * bloom * rng.uniform(0.75, 1.15),
            jitter(rng, rng.choice(blooms), 9),
        )


def garland(
    c: Canvas,
    rng: Random,
    points: list[tuple[float, float]],
    size: float,
    leaf: RGB,
    blooms: tuple[RGB, ...],
    *,
    share: float = 0.45,
    bloom: float = 0.5,
) -> None:
    """Leaves and flowers along a line of points."""
    for index, (x, y) in enumerate(points):
        c.stamp("crown", index, x, y, size * 1.3, size * 1.3, shade(leaf, 0.66))
        c.stamp("crown_light", index, x, y, size * 1.3, size * 1.3, shade(leaf, 1.12))
        if rng.random() < share:
            flower(
                c,
                rng,
                x + rng.uniform(-0.3, 0.3) * size,
                y + rng.uniform(-0.3, 0.3) * size,
                size * bloom,
                jitter(rng, rng.choice(blooms), 8),
            )


def wreath(c: Canvas, rng: Random, x: float, y: float, radius: float, leaf: RGB, blooms: tuple[RGB, ...]) -> None:
    """A ring of leaves and flowers about (x, y)."""
    ring = [(x + math.cos(i * math.tau / 14) * radius, y + math.sin(i * math.tau / 14) * radius) for i in range(14)]
    garland(c, rng, ring, radius * 0.5, leaf, blooms, share=0.8, bloom=0.62)


def orchid(c: Canvas, leaf: RGB, colour: RGB, x: float, y: float, size: float, *, lean: float = 1.0) -> None:
    """An arching spray of orchids rising from (x, y)."""
    stem = [(x + lean * size * 0.42 * t * t, y - size * (1.05 * t - 0.25 * t * t * t)) for t in (0, 0.25, 0.5, 0.75, 1)]
    c.line(stem, size * 0.022, shade(leaf, 0.9))
    for index in range(5):
        t = 0.45 + index * 0.14
        fx, fy = x + lean * size * 0.42 * t * t, y - size * (1.05 * t - 0.25 * t**3)
        r = size * 0.09 * (1.15 - 0.12 * index)
        for petal in range(5):
            angle = petal * 2 * math.pi / 5 - math.pi / 2
            c.ellipse(
                fx + math.cos(angle) * r * 0.7,
                fy + math.sin(angle) * r * 0.7,
                r * 0.62,
                r * 0.56,
                mix(colour, WHITE, 0.35 - 0.15 * (petal % 2)),
            )
        c.ellipse(fx, fy + r * 0.15, r * 0.32, r * 0.3, shade(colour, 0.75))
        c.ellipse(fx, fy, r * 0.13, r * 0.13, rgb("ffd84a"))
