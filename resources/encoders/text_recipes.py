"""What a family of text models wants around a text, and how its vectors may be cut. Facts of model cards only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """How a family of models is used.

    Attributes:
        document: put before a text that is to be found.
        query: put before a text that asks.
        layer_norm: whether vectors are layer-normed before they are cut to fewer dimensions.
    """

    document: str = ""
    query: str = ""
    layer_norm: bool = False


NOMIC: Final = TextRecipe("search_document: ", "search_query: ", layer_norm=True)
"""nomic-embed-text v1 and v1.5, whoever serves them (model card, "Task instruction prefixes" and "Usage")."""

PLAIN: Final = TextRecipe()
"""No prefixes; cut vectors are only normalised."""


def recipe_by_name(model: str) -> TextRecipe:
    """The recipe of a served model, of which only the name is known."""
    return NOMIC if "nomic-embed-text-v1" in model or model.split(":")[0].endswith("nomic-embed-text") else PLAIN
