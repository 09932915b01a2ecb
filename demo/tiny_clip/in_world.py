"""The figures of a model on a demo world: its venues' photographs and its people's pins, as they are served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demo.aesthetics import AESTHETICS
from demo.tiny_clip.measures import precision_at
from demo.tiny_clip.models import Encoder
from demo.tiny_clip.painted import as_served
from demo.tiny_clip.wording import prompt
from demo.world.generate import generate_world
from demo.world.model import Person, World

_PHOTO_QUALITY: Final = 86
_PIN_QUALITY: Final = 88
_FEWEST_PINS: Final = 10  # fewer are one taste to the pipeline
_MOST_TASTES: Final = 8


def evaluate_world(encoder: Encoder, venues: int = 48, people: int = 60, seed: int = 7) -> dict[str, Any]:
    """Figures of the world `seed`: labels and neighbours of venues' photographs, tastes found in people's pins."""
    world = generate_world(seed, venues, people)
    return {**_photo_figures(encoder, world), **_taste_figures(encoder, world)}


def _photo_figures(encoder: Encoder, world: World) -> dict[str, Any]:
    """Of photographs that show one aesthetic; equal pictures on two sites count once."""
    specs = {photo.spec: None for venue in world.venues for photo in venue.photos if len(photo.spec.mixture) == 1}
    slugs = [look.slug for look in AESTHETICS]
    labels = np.array([slugs.index(spec.mixture[0][0]) for spec in specs])
    images = encoder.images(as_served(spec, _PHOTO_QUALITY) for spec in specs)
    guessed = np.argmax(images @ encoder.texts([prompt(slug) for slug in slugs]).T, axis=1)
    return {
        "photos": len(specs),
        "photo_zero_shot_accuracy": round(float((guessed == labels).mean()), 4),
        "photo_precision_at_10": round(precision_at(images, labels), 4),
    }


def _taste_figures(encoder: Encoder, world: World) -> dict[str, Any]:
    """Of people with several tastes: do their pins fall into their tastes, and does silhouette count them right.

    Tastes that are one aesthetic each are told apart from those with a mixture among them: pins of a mixture
    are painted now in the place of the one, now of the other, so that it is two groups to whoever only looks.
    """
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    agreements, silhouettes, counted, pure = [], [], [], []
    for person in _with_several_tastes(world):
        pins = [pin for board in person.boards for pin in board.pins if pin.taste is not None]
        tastes = np.array([pin.taste for pin in pins])
        vectors = encoder.images(as_served(pin.spec, _PIN_QUALITY) for pin in pins)
        agreements.append(adjusted_rand_score(tastes, _clustered(vectors, len(person.tastes))))
        silhouettes.append(silhouette_score(vectors, tastes, metric="cosine"))
        counted.append(_best_count(vectors) - len(person.tastes))
        pure.append(all(len(taste.mixture) == 1 for taste in person.tastes))
    of_one = np.array(pure)
    return {
        "people_with_several_tastes": len(agreements),
        "taste_adjusted_rand_median": _median(agreements),
        "taste_adjusted_rand_median_of_pure_tastes": _median(np.array(agreements)[of_one]),
        "taste_adjusted_rand_median_with_mixtures": _median(np.array(agreements)[~of_one]),
        "taste_silhouette_median": _median(silhouettes),
        "taste_silhouette_min": round(float(np.min(silhouettes)), 4),
        "taste_count_right_of_pure_tastes": round(float((np.array(counted)[of_one] == 0).mean()), 4),
        "taste_count_within_one": round(float((np.abs(counted) <= 1).mean()), 4),
    }


def _median(values: Sequence[float] | NDArray[np.float64]) -> float:
    return round(float(np.median(values)), 4)


def _best_count(vectors: NDArray[np.float32]) -> int:
    """The number of clusters with the best silhouette, as the pipeline chooses it."""
    from sklearn.metrics import silhouette_score

    counts = range(2, min(_MOST_TASTES, len(vectors) - 1) + 1)
    return max(counts, key=lambda k: float(silhouette_score(vectors, _clustered(vectors, k), metric="cosine")))


def _with_several_tastes(world: World) -> Iterator[Person]:
    for person in world.people:
        pins = sum(pin.taste is not None for board in person.boards for pin in board.pins)
        if len(person.tastes) > 1 and pins >= _FEWEST_PINS:
            yield person


def _clustered(vectors: NDArray[np.float32], count: int) -> NDArray[np.int32]:
    from sklearn.cluster import KMeans

    labels: NDArray[np.int32] = KMeans(count, n_init=10, random_state=0).fit_predict(vectors)
    return labels
