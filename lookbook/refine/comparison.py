"""Which venues are compared, and how near each is to everything asked: rows from the database to matrices."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from lookbook.refine import statements, vector_statements
from lookbook.refine.asks import AmenityAsk, LookAsk
from lookbook.refine.filters import filter_values
from lookbook.refine.judging import Facts, outcomes
from lookbook.refine.probes import Probes
from lookbook.refine.profile import Example
from lookbook.refine.refinement import Refinement, refinement_of
from lookbook.refine.scoring import STORED, Similarities, rows_of
from resources.search.id_array import IdArray
from resources.search.statement import vector_text
from resources.spaces import EmbeddingSpace
from resources.vector_index.policy import MAX_EF_SEARCH
from taste_assets.model.vectors import Floats

NEAREST: Final = 112
"""Photographs (or summaries) near each probe that name candidates; docs/refine.md has recall and time."""
NEAREST_STATING: Final = 48
"""Likewise, among venues that state what is asked."""
FEW_STATING: Final = 400
"""So many are candidates without being looked for."""
SAMPLE: Final = 100
"""Venues that are compared for what is ordinary, however good they are."""

_NO_SPACE: Final = EmbeddingSpace("", "image", "", "", 1)  # nothing is in it, so nothing is near


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The venues that were compared, in the order of their ids, and what came of it.

    Attributes:
        facts: of each.
        similarities: in the same order.
        summary_fields: for each description the nearest summary of each venue, by venue.
    """

    facts: tuple[Facts, ...]
    similarities: Similarities
    summary_fields: tuple[Mapping[uuid.UUID, tuple[str, float]], ...] = ()


@dataclass(frozen=True, slots=True)
class Fitting:
    """Venues that nothing asked rules out.

    Attributes:
        count: up to `statements.MAX_COMPARED`.
        ids: of all of them.
        first: some of them, the same every time: a sample.
        is_all: nothing is asked that could rule one out.
    """

    count: int
    ids: IdArray
    first: tuple[uuid.UUID, ...]
    is_all: bool = False


def fitting_venues(connection: Connection, probes: Probes, wanted: Refinement) -> tuple[Fitting, Fitting | None]:
    """The venues that fit; and those that state what few sites do, where something such is asked."""
    firmer = _firmer(wanted)
    values = {
        **filter_values(wanted, probes.refused),
        **filter_values(firmer, probes.refused, "stated_"),
        "sample": SAMPLE,
        "few_stating": FEW_STATING,
        "asks_to_state": firmer != wanted,
    }
    row = connection.execute(statements.fitting(), values).one()
    is_all = filter_values(wanted) == filter_values(Refinement())
    fitting = Fitting(row.venues, IdArray(row.ids or IdArray.of(())), tuple(row.sample), is_all)
    if firmer == wanted:
        return fitting, None
    return fitting, Fitting(row.stating, IdArray(row.stating_ids or IdArray.of(())), tuple(row.stating_first))


def find_candidates(
    connection: Connection, probes: Probes, fitting: Fitting, stating: Fitting | None, ef_search: int
) -> tuple[list[uuid.UUID], int]:
    """Venues that fit and are near to a probe, by index, and the `ef_search` that was used.

    Where something is asked that few sites state, those that do are looked for once more by themselves: they come
    first among equally good ones, and may be far down among the nearest.
    """
    used = min(max(ef_search, NEAREST), MAX_EF_SEARCH)
    connection.execute(statements.index_scan(), {"ef_search": str(used), "sort": "off"})
    found = _near(connection, probes, fitting, NEAREST)
    if stating:
        few = stating.count <= FEW_STATING
        found |= set(stating.first) if few else _near(connection, probes, stating, NEAREST_STATING)
    connection.execute(statements.index_scan(), {"ef_search": str(used), "sort": "on"})
    return sorted(found), used


def _near(connection: Connection, probes: Probes, fitting: Fitting, count: int) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    values = {"nearest": count, **({} if fitting.is_all else {"fitting": fitting.ids})}
    seeking = probes.seeking()
    if probes.image and len(seeking):
        statement = vector_statements.nearest_photos(seeking, probes.image.space, among_all=fitting.is_all)
        found.update(connection.scalars(statement, values))
    if probes.text and probes.word_vectors is not None:
        statement = vector_statements.nearest_summaries(
            probes.word_vectors, probes.text.space, among_all=fitting.is_all
        )
        found.update(connection.scalars(statement, values))
    return found


def _firmer(wanted: Refinement) -> Refinement:
    """With every preference, amenity and style that is asked for as something that must be stated."""
    asks = []
    for ask in wanted.asks():
        is_seldom_stated = (isinstance(ask, AmenityAsk) and ask.wanted) or (
            isinstance(ask, LookAsk) and ask.style is not None and ask.amount == "more"
        )
        is_preferred = getattr(ask, "strength", None) == "prefer" and not isinstance(ask, LookAsk)
        asks.append(ask.model_copy(update={"strength": "must"}) if is_seldom_stated or is_preferred else ask)
    return refinement_of(asks)


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
        compared = IdArray.of({*fitting.first, *listed, *candidates}.difference(probes.refused))
    space = probes.image.space if probes.image else _NO_SPACE
    queries = probes.queries() if probes.image else np.zeros((0, 1), np.float32)
    vectors = {f"query_{number}": vector_text(query) for number, query in enumerate(queries)}
    statement = vector_statements.photo_similarities(len(queries), space)
    rows = connection.execute(statement, {"compared": compared, **vectors}).all()
    facts = tuple(facts_of_row(row) for row in rows)
    nearness = nearest([row.products for row in rows], probes.photos_compared())
    words, fields = _words(connection, probes, facts)
    sampled = {one.venue_id for one in facts} if candidates is None else set(fitting.first)
    order = _places(facts, listed) if listed else None
    return Compared(facts, _similarities(probes, nearness, words, wanted, facts, sampled, order), fields)


def nearest(products: Sequence[bytes | None], photos: Sequence[int]) -> Floats:
    """Mean cosine similarity of each query to a venue's nearest photographs, (queries, venues); NaN without photos.

    Args:
        products: for each venue as `vector_statements.photo_similarities` returns them.
        photos: for each query how many of them are averaged, or all where there are fewer.
    """
    found = [np.frombuffer(one or b"", ">f4").reshape(-1, max(len(photos), 1)) for one in products]
    most = max((len(one) for one in found), default=0)
    falling = np.full((len(found), most, len(photos)), np.nan)
    for venue, one in enumerate(found):
        falling[venue, : len(one)] = one[:, : len(photos)]
    falling.sort(axis=1)  # negative products: the nearest first, what is not there last
    answer = np.full((len(photos), len(found)), np.nan)
    for query, count in enumerate(photos):
        best = falling[:, :count, query]
        there = np.count_nonzero(~np.isnan(best), axis=1)
        np.divide(-np.nansum(best, axis=1), there, out=answer[query], where=there > 0)
    return answer


def stored_order(
    connection: Connection, user_id: uuid.UUID, probes: Probes, wanted: Refinement, sample: Sequence[uuid.UUID]
) -> Compared:
    """The venues of the person's stored list, then some others that fit: where there is nothing to compare by."""
    listed = [*stored_venues(connection, user_id, probes, wanted), *sample]
    rows = connection.execute(statements.venue_facts(), {"venue_ids": sorted(set(listed))}).all()
    facts = tuple(sorted((facts_of_row(row) for row in rows), key=lambda one: one.venue_id))
    nothing = np.zeros((0, len(facts)))
    order = _places(facts, listed)
    return Compared(facts, _similarities(Probes(), nothing, nothing, wanted, facts, frozenset(), order))


def stored_venues(connection: Connection, user_id: uuid.UUID, probes: Probes, wanted: Refinement) -> list[uuid.UUID]:
    """The venues of the person's stored list that fit, in its order."""
    values = {**filter_values(wanted, probes.refused), "user_id": user_id}
    return list(connection.scalars(statements.stored_list(), values))


def _places(facts: Sequence[Facts], listed: Sequence[uuid.UUID]) -> Floats:
    """One row that falls with the place on the list; what is not on it stands behind all that are."""
    place = {venue_id: -float(number) for number, venue_id in enumerate(dict.fromkeys(listed))}
    return np.array([[place.get(one.venue_id, -float(len(place))) for one in facts]])


def facts_of_row(row: Any) -> Facts:
    """A row of `statements.venue_facts` or `photo_similarities`."""
    return Facts(
        venue_id=row.venue_id, capacity_min=row.capacity_min, capacity_max=row.capacity_max, price_min=row.price_min,
        currency=row.currency, price_unit=row.price_unit, country=row.country, setting=row.setting,
        amenities=tuple(row.amenities or ()), styles=tuple(row.styles or ()), lat=row.lat, lon=row.lon,
    )  # fmt: skip


def _words(
    connection: Connection, probes: Probes, facts: Sequence[Facts]
) -> tuple[Floats, tuple[dict[uuid.UUID, tuple[str, float]], ...]]:
    """Similarity of each description to each venue's nearest summary, (descriptions, venues), and which one it is."""
    if probes.word_vectors is None or probes.text is None:
        return np.zeros((0, len(facts))), ()
    statement = vector_statements.summary_similarities(probes.word_vectors, probes.text.space)
    nearest: tuple[dict[uuid.UUID, tuple[str, float]], ...] = tuple({} for _ in probes.words)
    for row in connection.execute(statement, {"venue_ids": [one.venue_id for one in facts]}):
        nearest[row.number - 1][row.venue_id] = (row.field, 1 - row.distance)
    unsaid = ("", np.nan)
    similarity = [[one.get(each.venue_id, unsaid)[1] for each in facts] for one in nearest]
    return np.array(similarity).reshape(len(nearest), len(facts)), nearest


def _similarities(
    probes: Probes,
    nearness: NDArray[np.float64],
    words: Floats,
    wanted: Refinement,
    facts: Sequence[Facts],
    sampled: Collection[uuid.UUID],
    order: Floats | None = None,
) -> Similarities:
    """Rows of `nearness` by what they were asked with, in the order of `Probes.queries`."""
    venues = len(facts)
    liked, disliked, looks = len(probes.liked), probes.disliked, len(probes.looks)
    tastes, rest = nearness[:liked], nearness[liked:]
    against, rest = rest[: len(disliked)], rest[len(disliked) :]
    look_rows, photo_rows = rest[:looks], rest[looks:]
    more, less = _by_example(probes.examples, photo_rows)
    unknown, missed = _shares(wanted, facts)
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
        unknown=unknown,
        missed=missed,
        sample=np.array([one.venue_id in sampled for one in facts], np.bool_),
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


def _shares(wanted: Refinement, facts: Sequence[Facts]) -> tuple[Floats, Floats]:
    judged = outcomes(wanted, facts)
    asked = max(len(judged[0]) if judged else 0, 1)
    unknown = [one.count("unknown") / asked for one in judged]
    missed = [one.count("missed") / asked for one in judged]
    return np.array(unknown), np.array(missed)
