"""Names for clusters by zero-shot comparison with texts; which names there are is said in `vocabulary`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.vectors import Floats

UNNAMED: Final = "unnamed"

TEMPERATURE: Final = 0.01
"""CLIP's own, the inverse of its largest logit scale, 100 (Radford et al., ICML 2021, section 2.5)."""

LEAST_MARGIN: Final = 0.5
"""Lead of the best label's probability over the second's. Measured with `LEAST_EXCESS`, see docs/clustering.md."""

LEAST_EXCESS: Final = 2.5
"""How far above the catalogue's middle a cluster must lie on its label, in spreads: else the words fit nothing here."""

_ONE_SIGMA_BELOW: Final = 15.866
"""Percentile that lies one standard deviation below the mean of a normal distribution."""

_FLAT: Final = 1e-12
"""Spreads below this are rounding: the catalogue says nothing about the label."""


@dataclass(frozen=True, slots=True)
class ClusterLabel:
    """What a cluster is called.

    Attributes:
        name: a label, or `UNNAMED`.
        nearest: the best label, named or not.
        margin: by how much its probability leads the second's, in [0, 1].
    """

    name: str
    nearest: str
    margin: float


@dataclass(frozen=True, slots=True, eq=False)
class LabelBaseline:
    """How near the photographs of a catalogue lie to each label's text.

    Attributes:
        middle: (l,) median similarity.
        spread: (l,) median less the 16th percentile. The lower half is used because the upper one holds the pictures
            that do show the label: the commoner it is, the more they would widen a standard deviation.
    """

    middle: Floats
    spread: Floats


def label_baseline(photos: NDArray[Any], texts: NDArray[Any]) -> LabelBaseline:
    """What similarity to each label is ordinary.

    A text lies nearer to all pictures or farther from them as it is worded; what says something about one picture is
    by how much it exceeds that.

    Args:
        photos: (n, d) unit vectors of a catalogue or a sample of it, n >= 1.
        texts: (l, d) unit vectors of the same CLIP model's text tower.
    """
    similarities = np.asarray(photos, np.float64) @ np.asarray(texts, np.float64).T
    middle = np.median(similarities, axis=0)
    return LabelBaseline(middle, middle - np.percentile(similarities, _ONE_SIGMA_BELOW, axis=0))


def label_clusters(
    centroids: NDArray[Any],
    names: Sequence[str],
    texts: NDArray[Any],
    baseline: LabelBaseline,
    *,
    temperature: float = TEMPERATURE,
    least_margin: float = LEAST_MARGIN,
    least_excess: float = LEAST_EXCESS,
) -> list[ClusterLabel]:
    """The label of each cluster: the most probable one, if it leads clearly and exceeds what is ordinary.

    Probabilities are the softmax over labels of (similarity - middle) / temperature.

    No threshold is put on a similarity between a picture and a text: those lie about 0.2 to 0.3 whatever they show.

    Args:
        centroids: (k, d) unit vectors of clusters of pictures.
        names: l labels, at least two.
        texts: (l, d) unit vectors, one for each name.
        baseline: from `label_baseline`, of the same texts.
        temperature: the smaller, the more a small lead counts.
        least_margin: smaller leads leave a cluster unnamed.
        least_excess: so does a smaller excess of the best label over the middle, in spreads.

    Raises:
        ValueError: fewer than two names, or shapes that do not fit.
    """
    if len(names) < 2 or texts.shape != (len(names), centroids.shape[1]) or baseline.middle.shape != (len(names),):
        raise ValueError(
            f"{len(names)} names, texts {texts.shape}, baseline {baseline.middle.shape} and centroids"
            f" {centroids.shape} do not fit: two names or more, each with a text and a baseline, are needed"
        )
    excess = np.asarray(centroids, np.float64) @ np.asarray(texts, np.float64).T - baseline.middle
    probabilities = np.exp((excess - excess.max(axis=1, keepdims=True)) / temperature)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    spreads = excess / np.maximum(baseline.spread, _FLAT)
    ranked = np.argsort(-excess, axis=1, kind="stable")
    labels = []
    for cluster, (best, second) in enumerate(ranked[:, :2]):
        margin = float(probabilities[cluster, best] - probabilities[cluster, second])
        clear = margin >= least_margin and spreads[cluster, best] >= least_excess
        labels.append(ClusterLabel(names[best] if clear else UNNAMED, names[best], margin))
    return labels
