"""Whether pictures show what this is about at all: zero-shot, against the vocabulary and against other subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.labels import LabelBaseline
from taste_assets.model.vectors import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What one kind of thing is called.

    Attributes:
        texts: (l, d) unit vectors of its labels.
        baseline: from `label_baseline`, of the same texts.
    """

    texts: Floats
    baseline: LabelBaseline


def off_topic_share(pictures: NDArray[Any], subject: Words, others: Words) -> float:
    """Share of the pictures that are nearer to a label of something else than to any of the subject's, in [0, 1].

    Nearness is the similarity to a label's text less what is ordinary for that label in the catalogue: texts lie
    nearer to all pictures or farther from them as they are worded (`labels.label_baseline`).

    Args:
        pictures: (n, d) unit vectors, n >= 1.
        subject: the words of the vocabulary.
        others: words for other things, of the same text tower.
    """
    rows = np.asarray(pictures, np.float64)
    near, elsewhere = ((rows @ words.texts.T - words.baseline.middle).max(axis=1) for words in (subject, others))
    return float((elsewhere > near).mean())
