"""Tables, chairs, benches, bales, barrels: standing on (x, y), `size` units tall; and rugs."""

from __future__ import annotations

from random import Random

from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, jitter, rgb, shade


def round_table(c: Canvas, x: float, y: float, size: float, cloth: RGB, *, tilt: float = 0.3) -> None:
    """A round table under a cloth to the floor; `tilt` is how much of its top shows."""
    rx, ry = size * 0.95, size * 0.95 * tilt
    top = y - size
    c.unshade(
        (
            (x - rx, top - ry),
            (x + rx, top - ry),
            (x + rx, top),
            (x + rx * 0.86, y + ry * 0.5),
            (x - rx * 0.86, y + ry * 0.5),
            (x - rx, top),
        )
    )
    c.shadow(x, y + ry * 0.3, rx * 1.25, ry * 0.9, 0.5)
    c.polygon(((x - rx, top), (x + rx, top), (x + rx * 0.86, y), (x - rx * 0.86, y)), shade(cloth, 0.8))
    c.ellipse(x, y, rx * 0.86, ry * 0.6, shade(cloth, 0.8))
    for fold in (-0.66, -0.3, 0.12, 0.5, 0.78):
        c.polygon(
            (
                (x + rx * fold, top),
                (x + rx * (fold + 0.13), top),
                (x + rx * (fold + 0.1) * 0.86, y + ry * 0.4),
                (x + rx * (fold - 0.02) * 0.86, y + ry * 0.4),
            ),
            shade(cloth, 0.73),
        )
    c.ellipse(x, top, rx, ry, cloth)
    c.ellipse(x - rx * 0.1, top - ry * 0.12, rx * 0.7, ry * 0.6, shade(cloth, 1.06))


def long_table(
    c: Canvas, x: float, y: float, width: float, size: float, wood: RGB, *, cloth: RGB | None = None
) -> None:
    """A long table seen from its side, `width` units long."""
    top, half = y - size, width / 2
    c.unshade(((x - half, top - size * 0.3), (x + half, top - size * 0.3), (x + half, top), (x - half, top)))
    c.shadow(x, y + size * 0.05, half * 1.1, size * 0.22, 0.5)
    for leg in (-0.9, -0.84, 0.84, 0.9):
        c.rect(x + half * leg - size * 0.04, top, x + half * leg + size * 0.04, y, shade(wood, 0.6))
    c.polygon(
        ((x - half * 0.9, top - size * 0.3), (x + half * 0.9, top - size * 0.3), (x + half, top), (x - half, top)),
        cloth or shade(wood, 1.1),
    )
    c.rect(x - half, top, x + half, top + size * (0.45 if cloth else 0.12), shade(cloth or wood, 0.8))


def chair(
    c: Canvas, x: float, y: float, size: float, frame: RGB, seat: RGB, *, slats: int = 3, arched: bool = False
) -> None:
    """A light chair seen from behind: legs, seat, a back of slats."""
    half, width = size * 0.22, size * 0.045
    c.shadow(x, y, half * 1.8, size * 0.14, 0.45)
    for side in (-1, 1):
        c.line(((x + side * half, y), (x + side * half, y - size)), width, frame)
        c.line(
            ((x + side * half * 0.8, y - size * 0.06), (x + side * half * 0.8, y - size * 0.5)),
            width,
            shade(frame, 0.7),
        )
    c.polygon(
        (
            (x - half, y - size * 0.44),
            (x + half, y - size * 0.44),
            (x + half * 0.85, y - size * 0.54),
            (x - half * 0.85, y - size * 0.54),
        ),
        seat,
    )
    c.rect(x - half, y - size * 0.46, x + half, y - size * 0.41, shade(seat, 0.78))
    for slat in range(slats):
        across = x - half + 2 * half * (slat + 1) / (slats + 1)
        c.line(((across, y - size * 0.46), (across, y - size)), width * 0.7, frame)
    if arched:
        c.ellipse(x, y - size, half, size * 0.07, frame)
    c.line(((x - half * 1.05, y - size), (x + half * 1.05, y - size)), width * 1.5, frame)


def solid_chair(c: Canvas, x: float, y: float, size: float, colour: RGB, *, taper: float = 0.0) -> None:
    """An upholstered or high-backed chair seen from behind."""
    half = size * 0.25
    c.unshade(((x - half, y - size), (x + half, y - size), (x + half, y - size * 0.3), (x - half, y - size * 0.3)))
    c.shadow(x, y, half * 1.8, size * 0.14, 0.5)
    for side in (-1, 1):
        c.line(((x + side * half * 0.85, y), (x + side * half * 0.85, y - size * 0.4)), size * 0.06, shade(colour, 0.5))
    top = half * (1 - taper)
    c.polygon(
        ((x - half, y - size * 0.3), (x - top, y - size), (x + top, y - size), (x + half, y - size * 0.3)), colour
    )
    c.polygon(
        (
            (x - half * 0.7, y - size * 0.38),
            (x - top * 0.7, y - size * 0.92),
            (x + top * 0.7, y - size * 0.92),
            (x + half * 0.7, y - size * 0.38),
        ),
        shade(colour, 1.22),
    )


def bench(
    c: Canvas, rng: Random, x: float, y: float, width: float, size: float, wood: RGB, *, throw: RGB | None = None
) -> None:
    """A backless bench, with a throw over it if asked."""
    half = width / 2
    c.shadow(x, y, half * 1.2, size * 0.5, 0.5)
    for side in (-0.8, 0.8):
        c.rect(x + half * side - size * 0.12, y - size * 0.8, x + half * side + size * 0.12, y, shade(wood, 0.55))
    c.polygon(
        (
            (x - half * 0.94, y - size * 1.12),
            (x + half * 0.94, y - size * 1.12),
            (x + half, y - size * 0.82),
            (x - half, y - size * 0.82),
        ),
        jitter(rng, shade(wood, 1.15), 6),
    )
    c.rect(x - half, y - size * 0.82, x + half, y - size * 0.6, shade(wood, 0.8))
    if throw is not None:
        a = x + half * rng.uniform(-0.6, 0.1)
        c.polygon(
            (
                (a, y - size * 1.18),
                (a + half * 0.5, y - size * 1.18),
                (a + half * 0.54, y - size * 0.3),
                (a - half * 0.02, y - size * 0.36),
            ),
            throw,
        )


def log_bench(c: Canvas, rng: Random, x: float, y: float, width: float, size: float, bark: RGB, cut: RGB) -> None:
    """Half a log on two stumps."""
    half = width / 2
    c.shadow(x, y, half * 1.2, size * 0.5, 0.5)
    for side in (-0.6, 0.6):
        c.rect(x + half * side - size * 0.2, y - size * 0.5, x + half * side + size * 0.2, y, shade(bark, 0.6))
    c.rect(x - half, y - size * 0.95, x + half, y - size * 0.45, bark)
    c.rect(x - half, y - size * 1.1, x + half, y - size * 0.9, jitter(rng, cut, 8))
    c.ellipse(x + half, y - size * 0.75, size * 0.16, size * 0.32, shade(cut, 1.05))
    c.ellipse(x + half, y - size * 0.75, size * 0.08, size * 0.17, shade(cut, 0.8))


def bale(c: Canvas, rng: Random, x: float, y: float, size: float, straw: RGB) -> None:
    """A hay bale."""
    half = size * 0.85
    c.shadow(x, y, half * 1.4, size * 0.4, 0.5)
    c.rect(x - half, y - size * 0.8, x + half, y, shade(straw, 0.82))
    c.polygon(
        (
            (x - half, y - size * 0.8),
            (x - half * 0.8, y - size),
            (x + half * 1.1, y - size),
            (x + half, y - size * 0.8),
        ),
        shade(straw, 1.12),
    )
    for _ in range(9):
        sx, sy = x + half * rng.uniform(-0.95, 0.8), y - size * rng.uniform(0.05, 0.75)
        c.line(
            ((sx, sy), (sx + size * rng.uniform(-0.1, 0.22), sy - size * rng.uniform(-0.04, 0.08))),
            0.003,
            shade(straw, rng.uniform(0.7, 1.2)),
        )
    for twine in (-0.4, 0.4):
        c.line(((x + half * twine, y), (x + half * twine, y - size * 0.8)), 0.004, shade(straw, 0.55))


def barrel(c: Canvas, x: float, y: float, size: float, wood: RGB) -> None:
    """An upright oak barrel."""
    half = size * 0.36
    c.shadow(x, y, half * 1.7, size * 0.16, 0.55)
    body = (
        (x - half * 0.84, y),
        (x - half, y - size * 0.5),
        (x - half * 0.84, y - size),
        (x + half * 0.84, y - size),
        (x + half, y - size * 0.5),
        (x + half * 0.84, y),
    )
    c.polygon(body, wood)
    c.polygon(
        (*body[3:], (x + half * 0.4, y), (x + half * 0.5, y - size * 0.5), (x + half * 0.4, y - size)), shade(wood, 0.7)
    )
    for stave in (-0.55, -0.2, 0.15):
        c.line(
            ((x + half * stave * 0.85, y), (x + half * stave, y - size * 0.5), (x + half * stave * 0.85, y - size)),
            0.003,
            shade(wood, 0.6),
        )
    for hoop in (0.08, 0.3, 0.7, 0.92):
        wide = half * (1.0 - 0.16 * abs(hoop - 0.5) * 2)
        c.rect(x - wide, y - size * (hoop + 0.03), x + wide, y - size * (hoop - 0.03), rgb("4a4542"))
    c.ellipse(x, y - size, half * 0.84, half * 0.2, shade(wood, 1.25))


def rug(c: Canvas, points: list[tuple[float, float]], colour: RGB, second: RGB) -> None:
    """A patterned rug filling four corners given in order."""
    c.polygon(points, shade(second, 0.8))
    middle = (sum(p[0] for p in points) / 4, sum(p[1] for p in points) / 4)
    for scale, tone in ((0.88, colour), (0.7, second), (0.62, shade(colour, 0.85)), (0.3, second)):
        c.polygon(
            [(middle[0] + (px - middle[0]) * scale, middle[1] + (py - middle[1]) * scale) for px, py in points], tone
        )
