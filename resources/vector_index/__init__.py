"""Approximate-nearest-neighbour indexes of embedding spaces: whether, how, and how good.

An index belongs to one space. Search that uses it is in `resources.search`.
"""

from resources.vector_index.building import BuiltIndex, indexes_of
from resources.vector_index.measuring import LadderStep
from resources.vector_index.policy import IndexPolicy, index_policy
from resources.vector_index.pruning import prune_space
from resources.vector_index.stored import IndexSettings, stored_settings
from resources.vector_index.upkeep import IndexReport, maintain_index

__all__ = [
    "BuiltIndex",
    "IndexPolicy",
    "IndexReport",
    "IndexSettings",
    "LadderStep",
    "index_policy",
    "indexes_of",
    "maintain_index",
    "prune_space",
    "stored_settings",
]
