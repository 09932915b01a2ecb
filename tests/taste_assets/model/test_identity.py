from __future__ import annotations

import itertools
import uuid

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from taste_assets.model.clusters import cluster_taste
from taste_assets.model.identity import cluster_ids, match_clusters
from taste_assets.model.taste import Pins, Taste
from tests.taste_assets.model.pictures import Vectors, pictures, unit

OWNER = uuid.UUID("00000000-0000-5000-8000-000000000001")
SIZES = [20, 14, 11]


def ids_of(taste: Taste, before: list[tuple[uuid.UUID, Vectors]]) -> list[uuid.UUID]:
    medoids, centroids = (np.stack([getattr(cluster, name) for cluster in taste.clusters])
                          for name in ("medoid_vector", "centroid"))  # fmt: skip
    return cluster_ids(OWNER, "positive", medoids, centroids, before)


def remembered(taste: Taste, ids: list[uuid.UUID]) -> list[tuple[uuid.UUID, Vectors]]:
    return [(identifier, cluster.centroid) for identifier, cluster in zip(ids, taste.clusters, strict=True)]


def test_the_same_pins_keep_their_ids() -> None:
    taste = cluster_taste(Pins(pictures(SIZES)))
    ids = ids_of(taste, [])
    assert len(set(ids)) == 3
    assert ids == ids_of(taste, []) == ids_of(taste, remembered(taste, ids)[::-1])


@given(st.integers(0, 200), st.integers(0, 2), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_a_few_more_pins_leave_every_taste_its_id(seed: int, which: int, more: int) -> None:
    everything = pictures([size + 6 for size in SIZES], seed=seed, apart=0.4)
    starts = np.cumsum([0, *(size + 6 for size in SIZES)])[:3]
    had = np.concatenate([np.arange(start, start + size) for start, size in zip(starts, SIZES, strict=True)])
    new = np.arange(starts[which] + SIZES[which], starts[which] + SIZES[which] + more)
    before = cluster_taste(Pins(everything[had]))
    assume(len(before.clusters) == 3)  # of 201 seeds one makes two looks so alike that they are one taste
    ids = ids_of(before, [])
    after = cluster_taste(Pins(everything[np.concatenate([had, new])]))
    assert len(after.clusters) == 3
    kept = dict(zip(ids_of(after, remembered(before, ids)), after.clusters, strict=True))
    for identifier, cluster in zip(ids, before.clusters, strict=True):
        # Places below len(had) are the same pins before and after.
        assert set(cluster.members) == {place for place in kept[identifier].members if place < len(had)}


def test_a_new_taste_gets_an_id_of_its_own() -> None:
    vectors = pictures([15, 15, 15], apart=0.4)
    before = cluster_taste(Pins(vectors[:30]))
    ids = ids_of(before, [])
    after = ids_of(cluster_taste(Pins(vectors)), remembered(before, ids))
    assert set(ids) < set(after)
    assert len(set(after)) == 3


def test_a_taste_that_went_does_not_lend_its_id() -> None:
    vectors = pictures([15, 15, 15], apart=0.4)
    before = cluster_taste(Pins(vectors[:30]))
    after = cluster_taste(Pins(vectors[15:]))
    shared = set(ids_of(before, [])) & set(ids_of(after, remembered(before, ids_of(before, []))))
    assert len(shared) == 1


def test_an_id_in_use_is_not_made_again() -> None:
    first, second = unit(np.eye(3)[:2].astype(np.float64))
    fresh = cluster_ids(OWNER, "positive", first[None], first[None], [])
    # The taste has drifted from its first medoid to `second`, and a new one has taken its place there.
    both = cluster_ids(OWNER, "positive", np.stack([second, first]), np.stack([second, first]), [(fresh[0], second)])
    assert both[0] == fresh[0] != both[1]


def test_owner_and_polarity_are_part_of_an_id() -> None:
    vector = pictures([1])
    made = {
        cluster_ids(owner, polarity, vector, vector, [])[0]
        for owner in (OWNER, uuid.UUID(int=5))
        for polarity in ("positive", "negative")
    }
    assert len(made) == 4


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 10_000), st.sampled_from([-1.0, 0.3, 0.6, 0.99]))
@settings(max_examples=60, deadline=None)
def test_no_other_assignment_is_more_similar(old: int, new: int, seed: int, floor: float) -> None:
    rng = np.random.default_rng(seed)
    before, after = (unit(rng.normal(size=(count, 3)) + 0.5) for count in (old, new))
    similarities = after.astype(np.float64) @ before.T.astype(np.float64)
    matches = match_clusters(before, after, floor)
    pairs = [(to, fro) for to, fro in enumerate(matches) if fro is not None]
    assert len({fro for _, fro in pairs}) == len(pairs)
    assert all(similarities[pair] >= floor for pair in pairs)
    every = itertools.permutations([*range(old), *[None] * new], new)
    best = max(
        sum(max(similarities[to, fro] - floor, 0) for to, fro in enumerate(choice) if fro is not None)
        for choice in every
    )
    assert sum(similarities[pair] - floor for pair in pairs) == pytest.approx(best, abs=1e-6)
