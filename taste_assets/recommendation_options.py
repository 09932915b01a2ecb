"""How lists are made, as Dagster resources: one place for every run, whoever starts it.

The defaults are the model's. A deployment changes them for good in `build_definitions(resources=...)`; the launchpad
changes them for one run, and the next run with the usual options then makes those lists anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

import dagster as dg
from pydantic import Field

from taste_assets.model.lists import ListOptions, Order
from taste_assets.model.neighbours import CONFLICT
from taste_assets.model.recommend import Fusion, RecommendOptions
from taste_assets.model.scoring import Strategy
from taste_assets.recommendation_inputs import QueryVector
from taste_assets.recommending import HowToRecommend

_LIST: Final = ListOptions()
_DEFAULT: Final = RecommendOptions(lists=_LIST)


def _one_of(words: Any) -> str:
    return f"^({'|'.join(get_args(words))})$"


class RecommendationOptions(dg.ConfigurableResource[Any]):
    """What an operator may change about lists; the model's `RecommendOptions` and `ListOptions` explain each."""

    strategy: str = Field(default=_DEFAULT.strategy, pattern=_one_of(Strategy), description="What ranks by pictures.")
    query: str = Field(default="centroid", pattern=_one_of(QueryVector), description="What venues are asked with.")
    length: int = Field(default=_DEFAULT.length, ge=1, le=1000, description="Places in a list.")
    order: str = Field(
        default=_LIST.order, pattern=_one_of(Order), description="proportional, merge, slots, mmr or plain."
    )
    rrf_k: float = Field(default=_LIST.rrf_k, ge=0, description="k of the merge.")
    mean_mix: float = Field(default=_LIST.mean_mix, ge=0, description="Share of the overall mean in each query.")
    diversity: float = Field(default=_LIST.diversity, ge=0, le=1, description="Of mmr: 0 is plain, 1 variety only.")
    fusion: str = Field(default=_DEFAULT.fusion, pattern=_one_of(Fusion), description="Of pictures and words.")
    visual_weight: float = Field(default=_DEFAULT.visual_weight, ge=0, description="Of pictures in the fusion.")
    text_weight: float = Field(default=_DEFAULT.text_weight, ge=0, description="Of words in the fusion.")
    dislike: float = Field(default=_DEFAULT.dislike, ge=0, description="What likeness to the disliked takes off.")
    unknown_penalty: float = Field(
        default=_DEFAULT.unknown_penalty, ge=0, description="Deviations lost by a venue that says nothing wished for."
    )
    temperature: float = Field(default=_DEFAULT.temperature, gt=0, description="Of proportional and mixture.")
    min_score: float | None = Field(default=None, description="Venues with a lower score are not listed.")

    def how(self) -> HowToRecommend:
        """The model's options.

        Raises:
            ValueError: they do not go together.
        """
        # The patterns above have refused words that the model does not know.
        lists: dict[str, Any] = {name: getattr(self, name) for name in ("order", "rrf_k", "mean_mix", "diversity")}
        rest: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("strategy", "length", "fusion", "visual_weight", "text_weight", "dislike", "unknown_penalty",
                         "temperature", "min_score")
        }  # fmt: skip
        query: Any = self.query
        return HowToRecommend(RecommendOptions(lists=ListOptions(**lists), **rest), query)


@dataclass(frozen=True, slots=True)
class HowToMatch:
    """How people are compared; see `taste_assets.model.neighbours`.

    Attributes:
        length: people in a list.
        symmetric: whether what the other likes counts as much.
        conflict: what one likes and the other dislikes takes off.
        within_km: only people whose wished-for place is so near; None for everywhere.
    """

    length: int = 20
    symmetric: bool = False
    conflict: float = CONFLICT
    within_km: float | None = None


class MatchOptions(dg.ConfigurableResource[Any]):
    """What an operator may change about lists of people; `HowToMatch` explains each."""

    length: int = Field(default=20, ge=1, le=1000, description="People in a list.")
    symmetric: bool = Field(default=False, description="Whether what the other likes counts as much.")
    conflict: float = Field(default=CONFLICT, ge=0, description="What one likes and the other dislikes takes off.")
    within_km: float | None = Field(default=None, ge=0, description="Only people whose wished-for place is so near.")

    def how(self) -> HowToMatch:
        """The same as a plain value."""
        return HowToMatch(self.length, self.symmetric, self.conflict, self.within_km)
