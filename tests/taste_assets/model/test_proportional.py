"""Places are dealt in proportion, to what is there, and looking at few venues finds what looking at all would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from taste_assets.model import proportional as module
from taste_assets.model.proportional import proportional


def as_defined(x: NDArray[np.float64], weights: NDArray[np.float64], length: int, temperature: float) -> list[int]:
    likelihood = np.exp(x / temperature)
    served, chosen = np.zeros(len(weights)), list[int]()
    for _ in range(min(length, x.shape[1])):
        score = (weights / (2 * served + 1)) @ likelihood
        score[chosen] = -1
        venue = int(score.argmax())
        chosen.append(venue)
        served += weights * likelihood[:, venue] / (weights @ likelihood[:, venue])
    return chosen


@given(
    seed=st.integers(0, 2**32), tastes=st.integers(1, 6), venues=st.integers(0, 60), length=st.integers(1, 40),
    temperature=st.floats(0.1, 5),
)  # fmt: skip
def test_the_list_is_the_formula_however_few_venues_are_looked_at(
    seed: int, tastes: int, venues: int, length: int, temperature: float
) -> None:
    rng = np.random.default_rng(seed)
    x, weights = rng.standard_normal((tastes, venues)), rng.dirichlet(np.ones(tastes))
    expected = as_defined(x, weights, length, temperature)
    assert proportional(x, weights, length, temperature).tolist() == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CANDIDATES", 3)
        assert proportional(x, weights, length, temperature).tolist() == expected


def test_where_every_taste_finds_as_much_places_are_seats_by_sainte_lague() -> None:
    # Votes and seats of the worked example in Wikipedia's article on the method: 53000, 24000, 23000 and 7 seats.
    x = np.kron(np.eye(3), np.ones(20)) * 40
    chosen = proportional(x, np.array([0.53, 0.24, 0.23]), 7, 0.5)
    assert np.bincount(chosen // 20).tolist() == [3, 2, 2]


def test_a_taste_that_nothing_serves_takes_no_place_from_those_that_something_serves() -> None:
    x = np.array([[2.0] * 10 + [-1.0] * 90, [-1.0] * 100])
    assert set(proportional(x, np.array([0.3, 0.7]), 10, 0.5).tolist()) == set(range(10))


def test_a_venue_for_two_tastes_counts_for_both() -> None:
    both, first, second = [3.0, 3.0], [3.0, -3.0], [-3.0, 3.0]
    x = np.array([both, first, first, second, second]).T
    chosen = proportional(x, np.array([0.5, 0.5]), 3, 0.5)
    assert chosen.tolist() == [0, 1, 3]


@pytest.mark.parametrize("temperature", [1e-6, 1e-3, 1e3])
def test_no_temperature_leaves_the_order_to_chance(temperature: float) -> None:
    x = np.array([np.linspace(3, -3, 50), np.linspace(-3, 3, 50)])
    chosen = proportional(x, np.array([0.6, 0.4]), 50, temperature)
    assert sorted(chosen.tolist()) == list(range(50))
    assert chosen[0] == 0
