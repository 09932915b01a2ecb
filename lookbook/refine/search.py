"""`refine`: from a person and what they ask to a list of venues with reasons. The order of the steps, and no detail.

The person's vectors and words become probes (`probes`); probes find candidates by index, or every venue that fits is
taken; all of those are compared exactly (`comparison`), ordered (`scoring`) and explained (`evidence`).
"""

from __future__ import annotations

import uuid
from typing import Final, Literal

from sqlalchemy import Connection

from lookbook.refine import statements
from lookbook.refine.candidates import find_candidates, fitting_venues, some_stating
from lookbook.refine.comparison import compare, stored_order, stored_venues
from lookbook.refine.encoding import QueryEncoders
from lookbook.refine.evidence import explained, facts_of
from lookbook.refine.filters import filter_values
from lookbook.refine.judging import wish_outcomes
from lookbook.refine.probes import Probes, read_probes
from lookbook.refine.profile import current_spaces
from lookbook.refine.refinement import Refinement, refinement_of
from lookbook.refine.results import HowSearched, Refined, Relaxation, TasteWeight, WishOutcome
from lookbook.refine.scoring import ordered
from lookbook.refine.wording import chip_text

MAX_LIMIT: Final = 100

EXACT_VENUES: Final = 800
"""Where at most this many venues fit, all are compared: quicker than an index scan that passes by what does not fit,
and without loss."""


def refine(
    connection: Connection,
    user_id: uuid.UUID,
    wanted: Refinement,
    encoders: QueryEncoders,
    *,
    limit: int = 20,
    search: Literal["auto", "exact"] = "auto",
) -> Refined:
    """The venues that fit, best first for this person.

    Args:
        connection: of an engine of `resources.database.connect`, in a transaction of its own, as a user with the role
            `venue_taste_reader`; settings are made for the rest of it.
        user_id: of `serving.people`; somebody unknown is treated as somebody without tastes.
        wanted: what is asked; nothing is the person's own list by the same formulas.
        encoders: for looks and descriptions.
        limit: places, 1 to 100.
        search: `exact` compares every venue, whatever the size; for measuring.

    Raises:
        ValueError: the limit is out of bounds.
        SetupError: looks or descriptions are asked and the encoder of the settings cannot be loaded.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must be from 1 to {MAX_LIMIT}, not {limit}")
    connection.execute(statements.bounds())
    probes = read_probes(connection, user_id, wanted, current_spaces(connection), encoders)
    fitting, stating = fitting_venues(connection, probes, wanted)
    ef_search = probes.image.ef_search if probes.image else None
    if probes.asks_nothing:
        found = stored_order(connection, user_id, probes, wanted, [*fitting.sample, *some_stating(stating)])
    else:
        listed = stored_venues(connection, user_id, probes, wanted) if probes.asks_only_against else []
        candidates = None
        if ef_search is None or fitting.count <= EXACT_VENUES or search == "exact":
            ef_search = None
        else:
            candidates, ef_search = find_candidates(connection, probes, fitting, stating, ef_search)
        found = compare(connection, probes, wanted, candidates, fitting, listed)
    order = ordered(found.similarities, limit)
    rows = explained(connection, probes, wanted, found, order)
    return Refined(
        rows=rows,
        fitting=fitting.count,
        tastes=_shares(probes),
        relaxations=_relaxations(connection, probes, wanted, fitting.count) if fitting.count < limit else (),
        how=HowSearched(
            search="stored" if probes.asks_nothing else "exact" if ef_search is None else "index",
            space_id=probes.image.space.space_id if probes.image else None,
            ef_search=None if probes.asks_nothing else ef_search,
            compared=len(found.venue_ids),
            left_out=probes.left_out,
        ),
    )


def why_not(connection: Connection, wanted: Refinement, venue_id: uuid.UUID) -> tuple[WishOutcome, ...] | None:
    """How a venue meets each thing asked of its facts, whether it is listed or not; None where it is not served."""
    facts = facts_of(connection, [venue_id])
    return wish_outcomes(wanted, facts[venue_id]) if venue_id in facts else None


def _shares(probes: Probes) -> tuple[TasteWeight, ...]:
    return tuple(
        TasteWeight(
            cluster_id=taste.cluster_id, label=taste.label, medoid_photo_id=taste.medoid_photo_id,
            before=taste.share, after=taste.weight,
        )
        for taste in probes.tastes
        if taste.is_liked
    )  # fmt: skip


def _relaxations(connection: Connection, probes: Probes, wanted: Refinement, now: int) -> tuple[Relaxation, ...]:
    """What would lengthen a short list: each thing asked of the facts, left out by itself."""
    found = []
    for ask in wanted.asks():
        without = refinement_of(other for other in wanted.asks() if other != ask)
        if filter_values(without) == filter_values(wanted):
            continue  # it rules nothing out
        venues = connection.scalar(statements.fitting_count(), filter_values(without, probes.refused)) or 0
        if venues > now:
            found.append(Relaxation(kind=ask.kind, text=chip_text(ask), venues=venues))
    return tuple(sorted(found, key=lambda one: -one.venues))
