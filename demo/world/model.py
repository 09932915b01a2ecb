"""The demo world as plain, frozen values: venues, people, boards, pins. No I/O and no randomness belong here.

A picture is not stored in the model: it is named by a `PictureSpec`, and `demo.pictures.paint` turns the
same spec into the same bytes anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Setting = Literal["indoor", "outdoor", "both"]
MarkupFamily = Literal["plain", "wordpress", "jsonld", "cards"]
PriceUnit = Literal["per event", "per head", "per day"]
Quirk = Literal["none", "cold", "empty", "uniform", "scattered", "drift", "words_only"]


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """Everything that decides one picture's pixels.

    Attributes:
        mixture: (aesthetic slug, weight) pairs, weights > 0 and summing to 1; for an off-topic picture
            a single (subject from `demo.aesthetics.OFF_TOPIC`, 1.0).
        scene: one of `demo.aesthetics.SCENES`.
        seed: non-negative; varies palette, light, season and framing within the aesthetic.
        width, height: pixels.
    """

    mixture: tuple[tuple[str, float], ...]
    scene: str
    seed: int
    width: int = 256
    height: int = 256


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph on a venue's site; one photo, however often the site repeats or re-encodes it."""

    name: str
    spec: PictureSpec
    alt: str


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue and what is true of it; `None` means its site does not say.

    Prices are in whole units of `currency`. `price_on_application` marks a site that says "POA" instead.
    `capacity_min` and `capacity_max` are seated guests; `standing_max` is the larger number a site may give
    for a standing reception beside them.
    """

    slug: str
    name: str
    host: str
    family: MarkupFamily
    mixture: tuple[tuple[str, float], ...]
    lat: float
    lon: float
    city: str
    region: str
    country: str
    postcode: str
    street: str
    setting: Setting
    capacity_min: int | None
    capacity_max: int | None
    standing_max: int | None
    price_min: int | None
    price_max: int | None
    currency: str
    price_unit: PriceUnit | None
    price_on_application: bool
    amenities: tuple[str, ...]
    photos: tuple[Photo, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A picture somebody saved; `taste` is the index of the taste it came from, None when from none."""

    pin_id: str
    spec: PictureSpec
    created_at: datetime
    alt_text: str | None
    taste: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """A Pinterest board; `about_venues` is the truth, not something the API tells."""

    board_id: str
    name: str
    description: str
    about_venues: bool
    pins: tuple[Pin, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Taste:
    """One thing a person likes: a mixture of aesthetics and its share of their interest (sum to 1)."""

    mixture: tuple[tuple[str, float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating 0-5 of a venue (by slug), or of one of its photos when `photo_name` is given."""

    venue_slug: str
    photo_name: str | None
    rating: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """Stated wishes; `None` where the person said nothing. Distance in kilometres, budget per event."""

    budget_max: int | None = None
    currency: str | None = None
    guests: int | None = None
    near: str | None = None
    lat: float | None = None
    lon: float | None = None
    max_distance_km: float | None = None
    setting: Setting | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody planning a wedding, with the tastes their pins were drawn from.

    `dislikes` are aesthetic slugs the person rates down. `quirk` names the odd case the person stands for.
    """

    username: str
    tastes: tuple[Taste, ...]
    dislikes: tuple[str, ...]
    boards: tuple[Board, ...]
    ratings: tuple[Rating, ...]
    preferences: Preferences
    words: str | None
    quirk: Quirk = "none"


@dataclass(frozen=True, slots=True)
class World:
    """The whole world: equal seeds and counts give equal worlds; `now` is its present, fixed by the seed."""

    seed: int
    now: datetime
    venues: tuple[Venue, ...]
    people: tuple[Person, ...]
