"""Drawing people: their tastes, boards and pins over the last eighteen months, and their wishes.

A person's tastes, pins and wishes depend on the world's seed and the person's number alone. Only ratings
(drawn in `demo.world.ratings`) and the documented re-pins look at the venues.

The quirks, each held by one of the first eight people and by some of those who follow:
    none        one to four tastes of differing weight, 10-120 pins.
    drift       the newest taste has the most weight but only the last ten weeks of pins.
    cold        three to nine pins about venues in all.
    empty       one board with nothing on it, no words: nobody can know what they like.
    uniform     one taste, and every pin the same kind of scene.
    scattered   pins over all aesthetics alike; the single taste is the even mixture.
    words_only  an empty board and a sentence of words that names the tastes.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from demo.aesthetics import AESTHETICS, BY_SLUG, OFF_TOPIC, SCENES
from demo.world.model import Board, Person, PictureSpec, Pin, Preferences, Quirk, Taste
from demo.world.ratings import draw_ratings
from demo.world.seeds import pick, sample, stream
from demo.world.wishes import draw_preferences, draw_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from demo.world.model import Photo, Venue

_FIRST_QUIRKS: Final[tuple[Quirk, ...]] = (
    "none", "drift", "cold", "empty", "uniform", "scattered", "words_only", "none",
)  # fmt: skip
_LATER_QUIRKS: Final[tuple[Quirk, ...]] = ("none",) * 13 + ("drift",) * 3 + _FIRST_QUIRKS[2:7]

_FORENAMES: Final = (
    "amelia", "aisha", "anna", "ben", "bella", "carla", "chloe", "clara", "daniel", "diya", "elena", "ella",
    "emma", "fatima", "florence", "grace", "hana", "harriet", "imogen", "ines", "isla", "james", "jasmine",
    "joao", "julia", "kate", "laila", "lena", "lucia", "maeve", "marco", "maya", "mei", "nadia", "naomi",
    "nina", "olivia", "oscar", "paula", "phoebe", "priya", "rachel", "rosa", "sam", "sara", "sofia", "tara",
    "thea", "tom", "vera", "yuki", "zoe",
)  # fmt: skip
_SURNAMES: Final = (
    "abbott", "ahmed", "baker", "barnes", "bauer", "bell", "brandt", "carter", "chen", "clarke", "costa",
    "dubois", "evans", "ferrari", "fischer", "flynn", "fox", "garcia", "gray", "hughes", "ito", "jones",
    "kaur", "keller", "khan", "lewis", "lopez", "martin", "moreau", "murphy", "novak", "okafor", "osei",
    "patel", "price", "reid", "rossi", "russo", "santos", "silva", "singh", "stone", "suzuki", "turner",
    "walsh", "weber", "wood", "young",
)  # fmt: skip

_VENUE_BOARDS: Final = ("Wedding venues", "The big day", "Venue ideas", "Where to say yes", "W E D D I N G")
_OFF_TOPIC_BOARDS: Final[dict[str, str]] = {
    "recipes": "Things to cook",
    "hairstyles": "Hair",
    "dresses": "Dresses",
    "home_office": "Office nook",
    "cats": "Cats, obviously",
}
_WINDOW_DAYS: Final = 540
_RECENT_DAYS: Final = 70
_MOST_PINS: Final = 120
_NOISE: Final = 0.06


def draw_people(seed: int, now: datetime, venues: Sequence[Venue], count: int) -> Iterator[Person]:
    """The first `count` people of the world `seed`, whose present is `now`."""
    for index in range(count):
        yield _draw_person(seed, index, now, venues)


def _draw_person(seed: int, index: int, now: datetime, venues: Sequence[Venue]) -> Person:
    rng = stream(seed, "person", index)
    quirk = _FIRST_QUIRKS[index] if index < len(_FIRST_QUIRKS) else pick(rng, _LATER_QUIRKS)
    tastes = draw_tastes(rng, quirk, index)
    # The first eight people between them have every feature; later ones have each by chance.
    has_dislikes = index == 0 or (quirk not in ("empty", "scattered") and rng.random() < 0.35)
    dislikes = _draw_dislikes(rng, tastes) if has_dislikes else ()
    rates = index in (0, 4) or (quirk != "empty" and (has_dislikes or rng.random() < 0.3))
    wishes = index in (1, 7) or (quirk != "empty" and rng.random() < 0.45)
    speaks = index == 7 or quirk == "words_only" or (quirk not in ("empty", "scattered") and rng.random() < 0.3)
    person = Person(
        username=_username(rng, index),
        tastes=tastes,
        dislikes=dislikes,
        boards=_BoardPainter(rng, index, now).boards(quirk, tastes, venues),
        ratings=(),
        preferences=draw_preferences(stream(seed, "wishes", index)) if wishes else Preferences(),
        words=draw_words(rng, tastes, dislikes) if speaks else None,
        quirk=quirk,
    )
    return draw_ratings(stream(seed, "ratings", index), person, venues, now) if rates else person


def _username(rng: np.random.Generator, index: int) -> str:
    """A readable name; the number makes it unique."""
    return f"{pick(rng, _FORENAMES)}_{pick(rng, _SURNAMES)}{index + 1}"


def draw_tastes(rng: np.random.Generator, quirk: Quirk, index: int) -> tuple[Taste, ...]:
    """Tastes with different leading aesthetics, weights falling and summing to 1; none for `empty`."""
    if quirk == "empty":
        return ()
    if quirk == "scattered":
        share = 1 / len(AESTHETICS)
        return (Taste(tuple((aesthetic.slug, share) for aesthetic in AESTHETICS), 1.0),)
    most = {"uniform": 1, "cold": 2, "words_only": 2}.get(quirk, 4)
    # Over four consecutive people every number of tastes occurs.
    count = min(most, 2 if quirk == "drift" and index < len(_FIRST_QUIRKS) else index % 4 + 1)
    leaders = sample(rng, AESTHETICS, count)
    raw = [float(rng.uniform(0.75, 1.0)) * 0.62**rank for rank in range(count)]
    weights = [round(weight / sum(raw), 3) for weight in raw]
    weights[0] = round(1 - math.fsum(weights[1:]), 3)
    if quirk == "drift":
        # The last taste is the newest, and what the person wants today.
        weights.reverse()
    return tuple(
        Taste(_taste_mixture(rng, leader.slug), weight) for leader, weight in zip(leaders, weights, strict=True)
    )


def _taste_mixture(rng: np.random.Generator, leader: str) -> tuple[tuple[str, float], ...]:
    if rng.random() < 0.75:
        return ((leader, 1.0),)
    second = pick(rng, [aesthetic.slug for aesthetic in AESTHETICS if aesthetic.slug != leader])
    weight = round(float(rng.uniform(0.6, 0.8)), 2)
    return ((leader, weight), (second, round(1 - weight, 2)))


def _draw_dislikes(rng: np.random.Generator, tastes: Sequence[Taste]) -> tuple[str, ...]:
    liked = {slug for taste in tastes for slug, _ in taste.mixture}
    others = [aesthetic.slug for aesthetic in AESTHETICS if aesthetic.slug not in liked]
    return tuple(sample(rng, others, int(rng.integers(1, 4))))


class _BoardPainter:
    """Fills one person's boards; holds what every pin needs: the random stream, the present, the next id."""

    def __init__(self, rng: np.random.Generator, index: int, now: datetime) -> None:
        self._rng = rng
        self._now = now
        self._base = 600_000_000_000_000_000 + index * 1_000_000
        self._pins = 0
        self._boards = 0
        self._person = index

    def boards(self, quirk: Quirk, tastes: Sequence[Taste], venues: Sequence[Venue]) -> tuple[Board, ...]:
        """All boards of a person with `quirk`; pins of one board run from oldest to newest."""
        rng = self._rng
        if quirk in ("empty", "words_only"):
            return (self._board("Wedding venues", [], about_venues=True),)
        count = int(rng.integers(3, 10)) if quirk == "cold" else int(rng.integers(24, 91))
        pins = sorted(self._venue_pins(quirk, tastes, count), key=lambda pin: pin.created_at)
        if self._person % 8 == 0 and venues:
            pins[-1] = self._repin(pins[-1], venues[self._person // 8 % min(8, len(venues))].photos[0])
        boards = self._split(pins) if quirk == "none" and rng.random() < 0.4 else [pins]
        made = [
            self._board(name, part, about_venues=True)
            for name, part in zip(sample(rng, _VENUE_BOARDS, len(boards)), boards, strict=True)
        ]
        if self._person % 8 in (0, 2, 7) or rng.random() < 0.4:
            room = _MOST_PINS - count
            made += [self._off_topic_board(subject, room // 2) for subject in sample(rng, OFF_TOPIC, 2)]
        if self._person % 8 == 7:
            made.append(self._board("Honeymoon", [], about_venues=False))
        return tuple(made)

    def _split(self, pins: list[Pin]) -> list[list[Pin]]:
        """Two boards of one person: odd picks apart, the smaller one often below ten pins."""
        cut = int(self._rng.integers(4, max(5, len(pins) // 3)))
        chosen = set(self._rng.choice(len(pins), size=cut, replace=False).tolist())
        return [
            [pin for number, pin in enumerate(pins) if number not in chosen],
            [pin for number, pin in enumerate(pins) if number in chosen],
        ]

    def _venue_pins(self, quirk: Quirk, tastes: Sequence[Taste], count: int) -> Iterator[Pin]:
        rng = self._rng
        shares = [taste.weight for taste in tastes]
        if quirk == "drift":
            # Years of the old taste, weeks of the new: its pins are few though its weight is the largest.
            shares = [0.78 / (len(tastes) - 1)] * (len(tastes) - 1) + [0.22] if len(tastes) > 1 else [1.0]
        scene = pick(rng, SCENES)
        drawn = rng.choice(len(tastes), size=count, p=shares).tolist()
        for number in range(count):
            # Every taste has a pin at least, even the rarest.
            taste = number if number < len(tastes) else drawn[number]
            noise = quirk not in ("uniform", "scattered") and rng.random() < _NOISE
            newest = quirk == "drift" and taste == len(tastes) - 1
            age = self._age_days(quirk, newest=newest)
            mixture = ((pick(rng, AESTHETICS).slug, 1.0),) if noise else self._pin_mixture(tastes[taste].mixture)
            shown = scene if quirk == "uniform" else pick(rng, SCENES)
            yield self._pin(mixture, shown, age, None if noise else taste)

    def _age_days(self, quirk: Quirk, *, newest: bool) -> float:
        if quirk != "drift":
            return float(self._rng.uniform(0, _WINDOW_DAYS))
        if newest:
            return float(self._rng.uniform(0, _RECENT_DAYS))
        return float(self._rng.uniform(_RECENT_DAYS, _WINDOW_DAYS))

    def _pin_mixture(self, mixture: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
        """What a pin of the taste shows: the blend itself, or for an even mixture one of its parts."""
        if len(mixture) > 2:
            return ((pick(self._rng, mixture)[0], 1.0),)
        if len(mixture) == 2:
            return mixture
        if self._rng.random() < 0.85:
            return mixture
        accent = pick(self._rng, [a.slug for a in AESTHETICS if a.slug != mixture[0][0]])
        return ((mixture[0][0], 0.8), (accent, 0.2))

    def _pin(self, mixture: tuple[tuple[str, float], ...], scene: str, age_days: float, taste: int | None) -> Pin:
        self._pins += 1
        # Odd seeds are pins, even ones venue photographs: equal pictures only where documented.
        spec = PictureSpec(mixture, scene, 2 * int(self._rng.integers(2**30)) + 1)
        created = self._now - timedelta(days=age_days)
        return Pin(
            pin_id=str(self._base + 100_000 + self._pins),
            spec=spec,
            created_at=created.replace(microsecond=0),
            alt_text=_pin_text(self._rng, spec),
            taste=taste,
        )

    def _repin(self, pin: Pin, photo: Photo) -> Pin:
        """The documented exception: people 0, 8, 16 ... saved, last of all, a photo from a venue's site."""
        return Pin(pin.pin_id, photo.spec, pin.created_at, photo.alt or None, None)

    def _off_topic_board(self, subject: str, room: int) -> Board:
        count = int(self._rng.integers(3, max(4, min(15, room) + 1)))
        ages = sorted((float(age) for age in self._rng.uniform(0, _WINDOW_DAYS, size=count)), reverse=True)
        pins = [self._pin(((subject, 1.0),), pick(self._rng, SCENES), age, None) for age in ages]
        return self._board(_OFF_TOPIC_BOARDS[subject], pins, about_venues=False)

    def _board(self, name: str, pins: list[Pin], *, about_venues: bool) -> Board:
        self._boards += 1
        oldest = pins[0].created_at if pins else self._now - timedelta(days=40)
        described = about_venues and self._rng.random() < 0.5
        return Board(
            board_id=str(self._base + self._boards),
            name=name,
            description="Places we like the look of" if described else "",
            about_venues=about_venues,
            pins=tuple(pins),
            created_at=(oldest - timedelta(days=1)).replace(microsecond=0),
        )


def _pin_text(rng: np.random.Generator, spec: PictureSpec) -> str | None:
    """What Pinterest holds as alt text: often nothing, else a phrase."""
    if rng.random() < 0.4:
        return None
    subject = spec.mixture[0][0]
    if subject in OFF_TOPIC:
        return subject.replace("_", " ")
    aesthetic = BY_SLUG[subject]
    return f"{pick(rng, aesthetic.phrases)}, {pick(rng, aesthetic.words)} wedding {spec.scene}"
