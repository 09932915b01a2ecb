"""The reasons of a refined list: for each venue and each probe the photograph that answers to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from sqlalchemy import Connection

from lookbook.refine import statements, vector_statements
from lookbook.refine.comparison import Compared, query_values
from lookbook.refine.judging import Facts, distance_to, wish_outcomes
from lookbook.refine.probes import Probes
from lookbook.refine.refinement import Refinement
from lookbook.refine.results import Reason, RefinedVenue
from lookbook.refine.scoring import STORED, Order
from lookbook.refine.wording import chip_text

Best = Mapping[tuple[uuid.UUID, int], tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """One venue of the list: its place among the compared ones, and its best photo for each evidence vector."""

    venue_id: uuid.UUID
    column: int
    best: Best

    def photo(self, number: int) -> tuple[str, float] | None:
        """Photo and similarity for the evidence vector of this number; None for a venue without photographs."""
        return self.best.get((self.venue_id, number))


def facts_of(connection: Connection, venue_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Facts]:
    """The facts of served venues."""
    rows = connection.execute(statements.venue_facts(), {"venue_ids": list(venue_ids)})
    return {row.venue_id: _facts(row) for row in rows}


def _facts(row: Any) -> Facts:
    return Facts(
        venue_id=row.venue_id, capacity_min=row.capacity_min, capacity_max=row.capacity_max, price_min=row.price_min,
        currency=row.currency, price_unit=row.price_unit, city=row.city, country=row.country,
        country_code=row.country_code, is_country_of_town=row.country_evidence is not None, setting=row.setting,
        amenities=tuple(row.amenities or ()), styles=tuple(row.styles or ()), lat=row.lat, lon=row.lon,
    )  # fmt: skip


def explained(
    connection: Connection, probes: Probes, wanted: Refinement, found: Compared, order: Order
) -> tuple[RefinedVenue, ...]:
    """The ordered venues with their reasons."""
    listed = [found.venue_ids[place] for place in order.places]
    best, facts_there = _best_photos(connection, probes, listed), facts_of(connection, listed)
    # Without a transaction that reads one state of the tables, a venue may have gone since it was compared.
    places = [place for place in order.places.tolist() if found.venue_ids[place] in facts_there]
    rows = []
    for rank, place in enumerate(places, start=1):
        facts = facts_there[found.venue_ids[place]]
        shown = _Shown(facts.venue_id, place, best)
        reasons = [*_tastes(probes, shown, order), *_looks(probes, shown, order), *_examples(probes, shown, order),
                   *_words(probes, shown, found, order)]  # fmt: skip
        distance = distance_to(wanted.place, facts) if wanted.place else None
        rows.append(
            RefinedVenue(
                rank=rank,
                venue_id=facts.venue_id,
                score=_score(probes, shown),
                reasons=tuple(sorted(reasons, key=lambda one: (one.is_against, -one.standing))),
                wishes=wish_outcomes(wanted, facts),
                distance_km=None if distance is None else round(distance, 1),
            )
        )
    return tuple(rows)


def _best_photos(connection: Connection, probes: Probes, venue_ids: Sequence[uuid.UUID]) -> Best:
    if probes.image is None or not (venue_ids and len(probes.evidence())):
        return {}
    queries = probes.evidence()
    statement = vector_statements.shown_photos(len(queries), probes.image.space)
    best: dict[tuple[uuid.UUID, int], tuple[str, float]] = {}
    for row in connection.execute(statement, {"venue_ids": list(venue_ids), **query_values(queries)}):
        products = np.frombuffer(row.products, ">f4").reshape(-1, len(queries))
        order = np.argsort(np.array(row.photo_ids))  # of equally near ones the first
        nearest = order[products[order].argmin(axis=0)]
        for number, place in enumerate(nearest.tolist()):
            best[row.venue_id, number] = (row.photo_ids[place], -float(products[place, number]))
    return best


def _score(probes: Probes, shown: _Shown) -> float | None:
    """Σ_k w_k max_p s(c_k, p), less that of the disliked: what the stored lists call the score."""
    liked, disliked = probes.liked, probes.disliked
    signed = [*(taste.weight for taste in liked), *(-STORED.dislike * taste.weight for taste in disliked)]
    photos = [shown.photo(number) for number in range(len(signed))]
    if not liked or any(photo is None for photo in photos):
        return None
    return float(np.dot(signed, [photo[1] for photo in photos if photo]))


def _tastes(probes: Probes, shown: _Shown, order: Order) -> Iterator[Reason]:
    for number, taste in enumerate(probes.liked):
        photo = shown.photo(number)
        if photo:
            yield Reason(
                kind="taste", text=taste.label or "unnamed", weight=taste.weight, photo_id=photo[0],
                similarity=photo[1], standing=float(order.taste_standing[number, shown.column]),
                cluster_id=taste.cluster_id, medoid_pin_id=taste.medoid_pin_id,
                medoid_photo_id=taste.medoid_photo_id,
            )  # fmt: skip


def _looks(probes: Probes, shown: _Shown, order: Order) -> Iterator[Reason]:
    first = len(probes.liked) + len(probes.disliked)
    for number, look in enumerate(probes.looks):
        photo = shown.photo(first + number)
        if photo:
            yield Reason(
                kind="look", text=chip_text(look), is_against=look.amount != "more", photo_id=photo[0],
                similarity=photo[1], standing=float(order.look_standing[number, shown.column]),
            )  # fmt: skip


def _examples(probes: Probes, shown: _Shown, order: Order) -> Iterator[Reason]:
    number = len(probes.liked) + len(probes.disliked) + len(probes.looks)
    rows = {True: iter(order.more_standing), False: iter(order.less_standing)}
    for example in probes.examples:
        standing = float(next(rows[example.ask.more])[shown.column])
        photos = [shown.photo(number + offset) for offset in range(len(example.photo_ids))]
        number += len(example.photo_ids)
        nearest = max(
            ((photo, own) for photo, own in zip(photos, example.photo_ids, strict=True) if photo),
            key=lambda pair: pair[0][1], default=None,
        )  # fmt: skip
        if nearest:
            (photo_id, similarity), own = nearest
            yield Reason(
                kind="like", text=chip_text(example.ask), is_against=not example.ask.more, photo_id=photo_id,
                similarity=similarity, standing=standing, example_photo_id=own,
            )  # fmt: skip


def _words(probes: Probes, shown: _Shown, found: Compared, order: Order) -> Iterator[Reason]:
    for number, (words, fields) in enumerate(zip(probes.words, found.summary_fields, strict=True)):
        if shown.venue_id in fields:
            field, similarity = fields[shown.venue_id]
            yield Reason(
                kind="words", text=words, similarity=similarity,
                standing=float(order.words_standing[number, shown.column]),
                field=cast("Literal['aesthetic', 'factual', 'vibe']", field),
            )  # fmt: skip
