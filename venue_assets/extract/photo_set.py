"""The photographs of one venue, each once: exact and perceptual duplicates folded, the best copy in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from venue_assets.extract.photo_hash import hash_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venue_assets.extract.values import Photo

MAX_DISTANCE: Final = 6
"""Hashes that differ in so many bits at most are one photograph."""

MAX_ASPECT_RATIO: Final = 1.1
"""Copies have nearly the same shape; other crops are other photographs."""


@dataclass(frozen=True, slots=True)
class PhotoGroup:
    """Copies of one photograph, as places in the sequence given.

    Attributes:
        best: the copy with the most pixels in its source; of equals the first.
        members: all copies, `best` included, in order.
    """

    best: int
    members: tuple[int, ...]


def fold_duplicates(photos: Sequence[Photo]) -> list[PhotoGroup]:
    """Group copies of one photograph: equal bytes, or near hashes and shapes.

    Groups are formed around their best copy: photos are taken from the largest to the smallest (by bytes' hash where
    equal), each joins the nearest group whose best copy is near enough or begins its own. So a chain of small
    differences never joins two photographs that are far apart, and the groups do not depend on the order given
    (the place of `best` among byte-equal copies does). Groups come in the order of their first member.
    """
    order = sorted(range(len(photos)), key=lambda place: (-photos[place].source_pixels, photos[place].sha256, place))
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for place in order:
        leader = _nearest(photos, leaders, place)
        if leader is None:
            leaders.append(place)
            leader = place
        members.setdefault(leader, []).append(place)
    groups = [PhotoGroup(leader, tuple(sorted(members[leader]))) for leader in leaders]
    return sorted(groups, key=lambda group: group.members[0])


def _nearest(photos: Sequence[Photo], leaders: list[int], place: int) -> int | None:
    photo = photos[place]
    near = []
    for rank, leader in enumerate(leaders):
        other = photos[leader]
        if other.sha256 == photo.sha256:
            return leader
        distance = hash_distance(photo.phash, other.phash)
        if distance <= MAX_DISTANCE and _same_shape(photo, other):
            near.append((distance, rank, leader))
    return min(near)[2] if near else None


def _same_shape(photo: Photo, other: Photo) -> bool:
    first, second = photo.width * other.height, photo.height * other.width
    return max(first, second) <= MAX_ASPECT_RATIO * min(first, second)
