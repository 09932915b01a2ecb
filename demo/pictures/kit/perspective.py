"""One-point perspective: a camera, and planes in space that flat things are drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from demo.pictures.canvas import Canvas, Point
from demo.pictures.colour import RGB

_NEAREST = 0.12
Space = tuple[float, float, float]


class Surface(Protocol):
    """Anything flat with coordinates: u along, v up or away."""

    def at(self, u: float, v: float) -> Point:
        """The canvas point of (u, v)."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks straight ahead. Space is in metres: X right, Y up, Z away.

    Attributes:
        x: canvas x of the vanishing point.
        horizon: canvas y of the vanishing point.
        eye: metres above the ground.
        focal: canvas units of a metre seen at one metre.
        slide: metres the camera stands to the right of the middle.
    """

    x: float = 0.0
    horizon: float = 0.45
    eye: float = 1.6
    focal: float = 1.0
    slide: float = 0.0

    def at(self, x: float, y: float, z: float) -> Point:
        """The canvas point of a point in space; what is behind the camera is held just before it."""
        grow = self.focal / max(z, _NEAREST)
        return self.x + (x - self.slide) * grow, self.horizon - (y - self.eye) * grow

    def size(self, metres: float, z: float) -> float:
        """Canvas units of a length seen at distance `z`."""
        return metres * self.focal / max(z, _NEAREST)


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane in space seen by a camera."""

    camera: Camera
    origin: Space
    along: Space
    up: Space

    def at(self, u: float, v: float) -> Point:
        """The canvas point of (u, v)."""
        o, a, b = self.origin, self.along, self.up
        return self.camera.at(o[0] + a[0] * u + b[0] * v, o[1] + a[1] * u + b[1] * v, o[2] + a[2] * u + b[2] * v)


@dataclass(frozen=True, slots=True)
class Flat:
    """A surface parallel to the picture: (u, v) is `scale` times that from (x, y), v upwards."""

    x: float
    y: float
    scale: float = 1.0

    def at(self, u: float, v: float) -> Point:
        """The canvas point of (u, v)."""
        return self.x + u * self.scale, self.y - v * self.scale


def quad(s: Surface, u0: float, v0: float, u1: float, v1: float) -> list[Point]:
    """The corners of a rectangle on a surface."""
    return [s.at(u0, v0), s.at(u1, v0), s.at(u1, v1), s.at(u0, v1)]


def fill(
    c: Canvas,
    s: Surface,
    u0: float,
    v0: float,
    u1: float,
    v1: float,
    colour: RGB,
    *,
    far: float = 0.0,
    alpha: int = 255,
    lit: bool = True,
) -> None:
    """Fill a rectangle on a surface."""
    c.polygon(quad(s, u0, v0, u1, v1), colour, far=far, alpha=alpha, lit=lit)


@dataclass(frozen=True, slots=True)
class Box:
    """The six sides of a room `width` by `height` by `depth` metres, seen from its open end.

    `left` and `right` have u away from the viewer and v up; `back` has u across from the left and v up;
    `floor` and `ceiling` have u across from the left and v away.
    """

    camera: Camera
    width: float
    height: float
    depth: float

    @property
    def left(self) -> Plane:
        """The left wall."""
        return Plane(self.camera, (-self.width / 2, 0, 0), (0, 0, 1), (0, 1, 0))

    @property
    def right(self) -> Plane:
        """The right wall."""
        return Plane(self.camera, (self.width / 2, 0, 0), (0, 0, 1), (0, 1, 0))

    @property
    def back(self) -> Plane:
        """The far wall."""
        return Plane(self.camera, (-self.width / 2, 0, self.depth), (1, 0, 0), (0, 1, 0))

    @property
    def floor(self) -> Plane:
        """The floor."""
        return Plane(self.camera, (-self.width / 2, 0, 0), (1, 0, 0), (0, 0, 1))

    @property
    def ceiling(self) -> Plane:
        """The ceiling."""
        return Plane(self.camera, (-self.width / 2, self.height, 0), (1, 0, 0), (0, 0, 1))
