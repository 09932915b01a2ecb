"""How tastes are found, as a Dagster resource: one place for the clustering and for the refresh of its weights.

The defaults are the model's. A deployment changes them for good in `build_definitions(resources=...)`; the launchpad
changes them for one run, and the next run with the usual options then finds those people anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any, Final, Literal, cast

import dagster as dg
from pydantic import Field

from taste_assets.model.importance import DECAY_PER_DAY
from taste_assets.model.ratings import KEEP_FRACTION
from taste_assets.model.taste import UNRELATED_SIMILARITY, ClusteringOptions
from taste_assets.model.vocabulary import AESTHETICS, OTHER_SUBJECTS
from taste_assets.off_topic import OffTopicMode

_DEFAULT: Final = ClusteringOptions()


class TasteOptions(dg.ConfigurableResource[Any]):
    """What an operator may change about clustering; the model's `ClusteringOptions` explains each."""

    method: str = Field(default=_DEFAULT.method, pattern="^(kmeans|ward|hdbscan)$", description="kmeans, ward, hdbscan")
    least_pins: int = Field(default=_DEFAULT.least_pins, ge=2, description="With fewer, one cluster (cold start).")
    most_clusters: int = Field(default=_DEFAULT.most_clusters, ge=2, le=127, description="Largest k of kmeans.")
    least_silhouette: float = Field(default=_DEFAULT.least_silhouette, description="Below it kmeans makes one cluster.")
    restarts: int = Field(default=_DEFAULT.restarts, ge=1, description="Seedings of kmeans.")
    uniform_share: float = Field(default=_DEFAULT.uniform_share, description="Where scattered ends and uniform begins.")
    consolidate: bool = Field(
        default=_DEFAULT.consolidate, description="Join clusters of kmeans that are alike; reject what chance divides."
    )
    least_silhouette_of_many: float = Field(
        default=_DEFAULT.least_silhouette_of_many, description="The same for 200 pins and more, if consolidated."
    )
    silhouette_slack: float = Field(
        default=_DEFAULT.silhouette_slack, ge=0, lt=1, description="Finest division this near the best is consolidated."
    )
    same_taste_share: float = Field(
        default=_DEFAULT.same_taste_share, description="How alike two clusters of kmeans are that are one taste."
    )
    least_members: int = Field(default=_DEFAULT.least_members, ge=1, description="Smallest cluster of kmeans.")
    off_topic: str = Field(
        default="leave_out",
        pattern="^(leave_out|count|ignore)$",
        description="Boards about something else: leave_out, count (and hear them), ignore.",
    )
    ward_cut: float = Field(default=_DEFAULT.ward_cut, gt=0, description="Distance above which ward merges nothing.")
    hdbscan_least_pins: int = Field(default=_DEFAULT.hdbscan_least_pins, ge=2, description="Smallest hdbscan cluster.")
    unrelated_similarity: float | None = Field(
        default=None, description="Mean cosine similarity of unrelated pictures. Unset: measured on stored vectors."
    )
    keep_fraction: float = Field(
        default=KEEP_FRACTION, gt=0, le=1, description="Share kept of the clusters that rest on ratings alone."
    )
    decay_per_day: float = Field(default=DECAY_PER_DAY, ge=0, description="Lambda of importance; 0 counts pins.")

    def clustering(self, measured_similarity: float | None) -> ClusteringOptions:
        """The model's options.

        Args:
            measured_similarity: of unrelated pictures in this space; None where too few are stored to say.
        """
        similarity = self.unrelated_similarity if self.unrelated_similarity is not None else measured_similarity
        return ClusteringOptions(
            method=cast("Literal['kmeans', 'ward', 'hdbscan']", self.method),
            least_pins=self.least_pins,
            most_clusters=self.most_clusters,
            least_silhouette=self.least_silhouette,
            restarts=self.restarts,
            unrelated_similarity=UNRELATED_SIMILARITY if similarity is None else similarity,
            uniform_share=self.uniform_share,
            consolidate=self.consolidate,
            least_silhouette_of_many=self.least_silhouette_of_many,
            silhouette_slack=self.silhouette_slack,
            same_taste_share=self.same_taste_share,
            least_members=self.least_members,
            ward_cut=self.ward_cut,
            hdbscan_least_pins=self.hdbscan_least_pins,
        )

    def off_topic_mode(self) -> OffTopicMode:
        """What is done about boards that are about something else."""
        return cast("OffTopicMode", self.off_topic)

    def method_id(self) -> str:
        """The method and a digest of everything that decides which clusters are found and what they are called.

        What is measured on stored pictures is left out, or every new photo would make everybody due; so is the decay,
        because the daily refresh applies it.
        """
        words = [asdict(one) for one in (*AESTHETICS, *OTHER_SUBJECTS)]
        told = json.dumps([asdict(self.clustering(None)), self.keep_fraction, self.off_topic, words])
        return f"{self.method}:{hashlib.blake2b(told.encode(), digest_size=6).hexdigest()}"
