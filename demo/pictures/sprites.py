"""Masks painted once and pressed many times: foliage, flowers, firs, fronds, halos, grain.

A sprite is a grey mask without colour, built from a fixed seed, so every process builds the same one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from demo.pictures.colour import RGB

GRAIN_BIAS = 8
_SIDE = 256
_GRAIN_SIDE = 512
VARIANTS: Final = 4


def _leaves(draw: ImageDraw.ImageDraw, rng: Random, count: int, size: float, spread: float, lean: float) -> None:
    """Scatter leaf-shaped ellipses in a disc; `lean` moves them towards the light at the upper left."""
    for _ in range(count):
        angle, reach = rng.uniform(0, math.tau), math.sqrt(rng.random()) * spread
        x = _SIDE / 2 + math.cos(angle) * reach - lean
        y = _SIDE / 2 + math.sin(angle) * reach * 0.9 - lean
        turn, long, thin = rng.uniform(0, math.tau), size * rng.uniform(0.7, 1.3), size * 0.45
        cos, sin = math.cos(turn), math.sin(turn)
        draw.polygon(
            (
                (x - cos * long, y - sin * long),
                (x - sin * thin, y + cos * thin),
                (x + cos * long, y + sin * long),
                (x + sin * thin, y - cos * thin),
            ),
            255,
        )


def _crown(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for _ in range(11):
        angle, reach = rng.uniform(0, math.tau), rng.uniform(0, 62)
        x, y, radius = 128 + math.cos(angle) * reach, 128 + math.sin(angle) * reach, rng.uniform(30, 52)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    _leaves(draw, rng, 240, 11, 116, 0)


def _crown_light(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    _leaves(draw, rng, 130, 9, 82, 20)


def _fir(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    tiers = 8
    for tier in range(tiers):
        top, bottom = 6 + tier * 28, 6 + tier * 28 + 54
        half = 16 + tier * 12.5
        points = [(128.0, top)]
        points += [
            (128 + half * side + rng.uniform(-5, 5), bottom + (8 if index % 2 else -6))
            for index, side in enumerate((1, 0.66, 0.33, 0, -0.33, -0.66, -1))
        ]
        draw.polygon(points, 255)


def _fir_light(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for tier in range(8):
        top, half = 10 + tier * 28, 14 + tier * 12
        draw.polygon(
            (
                (128, top),
                (128 - half, top + 44),
                (128 - half * 0.5, top + 40 + rng.uniform(-6, 6)),
                (128 - half * 0.2, top + 47),
                (128 - 2, top + 30),
            ),
            255,
        )


def _frond(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A feathered palm leaf from the lower left, arching over to the right."""
    steps = 26
    spine = [
        (6 + 240 * t, 200 - 190 * math.sin(math.pi * (0.08 + 0.62 * t)) + 60 * t * t)
        for t in (i / steps for i in range(steps + 1))
    ]
    draw.line(spine, 255, 5)
    for index in range(2, steps):
        x, y = spine[index]
        reach = 66 * math.sin(math.pi * index / steps) ** 0.7 + 6
        for side in (-1, 1):
            tip = (x + reach * 0.62 + rng.uniform(-4, 4), y + side * reach * (0.62 if side < 0 else 0.95))
            draw.polygon(((x - 5, y), tip, (x + 7, y)), 255)


def _fern(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A tuft of small fronds fanning upwards from the bottom centre."""
    for blade in range(9):
        angle = math.radians(-90 + (blade - 4) * 19 + rng.uniform(-5, 5))
        for step in range(16):
            t = step / 15
            bend = angle + (blade - 4) * 0.09 * t
            x, y = 128 + math.cos(bend) * 200 * t * 0.62, 250 + math.sin(bend) * 225 * t
            reach = 20 * (1 - t) + 4
            draw.line((x - reach * 0.8, y - reach * 0.5, x, y, x + reach * 0.8, y - reach * 0.5), 255, 5)


def _grass(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for _ in range(46):
        x, lean, height = rng.uniform(30, 226), rng.uniform(-40, 40), rng.uniform(90, 235)
        draw.polygon(((x - 4, 256), (x + lean, 256 - height), (x + 4, 256)), 255)


def _pampas(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Feathery plumes on stems, fanned."""
    for plume in range(5):
        angle = math.radians(-90 + (plume - 2) * 16 + rng.uniform(-4, 4))
        length = rng.uniform(185, 240)
        tip = (128 + math.cos(angle) * length, 250 + math.sin(angle) * length)
        draw.line((128, 250, *tip), 255, 3)
        for step in range(70):
            t = 0.5 + 0.5 * step / 70
            x, y = 128 + math.cos(angle) * length * t, 250 + math.sin(angle) * length * t
            reach = 24 * math.sin(math.pi * (t - 0.5) / 0.52) + 5
            draw.line((x, y, x + rng.uniform(-reach, reach), y - rng.uniform(2, 24)), 255, 3)


def _rose(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for petal in range(9):
        angle = petal * math.tau / 9 + rng.uniform(-0.15, 0.15)
        x, y, radius = 128 + math.cos(angle) * 66, 128 + math.sin(angle) * 66, 50
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    draw.ellipse((60, 60, 196, 196), 255)


def _rose_folds(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """The shaded folds of a rose: arcs that spiral outwards."""
    for ring in range(5):
        radius = 16 + ring * 19
        start = rng.uniform(0, 360)
        for part in range(3):
            begin = start + part * 120
            draw.arc((128 - radius, 128 - radius, 128 + radius, 128 + radius), begin, begin + 84, 255, 6 + ring)


def _monstera(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A broad heart of a leaf, slit from the rim, holed beside its midrib."""
    outline = []
    for step in range(72):
        angle = math.tau * step / 72
        dent = 0.26 * max(0.0, math.cos(angle)) ** 6  # the notch where the stalk joins, at the top
        reach = 112 * (1 - dent) * (1 + 0.1 * math.cos(math.pi - angle) ** 3)
        outline.append((128 + math.sin(angle) * reach * 1.02, 126 - math.cos(angle) * reach))
    draw.polygon(outline, 255)
    for side in (-1, 1):
        for cut in range(5):
            y, inner = 66 + cut * 33 + rng.uniform(-4, 4), rng.uniform(38, 54)
            rim = y + 30 + 5 * cut
            draw.polygon(((128 + side * inner, y), (128 + side * 140, rim - 8), (128 + side * 140, rim + 9)), 0)
        for hole in range(3):
            x, y = 128 + side * 22, 84 + hole * 38
            draw.ellipse((x - 4, y - 4, x + 4, y + 8), 0)


def _cloud(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for _ in range(9):
        x, radius = rng.uniform(50, 206), rng.uniform(14, 40)
        y = 150 - rng.uniform(0, 24) - radius * 0.3
        draw.ellipse((x - radius * 1.6, y - radius * 0.6, x + radius * 1.6, y + radius * 0.6), 210)


_BUILDERS: Final[Mapping[str, tuple[Callable[[ImageDraw.ImageDraw, Random], None], float]]] = {
    "crown": (_crown, 0.8),
    "crown_light": (_crown_light, 0.8),
    "fir": (_fir, 0.8),
    "fir_light": (_fir_light, 1.2),
    "frond": (_frond, 0.6),
    "fern": (_fern, 0.6),
    "grass": (_grass, 0.6),
    "pampas": (_pampas, 1.4),
    "rose": (_rose, 0.8),
    "rose_folds": (_rose_folds, 1.4),
    "monstera": (_monstera, 0.8),
    "cloud": (_cloud, 12.0),
}


@lru_cache(maxsize=64)
def _master(name: str, variant: int) -> Image.Image:
    if name == "halo":
        edge = (np.arange(_SIDE, dtype=np.float64) + 0.5) / _SIDE * 2 - 1
        reach = np.minimum(1.0, np.hypot(edge[None, :], edge[:, None]))
        return Image.fromarray(np.round(255 * (1 - reach) ** 2 * (1 + 2 * reach)).astype(np.uint8))
    build, softness = _BUILDERS[name]
    image = Image.new("L", (_SIDE, _SIDE))
    build(ImageDraw.Draw(image), Random(f"{name}-{variant}"))  # str seeds hash by sha512: stable anywhere
    return image.filter(ImageFilter.GaussianBlur(softness))


@lru_cache(maxsize=256)
def _reduced(name: str, variant: int, flip: bool, side: int) -> Image.Image:
    """The master at half its size and so on down, so that small sprites are resized from small ones."""
    if side < _SIDE:
        return _reduced(name, variant, flip, side * 2).reduce(2)
    master = _master(name, variant)
    return master.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else master


def _quantised(pixels: float) -> int:
    """`pixels` on a ladder of sizes about 9 % apart, so that resized sprites are found again."""
    if pixels <= 8:
        return max(1, round(pixels))
    return int(2.0 ** (round(math.log2(pixels) * 8) / 8) + 0.5)


def mask(name: str, variant: int, width: float, height: float, flip: bool, strength: float) -> Image.Image:
    """The sprite as an "L" mask of about `width` by `height` pixels, times `strength` (0..1)."""
    return _resized(
        name,
        variant % VARIANTS,
        _quantised(abs(width)),
        _quantised(abs(height)),
        flip,
        max(1, min(8, round(strength * 8))),
    )


@lru_cache(maxsize=6000)
def _resized(name: str, variant: int, width: int, height: int, flip: bool, eighths: int) -> Image.Image:
    side = _SIDE
    while side >= 2 * max(width, height) and side > 16:
        side //= 2
    image = _reduced(name, variant, flip, side).resize((width, height), Image.Resampling.BILINEAR)
    return image if eighths == 8 else image.point([value * eighths // 8 for value in range(256)])


def ramp(upper: RGB, lower: RGB, size: tuple[int, int]) -> Image.Image:
    """A vertical gradient, RGB."""
    blend = np.linspace(0.0, 1.0, max(2, size[1]))[: size[1], None]
    column = np.asarray(upper) * (1 - blend) + np.asarray(lower) * blend
    return Image.fromarray(column.round().astype(np.uint8)[:, None, :]).resize(size, Image.Resampling.NEAREST)


@lru_cache(maxsize=8)
def vignette(size: tuple[int, int], amount: float) -> npt.NDArray[np.uint16]:
    """Fall-off towards the corners as (height, width) factors of 128."""
    x = (np.arange(size[0]) + 0.5) / size[0] * 2 - 1
    y = (np.arange(size[1]) + 0.5) / size[1] * 2 - 1
    reach = x[None, :] ** 2 + y[:, None] ** 2
    return np.round(128 * (1 - amount * reach**1.3 / 2.46)).astype(np.uint16)


@lru_cache(maxsize=1)
def _grain_tile() -> npt.NDArray[np.uint16]:
    noise = np.random.default_rng(20240607).normal(0, 2.2, (_GRAIN_SIDE, _GRAIN_SIDE))
    tile = np.clip(np.round(noise), -GRAIN_BIAS, GRAIN_BIAS).astype(np.int16) + GRAIN_BIAS
    return np.tile(tile.astype(np.uint16), (2, 2))


def grain(size: tuple[int, int], offset: int) -> npt.NDArray[np.uint16]:
    """Film grain biased by `GRAIN_BIAS` to stay positive, shape (height, width)."""
    x, y = offset * 37 % _GRAIN_SIDE, offset * 91 % _GRAIN_SIDE
    tile = _grain_tile()
    if max(size) > _GRAIN_SIDE:
        whole = tile[:_GRAIN_SIDE, :_GRAIN_SIDE]
        tile = np.tile(whole, (-(-(size[1] + y) // _GRAIN_SIDE), -(-(size[0] + x) // _GRAIN_SIDE)))
    return tile[y : y + size[1], x : x + size[0]]
