"""A fingerprint of the painter, so that weights trained on an older painter can be told from current ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Final

from demo.aesthetics import AESTHETICS, OFF_TOPIC, SCENES
from demo.pictures import paint
from demo.world.model import PictureSpec

_SIDE: Final = 64


@cache
def painter_fingerprint() -> str:
    """sha256 of the pixels of one small picture of each kind: looks by scene, mixtures, off-topic subjects."""
    digest = sha256()
    for spec in _specs():
        digest.update(paint(spec).tobytes())
    return digest.hexdigest()


def _specs() -> Iterator[PictureSpec]:
    slugs = [look.slug for look in AESTHETICS]
    pure = [(slug, scene) for slug in slugs for scene in SCENES] + [(subject, "detail") for subject in OFF_TOPIC]
    yield from (PictureSpec(((slug, 1.0),), scene, 1, _SIDE, _SIDE) for slug, scene in pure)
    for turn, (first, second) in enumerate(pairwise((*slugs, slugs[0]))):
        yield PictureSpec(((first, 0.6), (second, 0.4)), SCENES[turn % len(SCENES)], 1, _SIDE, _SIDE)
