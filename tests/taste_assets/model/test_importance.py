from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste_assets.model.importance import cluster_weights, decayed


def test_decay_is_exponential_in_days() -> None:
    assert decayed(np.array([0.0, 100.0, 200.0])) == pytest.approx([1, np.exp(-1), np.exp(-2)])
    assert decayed(np.array([0.0, 1000.0]), 0) == pytest.approx([1, 1])
    assert decayed(np.array([-3.0])) == pytest.approx([1])


@pytest.mark.parametrize(("age", "rate"), [(np.nan, 0.01), (np.inf, 0.01), (1.0, -0.1), (1.0, np.nan)])
def test_what_has_no_decay_is_refused(age: float, rate: float) -> None:
    with pytest.raises(ValueError, match="ages must be finite"):
        decayed(np.array([age]), rate)


@given(st.lists(st.tuples(st.integers(-1, 2), st.floats(0, 40_000)), max_size=40), st.floats(0, 1))
def test_weights_sum_to_one_however_old_the_pins(pins: list[tuple[int, float]], rate: float) -> None:
    labels = np.array([0, 1, 2, *(label for label, _ in pins)])
    ages = np.array([1.0, 20.0, 300.0, *(age for _, age in pins)])
    assert cluster_weights(labels, decayed(ages, rate), 3).sum() == pytest.approx(1)
    ancient = cluster_weights(labels, np.zeros(len(labels)), 3)
    assert ancient == pytest.approx(np.bincount(labels[labels >= 0]) / np.count_nonzero(labels >= 0))


def test_newer_pins_weigh_more() -> None:
    old, new = cluster_weights(np.array([0, 0, 1, 1]), decayed(np.array([365.0, 400.0, 3.0, 10.0])), 2)
    assert new > 0.9 > old
