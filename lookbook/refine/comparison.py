"""How near each venue that is compared is to everything asked: rows from the database to matrices."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from lookbook.refine import statements, vector_statements
from lookbook.refine.candidates import Fitting
from lookbook.refine.filters import filter_values, preference_values
from lookbook.refine.judging import fact_asks
from lookbook.refine.probes import Probes
from lookbook.refine.profile import Example
from lookbook.refine.refinement import Refinement
from lookbook.refine.scoring import STORED, Similarities, rows_of
from resources.binary_types.id_arrays import IdArray
from resources.binary_types.vectors import RealArray
from resources.spaces import EmbeddingSpace
from taste_assets.model.vectors import Floats

_MANY: Final = 32
"""Photographs of a venue from which on only those that count are kept."""
_NO_SPACE: Final = EmbeddingSpace("", "image", "", "", 1)  # nothing is in it, so nothing is near


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The venues that were compared, in the order of their ids, and what came of it.

    Attributes:
        venue_ids: of each.
        similarities: in the same order.
        summary_fields: for each description the nearest summary of each venue, by venue.
    """

    venue_ids: tuple[uuid.UUID, ...]
    similarities: Similarities
    summary_fields: tuple[Mapping[uuid.UUID, tuple[str, float]], ...] = ()


def compare(
    connection: Connection,
    probes: Probes,
    wanted: Refinement,
    candidates: Sequence[uuid.UUID] | None,
    fitting: Fitting,
    listed: Sequence[uuid.UUID] = (),
) -> Compared:
    """Compare the candidates and the sample, or every venue that fits, exactly with every probe.

    Args:
        connection: of the transaction.
        probes: what is asked with.
        wanted: what is asked of the facts.
        candidates: None for every venue that fits; then what is ordinary is told from all of them.
        fitting: the venues that fit.
        listed: the person's stored list, where that is the order to start from.
    """
    if candidates is None:
        compared = fitting.ids
    else:
        compared = IdArray.of({*fitting.sample, *listed, *candidates}.difference(probes.refused))
    space = probes.image.space if probes.image else _NO_SPACE
    queries = probes.queries() if probes.image else np.zeros((0, 1), np.float32)
    rows = _compared(connection, wanted, compared, queries, space)
    venue_ids = tuple(row.venue_id for row in rows)
    nearness = nearest([row.products for row in rows], probes.photos_compared())
    words, fields = _words(connection, probes, venue_ids)
    sampled = set(venue_ids if candidates is None else fitting.sample)
    order = _places(venue_ids, listed) if listed else None
    shares = _shares(wanted, rows)
    return Compared(venue_ids, _similarities(probes, nearness, words, shares, venue_ids, sampled, order), fields)


def stored_order(
    connection: Connection, user_id: uuid.UUID, probes: Probes, wanted: Refinement, others: Sequence[uuid.UUID]
) -> Compared:
    """The venues of the person's stored list, then some others that fit: where there is nothing to compare by."""
    listed = stored_venues(connection, user_id, probes, wanted)
    venues = IdArray.of({*listed, *others}.difference(probes.refused))
    rows = _compared(connection, wanted, venues, np.zeros((0, 1), np.float32), _NO_SPACE)
    venue_ids = tuple(row.venue_id for row in rows)
    nothing, order = np.zeros((0, len(venue_ids))), _places(venue_ids, listed)
    shares = _shares(wanted, rows)
    return Compared(venue_ids, _similarities(Probes(), nothing, nothing, shares, venue_ids, frozenset(), order))


def stored_venues(connection: Connection, user_id: uuid.UUID, probes: Probes, wanted: Refinement) -> list[uuid.UUID]:
    """The venues of the person's stored list that fit, in its order."""
    values = {**filter_values(wanted, probes.refused), "user_id": user_id}
    return list(connection.scalars(statements.stored_list(), values))


def _compared(
    connection: Connection, wanted: Refinement, venues: IdArray, queries: NDArray[np.float32], space: EmbeddingSpace
) -> Sequence[Row[Any]]:
    """Rows of `photo_similarities`, in the order of the venues' ids."""
    statement = vector_statements.photo_similarities(len(queries), space)
    asked = {**filter_values(wanted), **preference_values(wanted)}
    return connection.execute(statement, {"compared": venues, **asked, **query_values(queries)}).all()


def _shares(wanted: Refinement, rows: Sequence[Row[Any]]) -> Floats:
    """Shares of the things asked that each venue leaves unsaid, and that it contradicts; (2, venues)."""
    counts = np.array([[row.unknown for row in rows], [row.missed for row in rows]], np.float64)
    return counts / max(len(fact_asks(wanted)), 1)


def query_values(queries: NDArray[np.float32]) -> dict[str, RealArray]:
    """What statements bind that compare photographs with these queries."""
    return {f"query_{number}": RealArray.of(query) for number, query in enumerate(queries)}


def nearest(products: Sequence[bytes | None], photos: Sequence[int]) -> Floats:
    """Mean cosine similarity of each query to a venue's nearest photographs, (queries, venues); NaN without photos.

    Args:
        products: for each venue as `vector_statements.photo_similarities` returns them.
        photos: for each query how many of them are averaged, or all where there are fewer.
    """
    width, most = max(len(photos), 1), max(photos, default=0)
    found = [np.frombuffer(one or b"", ">f4").reshape(-1, width)[:, : len(photos)] for one in products]
    # One venue of many photographs must not widen the matrix for all.
    found = [one if len(one) <= _MANY else np.sort(one, axis=0)[:most] for one in found]
    counts = np.array([len(one) for one in found], np.intp)
    flat = np.concatenate(found) if found else np.zeros((0, len(photos)))
    venue = np.repeat(np.arange(len(products)), counts)
    photo = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    falling = np.full((len(photos), len(products), counts.max(initial=0)), np.nan)
    falling[:, venue, photo] = flat.T
    falling.sort(axis=2)  # negative products: the nearest first, what is not there last
    answer = np.full((len(photos), len(products)), np.nan)
    for query, number in enumerate(photos):
        there = np.minimum(counts, number)
        np.divide(-np.nansum(falling[query, :, :number], axis=1), there, out=answer[query], where=there > 0)
    return answer


def _places(venue_ids: Sequence[uuid.UUID], listed: Sequence[uuid.UUID]) -> Floats:
    """One row that falls with the place on the list; what is not on it stands behind all that are."""
    place = {venue_id: -float(number) for number, venue_id in enumerate(listed)}
    return np.array([[place.get(one, -float(len(place))) for one in venue_ids]])


def _words(
    connection: Connection, probes: Probes, venue_ids: Sequence[uuid.UUID]
) -> tuple[Floats, tuple[dict[uuid.UUID, tuple[str, float]], ...]]:
    """Similarity of each description to each venue's nearest summary, (descriptions, venues), and which one it is."""
    if probes.word_vectors is None or probes.text is None:
        return np.zeros((0, len(venue_ids))), ()
    statement = vector_statements.summary_similarities(probes.word_vectors, probes.text.space)
    nearest: tuple[dict[uuid.UUID, tuple[str, float]], ...] = tuple({} for _ in probes.words)
    for row in connection.execute(statement, {"venue_ids": list(venue_ids)}):
        nearest[row.number - 1][row.venue_id] = (row.field, 1 - row.distance)
    unsaid = ("", np.nan)
    similarity = [[one.get(each, unsaid)[1] for each in venue_ids] for one in nearest]
    return np.array(similarity).reshape(len(nearest), len(venue_ids)), nearest


def _similarities(
    probes: Probes,
    nearness: NDArray[np.float64],
    words: Floats,
    shares: Floats,
    venue_ids: Sequence[uuid.UUID],
    sampled: Collection[uuid.UUID],
    order: Floats | None = None,
) -> Similarities:
    """Rows of `nearness` by what they were asked with, in the order of `Probes.queries`."""
    venues = len(venue_ids)
    liked, disliked, looks = len(probes.liked), probes.disliked, len(probes.looks)
    tastes, rest = nearness[:liked], nearness[liked:]
    against, rest = rest[: len(disliked)], rest[len(disliked) :]
    look_rows, photo_rows = rest[:looks], rest[looks:]
    more, less = _by_example(probes.examples, photo_rows)
    said = len(words) - probes.is_last_stated
    dislikes = np.array([taste.weight for taste in disliked]) @ against if disliked else np.zeros(venues)
    look_signs = [1.0 if look.amount == "more" else -1.0 for look in probes.looks]
    if not liked and disliked:
        # Without a taste to be taken off from, what is disliked is a look to avoid among those that are asked.
        look_rows, look_signs = np.vstack([look_rows, dislikes]), [*look_signs, -STORED.dislike]
        dislikes = np.zeros(venues)
    if order is None:
        # Without a taste that counts there is one ranking, which what is asked alone decides.
        order = tastes if liked else np.zeros((1, venues))
    weights = np.array([taste.weight for taste in probes.liked]) if liked else np.ones(1)
    return Similarities(
        tastes=order,
        weights=weights,
        dislikes=dislikes,
        looks=look_rows,
        look_signs=np.array(look_signs),
        more=rows_of(more, venues),
        less=rows_of(less, venues),
        words=words[:said],
        stated=words[said:],
        unknown=shares[0],
        missed=shares[1],
        sample=np.array([one in sampled for one in venue_ids], np.bool_),
    )


def _by_example(
    examples: Sequence[Example], rows: NDArray[np.float64]
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    more: list[NDArray[np.float64]] = []
    less: list[NDArray[np.float64]] = []
    start = 0
    for example in examples:
        mean = rows[start : start + len(example.photo_ids)].mean(axis=0)
        (more if example.ask.more else less).append(mean)
        start += len(example.photo_ids)
    return more, less
