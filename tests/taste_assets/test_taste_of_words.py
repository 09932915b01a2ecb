"""Tastes from words alone: each person's as if nobody else were due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from resources.encoders.vectors import unit_rows
from resources.identity import user_id
from taste_assets.model.taste import ClusteringOptions
from taste_assets.taste_finding import Finding, FoundTaste
from taste_assets.taste_inputs import TasteInputs
from taste_assets.taste_names import TextTower
from tests.plugins.colours import ColourEncoder


class RoundingEncoder(ColourEncoder):
    """Words as letters, rounded otherwise in each size of batch, as matrix products are."""

    supports_text = True  # type: ignore[misc]

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        letters = np.array([[text.count(chr(97 + place % 26)) + 1 for place in range(48)] for text in texts])
        return unit_rows(letters + 1e-4 * len(texts) * np.arange(48))


def found(*handles: str) -> dict[str, FoundTaste]:
    encoder = RoundingEncoder()
    tower = TextTower(encoder, np.zeros((0, 48), np.float32))
    finding = Finding(ClusteringOptions(), 0.5, 0.01, "ignore", tower, datetime(2026, 6, 1, tzinfo=UTC))
    people = [TasteInputs(user_id(one), 0, f"{one} likes barns", (), np.zeros((0, 48), np.float32)) for one in handles]
    return dict(zip(handles, finding.tastes(people, {}), strict=True))


def test_a_taste_from_words_is_the_same_whoever_else_is_due() -> None:
    (alone,) = found("ann")["ann"].clusters
    together = found("bob", "ann", "cid")
    (among,) = together["ann"].clusters
    np.testing.assert_array_equal(alone.centroid, among.centroid)
    assert [one.treatment for one in together.values()] == ["words"] * 3
