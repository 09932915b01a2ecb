"""The named strategies and fusions give the scores of Qdrant, whose local mode nobody here wrote."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models
from qdrant_client.hybrid.fusion import distribution_based_score_fusion as qdrant_dbsf
from qdrant_client.hybrid.fusion import reciprocal_rank_fusion as qdrant_rrf

from taste_assets.model import fusion, strategies
from taste_assets.model.catalogue import catalogue_of
from taste_assets.model.max_sim import best_similarities

DIM, POINTS = 8, 40
Matrix = NDArray[np.float32]


def unit(rng: np.random.Generator, *shape: int) -> Matrix:
    vectors = rng.standard_normal((*shape, DIM)).astype(np.float32)
    normed: Matrix = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return normed


@pytest.fixture(scope="module")
def points() -> Matrix:
    return unit(np.random.default_rng(7), POINTS)


@pytest.fixture(scope="module")
def qdrant(points: Matrix) -> QdrantClient:
    client = QdrantClient(":memory:")
    client.create_collection("photos", vectors_config=models.VectorParams(size=DIM, distance=models.Distance.COSINE))
    client.upsert("photos", [models.PointStruct(id=n, vector=vector.tolist()) for n, vector in enumerate(points)])
    return client


def asked(client: QdrantClient, query: Any) -> NDArray[np.float64]:
    scores = np.full(POINTS, np.nan)
    for point in client.query_points("photos", query=query, limit=POINTS).points:
        scores[int(point.id)] = point.score
    return scores


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), liked=st.integers(1, 5), disliked=st.integers(0, 4))
def test_recommending_by_examples_scores_as_qdrant(
    qdrant: QdrantClient, points: Matrix, seed: int, liked: int, disliked: int
) -> None:
    rng = np.random.default_rng(seed)
    positive, negative = unit(rng, liked), unit(rng, disliked)
    ours: dict[models.RecommendStrategy, NDArray[np.floating]] = {
        models.RecommendStrategy.BEST_SCORE: strategies.best_score(positive @ points.T, negative @ points.T),
        models.RecommendStrategy.SUM_SCORES: strategies.sum_scores(positive @ points.T, negative @ points.T),
    }
    query = strategies.average_vector(positive, negative)
    ours[models.RecommendStrategy.AVERAGE_VECTOR] = points @ (query / np.linalg.norm(query))
    for strategy, scores in ours.items():
        recommended = models.RecommendInput(
            positive=positive.tolist(), negative=negative.tolist() or None, strategy=strategy
        )
        theirs = asked(qdrant, models.RecommendQuery(recommend=recommended))
        np.testing.assert_allclose(scores, theirs, atol=2e-6, err_msg=strategy)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), pairs=st.integers(1, 5))
def test_discovery_and_context_score_as_qdrant(qdrant: QdrantClient, points: Matrix, seed: int, pairs: int) -> None:
    rng = np.random.default_rng(seed)
    target, positive, negative = unit(rng, 1)[0], unit(rng, pairs), unit(rng, pairs)
    context = [
        models.ContextPair(positive=liked.tolist(), negative=disliked.tolist())
        for liked, disliked in zip(positive, negative, strict=True)
    ]
    ours = strategies.discover(target @ points.T, positive @ points.T, negative @ points.T)
    discovered = models.DiscoverInput(target=target.tolist(), context=context)
    np.testing.assert_allclose(ours, asked(qdrant, models.DiscoverQuery(discover=discovered)), atol=2e-6)
    ours = strategies.context(positive @ points.T, negative @ points.T)
    np.testing.assert_allclose(ours, asked(qdrant, models.ContextQuery(context=context)), atol=2e-6)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), clusters=st.integers(1, 4))
def test_weighted_max_sim_scores_as_a_qdrant_multivector(seed: int, clusters: int) -> None:
    rng = np.random.default_rng(seed)
    photos, venue_of = unit(rng, 30), np.concatenate([np.arange(9), rng.integers(0, 9, 21)])
    client = QdrantClient(":memory:")
    multivector = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    config = models.VectorParams(size=DIM, distance=models.Distance.DOT, multivector_config=multivector)
    client.create_collection("venues", vectors_config=config)
    stored = [models.PointStruct(id=n, vector=photos[venue_of == n].tolist()) for n in range(9)]
    client.upsert("venues", stored)
    liked, weights = unit(rng, clusters), rng.dirichlet(np.ones(clusters))
    found = client.query_points("venues", query=(weights[:, None] * liked).tolist(), limit=9).points
    ours = strategies.weighted_max_sim(best_similarities(liked, catalogue_of(photos, venue_of, 9)), weights)
    np.testing.assert_allclose(ours[[int(point.id) for point in found]], [point.score for point in found], atol=2e-6)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), channels=st.integers(1, 3), items=st.integers(1, 30), steps=st.integers(1, 50))
def test_fusions_score_as_qdrant(seed: int, channels: int, items: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, steps, (channels, items)) / steps  # few steps: ties, and channels that say nothing

    def responses() -> list[list[models.ScoredPoint]]:  # made anew each time: fusing writes into them
        return [
            [models.ScoredPoint(id=int(n), version=0, score=float(row[n])) for n in fusion.best_first(row)]
            for row in scores
        ]

    theirs = {int(point.id): point.score for point in qdrant_rrf(responses(), limit=items, ranking_constant_k=61)}
    np.testing.assert_allclose(fusion.reciprocal_rank_fusion(list(scores)), [theirs[n] for n in range(items)])
    theirs = {int(point.id): point.score for point in qdrant_dbsf(responses(), limit=items)}
    ours = fusion.distribution_based_score_fusion(list(scores))
    np.testing.assert_allclose(ours, [theirs[n] for n in range(items)], atol=1e-9)


def test_max_is_the_best_pair() -> None:
    assert strategies.max_score(np.array([[0.1, 0.9], [0.4, 0.2]])).tolist() == [0.4, 0.9]


@given(seed=st.integers(0, 2**32), rows=st.integers(1, 4), items=st.integers(1, 200), steps=st.integers(1, 100))
def test_sorting_float32_by_keys_is_a_stable_sort(seed: int, rows: int, items: int, steps: int) -> None:
    scores = (np.random.default_rng(seed).integers(-steps, steps + 1, (rows, items)) / steps).astype(np.float32)
    scores[scores == 0] *= np.float32(-1)  # both zeros are equal
    assert np.array_equal(fusion.best_first(scores), np.argsort(-scores.astype(np.float64), axis=-1, kind="stable"))
    assert np.array_equal(np.sort(fusion.ranks_of(scores), axis=-1), np.tile(np.arange(1, items + 1), (rows, 1)))


def test_standardising_gives_zero_mean_and_unit_spread_and_nothing_for_a_flat_channel() -> None:
    scores = fusion.standardise(np.array([[1.0, 2.0, 6.0], [0.1, 0.1, 0.1]]))
    assert scores[0].mean() == pytest.approx(0)
    assert scores[0].std() == pytest.approx(1)
    assert scores[1].tolist() == [0, 0, 0]
    both = fusion.weighted_sum([np.array([1.0, 2.0]), np.array([900.0, 100.0])], [0.7, 0.3])
    assert both == pytest.approx([-0.4, 0.4])


@given(seed=st.integers(0, 2**32), venues=st.integers(0, 40), length=st.integers(1, 45), levels=st.integers(1, 40))
def test_the_first_places_are_those_of_the_whole_order(seed: int, venues: int, length: int, levels: int) -> None:
    scores = np.random.default_rng(seed).integers(0, levels, venues) / 7  # with many equals
    assert fusion.first_places(scores, length).tolist() == fusion.best_first(scores)[:length].tolist()


@given(seed=st.integers(0, 2**32), rows=st.integers(0, 4), venues=st.integers(1, 40))
def test_standardising_some_places_is_standardising_all(seed: int, rows: int, venues: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.choice([0.25, 0.5, 1.0], (rows, venues)).astype(np.float32)
    places = rng.permutation(venues)[:5]
    np.testing.assert_allclose(fusion.standardised_at(scores, places), fusion.standardise(scores)[:, places], atol=1e-9)
