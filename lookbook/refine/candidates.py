"""Which venues are compared: those that fit, and of many those that an index finds near to what is asked."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection

from lookbook.refine import statements, vector_statements
from lookbook.refine.filters import asks_to_state, filter_values, preference_values, rules_out
from lookbook.refine.probes import Probes
from lookbook.refine.refinement import Refinement
from resources.binary_types.id_arrays import IdArray
from resources.vector_index.policy import MAX_EF_SEARCH

NEAREST: Final = 144
"""Photographs (or summaries) near each probe that name candidates; docs/refine.md has recall and time."""
NEAREST_STATING: Final = 64
"""Likewise, among venues that state what is asked."""
FEW_STATING: Final = 400
"""So many of them are candidates without being looked for."""
SAMPLE: Final = 100
"""Venues that are compared for what is ordinary, however good they are."""


@dataclass(frozen=True)
class Fitting:
    """Venues that nothing asked rules out.

    Attributes:
        ids: of all of them, up to `statements.MAX_COMPARED`.
        is_all: nothing is asked that could rule one out.
    """

    ids: IdArray
    is_all: bool = False

    @property
    def count(self) -> int:
        """How many there are."""
        return self.ids.length

    @cached_property
    def sample(self) -> tuple[uuid.UUID, ...]:
        """Some of them, at random and the same every time: ids are hashes of the sites' addresses."""
        return self.ids.smallest(SAMPLE)


def fitting_venues(connection: Connection, probes: Probes, wanted: Refinement) -> tuple[Fitting, IdArray | None]:
    """The venues that fit; and those that state what few sites do, where something such is asked."""
    asks = asks_to_state(wanted)
    values = {**filter_values(wanted, probes.refused), **preference_values(wanted), "asks_to_state": asks}
    row = connection.execute(statements.fitting(), values).one()
    return Fitting(_ids(row.ids), not rules_out(wanted)), _ids(row.stating_ids) if asks else None


def _ids(sent: bytes | None) -> IdArray:
    return IdArray.of(()) if sent is None else IdArray(sent)


def find_candidates(
    connection: Connection, probes: Probes, fitting: Fitting, stating: IdArray | None, ef_search: int
) -> tuple[list[uuid.UUID], int]:
    """Venues that fit and are near to a probe, by index, and the `ef_search` that was used.

    Where something is asked that few sites state, some more of those that do are candidates: they come first among
    equally good ones, and may be far down among the nearest.
    """
    used = min(max(ef_search, NEAREST), MAX_EF_SEARCH)
    connection.execute(statements.index_scan(), {"ef_search": str(used), "sort": "off"})
    if stating is None or stating.length <= FEW_STATING or probes.asks_only_against:
        found = _near(connection, probes, fitting, None).union(some_stating(stating))
    else:
        found = _near(connection, probes, fitting, stating)
    connection.execute(statements.index_scan(), {"ef_search": str(used), "sort": "on"})
    return sorted(found), used


def some_stating(stating: IdArray | None) -> tuple[uuid.UUID, ...]:
    """So many that state what is asked, the same every time: all of them where they are few."""
    return () if stating is None else stating.smallest(FEW_STATING)


def _near(connection: Connection, probes: Probes, fitting: Fitting, stating: IdArray | None) -> set[uuid.UUID]:
    values: dict[str, Any] = {"nearest": NEAREST, "furthest": NEAREST, "nearest_stating": 0}
    if stating is not None:
        # So far down there should be enough of them, if what sites state has nothing to do with what is near: in
        # whole scans, since part of one takes as long.
        scans = math.ceil(NEAREST_STATING * fitting.count / stating.length / NEAREST)
        values |= {"stating": stating, "furthest": NEAREST * scans, "nearest_stating": NEAREST_STATING}
    if not fitting.is_all:
        values["fitting"] = fitting.ids
    found: set[uuid.UUID] = set()
    seeking = probes.seeking()
    of = {"among_all": fitting.is_all, "stating": stating is not None}
    if probes.image and len(seeking):
        found.update(connection.scalars(vector_statements.nearest_photos(seeking, probes.image.space, **of), values))
    if probes.text and probes.word_vectors is not None:
        found.update(
            connection.scalars(
                vector_statements.nearest_summaries(probes.word_vectors, probes.text.space, **of), values
            )
        )
    return found
