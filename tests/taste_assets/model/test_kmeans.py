from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste_assets.model.kmeans import kmeans_path
from taste_assets.model.silhouette import mean_silhouettes
from taste_assets.model.vectors import canonical_order, unit_rows
from tests.taste_assets.model.pictures import pictures


@pytest.mark.parametrize("dim", [48, 6])
def test_as_low_an_inertia_as_scikit_learn_with_ten_restarts(dim: int) -> None:
    from sklearn.cluster import KMeans

    ours, theirs = [], []
    for seed in range(4):
        rows = unit_rows(pictures([9, 14, 5, 12, 10], seed=seed, dim=dim, apart=0.2))
        for partition in kmeans_path(rows, 8, restarts=64):
            ours.append(partition.inertia)
            theirs.append(KMeans(partition.k, n_init=10, random_state=seed).fit(rows).inertia_)
    ratios = np.array(ours) / np.array(theirs)
    assert ratios.mean() < 1
    assert ratios.max() < 1.03


@given(st.lists(st.integers(2, 12), min_size=1, max_size=5), st.integers(0, 1000), st.sampled_from([3, 48]))
@settings(max_examples=40, deadline=None)
def test_each_partition_is_at_rest_and_its_inertia_true(sizes: list[int], seed: int, dim: int) -> None:
    rows = unit_rows(pictures(sizes, seed=seed, dim=dim))
    for k, partition in enumerate(kmeans_path(rows, min(8, len(rows)), restarts=4), start=2):
        assert partition.k == k
        assert set(partition.labels) == set(range(k))
        means = np.stack([rows[partition.labels == cluster].mean(axis=0) for cluster in range(k)])
        squared = ((rows[:, None, :] - means) ** 2).sum(axis=2)
        own = squared[np.arange(len(rows)), partition.labels]
        assert own == pytest.approx(squared.min(axis=1), abs=1e-9)
        assert partition.inertia == pytest.approx(own.sum(), abs=1e-9)


def test_more_rows_than_columns_take_the_other_product_to_the_same_end() -> None:
    rows = unit_rows(pictures([40, 30, 30], dim=3, apart=0.45))
    wide = np.concatenate([rows, np.zeros((len(rows), 200))], axis=1)
    order = canonical_order(rows)
    narrow, padded = (kmeans_path(matrix[order], 5, restarts=8) for matrix in (rows, wide))
    for one, other in zip(narrow, padded, strict=True):
        assert one.inertia == pytest.approx(other.inertia, rel=1e-3)


def test_no_more_clusters_than_different_vectors() -> None:
    rows = unit_rows(np.repeat(pictures([3]), 6, axis=0))
    assert [partition.k for partition in kmeans_path(rows, 8, restarts=4)] == [2, 3]
    assert kmeans_path(rows[:6], 8, restarts=4) == []


@given(st.data(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_silhouettes_are_scikit_learns(data: st.DataObject, seed: int) -> None:
    from sklearn.metrics import silhouette_score

    rows = unit_rows(pictures([4, 6, 10], seed=seed, dim=12))
    labelings = []
    for k in (2, 3, 7):
        rest = data.draw(st.lists(st.integers(0, k - 1), min_size=len(rows) - k, max_size=len(rows) - k))
        labelings.append([*range(k), *rest])
    ours = mean_silhouettes(rows, np.array(labelings))
    theirs = [silhouette_score(rows, labels, metric="cosine") for labels in labelings]
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_identical_vectors_in_two_clusters_have_no_silhouette() -> None:
    rows = unit_rows(np.repeat(pictures([1]), 6, axis=0))
    assert mean_silhouettes(rows, np.array([[0, 0, 0, 1, 1, 1]])) == pytest.approx([0.0])
