"""Colour arithmetic for the painter: plain RGB triples 0-255 and the few operations on them.

Palettes live with the styles that use them; light lives in `light`.
"""

from __future__ import annotations

from random import Random
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]

WHITE: RGB = (250, 248, 244)
BLACK: RGB = (22, 21, 23)
GOLD: RGB = (205, 164, 84)
CANDLE: RGB = (255, 196, 112)
WARM_BULB: RGB = (255, 214, 140)


def rgb(code: str) -> RGB:
    """The colour written "rrggbb"."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def rgbs(codes: str) -> tuple[RGB, ...]:
    """The colours written "rrggbb rrggbb ..."."""
    return tuple(rgb(code) for code in codes.split())


def mix(first: RGB, second: RGB, amount: float) -> RGB:
    """`first` moved by `amount` (0..1) towards `second`."""
    return (
        int(first[0] + (second[0] - first[0]) * amount),
        int(first[1] + (second[1] - first[1]) * amount),
        int(first[2] + (second[2] - first[2]) * amount),
    )


def shade(colour: RGB, factor: float) -> RGB:
    """`colour` darkened (factor < 1) or brightened (factor > 1), clipped to 255."""
    return (
        min(255, int(colour[0] * factor)),
        min(255, int(colour[1] * factor)),
        min(255, int(colour[2] * factor)),
    )


def jitter(rng: Random, colour: RGB, amount: float = 12.0) -> RGB:
    """`colour` with each channel and the overall brightness moved at random by up to `amount`."""
    lift = rng.uniform(-amount, amount)
    return (
        max(0, min(255, int(colour[0] + lift + rng.uniform(-amount, amount) * 0.4))),
        max(0, min(255, int(colour[1] + lift + rng.uniform(-amount, amount) * 0.4))),
        max(0, min(255, int(colour[2] + lift + rng.uniform(-amount, amount) * 0.4))),
    )
