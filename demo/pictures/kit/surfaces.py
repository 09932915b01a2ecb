"""What surfaces are made of: planks, bricks, stones, tiles, panels, shelves of books; and their openings.

Everything is drawn on a `Surface`, so the same bricks serve a facade, a wall in perspective and a floor.
"""

from __future__ import annotations

import math
from random import Random

from demo.pictures.canvas import Canvas, Point
from demo.pictures.colour import BLACK, RGB, jitter, mix, shade
from demo.pictures.kit.perspective import Surface, fill


def planks(
    c: Canvas,
    rng: Random,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    colour: RGB,
    count: int,
    *,
    upright: bool = True,
    far: float = 0.0,
    spread: float = 10.0,
) -> None:
    """Boards side by side: upright boards divide u, others divide v."""
    fill(c, s, u0, v0, u1, v1, shade(colour, 0.55), far=far)
    for index in range(count):
        a, b = index / count, (index + 0.93) / count
        tone = jitter(rng, colour, spread)
        if upright:
            fill(c, s, u0 + (u1 - u0) * a, v0, u0 + (u1 - u0) * b, v1, tone, far=far)
        else:
            fill(c, s, u0, v0 + (v1 - v0) * a, u1, v0 + (v1 - v0) * b, tone, far=far)


def bricks(
    c: Canvas,
    rng: Random,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    colour: RGB,
    rows: int,
    *,
    ratio: float = 2.6,
    share: float = 0.5,
    far: float = 0.0,
    spread: float = 16.0,
) -> None:
    """Courses of bricks or stones: joints for every course, and `share` of the bricks picked out."""
    fill(c, s, u0, v0, u1, v1, colour, far=far)
    tall = (v1 - v0) / rows
    wide = abs(tall * ratio) * (1 if u1 > u0 else -1)
    columns = max(1, int((u1 - u0) / wide))
    joint = mix(shade(colour, 0.62), (140, 134, 126), 0.25)
    for row in range(rows):
        v = v0 + row * tall
        c.line((s.at(u0, v), s.at(u1, v)), 0.002, joint, far=far)
        offset = 0.5 * (row % 2)
        for column in range(columns):
            if rng.random() < share:
                u = u0 + (column + offset) * wide
                end = u + wide * 0.92
                if (end > u1) == (u1 > u0):
                    end = u1
                fill(c, s, u, v + tall * 0.1, end, v + tall * 0.9, jitter(rng, colour, spread), far=far)


def checker(
    c: Canvas,
    rng: Random,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    first: RGB,
    second: RGB,
    columns: int,
    rows: int,
) -> None:
    """Tiles of two colours."""
    fill(c, s, u0, v0, u1, v1, first)
    du, dv = (u1 - u0) / columns, (v1 - v0) / rows
    for row in range(rows):
        for column in range(row % 2, columns, 2):
            u, v = u0 + column * du, v0 + row * dv
            fill(c, s, u, v, u + du, v + dv, jitter(rng, second, 5))


def panel(
    c: Canvas, s: Surface, u0: float, v0: float, u1: float, v1: float, face: RGB, edge: RGB, far: float = 0.0
) -> None:
    """A framed panel with a lighter upper edge."""
    du, dv = (u1 - u0) * 0.07, (v1 - v0) * 0.04
    fill(c, s, u0, v0, u1, v1, edge, far=far)
    fill(c, s, u0 + du, v0 + dv, u1 - du, v1 - dv, shade(face, 0.8), far=far)
    fill(c, s, u0 + du * 1.5, v0 + dv * 1.5, u1 - du, v1 - dv, face, far=far)


def arch_outline(
    s: Surface, u0: float, v0: float, u1: float, v1: float, *, pointed: float = 0.0, steps: int = 10
) -> list[Point]:
    """The outline of a round-headed opening, or a gothic one as `pointed` nears 1; `v1` is its crown."""
    half, middle = (u1 - u0) / 2, (u0 + u1) / 2
    rise = min(abs(half) * (1 + 0.8 * pointed), (v1 - v0) * 0.7)
    points = [s.at(u0, v0), s.at(u0, v1 - rise)]
    for index in range(1, steps):
        t = index / steps
        across = -math.cos(math.pi * t)
        upward = math.sin(math.pi * t) ** (1.0 - 0.0 * pointed)
        if pointed:
            upward = (1 - abs(across) ** 1.7) * pointed + upward * (1 - pointed)
        points.append(s.at(middle + half * across, v1 - rise + rise * upward))
    return [*points, s.at(u1, v1 - rise), s.at(u1, v0)]


def arch(
    c: Canvas,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    colour: RGB,
    *,
    pointed: float = 0.0,
    frame: RGB | None = None,
    frame_width: float = 0.06,
    lit: bool = True,
    far: float = 0.0,
) -> None:
    """An arched opening filled with one colour, framed if asked."""
    if frame is not None:
        edge = frame_width * abs(u1 - u0) * (1 if u1 > u0 else -1)
        c.polygon(arch_outline(s, u0 - edge, v0, u1 + edge, v1 + abs(edge), pointed=pointed), frame, far=far)
    c.polygon(arch_outline(s, u0, v0, u1, v1, pointed=pointed), colour, lit=lit, far=far)


def window(
    c: Canvas,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    glass: RGB,
    bars: RGB,
    columns: int,
    rows: int,
    *,
    round_head: bool = False,
    pointed: float = 0.0,
    lit: bool = False,
    bar: float = 0.005,
    far: float = 0.0,
) -> None:
    """A window with glazing bars; its glass is drawn as it is unless `lit`."""
    if round_head or pointed:
        arch(c, s, u0, v0, u1, v1, glass, pointed=pointed, frame=bars, lit=lit, far=far)
    else:
        edge = (u1 - u0) * 0.04
        fill(c, s, u0 - edge, v0 - abs(edge), u1 + edge, v1 + abs(edge), bars, far=far)
        fill(c, s, u0, v0, u1, v1, glass, lit=lit, far=far)
    half, middle = (u1 - u0) / 2, (u0 + u1) / 2
    rise = min(abs(half) * (1 + 0.8 * pointed), (v1 - v0) * 0.7) if round_head or pointed else 0.0
    for column in range(1, columns):
        u = u0 + (u1 - u0) * column / columns
        across = abs((u - middle) / half)
        head = math.sqrt(max(0.0, 1 - across**2))
        if pointed:
            head = 1 - across**1.7
        c.line((s.at(u, v0), s.at(u, v1 - rise + rise * head)), bar, bars, far=far)
    for row in range(1, rows):
        v = v0 + (v1 - rise - v0) * row / (rows - (1 if rise else 0)) if rise else v0 + (v1 - v0) * row / rows
        c.line((s.at(u0, v), s.at(u1, v)), bar, bars, far=far)


def shelves(
    c: Canvas,
    rng: Random,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    wood: RGB,
    spines: tuple[RGB, ...],
    rows: int,
    columns: int,
) -> None:
    """A bookcase full of leather-bound books."""
    fill(c, s, u0, v0, u1, v1, shade(wood, 0.35))
    tall = (v1 - v0) / rows
    for row in range(rows):
        v = v0 + row * tall
        step = (u1 - u0) / columns
        u = u0 + step * 0.3
        while (u < u1 - step * 0.5) == (step > 0):
            wide = step * rng.uniform(0.55, 1.3)
            if rng.random() > 0.07:
                height = tall * rng.uniform(0.62, 0.86)
                colour = jitter(rng, rng.choice(spines), 10)
                fill(c, s, u, v + tall * 0.06, u + wide * 0.9, v + height, colour)
            u += wide
        fill(c, s, u0, v - tall * 0.03, u1, v + tall * 0.07, shade(wood, 1.1))
    fill(c, s, u0, v1 - tall * 0.05, u1, v1 + tall * 0.06, shade(wood, 1.15))


def lines(
    c: Canvas,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    columns: int,
    rows: int,
    width: float,
    colour: RGB = BLACK,
) -> None:
    """A grid of lines: joints between slabs, mullions."""
    for column in range(columns + 1):
        u = u0 + (u1 - u0) * column / columns
        c.line((s.at(u, v0), s.at(u, v1)), width, colour)
    for row in range(rows + 1):
        v = v0 + (v1 - v0) * row / rows
        c.line((s.at(u0, v), s.at(u1, v)), width, colour)


def curtain(
    c: Canvas,
    rng: Random,
    x0: float,
    x1: float,
    y0: float,
    y1: float,
    colour: RGB,
    *,
    folds: int = 6,
    gather: float = 0.0,
) -> None:
    """Hanging cloth in folds; `gather` draws its foot towards x0."""
    for index in range(folds):
        a, b = index / folds, (index + 1) / folds
        tone = shade(colour, 0.78 + 0.3 * ((index * 7 + rng.randrange(2)) % 3) / 2)
        foot = 1 - gather
        c.polygon(
            (
                (x0 + (x1 - x0) * a, y0),
                (x0 + (x1 - x0) * b, y0),
                (x0 + (x1 - x0) * b * foot, y1),
                (x0 + (x1 - x0) * a * foot, y1),
            ),
            tone,
        )
