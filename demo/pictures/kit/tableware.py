"""Plates, glasses, vessels, books: what stands on tables."""

from __future__ import annotations

from random import Random

from demo.pictures.canvas import Canvas
from demo.pictures.colour import GOLD, RGB, WHITE, jitter, shade


def glass(c: Canvas, x: float, y: float, size: float, *, drink: RGB | None = None, flute: bool = False) -> None:
    """A stemmed glass."""
    half, bowl = size * (0.11 if flute else 0.2), size * 0.46
    tint = (236, 242, 246)
    c.ellipse(x, y, half, half * 0.28, tint, alpha=120)
    c.line(((x, y), (x, y - bowl)), size * 0.03, tint, alpha=190)
    c.polygon(
        (
            (x - half * 0.3, y - bowl),
            (x - half, y - size * 0.72),
            (x - half * 0.86, y - size),
            (x + half * 0.86, y - size),
            (x + half, y - size * 0.72),
            (x + half * 0.3, y - bowl),
        ),
        tint,
        alpha=85,
    )
    if drink is not None:
        c.polygon(
            (
                (x - half * 0.28, y - bowl),
                (x - half * 0.95, y - size * 0.74),
                (x + half * 0.95, y - size * 0.74),
                (x + half * 0.28, y - bowl),
            ),
            drink,
            alpha=225,
        )
    c.line(((x - half * 0.55, y - size * 0.94), (x - half * 0.66, y - size * 0.72)), size * 0.025, WHITE, alpha=200)


def plate(c: Canvas, x: float, y: float, rx: float, ry: float, rim: RGB, face: RGB, napkin: RGB) -> None:
    """A charger, a plate and a folded napkin."""
    c.shadow(x, y + ry * 0.25, rx * 1.3, ry * 1.5, 0.4)
    c.ellipse(x, y, rx, ry, shade(rim, 0.8))
    c.ellipse(x, y - ry * 0.06, rx, ry * 0.96, rim)
    c.ellipse(x, y - ry * 0.1, rx * 0.8, ry * 0.76, shade(face, 0.84))
    c.ellipse(x, y - ry * 0.13, rx * 0.8, ry * 0.76, face)
    c.ellipse(x, y - ry * 0.12, rx * 0.54, ry * 0.5, shade(face, 0.93))
    c.polygon(
        (
            (x - rx * 0.3, y - ry * 0.5),
            (x + rx * 0.2, y - ry * 0.58),
            (x + rx * 0.34, y + ry * 0.34),
            (x - rx * 0.16, y + ry * 0.42),
        ),
        napkin,
    )
    c.polygon(
        (
            (x - rx * 0.3, y - ry * 0.5),
            (x - rx * 0.06, y - ry * 0.53),
            (x + rx * 0.08, y + ry * 0.38),
            (x - rx * 0.16, y + ry * 0.42),
        ),
        shade(napkin, 0.82),
    )


def vase(c: Canvas, x: float, y: float, size: float, colour: RGB, *, waist: float = 0.6, alpha: int = 255) -> None:
    """A vessel `size` tall, narrower at the neck as `waist` falls."""
    half = size * 0.34
    c.shadow(x, y, half * 1.7, half * 0.5, 0.5)
    body = [
        (x - half * 0.6, y),
        (x - half, y - size * 0.4),
        (x - half * waist, y - size),
        (x + half * waist, y - size),
        (x + half, y - size * 0.4),
        (x + half * 0.6, y),
    ]
    c.polygon(body, colour, alpha=alpha)
    c.polygon(
        [(x + half * 0.2, y), (x + half * 0.35, y - size * 0.5), (x + half * waist * 0.5, y - size), *body[3:]],
        shade(colour, 0.74),
        alpha=alpha,
    )
    c.line(
        ((x - half * 0.62, y - size * 0.25), (x - half * 0.7, y - size * 0.5)),
        size * 0.05,
        shade(colour, 1.3),
        alpha=min(alpha, 170),
    )


def bottle(c: Canvas, x: float, y: float, size: float, colour: RGB, label: RGB) -> None:
    """A wine bottle."""
    half = size * 0.13
    c.shadow(x, y, half * 2, half * 0.6, 0.5)
    c.polygon(
        (
            (x - half, y),
            (x - half, y - size * 0.58),
            (x - half * 0.36, y - size * 0.74),
            (x - half * 0.36, y - size),
            (x + half * 0.36, y - size),
            (x + half * 0.36, y - size * 0.74),
            (x + half, y - size * 0.58),
            (x + half, y),
        ),
        colour,
    )
    c.rect(x - half, y - size * 0.44, x + half, y - size * 0.16, label)
    c.line(((x - half * 0.6, y - size * 0.08), (x - half * 0.6, y - size * 0.56)), size * 0.025, WHITE, alpha=110)


def books(c: Canvas, rng: Random, x: float, y: float, size: float, spines: tuple[RGB, ...], count: int) -> float:
    """A pile of books; answers with the y of its top."""
    for _ in range(count):
        tall, half = size * rng.uniform(0.16, 0.24), size * rng.uniform(0.42, 0.6)
        shift, colour = rng.uniform(-0.06, 0.06) * size, jitter(rng, rng.choice(spines), 8)
        c.rect(x + shift - half, y - tall, x + shift + half, y, colour)
        c.rect(x + shift - half, y - tall, x + shift + half, y - tall * 0.82, shade(colour, 1.3))
        for band in (-0.7, 0.62):
            c.rect(x + shift + half * band, y - tall, x + shift + half * (band + 0.08), y, GOLD)
        y -= tall
    return y
