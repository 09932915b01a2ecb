"""Embedding spaces: who made a vector, and which space readers compare in.

Vectors of different spaces are never compared or joined. An encoder names its space; this file keeps the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Modality = Literal["image", "text"]


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """One model's unit vectors.

    Attributes:
        space_id: short and stable, made of model, revision and dimension; the key of every vector row.
        modality: "image" spaces hold photographs (and the short texts of a two-tower model), "text" spaces documents.
        model: the encoder as the setting names it.
        revision: what tells two versions of the weights apart (a content hash, a hub commit, a plug-in's version).
        dim: dimensions of its vectors.
    """

    space_id: str
    modality: Modality
    model: str
    revision: str
    dim: int
