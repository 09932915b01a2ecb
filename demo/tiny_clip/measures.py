"""Figures of an embedding, from unit vectors and true labels. Pure: no model, no pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def centroids(vectors: Vectors, labels: NDArray[np.intp]) -> Vectors:
    """Unit mean vectors of the labels 0..max, one row each."""
    means = np.stack([vectors[labels == label].mean(axis=0) for label in range(int(labels.max()) + 1)])
    unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def precision_at(vectors: Vectors, labels: NDArray[np.intp], k: int = 10) -> float:
    """Mean share of equal labels among the `k` nearest others (cosine) of each vector."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argpartition(-cosines, k, axis=1)[:, :k]
    return float((labels[nearest] == labels[:, None]).mean())


def gallery_recall(images: Vectors, texts: Vectors, labels: NDArray[np.intp]) -> float:
    """Text to image R@1 over galleries of one picture per label.

    Args:
        images: rows in galleries one after the other, each with every label once.
        texts: one row per label.
        labels: the images' labels.
    """
    count = len(texts)
    galleries = images.reshape(-1, count, images.shape[1])
    order = labels.reshape(-1, count)
    found = np.argmax(np.einsum("gid,td->gti", galleries, texts), axis=2)  # (gallery, text) -> place in it
    return float((np.take_along_axis(order, found, axis=1) == np.arange(count)).mean())


def spread(values: NDArray[np.float32]) -> dict[str, float]:
    """Mean and percentiles 5, 50 and 95."""
    low, middle, high = np.percentile(values, [5, 50, 95])
    named = {"mean": values.mean(), "p5": low, "p50": middle, "p95": high}
    return {name: round(float(value), 3) for name, value in named.items()}


def geometry(images: Vectors, texts: Vectors, labels: NDArray[np.intp]) -> dict[str, dict[str, float]]:
    """Spreads of cosines: pictures of equal and of different labels, pictures with their own and other texts."""
    same = labels[:, None] == labels[None, :]
    pairs = np.triu(np.ones_like(same), 1)
    cosines, matched = images @ images.T, images @ texts.T
    own = labels[:, None] == np.arange(len(texts))[None, :]
    return {
        "same_aesthetic": spread(cosines[same & pairs]),
        "different_aesthetic": spread(cosines[~same & pairs]),
        "text_matched": spread(matched[own]),
        "text_unmatched": spread(matched[~own]),
    }


def parents_first(mixed: Vectors, parents: Sequence[tuple[int, int]], anchors: Vectors) -> dict[str, float]:
    """How pictures of two looks lie between them.

    Args:
        mixed: vectors of the pictures.
        parents: the two labels of each.
        anchors: one vector per label.

    Returns:
        `nearest_two`: share whose two nearest anchors are the parents; `one_first`: share whose nearest is one;
        `parents` and `others`: mean cosines to either.
    """
    cosines = mixed @ anchors.T
    own = np.zeros(cosines.shape, dtype=bool)
    np.put_along_axis(own, np.array(parents), True, axis=1)
    nearest = np.argsort(-cosines, axis=1)[:, :2]
    hits = np.take_along_axis(own, nearest, axis=1)
    named = {
        "nearest_two": hits.all(axis=1).mean(),
        "one_first": hits[:, 0].mean(),
        "parents": cosines[own].mean(),
        "others": cosines[~own].mean(),
    }
    return {name: round(float(value), 3) for name, value in named.items()}
