"""The training pairs of the demo world: which pictures, painted once into a cache outside the project.

Seeds of training and of held-out pictures lie above every seed a world draws, and apart from each other, so
no picture of a world or of the evaluation was ever trained on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from demo.aesthetics import AESTHETICS, OFF_TOPIC, SCENES
from demo.pictures import caption, encode, paint
from demo.tiny_clip.fingerprint import painter_fingerprint
from demo.tiny_clip.wording import style_caption
from demo.world.model import PictureSpec
from demo.world.seeds import pick, sample, stream

TRAINING_SEEDS: Final = 2**40
HELD_OUT_SEEDS: Final = 2**41

# Shapes as pins and venue photographs have them; large enough that shrinking smooths as it does for those.
_SIZES: Final = ((192, 192), (256, 256), (288, 192), (256, 192), (300, 188), (180, 240), (200, 300))
_MIXED_SHARE: Final = 0.45
_OFF_TOPIC_SHARE: Final = 0.1
_PAINTERS: Final = 2


def draw_specs(seed: int, count: int, first_seed: int = TRAINING_SEEDS) -> list[PictureSpec]:
    """`count` pictures of all kinds in a random order: pure aesthetics, mixtures of two, off-topic subjects."""
    rng = stream(seed, "tiny-clip", first_seed)
    return [_draw_spec(rng, first_seed + index) for index in range(count)]


def _draw_spec(rng: np.random.Generator, picture_seed: int) -> PictureSpec:
    kind = float(rng.random())
    if kind < _OFF_TOPIC_SHARE:
        mixture: tuple[tuple[str, float], ...] = ((pick(rng, OFF_TOPIC), 1.0),)
    elif kind < _OFF_TOPIC_SHARE + _MIXED_SHARE:
        first, second = sample(rng, AESTHETICS, 2)
        weight = round(float(rng.uniform(0.5, 0.82)), 2)
        mixture = ((first.slug, weight), (second.slug, round(1 - weight, 2)))
    else:
        mixture = ((pick(rng, AESTHETICS).slug, 1.0),)
    return PictureSpec(mixture, pick(rng, SCENES), picture_seed, *pick(rng, _SIZES))


def as_served(spec: PictureSpec, quality: int) -> Image.Image:
    """The picture after the JPEG encoder, as a site or Pinterest would hand it out."""
    with Image.open(BytesIO(encode(paint(spec), quality=quality))) as opened:
        return opened.convert("RGB")


def _cached_view(job: tuple[PictureSpec, int]) -> NDArray[np.uint8]:
    """The middle square of a picture, `side` pixels wide: what open_clip's transforms look at."""
    spec, side = job
    quality = 62 + spec.seed % 31
    square = ImageOps.fit(as_served(spec, quality), (side, side), Image.Resampling.BICUBIC)
    return np.asarray(square, dtype=np.uint8)


class PaintedPairs:
    """Painted pictures with captions: half of the captions tell all, half only the looks."""

    def __init__(self, specs: list[PictureSpec], pixels: NDArray[np.uint8]) -> None:
        """Pair `specs` with their `pixels`, (len(specs), side, side, 3)."""
        self._specs = specs
        self._pixels = pixels

    def __len__(self) -> int:
        return len(self._specs)

    def image(self, index: int) -> Image.Image:
        """Picture `index`, a square."""
        return Image.fromarray(self._pixels[index])

    def caption(self, index: int, variant: int) -> str:
        """Even variants tell the whole picture, odd ones only what it looks like."""
        spec, wording = self._specs[index], variant // 2
        return style_caption(spec, wording) if variant % 2 else caption(spec, variant=wording)


def painted_pairs(
    folder: Path, *, seed: int, count: int, side: int, on_painted: Callable[[int], Any] = lambda _: None
) -> PaintedPairs:
    """The training pairs, from the cache in `folder`, or painted into it by two processes.

    Args:
        folder: where the cache is; it holds one file for each painter, seed, count and side.
        seed: decides which pictures are drawn.
        count: how many.
        side: pixels of the squares that are kept.
        on_painted: told how many pictures are done while painting.
    """
    specs = draw_specs(seed, count)
    file = folder / f"pairs-{painter_fingerprint()[:16]}-{seed}-{count}-{side}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.part")
        try:
            _paint_into(partial, specs, side, on_painted)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        for older in folder.glob(f"pairs-*-{seed}-{count}-{side}.npy"):  # half a gigabyte of another painter's
            if older != file:
                older.unlink()
    return PaintedPairs(specs, np.load(file, mmap_mode="r"))


def _paint_into(file: Path, specs: list[PictureSpec], side: int, on_painted: Callable[[int], Any]) -> None:
    pixels = np.lib.format.open_memmap(file, mode="w+", dtype=np.uint8, shape=(len(specs), side, side, 3))
    with ProcessPoolExecutor(max_workers=_PAINTERS) as pool:
        views = pool.map(_cached_view, [(spec, side) for spec in specs], chunksize=32)
        for index, view in enumerate(views):
            pixels[index] = view
            on_painted(index + 1)
    pixels.flush()
