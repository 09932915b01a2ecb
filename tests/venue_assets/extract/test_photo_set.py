"""Copies of one photograph are found, and distinct photographs kept apart."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.venue_assets.extract.pages import MATERIAL, encoded, needs_photos, scene
from venue_assets.extract.photo_hash import hash_distance, perceptual_hash
from venue_assets.extract.photo_inspection import inspect_photo
from venue_assets.extract.photo_set import MAX_DISTANCE, PhotoGroup, fold_duplicates
from venue_assets.extract.values import Photo


def photo(body: bytes) -> Photo:
    found = inspect_photo(body)
    assert isinstance(found, Photo), found
    return found


def made_up(phash: int, pixels: int, name: str, width: int = 300) -> Photo:
    return Photo(b"", name, "image/jpeg", width, 200, pixels, phash)


def test_sizes_formats_and_qualities_of_one_photograph_are_one() -> None:
    first, second = scene(640, 480, seed=1), scene(640, 480, seed=2)
    bodies = [
        encoded(first.resize((320, 240)), quality=70),
        encoded(second, quality=90),
        encoded(first, "WEBP", quality=60),
        encoded(first, quality=95),
        encoded(first.resize((160, 160 * 3 // 4 + 40)).resize((200, 150)), "PNG"),
        encoded(second.resize((400, 300)), "AVIF"),
    ]
    groups = fold_duplicates([photo(body) for body in bodies])
    assert [group.members for group in groups] == [(0, 2, 3, 4), (1, 5)]
    # Of the two full sizes the one whose bytes hash lower, whatever the order.
    assert photo(bodies[groups[0].best]).source_pixels == 640 * 480


def test_other_shapes_are_other_photographs() -> None:
    assert len(fold_duplicates([made_up(0, 9, "a"), made_up(0, 9, "b", width=340)])) == 2
    assert len(fold_duplicates([made_up(0, 9, "a"), made_up(0, 9, "b", width=310)])) == 1


def test_a_chain_of_small_steps_does_not_join_its_ends() -> None:
    steps = [made_up((1 << (MAX_DISTANCE * n)) - 1, 100 - n, f"{n}") for n in range(4)]
    groups = fold_duplicates(steps)
    assert [group.members for group in groups] == [(0, 1), (2, 3)]
    assert [group.best for group in groups] == [0, 2]


def test_equal_bytes_are_one_photograph_the_first() -> None:
    same = made_up(5, 10, "a")
    assert fold_duplicates([made_up(2**64 - 1, 99, "z"), same, same]) == [PhotoGroup(0, (0,)), PhotoGroup(1, (1, 2))]
    assert fold_duplicates([]) == []


PHOTOS = st.lists(
    st.builds(
        made_up, st.sampled_from([0, 1, 3, 2**20 - 1, 2**40, 2**64 - 1]), st.integers(1, 3), st.sampled_from("abcdefgh")
    ),
    max_size=8,
    unique_by=lambda made: made.sha256,
)


@given(PHOTOS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_and_part_the_photos(photos: list[Photo], order: object) -> None:
    groups = fold_duplicates(photos)
    assert sorted(place for group in groups for place in group.members) == list(range(len(photos)))
    assert all(group.best in group.members for group in groups)
    shuffled = list(photos)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    def named(found: list[PhotoGroup], of: list[Photo]) -> set[tuple[str, frozenset[str]]]:
        return {(of[group.best].sha256, frozenset(of[place].sha256 for place in group.members)) for group in found}

    assert named(fold_duplicates(shuffled), shuffled) == named(groups, photos)
    best = [photos[group.best] for group in groups]
    assert len(fold_duplicates(best)) == len(best)


def test_the_hash_is_the_same_everywhere() -> None:
    ramp = Image.fromarray(np.add.outer(np.arange(64), 2 * np.arange(64)).astype(np.uint8))
    assert perceptual_hash(ramp) == perceptual_hash(ramp.convert("RGB"))
    assert f"{perceptual_hash(ramp):016x}" == "882edf34f91d8b12"
    assert hash_distance(0, 2**64 - 1) == 64


@needs_photos
@pytest.mark.parametrize(("form", "quality", "scale"), [("JPEG", 40, 1.0), ("JPEG", 75, 0.5), ("WEBP", 60, 0.7)])
def test_copies_of_real_photographs_are_near_and_others_far(form: str, quality: int, scale: float) -> None:
    # All 1,491: no copy further than 6; of 1,110,795 pairs four within 6, and these show the same picture.
    files = sorted((MATERIAL / "photos" / "sun8").rglob("*.jpg"))[::10]
    originals, copies = [], []
    for file in files:
        image = Image.open(file).convert("RGB")
        small = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.LANCZOS)
        originals.append(perceptual_hash(image))
        copies.append(perceptual_hash(Image.open(BytesIO(encoded(small, form, quality=quality)))))
    assert max(map(hash_distance, originals, copies)) <= MAX_DISTANCE
    between = [hash_distance(one, other) for place, one in enumerate(originals) for other in originals[:place]]
    assert min(between) > MAX_DISTANCE
