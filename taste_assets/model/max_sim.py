"""The best photo of every venue for every query, exactly: blocked products with a running maximum per venue.

All that is ever held besides the answer is one block of products, so memory stays bounded whatever the catalogue.
What the similarities mean for a person is decided in `strategies` and `lists`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from taste_assets.model.catalogue import Catalogue
from taste_assets.model.vectors import Ints

VENUE_BLOCK: Final = 2048
"""Venues whose maximum is kept warm at once: with a hundred queries their block of products fits the cache."""


def best_similarities(queries: NDArray[np.float32], catalogue: Catalogue) -> NDArray[np.float32]:
    """Similarity of each query to each venue's most similar photo: max_p s(q, p).

    Args:
        queries: (queries, dim) float32 unit vectors of the catalogue's space.
        catalogue: the venues.

    Returns:
        (queries, venues) float32, venues in the order the catalogue was made in.
    """
    return mean_of_best(queries, catalogue, 1)


def mean_of_best(queries: NDArray[np.float32], catalogue: Catalogue, count: int) -> NDArray[np.float32]:
    """Mean similarity of each query to each venue's `count` most similar photos, or to all where it has fewer.

    Args:
        queries: (queries, dim) float32 unit vectors.
        catalogue: the venues.
        count: photos that are averaged, at least 1.

    Returns:
        (queries, venues) float32, venues in the order the catalogue was made in.
    """
    answer = np.empty((len(queries), catalogue.venue_count), np.float32)
    for start in range(0, catalogue.venue_count, VENUE_BLOCK):
        block = slice(start, start + VENUE_BLOCK)
        answer[:, catalogue.order[block]] = _mean_of_block(queries, [layer[block] for layer in catalogue.layers], count)
    return answer


def _mean_of_block(
    queries: NDArray[np.float32], layers: Sequence[NDArray[np.float32]], count: int
) -> NDArray[np.float32]:
    """(queries, venues of the first layer), in the order of the layers."""
    best: list[NDArray[np.float32]] = []  # best[0] for all venues, best[1] for those with a second photo, and so on
    for layer in layers:
        if len(layer) == 0:
            break
        falling = queries @ layer.T
        for place in best:  # what is beaten falls to the next place
            having = place[:, : len(layer)]
            if place is best[-1] and len(best) == count:
                np.maximum(having, falling, out=having)
                break
            beaten = np.minimum(having, falling)
            np.maximum(having, falling, out=having)
            falling = beaten
        else:
            best.append(falling)
    total = best[0]
    if len(best) > 1:
        photos = np.zeros(total.shape[1], np.float32)
        for place in best:
            photos[: place.shape[1]] += 1
        for place in best[1:]:
            total[:, : place.shape[1]] += place
        total /= photos
    return total


@dataclass(frozen=True, slots=True, eq=False)
class BestPhotos:
    """The most similar photo of some venues for some queries.

    Attributes:
        similarity: (queries, venues) float64.
        row: (queries, venues) the photo's row in the matrix the catalogue was made of.
    """

    similarity: NDArray[np.float64]
    row: Ints


def best_photos(queries: NDArray[np.float32], catalogue: Catalogue, venues: Ints) -> BestPhotos:
    """Which photo it is, for the few venues that are shown; of equals the first of the venue.

    Computed in float64, so that what is stored does not depend on how `best_similarities` blocks its products.

    Args:
        queries: (queries, dim) float32 unit vectors.
        catalogue: the venues.
        venues: indices of the wanted venues.
    """
    similarity = np.empty((len(queries), len(venues)))
    row = np.empty((len(queries), len(venues)), np.intp)
    exact = queries.astype(np.float64)
    for column, venue in enumerate(venues):
        products = exact @ catalogue.photos_of(int(venue)).T.astype(np.float64)
        best = products.argmax(axis=1)
        similarity[:, column] = products[np.arange(len(queries)), best]
        row[:, column] = catalogue.rows[catalogue.starts[venue] + best]
    return BestPhotos(similarity, row)
