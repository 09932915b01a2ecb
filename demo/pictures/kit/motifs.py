"""Things one style is known by: banners, antlers, neon, shells, toadstools, cushions."""

from __future__ import annotations

from math import cos, pi, sin

from demo.pictures.canvas import Canvas, Point
from demo.pictures.colour import GOLD, RGB, WHITE, mix, rgb, shade

_IRON = rgb("34343a")
_ROPE = rgb("e6d6b8")


def banner(c: Canvas, x: float, y: float, width: float, height: float, colour: RGB, *, charge: RGB = GOLD) -> None:
    """A swallow-tailed banner hanging from (x, y)."""
    half = width / 2
    c.line(((x - half * 1.25, y), (x + half * 1.25, y)), width * 0.1, _IRON)
    c.polygon(
        ((x - half, y), (x + half, y), (x + half, y + height), (x, y + height * 0.84), (x - half, y + height)), colour
    )
    c.polygon(
        ((x + half * 0.3, y), (x + half, y), (x + half, y + height), (x + half * 0.3, y + height * 0.89)),
        shade(colour, 0.8),
    )
    c.polygon(
        (
            (x, y + height * 0.2),
            (x + half * 0.5, y + height * 0.42),
            (x, y + height * 0.64),
            (x - half * 0.5, y + height * 0.42),
        ),
        charge,
    )
    c.polygon(
        (
            (x, y + height * 0.32),
            (x + half * 0.24, y + height * 0.42),
            (x, y + height * 0.52),
            (x - half * 0.24, y + height * 0.42),
        ),
        colour,
    )


def antlers(c: Canvas, x: float, y: float, size: float) -> None:
    """A pair of antlers on a wooden shield, its foot at (x, y)."""
    bone = rgb("d8c4a0")
    c.polygon(
        (
            (x - size * 0.14, y - size * 0.36),
            (x + size * 0.14, y - size * 0.36),
            (x + size * 0.12, y - size * 0.1),
            (x, y),
            (x - size * 0.12, y - size * 0.1),
        ),
        rgb("6a4426"),
    )
    for side in (-1, 1):
        beam = [
            (x + side * size * 0.04, y - size * 0.26),
            (x + side * size * 0.26, y - size * 0.42),
            (x + side * size * 0.42, y - size * 0.7),
            (x + side * size * 0.38, y - size * 1.0),
        ]
        c.line(beam, size * 0.055, bone, round_joints=True)
        for index, rise in ((1, 0.26), (2, 0.24), (1, 0.12)):
            bx, by = beam[index]
            c.line(((bx, by), (bx + side * size * (0.02 - 0.1 * (rise < 0.2)), by - size * rise)), size * 0.04, bone)


def pine_cone(c: Canvas, x: float, y: float, size: float) -> None:
    """A pine cone lying at (x, y)."""
    for row in range(4):
        c.ellipse(
            x,
            y - row * size * 0.32,
            size * (0.5 - 0.09 * row),
            size * 0.24,
            shade(rgb("7a4e2e"), 0.8 + 0.14 * (row % 2)),
        )


def neon(c: Canvas, points: list[Point], width: float, colour: RGB, halo: float = 0.09) -> None:
    """A neon tube along points."""
    c.line(points, width * 1.8, shade(colour, 0.75), lit=False, round_joints=True)
    c.line(points, width, mix(colour, WHITE, 0.65), lit=False, round_joints=True)
    for x, y in points[:: max(1, len(points) // 12)]:
        c.glow(x, y, halo, colour, 0.45)


def ring(x: float, y: float, radius: float) -> list[Point]:
    """Points around a circle, for neon."""
    return [(x + cos(pi * i / 16) * radius, y + sin(pi * i / 16) * radius) for i in range(33)]


def heart(x: float, y: float, size: float) -> list[Point]:
    """Points around a heart, for neon."""
    points = []
    for index in range(33):
        t = index / 32 * 2 * pi
        points.append(
            (x + size * sin(t) ** 3, y - size * (13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)) / 16)
        )
    return points


def globe(c: Canvas, x: float, y: float, radius: float) -> None:
    """A globe in a brass meridian."""
    c.ellipse(x, y, radius, radius, rgb("4a7a7a"))
    for dx, dy, rx, ry in ((-0.3, -0.3, 0.4, 0.3), (0.25, 0.15, 0.35, 0.4), (-0.35, 0.45, 0.2, 0.25)):
        c.ellipse(x + dx * radius, y + dy * radius, rx * radius, ry * radius, rgb("c9a868"))
    ring = [
        (x + cos(pi * (i / 10 - 0.5)) * radius * 1.12, y + sin(pi * (i / 10 - 0.5)) * radius * 1.12) for i in range(11)
    ]
    c.line(ring, radius * 0.09, GOLD)
    c.line(((x, y + radius), (x, y + radius * 1.4)), radius * 0.12, GOLD)


def shell(c: Canvas, x: float, y: float, size: float, colour: RGB) -> None:
    """A scallop shell, its hinge at (x, y)."""
    rim = [(x + cos(pi * (0.12 + 0.76 * i / 8)) * size, y - sin(pi * (0.12 + 0.76 * i / 8)) * size) for i in range(9)]
    c.polygon([(x - size * 0.2, y), *rim[::-1], (x + size * 0.2, y)], colour)
    for point in rim[1:-1]:
        c.line(((x, y), point), size * 0.05, shade(colour, 0.75))


def starfish(c: Canvas, x: float, y: float, size: float, colour: RGB) -> None:
    """A starfish about (x, y)."""
    for radius, tone in ((1.0, 0.85), (0.8, 1.1)):
        points = [
            (
                x + sin(pi * i / 5 + 0.2) * size * radius * (1 if i % 2 == 0 else 0.38),
                y - cos(pi * i / 5 + 0.2) * size * radius * 0.8 * (1 if i % 2 == 0 else 0.38),
            )
            for i in range(10)
        ]
        c.polygon(points, shade(colour, tone))


def mushroom(c: Canvas, x: float, y: float, size: float, cap: RGB) -> None:
    """A toadstool."""
    c.polygon(
        (
            (x - size * 0.12, y),
            (x - size * 0.09, y - size * 0.6),
            (x + size * 0.09, y - size * 0.6),
            (x + size * 0.12, y),
        ),
        rgb("efe6d2"),
    )
    c.polygon(
        (
            (x - size * 0.4, y - size * 0.52),
            (x - size * 0.3, y - size * 0.84),
            (x, y - size),
            (x + size * 0.3, y - size * 0.84),
            (x + size * 0.4, y - size * 0.52),
        ),
        cap,
    )
    for dx, dy in ((-0.16, 0.7), (0.08, 0.82), (0.2, 0.64)):
        c.ellipse(x + dx * size, y - dy * size, size * 0.05, size * 0.04, WHITE)


def cushion(c: Canvas, x: float, y: float, size: float, colour: RGB) -> None:
    """A floor cushion with tassels lying at (x, y)."""
    c.shadow(x, y, size * 0.8, size * 0.2, 0.45)
    c.ellipse(x, y - size * 0.16, size * 0.6, size * 0.24, shade(colour, 0.75))
    c.ellipse(x, y - size * 0.26, size * 0.56, size * 0.2, colour)
    c.line(((x - size * 0.4, y - size * 0.26), (x + size * 0.4, y - size * 0.26)), size * 0.05, shade(colour, 1.25))
    for side in (-1, 1):
        c.line(((x + side * size * 0.58, y - size * 0.16), (x + side * size * 0.66, y)), size * 0.06, _ROPE)
