"""The figures of a model on held-out painted pictures: retrieval, labels, geometry, mixtures, other subjects."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demo.aesthetics import AESTHETICS, OFF_TOPIC, SCENES
from demo.tiny_clip.measures import Vectors, centroids, gallery_recall, geometry, parents_first, precision_at, spread
from demo.tiny_clip.models import Encoder
from demo.tiny_clip.painted import HELD_OUT_SEEDS, as_served
from demo.tiny_clip.wording import prompt
from demo.world.model import PictureSpec

SLUGS: Final = tuple(look.slug for look in AESTHETICS)
_SIZES: Final = ((256, 256), (360, 240), (240, 320))
_QUALITIES: Final = (88, 80, 64)
_MIXED: Final = 1_000_000  # apart from the seeds of galleries
_SUBJECTS: Final = 2_000_000
_PER_SUBJECT: Final = 12


def gallery_specs(galleries: int) -> list[PictureSpec]:
    """Galleries of one picture per aesthetic, in the aesthetics' order; the scene turns with the gallery."""
    return [
        _spec(((slug, 1.0),), gallery, gallery * len(SLUGS) + number)
        for gallery in range(galleries)
        for number, slug in enumerate(SLUGS)
    ]


def _spec(mixture: tuple[tuple[str, float], ...], turn: int, number: int) -> PictureSpec:
    shape = _SIZES[turn // len(SCENES) % len(_SIZES)]
    return PictureSpec(mixture, SCENES[turn % len(SCENES)], HELD_OUT_SEEDS + number, *shape)


def evaluate(encoder: Encoder, galleries: int = 60, mixtures: int = 182) -> dict[str, Any]:
    """All figures, by self-explaining names."""
    labels = np.tile(np.arange(len(SLUGS)), galleries)
    images = _encoded(encoder, gallery_specs(galleries))
    texts = encoder.texts([prompt(slug) for slug in (*SLUGS, *OFF_TOPIC)])
    looks = texts[: len(SLUGS)]
    guessed = np.argmax(images @ looks.T, axis=1)
    right = (guessed == labels).reshape(galleries, -1)
    by_scene = [right[turn :: len(SCENES)] for turn in range(len(SCENES))]
    anchors = centroids(images, labels)
    pairs = list(islice(_pairs(), mixtures))
    mixed = [_spec(((SLUGS[a], 0.5), (SLUGS[b], 0.5)), turn, _MIXED + turn) for turn, (a, b) in enumerate(pairs)]
    return {
        "pictures": len(images),
        "text_to_image_r_at_1": round(gallery_recall(images, looks, labels), 4),
        "picture_precision_at_10": round(precision_at(images, labels), 4),
        "zero_shot_accuracy": round(float(right.mean()), 4),
        "zero_shot_by_scene": {
            scene: round(float(part.mean()), 3) for scene, part in zip(SCENES, by_scene, strict=True) if part.size
        },
        "zero_shot_by_aesthetic": dict(zip(SLUGS, right.mean(axis=0).round(3).tolist(), strict=True)),
        "cosines": geometry(images, looks, labels),
        "mixtures_half_and_half": parents_first(_encoded(encoder, mixed), pairs, anchors),
        "off_topic": _off_topic(encoder, texts, images, anchors, labels),
    }


def _pairs() -> Iterator[tuple[int, int]]:
    """Pairs of aesthetics: every pair once, then again the other way round."""
    pairs = list(combinations(range(len(SLUGS)), 2))
    yield from pairs
    yield from ((b, a) for a, b in pairs)


def _encoded(encoder: Encoder, specs: list[PictureSpec]) -> Vectors:
    return encoder.images(as_served(spec, _QUALITIES[turn % len(_QUALITIES)]) for turn, spec in enumerate(specs))


def _off_topic(
    encoder: Encoder, texts: Vectors, images: Vectors, anchors: Vectors, labels: NDArray[np.intp]
) -> dict[str, Any]:
    """How far pictures of other subjects are from every aesthetic, beside how near venue pictures are to theirs."""
    specs = [
        _spec(((subject, 1.0),), turn, _SUBJECTS + turn * len(OFF_TOPIC) + number)
        for turn in range(_PER_SUBJECT)
        for number, subject in enumerate(OFF_TOPIC)
    ]
    vectors = _encoded(encoder, specs)
    nearest = (vectors @ anchors.T).max(axis=1)
    own = (images @ anchors.T)[np.arange(len(images)), labels]
    guessed = np.argmax(vectors @ texts.T, axis=1) - len(SLUGS)
    return {
        "zero_shot_accuracy": round(float((guessed == np.tile(np.arange(len(OFF_TOPIC)), _PER_SUBJECT)).mean()), 4),
        "nearest_aesthetic": spread(nearest),
        "venue_pictures_to_their_own": spread(own),
        "farther_than_95_percent_of_venue_pictures": round(float((nearest < np.percentile(own, 5)).mean()), 4),
    }
