"""Lists for many people: ours against a BLAS loop, pgvector and Qdrant Edge, on the same made-up people and photos.

All find, for each person, the 50 venues with the highest weighted max-sim Σ_k w_k max_p s(c_k, p). Ours and the loop
compare every photo; pgvector and Qdrant Edge ask an HNSW index for the photos nearest to each cluster and score the
venues these belong to. Ours also makes its default lists, in which the tastes share the places.

    python -m benchmarks.recommendations --venues 10000 --photos 15 --users 1000 [--skip pgvector edge] [--json]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.clip_like import DIM, clip_like, made_up_clusters
from benchmarks.figures import print_figures
from benchmarks.rankers import EdgeRanker, PgvectorRanker, Ranked
from taste_assets.model.catalogue import Catalogue, catalogue_of
from taste_assets.model.lists import ListOptions
from taste_assets.model.recommend import PersonTaste, RecommendOptions, recommend

LENGTH: Final = 50
GOAL_OF_NAIVE: Final = 3.0
MEGABYTES_LIMIT: Final = 1500.0
_NAIVE_SAMPLE, _INDEX_SAMPLE, _EXACT_SAMPLE = 100, 100, 20
_NOTHING: Final = np.zeros((0, DIM), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Photos of venues, venue after venue, and people who like some of it."""

    vectors: NDArray[np.float32]
    venue_of: NDArray[np.intp]
    catalogue: Catalogue
    people: list[PersonTaste]


def make_world(venues: int, photos: int, users: int) -> World:
    """`venues` venues of `photos` photos on average (from half to half as many again), and `users` people."""
    rng = np.random.default_rng(7)
    counts = rng.integers(max(1, photos // 2), photos + photos // 2 + 1, venues)
    venue_of = np.repeat(np.arange(venues), counts)
    vectors = clip_like(venue_of)
    people = []
    for _ in range(users):
        clusters = made_up_clusters(rng, vectors, venue_of, int(rng.integers(1, 7)))
        people.append(PersonTaste(clusters, rng.dirichlet(np.full(len(clusters), 3.0)), _NOTHING, np.zeros(0)))
    return World(vectors, venue_of, catalogue_of(vectors, venue_of, venues), people)


def naive(world: World, people: Sequence[PersonTaste]) -> Iterator[Ranked]:
    """What one would write first: for each person a product with all photos, the maximum of each venue, a sort."""
    starts = world.catalogue.starts[:-1]
    for person in people:
        best = np.maximum.reduceat(person.liked @ world.vectors.T, starts, axis=1)
        score = person.liked_weights @ best
        order = np.argsort(-score)[:LENGTH]
        yield order, score[order]


def ours(world: World, people: Sequence[PersonTaste], options: RecommendOptions) -> Iterator[Ranked]:
    """Our lists, with the photo that each rests on."""
    for found in recommend(people, world.catalogue, options):
        yield found.venues, found.score


def exactly(world: World, person: PersonTaste) -> NDArray[np.float64]:
    """The score of every venue by brute force in float64, (venues,)."""
    products = person.liked.astype(np.float64) @ world.vectors.T.astype(np.float64)
    scores: NDArray[np.float64] = person.liked_weights @ np.maximum.reduceat(
        products, world.catalogue.starts[:-1], axis=1
    )
    return scores


def measure(venues: int, photos: int, users: int, skip: Sequence[str]) -> dict[str, Any]:
    """All figures, in one run."""
    world = make_world(venues, photos, users)
    plain = RecommendOptions("weighted_max_sim", length=LENGTH, lists=ListOptions(order="plain"))
    sample = world.people[:_EXACT_SAMPLE]
    truth = [exactly(world, person) for person in sample]
    before = _megabytes()
    default_s, _ = _timed(lambda: ours(world, world.people, RecommendOptions(length=LENGTH)))
    ours_s, found = _timed(lambda: ours(world, world.people, plain))
    peak = _megabytes()
    naive_s, _ = _timed(lambda: naive(world, world.people[:_NAIVE_SAMPLE]))
    naive_rate = min(users, _NAIVE_SAMPLE) / naive_s
    figures: dict[str, Any] = {
        "venues": venues,
        "photos": len(world.venue_of),
        "users": users,
        "mean_clusters": round(float(np.mean([len(person.liked) for person in world.people])), 2),
        "ours_users_per_s": round(users / ours_s, 1),
        "ours_default_users_per_s": round(users / default_s, 1),
        "naive_users_per_s": round(naive_rate, 1),
        "ours_of_naive": round(users / ours_s / naive_rate, 2),
        "max_abs_error": max(
            float(np.abs(np.sort(scores)[::-1][:LENGTH] - listed).max())
            for scores, (_, listed) in zip(truth, found, strict=False)
        ),
        "ours_recall": _recall(truth, found),
        "peak_rss_mb": round(peak, 1),
        "of_it_data_mb": round(before, 1),
        "within_limits": users / ours_s >= GOAL_OF_NAIVE * naive_rate and peak <= MEGABYTES_LIMIT,
    }
    for name, ranker in (("pgvector", PgvectorRanker), ("edge", EdgeRanker)):
        if name in skip:
            continue
        people = [(person.liked, person.liked_weights) for person in world.people[:_INDEX_SAMPLE]]
        with ranker(world.vectors, world.venue_of) as peer:
            seconds, answers = _timed(lambda: (peer.rank(*person, LENGTH) for person in people))  # noqa: B023 - called at once
            figures |= {
                f"{name}_users_per_s": round(len(people) / seconds, 1),
                f"{name}_recall": _recall(truth, answers),
            }
            if isinstance(peer, EdgeRanker):
                started = time.perf_counter()
                for clusters, _ in people:
                    peer.best_score(clusters, LENGTH)
                figures["edge_best_score_users_per_s"] = round(len(people) / (time.perf_counter() - started), 1)
            figures |= {f"{name}_{key}": value for key, value in peer.figures().items()}
    return figures


def _timed(work: Callable[[], Iterator[Ranked]]) -> tuple[float, list[Ranked]]:
    started = time.perf_counter()
    answers = list(work())
    return time.perf_counter() - started, answers


def _recall(truth: Sequence[NDArray[np.float64]], found: Sequence[Ranked]) -> float:
    """Share of the true 50 best that are listed; a venue that ties with the last of them counts as one."""
    shares = []
    for scores, (listed, _) in zip(truth, found, strict=False):
        last = np.sort(scores)[-LENGTH]
        shares.append(float((scores[listed] >= last - 1e-5).sum()) / LENGTH)
    return round(float(np.mean(shares)), 4)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recommendations", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--venues", type=int, default=10_000)
    parser.add_argument("--photos", type=int, default=15, help="per venue, on average")
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--skip", nargs="*", default=[], choices=["pgvector", "edge"], help="peers to leave out")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    figures = measure(options.venues, options.photos, options.users, options.skip)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
