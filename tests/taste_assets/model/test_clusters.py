from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste_assets.model.chance import measure_chance
from taste_assets.model.clusters import cluster_many, cluster_taste
from taste_assets.model.taste import ClusteringOptions, Pins, Taste
from taste_assets.model.vectors import mean_similarity, unit_rows
from tests.taste_assets.model.pictures import Vectors, pictures, unit

PROJECT = Path(__file__).resolve().parents[3]
CLIP = PROJECT.parent / "shared" / "material" / "embeddings" / "clip_b32"

boards = st.builds(
    pictures,
    st.lists(st.integers(1, 15), min_size=1, max_size=6),
    seed=st.integers(0, 10_000),
    apart=st.sampled_from([0.0, 0.2, 0.35, 0.45]),
)


def what_it_says(taste: Taste, vectors: Vectors) -> list[object]:
    """Everything but the places of pins, which follow the order they were given in."""
    return [
        taste.shape,
        taste.silhouette,
        taste.silhouettes,
        taste.mean_similarity,
        [
            (
                sorted(vectors[place].tobytes() for place in cluster.members),
                cluster.centroid.tobytes(),
                cluster.medoid_vector.tobytes(),
                cluster.weight,
                cluster.cohesion,
            )
            for cluster in taste.clusters
        ],
    ]


@given(boards, st.randoms(use_true_random=False), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_pins_changes_nothing(vectors: Vectors, random: object, copies: int) -> None:
    vectors = np.concatenate([vectors, vectors[:copies]])
    order = np.arange(len(vectors))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = vectors[order]
    first, second = cluster_taste(Pins(vectors)), cluster_taste(Pins(shuffled))
    assert what_it_says(first, vectors) == what_it_says(second, shuffled)
    assert (first.labels[order] == second.labels).all()


@given(st.lists(boards, min_size=2, max_size=4))
@settings(max_examples=15, deadline=None)
def test_nobody_depends_on_who_else_is_clustered(people: list[Vectors]) -> None:
    together = cluster_many([Pins(vectors) for vectors in people])
    for vectors, taste in zip(people, together, strict=True):
        assert what_it_says(taste, vectors) == what_it_says(cluster_taste(Pins(vectors)), vectors)


def test_a_pool_gives_everybody_their_own_taste_in_order() -> None:
    people = [pictures([12, 10, count], seed=count) for count in range(1, 40)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        tastes = cluster_many([Pins(vectors) for vectors in people], pool=pool)
    for vectors, taste in zip(people, tastes, strict=True):
        assert what_it_says(taste, vectors) == what_it_says(cluster_taste(Pins(vectors)), vectors)


def test_another_process_finds_the_same() -> None:
    script = """
import hashlib, numpy as np
from taste_assets.model.clusters import Pins, cluster_taste
from tests.taste_assets.model.pictures import pictures
taste = cluster_taste(Pins(pictures([14, 9, 22], seed=3)))
print(hashlib.sha256(b"".join(c.centroid.tobytes() for c in taste.clusters) + taste.labels.tobytes()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=PROJECT,
            env={"PYTHONHASHSEED": salt, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for salt, threads in (("1", "1"), ("2", "2"))
    }
    assert len(found) == 1


@given(boards, st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_pin_has_its_place_and_the_numbers_fit(vectors: Vectors, consolidate: bool) -> None:
    from sklearn.metrics import silhouette_score

    taste = cluster_taste(Pins(vectors), ClusteringOptions(consolidate=consolidate))
    assert sum(cluster.weight for cluster in taste.clusters) == pytest.approx(1)
    assert np.array_equal(np.sort(np.concatenate([c.members for c in taste.clusters])), np.arange(len(vectors)))
    sizes = [len(cluster.members) for cluster in taste.clusters]
    assert sizes == sorted(sizes, reverse=True)
    for index, cluster in enumerate(taste.clusters):
        assert (taste.labels[cluster.members] == index).all()
        assert cluster.medoid in cluster.members
        assert np.linalg.norm(cluster.centroid) == pytest.approx(1, abs=1e-6)
        assert cluster.medoid_vector == pytest.approx(vectors[cluster.medoid], abs=1e-6)
    if taste.shape == "clustered":
        assert 2 <= len(sizes) <= 8
        assert taste.silhouette == pytest.approx(silhouette_score(vectors, taste.labels, metric="cosine"), abs=1e-5)
        assert max(taste.silhouettes.values()) >= ClusteringOptions().least_silhouette
        if not consolidate:
            assert taste.silhouette == max(taste.silhouettes.values())
    else:
        assert len(sizes) == 1


@pytest.mark.parametrize("seed", range(5))
def test_several_tastes_are_found(seed: int) -> None:
    from sklearn.metrics import adjusted_rand_score

    sizes = [20, 12, 18, 10]
    taste = cluster_taste(Pins(pictures(sizes, seed=seed)))
    assert taste.shape == "clustered"
    assert adjusted_rand_score(np.repeat(np.arange(4), sizes), taste.labels) == 1


def test_importance_follows_the_pins_weights() -> None:
    vectors = pictures([20, 10])
    weights = np.where(np.arange(30) < 20, 0.1, 1.0)
    first, second = cluster_taste(Pins(vectors, weights)).clusters
    assert (len(first.members), len(second.members)) == (20, 10)
    assert [first.weight, second.weight] == pytest.approx([2 / 12, 10 / 12])


def test_few_pins_are_a_cold_start() -> None:
    for count in (1, 2, 9):
        taste = cluster_taste(Pins(pictures([count])))
        assert (taste.shape, len(taste.clusters), taste.silhouette) == ("cold_start", 1, None)
    assert cluster_taste(Pins(pictures([5, 5]))).shape == "clustered"


def test_one_picture_many_times_is_one_uniform_taste() -> None:
    taste = cluster_taste(Pins(np.repeat(pictures([1]), 25, axis=0)))
    assert (taste.shape, len(taste.clusters), taste.silhouette) == ("uniform", 1, None)
    assert taste.mean_similarity == pytest.approx(1)


def test_two_pictures_many_times_are_two_tastes() -> None:
    taste = cluster_taste(Pins(np.repeat(pictures([1, 1]), [7, 5], axis=0)))
    assert [len(cluster.members) for cluster in taste.clusters] == [7, 5]
    assert taste.silhouette == pytest.approx(1)


def test_pictures_that_differ_by_rounding_only_are_one_taste() -> None:
    rng = np.random.default_rng(0)
    nearly = np.repeat(pictures([1]), 20, axis=0).astype(np.float64) + rng.normal(size=(20, 48)) * 1e-9
    taste = cluster_taste(Pins(nearly))
    assert sum(len(cluster.members) for cluster in taste.clusters) == 20
    assert np.isfinite([cluster.weight for cluster in taste.clusters]).all()


def test_opposite_vectors_do_not_break_the_centroid() -> None:
    one = pictures([1])
    taste = cluster_taste(Pins(np.concatenate([one, -one])))
    assert np.linalg.norm(taste.clusters[0].centroid) == pytest.approx(1)


def test_undivided_people_are_uniform_or_scattered_by_how_alike_their_pins_are() -> None:
    alike = unit(np.eye(48)[0] + np.random.default_rng(0).normal(size=(30, 48)) * 0.08)
    assert cluster_taste(Pins(alike)).shape == "uniform"
    unlike = pictures([1] * 30, apart=0.0)
    assert cluster_taste(Pins(unlike)).shape == "scattered"
    other_model = ClusteringOptions(unrelated_similarity=0.2)
    assert cluster_taste(Pins(unlike), other_model).shape == "uniform"


def test_a_taste_is_not_divided_by_what_is_little_beside_unrelated_pictures() -> None:
    """Two kinds of barn, and lofts: the silhouette tells three apart, the scale of the space two."""
    rng = np.random.default_rng(1)
    lofts, barn, difference = np.eye(48)[:3]
    middles = np.repeat([barn + 0.3 * difference, barn - 0.3 * difference, lofts], 12, axis=0)
    pins = Pins(unit(middles + rng.normal(size=(36, 48)) * 0.01))
    plain_rule = ClusteringOptions(unrelated_similarity=0.1, consolidate=False)
    options = ClusteringOptions(unrelated_similarity=0.1)
    plain = cluster_taste(pins, plain_rule)
    assert [len(cluster.members) for cluster in plain.clusters] == [12, 12, 12]
    taste = cluster_taste(pins, options)
    assert [len(cluster.members) for cluster in taste.clusters] == [24, 12]
    assert taste.silhouettes == plain.silhouettes, "what was tried is kept"
    barns = Pins(pins.vectors[:24])
    assert cluster_taste(barns, plain_rule).shape == "clustered"
    assert cluster_taste(barns, options).shape == "uniform"


def test_a_pin_that_is_like_no_other_is_no_taste_of_its_own() -> None:
    vectors = np.concatenate([pictures([20, 15], apart=0.45), unit(-np.eye(48)[:1])])
    taste = cluster_taste(Pins(vectors))
    assert [len(cluster.members) for cluster in taste.clusters] in ([21, 15], [20, 16])
    alone = cluster_taste(Pins(vectors), ClusteringOptions(least_members=1))
    assert [len(cluster.members) for cluster in alone.clusters] == [20, 15, 1]


def test_what_chance_divides_as_well_is_scattered() -> None:
    """Pins drawn from all looks of a catalogue, which are more than k may be, against a person with two of them."""
    catalogue = pictures([40] * 14, apart=0.45)
    options = ClusteringOptions(unrelated_similarity=0.5, chance=measure_chance(catalogue, 8, 64))
    rng = np.random.default_rng(3)
    drawn = [Pins(catalogue[rng.choice(len(catalogue), 50, replace=False)]) for _ in range(20)]
    plain = ClusteringOptions(unrelated_similarity=0.5)
    assert {taste.shape for taste in cluster_many(drawn, plain)} == {"clustered"}
    shapes = [taste.shape for taste in cluster_many(drawn, options)]
    assert shapes.count("scattered") >= 16, "one in twenty is expected to be better than chance, and one more alike"
    assert cluster_taste(Pins(catalogue[:80]), options).shape == "clustered"


@pytest.mark.parametrize("method", ["ward", "hdbscan"])
def test_the_other_methods_find_clear_tastes_too(method: str) -> None:
    from sklearn.metrics import adjusted_rand_score

    sizes = [20, 15, 25]
    options = ClusteringOptions(method=method)  # type: ignore[arg-type]
    taste = cluster_taste(Pins(pictures(sizes, apart=0.4)), options)
    assert taste.shape == "clustered"
    truth = np.repeat(np.arange(3), sizes)
    placed = taste.labels >= 0
    assert placed.mean() > 0.8
    assert adjusted_rand_score(truth[placed], taste.labels[placed]) == 1
    assert sum(cluster.weight for cluster in taste.clusters) == pytest.approx(1)
    assert cluster_taste(Pins(pictures([4, 5])), options).shape == "cold_start"
    assert cluster_taste(Pins(np.repeat(pictures([1]), 12, axis=0)), options).shape == "uniform"


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        (np.zeros((3, 4)), "vector 0 is not of unit length"),
        (np.full((3, 4), np.nan), "vector 0 is not of unit length"),
        (np.array([[1.0, 0.0], [np.inf, 0.0]]), "vector 1 is not of unit length"),
        (np.array([[1.0, 0.0], [0.9, 0.0]]), "its norm is 0.9"),
        (np.empty((0, 4)), "a row or more"),
        (np.ones(4), "must be a matrix"),
        (np.eye(3, dtype=np.int64), "must be a matrix of floats"),
    ],
)
def test_what_is_not_unit_vectors_is_refused(vectors: Vectors, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cluster_taste(Pins(vectors))


@pytest.mark.parametrize("weights", [np.ones(2), np.array([1, 1, -1.0]), np.array([1, 1, np.nan])])
def test_weights_that_do_not_fit_are_refused(weights: Vectors) -> None:
    with pytest.raises(ValueError, match="weights must be 3"):
        cluster_taste(Pins(pictures([3]), weights))


def test_options_no_method_can_work_with_are_refused() -> None:
    for option in (
        {"most_clusters": 1},
        {"most_clusters": 128},
        {"least_pins": 1},
        {"restarts": 0},
        {"least_members": 0},
    ):
        with pytest.raises(ValueError, match=next(iter(option))):
            ClusteringOptions(**option)  # type: ignore[arg-type]


def test_many_pins_need_less_of_a_silhouette() -> None:
    options = ClusteringOptions(least_silhouette=0.2, least_silhouette_of_many=0.15)
    assert [options.floor(pins) for pins in (10, 100, 200, 5000)] == pytest.approx([0.2, 0.2, 0.15, 0.15])
    assert 0.15 < options.floor(140) < 0.2
    assert ClusteringOptions(consolidate=False).floor(5000) == 0.2


def test_the_finest_division_that_is_nearly_the_best_is_taken_and_what_is_one_taste_joined() -> None:
    pins = Pins(pictures([20, 20, 20, 20]))
    best, finest = (
        cluster_taste(pins, ClusteringOptions(silhouette_slack=slack, same_taste_share=2, least_members=1))
        for slack in (0.0, 0.999)
    )
    assert len(best.clusters) == 4
    assert len(finest.clusters) == 8
    assert len(cluster_taste(pins, ClusteringOptions(silhouette_slack=0.999)).clusters) == 4


def test_half_precision_is_near_enough_to_unit_length() -> None:
    assert cluster_taste(Pins(pictures([20, 20]).astype(np.float16))).shape == "clustered"


@pytest.mark.skipif(not CLIP.is_dir(), reason="needs ../shared/material/embeddings, real CLIP vectors")
def test_real_photographs_are_scattered_when_unrelated_and_uniform_when_alike() -> None:
    photos = np.unique(np.load(CLIP / "image_embeddings.npy"), axis=0)
    assert mean_similarity(unit_rows(photos)) == pytest.approx(ClusteringOptions().unrelated_similarity, abs=0.02)
    # So high a floor divides nobody, which leaves the question of what the undivided are called.
    undivided = ClusteringOptions(least_silhouette=0.9)
    rng = np.random.default_rng(0)
    unrelated = [Pins(photos[rng.choice(len(photos), 30, replace=False)]) for _ in range(30)]
    assert {taste.shape for taste in cluster_many(unrelated, undivided)} == {"scattered"}
    nearest = np.argsort(-(photos @ photos.T), axis=1)[:, :10]
    alike = [taste.shape for taste in cluster_many([Pins(photos[places]) for places in nearest], undivided)]
    assert np.mean([shape == "uniform" for shape in alike]) > 0.6
