"""What a refined search hands back: venues in order, why each is there, and how they were looked for. Values only."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lookbook.refine.asks import Kind, Strength

Outcome = Literal["met", "unknown", "missed"]
"""`unknown`: the venue's site does not say."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WishOutcome(_Value):
    """How a venue meets one thing asked.

    Attributes:
        kind, text, strength: of the ask, as on its chip.
        outcome: a missed `want` or an unknown `must` is why a venue is not listed (`why_not`).
        stated: what the site says about it, in short ("up to 150 guests", "from £4,200 per event"), or what its town
            tells ("Canada, by its town Toronto"); empty if nothing.
    """

    kind: Kind
    text: str
    strength: Strength
    outcome: Outcome
    stated: str = ""


class Reason(_Value):
    """What speaks for a venue, or against it, by its pictures or words.

    Attributes:
        kind: taste (of the person), like (an example), look (words shown to the picture encoder) or words
            (a description compared with the summaries).
        text: name of the taste, the example or the look.
        is_against: disliked, "less" or "no": similarity lowers the venue.
        weight: share among the tastes, after what was asked; 1 for the others.
        photo_id: the venue's photograph that is nearest; None for `words`.
        similarity: cosine.
        standing: the same in standard deviations above the average venue that fits.
        cluster_id, medoid_pin_id, medoid_photo_id: of a taste, the pin that stands for it.
        example_photo_id: of an example, its photograph that was compared.
        field: of a description, the summary that is nearest.
    """

    kind: Literal["taste", "like", "look", "words"]
    text: str
    is_against: bool = False
    weight: float = 1.0
    photo_id: str | None = None
    similarity: float
    standing: float
    cluster_id: uuid.UUID | None = None
    medoid_pin_id: str | None = None
    medoid_photo_id: str | None = None
    example_photo_id: str | None = None
    field: Literal["aesthetic", "factual", "vibe"] | None = None


class RefinedVenue(_Value):
    """One place of the list.

    Attributes:
        rank: from 1; the order of the list.
        venue_id: of `serving.venues`.
        score: weighted sum over the person's tastes of the similarity to the nearest photo, less that of what is
            disliked; comparable within one answer only, and not what orders it. Null where no taste is known.
        reasons: highest standing first, what is against last.
        wishes: one for each thing asked of the facts.
        distance_km: from the place asked for; None without one, or where the venue's is unknown.
    """

    rank: Annotated[int, Field(ge=1)]
    venue_id: uuid.UUID
    score: float | None
    reasons: tuple[Reason, ...]
    wishes: tuple[WishOutcome, ...]
    distance_km: float | None = None


class TasteWeight(_Value):
    """What was asked changed how much a taste counts: its share before and after (each sums to 1)."""

    cluster_id: uuid.UUID
    label: str | None
    medoid_photo_id: str | None
    before: float
    after: float


class Relaxation(_Value):
    """How many venues there would be without one of the things asked."""

    kind: Kind
    text: str
    venues: int


class HowSearched(_Value):
    """How an answer was found.

    Attributes:
        search: exact (every venue that fits was compared), index (candidates by HNSW, then compared exactly), or
            stored (nothing to compare by: the order of the stored list).
        space_id: image space of the similarities; None where there is none yet.
        ef_search: of the index scan; None when exact.
        compared: venues that were compared exactly.
        left_out: what was asked and could not be used, with the reason; show it.
    """

    search: Literal["exact", "index", "stored"]
    space_id: str | None
    ef_search: int | None = None
    compared: int = 0
    left_out: tuple[str, ...] = ()


class Refined(_Value):
    """The answer to a refinement.

    Attributes:
        rows: best first.
        fitting: venues that nothing asked rules out, counted up to 10,000.
        tastes: the person's tastes with their shares before and after.
        relaxations: where the list is shorter than asked for, what would lengthen it; most first.
        how: how it was found.
    """

    rows: tuple[RefinedVenue, ...]
    fitting: int
    tastes: tuple[TasteWeight, ...]
    relaxations: tuple[Relaxation, ...] = ()
    how: HowSearched
