"""Arithmetic of vectors that every encoder ends with: precision, Matryoshka dimensions, length. Arrays only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.errors import SetupError
from resources.spaces import EmbeddingSpace, Modality

_LAYER_NORM_EPS: Final = 1e-5  # torch.nn.functional.layer_norm's default, which the model card uses
_SHORTEST: Final = 1e-12
_REVISION_DIGITS: Final = 12


def unit_rows(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Rows as float32 of L2 norm 1; converted first, so that low precision does not leave norms of 0.997.

    Args:
        vectors: shape (n, dim), any real dtype.

    Raises:
        ValueError: a row is zero or not finite, and so has no direction.
    """
    rows = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    wrong = ~np.isfinite(norms[:, 0]) | (norms[:, 0] < _SHORTEST)
    if wrong.any():
        raise ValueError(f"{int(wrong.sum())} of {len(rows)} vectors are zero or not finite")
    unit: NDArray[np.float32] = (rows / norms).astype(np.float32)
    return unit


def matryoshka(vectors: NDArray[Any], dim: int, *, layer_norm: bool) -> NDArray[np.float32]:
    """The first `dim` dimensions of vectors that were trained to be cut (Kusupati et al. 2022, arXiv 2205.13147).

    Layer norm (without weights), truncation, L2, in this order, is the recipe of the model card of
    nomic-embed-text-v1.5; models without its layer norm are only cut and normalised.

    Args:
        vectors: shape (n, full dim), any scale.
        dim: dimensions to keep; all of them means L2 alone.
        layer_norm: whether the model's recipe has that step.

    Raises:
        ValueError: there are not that many dimensions, or a row is zero or not finite.
    """
    rows = np.asarray(vectors, dtype=np.float32)
    full = rows.shape[1]
    if not 1 <= dim <= full:
        raise ValueError(f"{dim} of {full} dimensions were asked for")
    if layer_norm and dim < full:
        exact = rows.astype(np.float64)
        centred = exact - exact.mean(axis=1, keepdims=True)
        rows = (centred / np.sqrt(centred.var(axis=1, keepdims=True) + _LAYER_NORM_EPS)).astype(np.float32)
    return unit_rows(rows[:, :dim])


def make_space(modality: Modality, model: str, revision: str, dim: int) -> EmbeddingSpace:
    """A space whose id is made of all that decides its vectors: `MODEL@REVISION/DIM`, the revision shortened.

    Args:
        modality: "image" or "text".
        model: the encoder as the setting names it, a local folder by its last name (machines mount it elsewhere).
        revision: a content hash or any other text that changes with the weights.
        dim: dimensions.
    """
    is_hash = len(revision) >= 40 and all(digit in "0123456789abcdef" for digit in revision)
    short = revision if is_hash else hashlib.sha256(revision.encode()).hexdigest()
    return EmbeddingSpace(f"{model}@{short[:_REVISION_DIGITS]}/{dim}", modality, model, revision, dim)


def require_words(texts: Sequence[str]) -> None:
    """Refuse blank texts: a model has a vector for them, and it means nothing.

    Raises:
        ValueError: a text is blank.
    """
    blank = [index for index, text in enumerate(texts) if not text.strip()]
    if blank:
        raise ValueError(f"texts {blank[:10]} are blank")


def chosen_dim(wanted: int | None, full: int, model: str) -> int:
    """Dimensions to keep of `full`: all, or as many as TEXT_EMBEDDING_DIM says.

    Raises:
        SetupError: the model has fewer.
    """
    if wanted is not None and wanted > full:
        raise SetupError(
            f"TEXT_EMBEDDING_DIM is {wanted}, and {model} makes vectors of {full} dimensions",
            f"set TEXT_EMBEDDING_DIM to {full} or less, or unset it",
        )
    return wanted or full
