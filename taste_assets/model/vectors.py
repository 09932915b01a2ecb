"""Unit vectors as the model takes them: what is refused, and the order in which a person's vectors are read."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]

UNIT_TOLERANCE: Final = 1e-3
"""How far from 1 a norm may be: what half precision leaves of a unit vector, and no more."""


def unit_rows(vectors: NDArray[Any]) -> Floats:
    """The rows in float64, normalised again, (n, d) with n, d >= 1.

    Raises:
        ValueError: not a matrix of real numbers, empty, a value that is not finite, a row that is not of unit length
            (a zero vector is one).
    """
    if vectors.ndim != 2 or vectors.dtype.kind != "f" or 0 in vectors.shape:
        raise ValueError(
            f"vectors must be a matrix of floats with a row or more, not {vectors.dtype} of shape {vectors.shape}"
        )
    rows = vectors.astype(np.float64)
    norms = np.sqrt(np.einsum("nd,nd->n", rows, rows))
    wrong = np.flatnonzero(~(np.abs(norms - 1) <= UNIT_TOLERANCE))  # written so that NaN is wrong
    if wrong.size:
        raise ValueError(f"vector {wrong[0]} is not of unit length: its norm is {norms[wrong[0]]}")
    rows /= norms[:, None]
    return rows


def canonical_order(rows: Floats) -> Ints:
    """The permutation that sorts the rows by their bytes; equal rows stay in the order given.

    Not an order with a meaning, only the same one for the same set of vectors: reading in it makes everything computed
    afterwards, down to the rounding of sums, independent of the order in which pins arrive.
    """
    contiguous = np.ascontiguousarray(rows + 0.0)  # -0.0 becomes 0.0: equal numbers, equal bytes
    keys = contiguous.view(np.dtype((np.void, contiguous.itemsize * contiguous.shape[1]))).ravel()
    return np.argsort(keys, kind="stable")


def distinct_rows(ordered: Floats) -> int:
    """How many different rows there are; equal ones must be neighbours, as `canonical_order` makes them."""
    return 1 + int(np.count_nonzero((ordered[1:] != ordered[:-1]).any(axis=1)))


def mean_similarity(rows: Floats) -> float:
    """Mean cosine similarity of all pairs of different rows of a set of unit vectors; 1 for a single one.

    The sum over all pairs is |Σx|² less the n of each row with itself, halved: no matrix of pairs is needed.
    """
    count = len(rows)
    if count == 1:
        return 1.0
    total = rows.sum(axis=0)
    return float((total @ total - count) / (count * (count - 1)))
