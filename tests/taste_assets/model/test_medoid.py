from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste_assets.model.medoid import centroid, medoid
from taste_assets.model.vectors import mean_similarity, unit_rows
from tests.taste_assets.model.pictures import pictures


@given(st.integers(1, 25), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_medoid_has_the_least_sum_of_squared_distances(count: int, seed: int) -> None:
    rows = unit_rows(pictures([count], seed=seed, dim=6, apart=0.1))
    sums = ((rows[:, None, :] - rows[None, :, :]) ** 2).sum(axis=(1, 2))
    assert sums[medoid(rows)] == pytest.approx(sums.min(), abs=1e-9)


def test_the_centroid_is_the_direction_of_the_mean() -> None:
    assert centroid(np.array([[1.0, 0.0], [0.0, 1.0]])) == pytest.approx([0.5**0.5, 0.5**0.5])


def test_vectors_that_cancel_out_are_stood_for_by_a_member() -> None:
    rows = np.array([[0.6, 0.8], [-0.6, -0.8]])
    assert centroid(rows) == pytest.approx(rows[medoid(rows)])


@given(st.integers(2, 25), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_mean_similarity_is_that_of_all_pairs(count: int, seed: int) -> None:
    rows = unit_rows(pictures([count], seed=seed, dim=6))
    pairs = (rows @ rows.T)[np.triu_indices(count, 1)]
    assert mean_similarity(rows) == pytest.approx(pairs.mean())
