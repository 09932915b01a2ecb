"""Ward and HDBSCAN against the libraries' own front doors."""

from __future__ import annotations

import numpy as np
import pytest

from taste_assets.model.hdbscan import hdbscan_labels
from taste_assets.model.vectors import unit_rows
from taste_assets.model.ward import ward_labels
from tests.taste_assets.model.pictures import pictures


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cut", [0.5, 1.0, 1.5, 3.0])
def test_ward_is_scikit_learns(seed: int, cut: float) -> None:
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import adjusted_rand_score

    rows = unit_rows(pictures([12, 7, 15], seed=seed))
    theirs = AgglomerativeClustering(n_clusters=None, distance_threshold=cut, linkage="ward").fit_predict(rows)
    ours = ward_labels(rows, cut)
    assert sorted(set(ours)) == list(range(theirs.max() + 1))
    assert adjusted_rand_score(theirs, ours) == 1


def test_hdbscan_leaves_out_what_belongs_nowhere() -> None:
    rows = unit_rows(np.concatenate([pictures([15, 12], apart=0.44), pictures([1, 1], seed=9)]))
    labels = hdbscan_labels(rows, 5)
    assert [len(set(labels[:15])), len(set(labels[15:27])), labels[0] != labels[15]] == [1, 1, True]
    assert list(labels[27:]) == [-1, -1]
