"""Lamps and candles: things that glow."""

from __future__ import annotations

import math

from demo.pictures.canvas import Canvas
from demo.pictures.colour import CANDLE, GOLD, RGB, WARM_BULB, WHITE, mix, rgb, shade

WIRE: RGB = rgb("2e2a28")
LAMP_GREEN: RGB = rgb("1f7a4d")


def bulbs(
    c: Canvas,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    sag: float,
    count: int,
    size: float,
    *,
    wire: RGB = WIRE,
    bulb: RGB = WARM_BULB,
) -> None:
    """A string of bulbs hanging in a curve between two points."""
    points = []
    for index in range(count + 1):
        t = index / count
        points.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)))
    c.line(points, 0.002, wire)
    for x, y in points[1:-1]:
        c.ellipse(x, y + size, size, size * 1.25, mix(bulb, WHITE, 0.45), lit=False)
        c.glow(x, y + size, size * 6.0, bulb, 0.14 + 0.3 * c.light.lamps)


def flame(c: Canvas, x: float, y: float, size: float) -> None:
    """A candle flame standing on (x, y)."""
    c.polygon(
        ((x, y - size), (x + size * 0.24, y - size * 0.35), (x, y), (x - size * 0.24, y - size * 0.35)),
        CANDLE,
        lit=False,
    )
    c.ellipse(x, y - size * 0.32, size * 0.14, size * 0.22, (255, 246, 214), lit=False)
    c.glow(x, y - size * 0.4, 0.03 + size * 1.7, CANDLE, (0.14 + 0.24 * c.light.lamps) * (1 - min(0.5, size * 3)))


def candle(c: Canvas, x: float, y: float, size: float, wax: RGB = WHITE, *, width: float = 0.16) -> None:
    """A lit candle."""
    half = size * width
    c.rect(x - half, y - size, x + half, y, wax)
    c.rect(x + half * 0.3, y - size, x + half, y, shade(wax, 0.8))
    flame(c, x, y - size, max(half * 2.6, size * 0.22))


def candelabra(c: Canvas, x: float, y: float, size: float, metal: RGB, wax: RGB = WHITE, *, arms: int = 5) -> None:
    """A branched candlestick."""
    c.ellipse(x, y, size * 0.14, size * 0.035, shade(metal, 0.7))
    c.line(((x, y), (x, y - size * 0.74)), size * 0.035, metal)
    c.ellipse(x, y - size * 0.3, size * 0.04, size * 0.05, shade(metal, 1.2))
    for index in range(arms):
        t = (index / (arms - 1) * 2 - 1) if arms > 1 else 0.0
        cx, cy = x + t * size * 0.34, y - size * (0.76 - 0.08 * abs(t))
        c.line(((x, y - size * 0.45), (x + t * size * 0.22, y - size * 0.42), (cx, cy)), size * 0.024, metal)
        c.ellipse(cx, cy, size * 0.045, size * 0.014, shade(metal, 1.25))
        candle(c, cx, cy, size * 0.2, wax, width=0.1)


def chandelier(
    c: Canvas, x: float, y: float, size: float, metal: RGB = GOLD, *, crystal: bool = True, arms: int = 7
) -> None:
    """A chandelier whose lights are about (x, y), hung from above."""
    c.line(((x, c.top), (x, y - size * 0.45)), 0.004, shade(metal, 0.7))
    c.ellipse(x, y - size * 0.42, size * 0.06, size * 0.06, metal)
    if crystal:
        for index in range(9):
            t = index / 8 * 2 - 1
            c.line(((x, y - size * 0.42), (x + t * size * 0.5, y)), 0.0025, WHITE, alpha=150, lit=False)
            drop = size * 0.42 * math.sqrt(max(0.0, 1 - t * t))
            c.line(((x + t * size * 0.5, y), (x + t * size * 0.22, y + drop)), 0.0025, WHITE, alpha=170, lit=False)
            c.ellipse(x + t * size * 0.36, y + drop * 0.75, size * 0.018, size * 0.028, (255, 250, 232), lit=False)
    c.ellipse(x, y, size * 0.52, size * 0.07, shade(metal, 0.75))
    c.ellipse(x, y - size * 0.015, size * 0.5, size * 0.05, metal)
    for index in range(arms):
        t = index / (arms - 1) * 2 - 1
        cx, cy = x + t * size * 0.5, y - size * 0.06 + size * 0.05 * (1 - t * t)
        c.rect(cx - size * 0.014, cy - size * 0.09, cx + size * 0.014, cy, WHITE, lit=False)
        flame(c, cx, cy - size * 0.09, size * 0.07)
    c.glow(x, y, size * 1.2, WARM_BULB, 0.16 + 0.16 * c.light.lamps)


def pendant(c: Canvas, x: float, y: float, size: float, *, cap: RGB = WIRE, bulb: RGB = WARM_BULB) -> None:
    """A bare filament bulb on a flex."""
    c.line(((x, c.top), (x, y - size)), 0.003, cap)
    c.rect(x - size * 0.16, y - size * 1.1, x + size * 0.16, y - size * 0.6, cap)
    c.ellipse(x, y - size * 0.1, size * 0.42, size * 0.55, mix(bulb, (255, 170, 70), 0.35), lit=False)
    c.line(
        (
            (x - size * 0.14, y - size * 0.4),
            (x - size * 0.08, y + size * 0.15),
            (x, y - size * 0.25),
            (x + size * 0.08, y + size * 0.15),
            (x + size * 0.14, y - size * 0.4),
        ),
        size * 0.06,
        (255, 250, 220),
        lit=False,
    )
    c.glow(x, y, size * 3.2, bulb, 0.5)


def lantern(c: Canvas, x: float, y: float, size: float, metal: RGB) -> None:
    """A glazed lantern with a candle in it."""
    half = size * 0.26
    c.shadow(x, y, half * 2, size * 0.12, 0.45)
    c.rect(x - half, y - size * 0.7, x + half, y, shade(metal, 0.7))
    c.rect(
        x - half * 0.76, y - size * 0.66, x + half * 0.76, y - size * 0.08, mix((255, 224, 170), metal, 0.25), lit=False
    )
    c.rect(x - half * 0.26, y - size * 0.32, x + half * 0.26, y - size * 0.08, WHITE)
    flame(c, x, y - size * 0.32, size * 0.2)
    c.rect(x - half * 0.08, y - size * 0.7, x + half * 0.08, y - size * 0.08, metal)
    c.polygon(((x - half * 1.1, y - size * 0.68), (x, y - size * 0.92), (x + half * 1.1, y - size * 0.68)), metal)
    c.ellipse(x, y - size * 0.95, size * 0.05, size * 0.05, metal)


def reading_lamp(c: Canvas, x: float, y: float, size: float, shade_colour: RGB = LAMP_GREEN, metal: RGB = GOLD) -> None:
    """A banker's lamp with a glass shade."""
    c.shadow(x, y, size * 0.3, size * 0.08, 0.5)
    c.ellipse(x, y, size * 0.2, size * 0.05, shade(metal, 0.8))
    c.line(((x, y), (x, y - size * 0.7)), size * 0.05, metal)
    c.glow(x, y - size * 0.5, size * 0.75, CANDLE, 0.3 + 0.2 * c.light.lamps)
    top, foot = y - size * 0.92, y - size * 0.62
    c.polygon(
        (
            (x - size * 0.42, foot),
            (x - size * 0.34, top + size * 0.05),
            (x - size * 0.22, top),
            (x + size * 0.22, top),
            (x + size * 0.34, top + size * 0.05),
            (x + size * 0.42, foot),
        ),
        mix(shade_colour, (120, 230, 150), 0.25),
        lit=False,
    )
    c.polygon(
        (
            (x - size * 0.42, foot),
            (x - size * 0.34, top + size * 0.05),
            (x + size * 0.34, top + size * 0.05),
            (x + size * 0.42, foot),
        ),
        shade_colour,
        lit=False,
    )
    c.line(((x - size * 0.42, foot), (x + size * 0.42, foot)), size * 0.035, (255, 240, 190), lit=False)
