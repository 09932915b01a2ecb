"""A taste's share over time as the points of a small line. Pure; the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 120.0
HEIGHT: Final = 28.0
_MARGIN: Final = 3.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line in a box of `WIDTH` by `HEIGHT`.

    Attributes:
        points: `x,y x,y ...` as SVG's polyline takes them.
        end: x and y of the last point.
    """

    points: str
    end: tuple[float, float]


def sparkline(weights: Sequence[float]) -> Sparkline | None:
    """Shares (0 to 1) from the oldest to the newest, evenly spaced; None for fewer than two, which are no line.

    The axis goes from 0 to the largest share, so that a steady taste is a level line and not noise made tall.
    """
    if len(weights) < 2:
        return None
    top = max(max(weights), 1e-9)
    step = (WIDTH - 2 * _MARGIN) / (len(weights) - 1)
    points = [
        (round(_MARGIN + place * step, 1), round(HEIGHT - _MARGIN - weight / top * (HEIGHT - 2 * _MARGIN), 1))
        for place, weight in enumerate(weights)
    ]
    return Sparkline(" ".join(f"{x},{y}" for x, y in points), points[-1])
