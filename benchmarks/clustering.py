"""Clustering people's pins against scikit-learn's loop, on the same people in one run: speed and quality.

The loop is KMeans for k = 2 .. 8 with n_init = 10 and a cosine silhouette of each, held to one thread: for so few pins
its fastest setting. Ours is run with two processes, and with one, by the same plain rule; and once as it is used, with
consolidation. All take turns, so that whatever else the machine does falls on each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import print_figures
from taste_assets.model.clusters import cluster_many
from taste_assets.model.silhouette import mean_silhouettes
from taste_assets.model.taste import ClusteringOptions, Pins, Taste
from taste_assets.model.vectors import Ints, unit_rows

_DIM: Final = 512
_PINS: Final = 60
_TURN: Final = 64
_PROCESSES: Final = 2
_MOST_CLUSTERS: Final = 8
_PLAIN: Final = ClusteringOptions(consolidate=False)

# What 475 real CLIP ViT-B/32 vectors of photographs have, and these people get; docs/clustering.md says how measured.
_UNRELATED: Final = 0.55
_RELATED: Final = 0.72
_SPECTRUM: Final = (np.arange(_DIM) + 1.5) ** -0.55


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Pins with the tastes they were drawn from."""

    vectors: NDArray[np.float32]
    tastes: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """What scikit-learn's loop chose."""

    k: int
    silhouette: float
    labels: Ints


def make_people(count: int, seed: int = 0) -> list[Person]:
    """People of one to five tastes of uneven sizes: a mean all pictures share, a centre each taste, a spread each pin.

    The shared mean gives unrelated pins a similarity of 0.55, centres raise that of one taste's pins to 0.72, more or
    less from person to person; centres and pins vary along directions with the decaying variance of real vectors.
    """
    rng = np.random.default_rng(seed)
    shape = _SPECTRUM / np.linalg.norm(_SPECTRUM)
    shared = np.zeros(_DIM)
    shared[-1] = np.sqrt(_UNRELATED)
    people = []
    for _ in range(count):
        tastes = int(rng.integers(1, 6))
        labels = np.repeat(np.arange(tastes), rng.multinomial(_PINS, rng.dirichlet(np.full(tastes, 4.0))))
        centres = rng.normal(size=(tastes, _DIM)) * shape * np.sqrt(_RELATED - _UNRELATED)
        spread = rng.normal(size=(_PINS, _DIM)) * shape * np.sqrt((1 - _RELATED) * rng.uniform(0.6, 1.4))
        rows = shared + centres[labels] + spread
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        people.append(Person(rows.astype(np.float32), labels))
    return people


def scikit_learn_loop(vectors: NDArray[np.float32], seed: int = 0) -> Loop:
    """What one would write without us, on one thread."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best = Loop(0, -1.0, np.zeros(len(vectors), np.intp))
    for k in range(2, _MOST_CLUSTERS + 1):
        labels = KMeans(k, n_init=10, random_state=seed).fit_predict(vectors)
        silhouette = float(silhouette_score(vectors, labels, metric="cosine"))
        if silhouette > best.silhouette:
            best = Loop(k, silhouette, labels.astype(np.intp))
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--people", type=int, default=256, help="how many, at least 64")
    options = parser.parse_args()
    figures = measure(max(options.people, _TURN))
    print_figures({name: round(value, 4) for name, value in figures.items()}, as_json=options.json)


def measure(count: int) -> dict[str, float]:
    """Run both sides in turns and compare what they found."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    people = make_people(count)
    cluster_many([Pins(person.vectors) for person in people[:_TURN]])
    scikit_learn_loop(people[0].vectors)
    seconds = dict.fromkeys(("two", "one", "used", "loop"), 0.0)
    tastes: list[Taste] = []
    used: list[Taste] = []
    loops: list[Loop] = []
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        cluster_many([Pins(person.vectors) for person in people], _PLAIN, pool)
        for start in range(0, count, _TURN):
            turn = people[start : start + _TURN]
            pins = [Pins(person.vectors) for person in turn]
            with _timed(seconds, "two"):
                tastes += cluster_many(pins, _PLAIN, pool)
            with _timed(seconds, "one"):
                cluster_many(pins, _PLAIN)
            with _timed(seconds, "used"):
                used += cluster_many(pins)
            with threadpool_limits(limits=1), _timed(seconds, "loop"):
                loops += [scikit_learn_loop(person.vectors) for person in turn]
    with threadpool_limits(limits=1):
        again = [scikit_learn_loop(person.vectors, seed=1) for person in people]
    return {
        "ours_users_per_s": count / seconds["two"],
        "sklearn_users_per_s": count / seconds["loop"],
        "speedup": seconds["loop"] / seconds["two"],
        "speedup_one_process": seconds["loop"] / seconds["one"],
        "speedup_one_process_consolidated": seconds["loop"] / seconds["used"],
        **_quality(people, tastes, loops, again),
        "ours_rand_index_consolidated": _agreement(people, used),
    }


def _quality(people: list[Person], tastes: list[Taste], loops: list[Loop], again: list[Loop]) -> dict[str, float]:
    chosen = np.array([max(taste.silhouettes, key=taste.silhouettes.__getitem__) for taste in tastes])
    theirs = np.array([loop.k for loop in loops])
    exact = [
        mean_silhouettes(unit_rows(p.vectors), loop.labels[None])[0] for p, loop in zip(people, loops, strict=True)
    ]
    gains = np.array([taste.silhouette or 0.0 for taste in tastes]) - np.array(exact)
    return {
        "same_k_share": float((chosen == theirs).mean()),
        "same_k_or_better_share": float(((chosen == theirs) | (gains > 0)).mean()),
        "sklearn_same_k_as_itself": float(np.mean([a.k == b.k for a, b in zip(loops, again, strict=True)])),
        "mean_silhouette_gain": float(gains.mean()),
        "ours_rand_index": _agreement(people, tastes),
        "sklearn_rand_index": _agreement(people, loops),
    }


def _agreement(people: Sequence[Person], found: Sequence[Taste | Loop]) -> float:
    """Mean adjusted Rand index of people with several tastes."""
    from sklearn.metrics import adjusted_rand_score

    several = [(person, one) for person, one in zip(people, found, strict=True) if person.tastes.max() > 0]
    return float(np.mean([adjusted_rand_score(person.tastes, one.labels) for person, one in several]))


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] += time.perf_counter() - started


if __name__ == "__main__":
    main()
