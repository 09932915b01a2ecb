"""Arithmetic at the end of every encoder, against torch and by property."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from resources.encoders.vectors import chosen_dim, make_space, matryoshka, unit_rows
from resources.errors import SetupError

ROWS = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.integers(2, 40)),
    elements=st.floats(-100, 100, width=32).map(lambda value: value if abs(value) > 1e-3 else 0.5),
)


@given(ROWS)
def test_rows_are_of_length_one_and_keep_their_direction(rows: np.ndarray) -> None:
    unit = unit_rows(rows)
    assert unit.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(unit * np.linalg.norm(rows, axis=1, keepdims=True), rows, rtol=1e-4, atol=1e-4)


def test_half_precision_is_converted_before_it_is_normalised() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 768)).astype(np.float16)
    np.testing.assert_allclose(np.linalg.norm(unit_rows(rows), axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_what_has_no_direction(bad: float) -> None:
    rows = np.ones((3, 4), dtype=np.float32)
    rows[1] = bad
    with pytest.raises(ValueError, match="1 of 3 vectors"):
        unit_rows(rows)


@given(ROWS, st.data())
def test_matryoshka_is_torchs_layer_norm_then_truncation_then_l2(rows: np.ndarray, data: st.DataObject) -> None:
    import torch
    from torch.nn import functional

    dim = data.draw(st.integers(1, rows.shape[1] - 1))
    full = torch.from_numpy(rows).double()
    expected = functional.layer_norm(full, (rows.shape[1],))[:, :dim]
    if float(expected.norm(dim=1).min()) < 1e-3:
        return  # almost no direction is left: nothing to compare
    cut = matryoshka(rows, dim, layer_norm=True)
    np.testing.assert_allclose(cut, functional.normalize(expected, dim=1).numpy(), atol=1e-3)


def test_all_dimensions_are_only_normalised_and_more_are_an_error() -> None:
    rows = np.random.default_rng(1).normal(1, 1, (4, 12)).astype(np.float32)
    np.testing.assert_array_equal(matryoshka(rows, 12, layer_norm=True), unit_rows(rows))
    with pytest.raises(ValueError, match="13 of 12"):
        matryoshka(rows, 13, layer_norm=False)
    assert chosen_dim(None, 12, "m") == 12
    assert chosen_dim(5, 12, "m") == 5
    with pytest.raises(SetupError, match="TEXT_EMBEDDING_DIM is 13"):
        chosen_dim(13, 12, "m")


def test_a_space_is_named_by_all_that_decides_its_vectors() -> None:
    one = make_space("text", "ollama:nomic", "a" * 64, 768)
    assert one.space_id == f"ollama:nomic@{'a' * 12}/768"
    others = [
        make_space("text", "ollama:nomic", "b" * 64, 768),
        make_space("text", "ollama:nomic", "a" * 64, 256),
        make_space("text", "ollama:other", "a" * 64, 768),
        make_space("text", "ollama:nomic", "v1", 768),
    ]
    assert len({one.space_id, *(other.space_id for other in others)}) == 5
