"""What is true of a made-up world, where there is one: the file `truth.json` beside VENUE_LIST, as the demo writes it.

Reading it only, and the truth's own formula. No recommendation is made from it, and a real deployment has none.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import BaseModel

from resources.identity import canonical_site_url, venue_id
from resources.settings import Settings
from taste_assets.model.vectors import Floats
from taste_assets.model.wishes import VenueFacts, fit
from taste_assets.people import stated_wishes

_FILE: Final = "truth.json"
_PRICE_UNITS: Final = {"per event": "event", "per head": "person", "per day": "day"}


class _TrueVenue(BaseModel):
    site_url: str
    mixture: dict[str, float]
    facts: dict[str, Any]


class _TrueTaste(BaseModel):
    mixture: dict[str, float]
    weight: float


class _TruePerson(BaseModel):
    tastes: list[_TrueTaste]
    dislikes: list[str]
    preferences: dict[str, Any]


class _File(BaseModel):
    venues: dict[str, _TrueVenue]
    people: dict[str, _TruePerson]


@dataclass(frozen=True, slots=True, eq=False)
class PersonTruth:
    """What a list is compared with; a venue that breaks a stated wish counts for nothing.

    Attributes:
        relevance: (venues,) 0 to 1.
        likeness: (tastes, venues) how much of each taste a venue is.
        weights: (tastes,) their importance.
    """

    relevance: Floats
    likeness: Floats
    weights: Floats


class GroundTruth:
    """The truth about the people and venues of a world."""

    def __init__(self, venues: Sequence[_TrueVenue], people: Mapping[str, _TruePerson]) -> None:
        self._people = people
        self.venue_ids: tuple[uuid.UUID, ...] = tuple(venue_id(canonical_site_url(one.site_url)) for one in venues)
        """In the order of the columns of `PersonTruth`."""
        self._looks = sorted({look for venue in venues for look in venue.mixture})
        self._shares = self._matrix([venue.mixture for venue in venues])
        self._facts = _facts([venue.facts for venue in venues])

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> GroundTruth:
        """From the content of `truth.json`; what else stands in it is not looked at.

        Raises:
            pydantic.ValidationError: it is not a truth of this version.
        """
        read = _File.model_validate(told)
        return cls(list(read.venues.values()), read.people)

    def about(self, handle: str) -> PersonTruth | None:
        """The truth about a person; None for who is not of this world, or has no taste at all.

        relevance = (1 - share that they dislike) · max over tastes of (1/2 + 1/2 w / max w) · Σ min(taste, venue)
        """
        person = self._people.get(handle)
        if person is None or not person.tastes:
            return None
        weights = np.array([taste.weight for taste in person.tastes])
        tastes = self._matrix([taste.mixture for taste in person.tastes])
        allowed = fit(stated_wishes(_said(person.preferences)).wishes(), self._facts).allowed
        likeness = np.minimum(tastes[:, None, :], self._shares[None]).sum(axis=2) * allowed
        disliked = np.array([look in person.dislikes for look in self._looks], np.float64)
        factors = 0.5 + 0.5 * weights / weights.max()
        relevance = (factors[:, None] * likeness).max(axis=0) * (1 - self._shares @ disliked)
        return PersonTruth(relevance, likeness, weights)

    def _matrix(self, mixtures: Sequence[Mapping[str, float]]) -> Floats:
        return np.array([[mixture.get(look, 0.0) for look in self._looks] for mixture in mixtures])


def ground_truth(settings: Settings) -> GroundTruth | None:
    """The truth of the world that VENUE_LIST is of; None where the list is of real venues.

    Raises:
        pydantic.ValidationError: the file is not a truth of this version.
    """
    if settings.venue_list is None:
        return None
    path = Path(settings.venue_list).parent / _FILE
    if not path.is_file():
        return None
    return GroundTruth.of(json.loads(path.read_bytes()))


def _said(preferences: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in preferences.items() if value is not None}


def _facts(stated: Sequence[Mapping[str, Any]]) -> VenueFacts:
    def numbers(name: str) -> Floats:
        return np.array([one[name] for one in stated], np.float64)  # None becomes NaN

    def words(name: str) -> np.ndarray[Any, np.dtype[np.str_]]:
        return np.array([one[name] or "" for one in stated], np.str_)

    return VenueFacts(
        capacity_min=numbers("capacity_min"),
        capacity_max=numbers("capacity_max"),
        price_min=numbers("price_min"),
        currency=words("currency"),
        price_unit=np.array([_PRICE_UNITS.get(one["price_unit"] or "", "") for one in stated], np.str_),
        setting=words("setting"),
        lat=numbers("lat"),
        lon=numbers("lon"),
        amenities=tuple(frozenset(one["amenities"]) for one in stated),
    )
