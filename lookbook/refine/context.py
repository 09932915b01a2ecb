"""What an interpreter may know besides the words: the list on the screen, and what venues there are. Values only.

Reading it from the database is in `catalogue`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from lookbook.refine.refinement import Refinement
from resources.gazetteer import Place


@dataclass(frozen=True, slots=True)
class ShownVenue:
    """A line of the list that the person is looking at."""

    venue_id: uuid.UUID
    name: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """What the venues as a whole say; the same for everybody, so an app reads it once in a while.

    Attributes:
        amenities: words of the vocabulary that some venue states.
        styles: likewise.
        names: venue to its name, where it has one.
        venue_by_name: folded name to venue; of two with one name neither.
        towns: the venues' own towns, in the middle of their venues.
        regions: the regions that venues state, as circles that hold their venues.
        currency: that of most prices; None without any.
        country: that of most venues, ISO 3166-1 alpha-2; None where it cannot be told.
    """

    amenities: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    names: Mapping[uuid.UUID, str] = field(default_factory=dict)
    venue_by_name: Mapping[str, uuid.UUID] = field(default_factory=dict)
    towns: tuple[Place, ...] = ()
    regions: tuple[Place, ...] = ()
    currency: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a turn.

    Attributes:
        catalogue: see there.
        shown: the list on the screen, in its order: "the first one" is `shown[0]`.
        standing: what stands already: "make it 150", "within 100 miles instead" speak of it.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    shown: tuple[ShownVenue, ...] = ()
    standing: Refinement = field(default_factory=Refinement)
