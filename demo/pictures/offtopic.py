"""Pictures of boards that are not about venues: plain studio shots that no venue style looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sin
from random import Random
from typing import Final

from demo.pictures.canvas import Canvas
from demo.pictures.colour import BLACK, RGB, WHITE, jitter, mix, rgb, rgbs, shade
from demo.pictures.kit import tableware

_BACKS: Final = rgbs("f3d9d2 d6e4ea f2ead2 dcd6ea d9e8d6 f0dfe8")


def _studio(c: Canvas, rng: Random, back: RGB, level: float) -> None:
    c.gradient(c.left, c.top, c.right, level + 0.01, shade(back, 0.96), back)
    c.gradient(c.left, level, c.right, c.bottom, shade(back, 0.8), shade(back, 0.92))


def _recipes(c: Canvas, rng: Random) -> None:
    """A plate of food from above, on a coloured table."""
    back = rng.choice(rgbs("3f5f6b e8e2d4 a8b59a d8a48f 5c4a42"))
    c.gradient(c.left, c.top, c.right, c.bottom, back, shade(back, 0.86))
    for index in range(7):
        x = c.left + (c.right - c.left) * index / 6
        c.line(((x, c.top), (x + 0.1, c.bottom)), 0.003, shade(back, 0.9))
    x, y = rng.uniform(-0.08, 0.08), rng.uniform(0.46, 0.56)
    c.shadow(x + 0.04, y + 0.05, 0.5, 0.5, 0.6)
    c.ellipse(x, y, 0.36, 0.36, WHITE)
    c.ellipse(x, y, 0.28, 0.28, (232, 230, 226))
    sauce = rng.choice(rgbs("d8562c e8b23c 8fae3c c23a2e"))
    c.ellipse(x, y, 0.25, 0.25, sauce)
    c.stamp("crown", rng.randrange(4), x, y, 0.44, 0.44, shade(sauce, 1.2))
    for index in range(16):
        colour = jitter(rng, rgbs("5f9a3a f2d25c e25a3c f5efe0 7a4a2c")[index % 5], 12)
        dx, dy = rng.uniform(-0.18, 0.18), rng.uniform(-0.18, 0.18)
        c.ellipse(x + dx, y + dy, 0.028, 0.028, shade(colour, 0.75))
        c.ellipse(x + dx - 0.004, y + dy - 0.005, 0.024, 0.023, colour)
    side = rng.choice((-1, 1))
    for offset, wide in ((0.43, 0.012), (0.47, 0.02)):
        c.line(((x + side * offset, y - 0.24), (x + side * offset, y + 0.26)), wide, (190, 194, 200))
    for corner in ((-0.42, 0.08), (0.4, 0.95)):
        c.ellipse(*corner, 0.11, 0.11, rng.choice(rgbs("c9582f e7d3a4 6f8f4a")))
        c.ellipse(*corner, 0.085, 0.085, rng.choice(rgbs("f0c64e d94f30 f4ead6")))


def _hairstyles(c: Canvas, rng: Random) -> None:
    """A wig stand seen from behind: waves, a braid or a bun."""
    _studio(c, rng, rng.choice(_BACKS), 0.9)
    hair = rng.choice(rgbs("3b2419 6e4326 a8713d d9b36c 1f1a1a 8a3a22"))
    x = rng.uniform(-0.06, 0.06)
    skin = rgb("e9e4dc")
    c.polygon(
        ((x - 0.07, 0.6), (x + 0.07, 0.6), (x + 0.08, 0.84), (x + 0.2, 0.95), (x - 0.2, 0.95), (x - 0.08, 0.84)), skin
    )
    c.shadow(x, 0.97, 0.35, 0.08, 0.5)
    c.ellipse(x, 0.4, 0.2, 0.25, skin)
    c.ellipse(x, 0.36, 0.235, 0.27, hair)
    kind = rng.randrange(3)
    if kind == 0:
        for strand in range(9):
            sx = x + (strand - 4) * 0.055
            points = [(sx + 0.022 * sin(i * 1.05) + (strand - 4) * 0.0024 * i, 0.34 + i * 0.0245) for i in range(20)]
            c.line(points, 0.06, shade(hair, 0.8 + 0.12 * (strand % 4)), round_joints=True)
    elif kind == 1:
        for index in range(8):
            y, wide = 0.46 + index * 0.055, 0.085 - index * 0.006
            c.ellipse(x - wide * 0.5, y, wide, 0.045, shade(hair, 1.2))
            c.ellipse(x + wide * 0.5, y + 0.026, wide, 0.045, shade(hair, 0.82))
    else:
        c.ellipse(x, 0.13, 0.13, 0.12, shade(hair, 0.85))
        for ring in range(3):
            c.ellipse(x, 0.13, 0.1 - ring * 0.03, 0.09 - ring * 0.028, shade(hair, 1.0 + 0.16 * ring))
    for strand in range(7):
        sx = x + (strand - 3) * 0.052
        c.line(((x + (strand - 3) * 0.02, 0.12), (sx, 0.25), (sx * 1.08, 0.44)), 0.008, shade(hair, 1.3), alpha=150)


def _dresses(c: Canvas, rng: Random) -> None:
    """A dress on a dressmaker's stand."""
    _studio(c, rng, rng.choice(_BACKS), 0.86)
    cloth = rng.choice(rgbs("f7f1ea c0475f 2f4a7a e8b7c4 3d6b58 e5c870 222228"))
    x, hem = rng.uniform(-0.08, 0.08), rng.uniform(0.22, 0.4)
    c.shadow(x, 0.93, 0.4, 0.09, 0.5)
    c.line(((x, 0.1), (x, 0.94)), 0.016, rgb("7a5b40"))
    c.ellipse(x, 0.09, 0.03, 0.03, rgb("8a6a4c"))
    c.polygon(
        (
            (x - hem, 0.93),
            (x - 0.085, 0.44),
            (x - 0.13, 0.26),
            (x - 0.08, 0.18),
            (x, 0.24),
            (x + 0.08, 0.18),
            (x + 0.13, 0.26),
            (x + 0.085, 0.44),
            (x + hem, 0.93),
        ),
        cloth,
    )
    for fold in range(6):
        a = (fold - 2.5) / 2.6
        c.polygon(((x + a * 0.07, 0.46), (x + a * hem, 0.93), (x + (a + 0.16) * hem, 0.93)), shade(cloth, 0.84))
    c.rect(x - 0.087, 0.43, x + 0.087, 0.46, shade(cloth, 0.7))
    if rng.random() < 0.5:
        c.line(((c.left, 0.07), (c.right, 0.07)), 0.014, rgb("9a9a9e"))


def _home_office(c: Canvas, rng: Random) -> None:
    """A desk with a screen, a mug and a task lamp."""
    wall = rng.choice(rgbs("dfe5e6 e8e0d4 cfd8d2 e2d8e0"))
    _studio(c, rng, wall, 0.72)
    desk = rng.choice(rgbs("d9b88f f0ece6 8a6244"))
    c.rect(c.left, 0.68, c.right, 0.78, desk)
    c.rect(c.left, 0.78, c.right, 0.81, shade(desk, 0.7))
    c.rect(c.left, 0.81, c.right, c.bottom, shade(wall, 0.6))
    x = rng.uniform(-0.1, 0.1)
    c.shadow(x, 0.71, 0.4, 0.05, 0.5)
    c.rect(x - 0.03, 0.56, x + 0.03, 0.7, (150, 154, 160))
    c.rect(x - 0.26, 0.24, x + 0.26, 0.58, BLACK)
    screen = rng.choice(rgbs("3f7fd0 2fa39a 7a5fc8"))
    c.gradient(x - 0.245, 0.255, x + 0.245, 0.565, screen, mix(screen, WHITE, 0.5), lit=False)
    for row in range(5):
        y = 0.3 + row * 0.05
        c.rect(x - 0.2, y, x - 0.2 + rng.uniform(0.12, 0.36), y + 0.018, WHITE, alpha=200, lit=False)
    c.rect(x - 0.17, 0.71, x + 0.15, 0.745, (214, 217, 222))
    c.ellipse(x + 0.22, 0.73, 0.03, 0.02, (214, 217, 222))
    mug = rng.choice(rgbs("d9573f f2c14e 4a6fa5"))
    c.rect(x - 0.36, 0.62, x - 0.28, 0.72, mug)
    c.line(((x + 0.4, 0.7), (x + 0.44, 0.45), (x + 0.33, 0.3)), 0.014, (70, 74, 82))
    c.polygon(((x + 0.29, 0.3), (x + 0.35, 0.25), (x + 0.38, 0.36), (x + 0.28, 0.4)), (70, 74, 82))
    tableware.vase(c, x - 0.42, 0.7, 0.1, WHITE)
    c.stamp("fern", 1, x - 0.42, 0.53, 0.2, 0.2, rgb("4f8a4a"))
    for frame in (-0.34, 0.36):
        c.rect(frame - 0.07, 0.06, frame + 0.07, 0.22, (90, 84, 80))
        c.rect(frame - 0.058, 0.075, frame + 0.058, 0.205, jitter(rng, rgb("e8cdb8"), 20))


def _cats(c: Canvas, rng: Random) -> None:
    """A cat sitting on a cushion."""
    _studio(c, rng, rng.choice(_BACKS), 0.74)
    fur = rng.choice(rgbs("d98a3f 6f6a68 2b2929 e9e2d6 a87b52"))
    cushion = rng.choice(rgbs("5f86a8 c46a6a 7f9a68 e2b64e"))
    x, mark = rng.uniform(-0.1, 0.1), shade(fur, 0.72)
    c.shadow(x, 0.94, 0.45, 0.08, 0.5)
    c.ellipse(x, 0.88, 0.38, 0.085, shade(cushion, 0.75))
    c.ellipse(x, 0.855, 0.38, 0.08, cushion)
    tail = [(x + 0.16 + 0.19 * sin(t / 9 * 1.9), 0.84 - 0.28 * (t / 9) ** 1.5) for t in range(10)]
    c.line(tail, 0.055, mark, round_joints=True)
    c.ellipse(x, 0.68, 0.19, 0.2, fur)
    c.ellipse(x, 0.72, 0.09, 0.14, mix(fur, WHITE, 0.45))
    for side in (-1, 1):
        c.ellipse(x + side * 0.08, 0.85, 0.055, 0.03, mix(fur, WHITE, 0.3))
        c.polygon(((x + side * 0.04, 0.3), (x + side * 0.16, 0.2), (x + side * 0.17, 0.38)), fur)
        c.polygon(((x + side * 0.08, 0.3), (x + side * 0.145, 0.24), (x + side * 0.15, 0.36)), rgb("e8a9a0"))
    c.ellipse(x, 0.42, 0.175, 0.15, fur)
    for stripe in (-0.06, 0, 0.06):
        c.line(((x + stripe, 0.29), (x + stripe * 0.8, 0.35)), 0.016, mark)
    eye = rng.choice(rgbs("8fc44a e8b83a 6fb4d8"))
    for side in (-1, 1):
        c.ellipse(x + side * 0.075, 0.42, 0.036, 0.032, eye, lit=False)
        c.ellipse(x + side * 0.075, 0.42, 0.011, 0.028, BLACK)
        for whisker in (-0.02, 0.02):
            c.line(((x + side * 0.06, 0.485), (x + side * 0.24, 0.48 + whisker)), 0.003, WHITE)
    c.ellipse(x, 0.485, 0.055, 0.035, mix(fur, WHITE, 0.5))
    c.polygon(((x - 0.02, 0.462), (x + 0.02, 0.462), (x, 0.485)), rgb("d97f86"))


_SUBJECTS: Final[Mapping[str, Callable[[Canvas, Random], None]]] = {
    "recipes": _recipes,
    "hairstyles": _hairstyles,
    "dresses": _dresses,
    "home_office": _home_office,
    "cats": _cats,
}


def paint_subject(c: Canvas, rng: Random, subject: str) -> None:
    """Paint one of `demo.aesthetics.OFF_TOPIC`; the scene makes no difference to it."""
    _SUBJECTS[subject](c, rng)
