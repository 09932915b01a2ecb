"""A person's list of venues with the reasons for each place, and one venue with all that is known of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field, computed_field
from sqlalchemy import Connection, text

from lookbook.reading.people import Person
from lookbook.wishes import StatedWishes, Verdict, distance_to, judge, read_wishes
from lookbook.wording import CLOSE, NOTICED, likeness, taste_names


class Photo(BaseModel):
    """A photograph of a venue."""

    photo_id: str
    alt_text: str | None = Field(description="The site's words for it.")
    width: int
    height: int


class Reason(BaseModel):
    """How a venue answers to one taste."""

    cluster_id: uuid.UUID
    label: str | None
    weight: float = Field(description="Share of the person's taste, 0 to 1.")
    photo_id: str | None = Field(description="The venue's photograph that is nearest to it; null if it is gone since.")
    similarity: float = Field(description="Cosine similarity of the two.")
    standing: float = Field(description="Standard deviations above the average venue.")
    contribution: float = Field(description="Share of the score; those of a venue sum to 1.")
    medoid_pin_id: str | None
    medoid_photo_id: str | None


class Venue(BaseModel):
    """What a card shows of a venue."""

    venue_id: uuid.UUID
    name: str = Field(description="As the site names itself, or the site's host where it does not.")
    site_url: str
    city: str | None
    region: str | None
    country: str | None = Field(description="As the site writes it.")
    country_code: str | None = Field(description="ISO 3166-1 alpha-2 by the site's word or its address, else its town.")
    country_evidence: str | None = Field(description="Which town that is; null where it is the site's word.")
    lat: float | None
    lon: float | None
    place_precision: str | None = Field(description="stated by the site, or the centre of its town; null with lat.")
    capacity_min: int | None
    capacity_max: int | None
    price_min: float | None
    price_max: float | None
    currency: str | None
    price_unit: str | None
    setting: str | None
    amenities: list[str] | None
    styles: list[str] | None
    vibe: str | None
    photos: list[Photo] = Field(default=[], description="In the site's order.")
    distance_km: float | None = Field(
        default=None, description="From the person's place; null where either is unknown."
    )
    verdicts: list[Verdict] = Field(default=[], description="The person's wishes against what the site states.")

    def photo(self, photo_id: str | None) -> Photo | None:
        """The photograph of this id, or else the first one; None where there is none."""
        same = (photo for photo in self.photos if photo.photo_id == photo_id)
        return next(same, self.photos[0] if self.photos else None)

    @property
    def broken(self) -> list[str]:
        """The wishes that it breaks, in words."""
        return [verdict.words for verdict in self.verdicts if verdict.outcome == "broken"]


def _named(names: Iterable[str]) -> str:
    """Tastes by their names, each name once; empty for none."""
    labels = list(dict.fromkeys(names))
    return f"your taste{'s' if len(labels) > 1 else ''} for {' and '.join(labels)}" if labels else ""


AnyVenue = TypeVar("AnyVenue", bound=Venue)


class ListedVenue(Venue):
    """A venue on a person's list."""

    rank: int
    score: float
    kind: str = Field(description="taste, words or curated.")
    reasons: list[Reason] = Field(description="One for each taste, the highest standing first.")

    @property
    def taste_names(self) -> dict[uuid.UUID, str]:
        """What the tastes of the reasons are called, by their ids."""
        return taste_names((reason.cluster_id, reason.label, reason.weight) for reason in self.reasons)

    @property
    def best(self) -> Reason | None:
        """What it is on the list for, by a photograph that it still shows.

        By standing alone a taste of little weight would often come first; by contribution alone, never.
        """
        shown = [reason for reason in self.reasons if reason.photo_id is not None]
        near = [reason for reason in shown if reason.standing > 0]
        if near:
            return max(near, key=lambda reason: reason.weight * reason.standing)
        return max(shown, key=lambda reason: reason.standing, default=None)

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documentation asks for this
    @property
    def why(self) -> list[str]:
        """What speaks for it, in words; the strongest first."""
        said = []
        for words, near in groupby(self.reasons, key=lambda reason: likeness(reason.standing)):
            named = _named(
                self.taste_names[reason.cluster_id]
                for reason in near
                if reason.standing >= CLOSE and reason.contribution > 0
            )
            said += [f"{words} to {named}"] if named else []
        return said + [verdict.words for verdict in self.verdicts if verdict.outcome == "met"]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def why_not(self) -> list[str]:
        """What speaks against it, or is not known, in words."""
        said = [verdict.words for verdict in self.verdicts if verdict.outcome != "met"]
        far = _named(
            self.taste_names[reason.cluster_id]
            for reason in self.reasons
            if reason.standing < 0 and reason.weight >= NOTICED
        )
        said += [f"further than most venues from {far}"] if far else []
        if self.price_min is None and self.price_max is None and "budget" not in {v.wish for v in self.verdicts}:
            said.append("states no price")
        return said


class Quote(BaseModel):
    """A site's own words for a fact."""

    value: str
    quote: str
    page_url: str


class VenueDetail(Venue):
    """All that is known of a venue."""

    address: str | None
    seated_max: int | None
    standing_max: int | None
    price_on_application: bool | None
    other_amenities: list[str] | None
    other_styles: list[str] | None
    aesthetic: str | None
    factual: str | None
    summariser: str | None
    site_is_failing: bool
    evidence: dict[str, list[Quote]] = Field(description="For each fact the site's own words.")
    conflicts: dict[str, list[Quote]] = Field(description="What the site says elsewhere against a fact.")
    listed: ListedVenue | None = Field(default=None, description="Its place on the person's list; null if it has none.")


_CARD: Final = """
    venue_id, coalesce(name, substring(site_url FROM '//([^/]+)')) AS name, site_url, city, region, country,
    country_code, country_evidence, lat, lon, place_precision, capacity_min, capacity_max, price_min, price_max,
    currency, price_unit, setting, amenities, styles, vibe
"""
_LIST: Final = text(
    f"""
    SELECT rank, score, kind, matches, {_CARD}
    FROM serving.recommendations JOIN serving.venues USING (venue_id)
    WHERE user_id = :user_id AND rank > :after AND rank <= :after + :most ORDER BY rank
    """  # noqa: S608 - our own column names
)
_LENGTH: Final = text("SELECT count(*) FROM serving.recommendations WHERE user_id = :user_id")
_PLACE: Final = text(
    f"""
    SELECT rank, score, kind, matches, {_CARD}
    FROM serving.recommendations JOIN serving.venues USING (venue_id)
    WHERE user_id = :user_id AND venue_id = :venue_id
    """  # noqa: S608
)
_CARDS: Final = text(f"SELECT {_CARD} FROM serving.venues WHERE venue_id = ANY(:venue_ids)")  # noqa: S608
_ONE: Final = text(
    f"""
    SELECT {_CARD}, address, seated_max, standing_max, price_on_application, other_amenities, other_styles, aesthetic,
        factual, summariser, site_is_failing, coalesce(evidence, '{{}}') AS evidence
    FROM serving.venues WHERE venue_id = :venue_id
    """  # noqa: S608
)
_PHOTOS: Final = text(
    """
    SELECT venue_id, photo_id, alt_text, width, height FROM serving.venue_photos
    WHERE venue_id = ANY(:venue_ids) ORDER BY venue_id, position, photo_id
    """
)


def list_venues(connection: Connection, person: Person, *, after: int, most: int) -> tuple[Sequence[ListedVenue], int]:
    """A stretch of somebody's list, and the whole list's length.

    Args:
        connection: a reader's.
        person: whose list.
        after: the rank before the first one wanted.
        most: how many at most.
    """
    about = {"user_id": person.user_id, "after": after, "most": most}
    rows = connection.execute(_LIST, about).mappings().all()
    length = connection.scalar(_LENGTH, about) or 0
    return _listed(connection, person, [dict(row) for row in rows]), length


def venue_cards(connection: Connection, person: Person, venue_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Venue]:
    """Any venues as cards, by their ids; those that are gone are left out."""
    ids = list(venue_ids)
    wishes, photos = read_wishes(person.preferences), _photos(connection, ids)
    found = connection.execute(_CARDS, {"venue_ids": ids}).mappings()
    return {row["venue_id"]: _judged(Venue(**row, photos=photos[row["venue_id"]]), wishes) for row in found}


def find_venue(connection: Connection, venue_id: uuid.UUID, person: Person | None) -> VenueDetail | None:
    """One venue, with its place on the person's list; None for one that is not served."""
    row = connection.execute(_ONE, {"venue_id": venue_id}).mappings().one_or_none()
    if row is None:
        return None
    values = dict(row)
    stated = values.pop("evidence")
    against = stated.pop("conflicts", {})
    photos = _photos(connection, [venue_id])[venue_id]
    venue = VenueDetail(**values, evidence=_quotes(stated), conflicts=_quotes(against), photos=photos)
    if person is not None:
        _judged(venue, read_wishes(person.preferences))
        place = connection.execute(_PLACE, {"user_id": person.user_id, "venue_id": venue_id}).mappings().all()
        venue.listed = next(iter(_listed(connection, person, [dict(row) for row in place])), None)
    return venue


def _quotes(evidence: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Quote]]:
    return {
        name: [Quote(value=str(one["value"]), quote=one["quote"], page_url=one["page_url"]) for one in stated]
        for name, stated in evidence.items()
    }


def _listed(connection: Connection, person: Person, rows: Sequence[dict[str, Any]]) -> list[ListedVenue]:
    wishes, photos = read_wishes(person.preferences), _photos(connection, [row["venue_id"] for row in rows])
    venues = []
    for row in rows:
        shown = photos[row["venue_id"]]
        still = {photo.photo_id for photo in shown}
        reasons = [
            Reason(**{**match, "photo_id": match["photo_id"] if match["photo_id"] in still else None})
            for match in row.pop("matches")
        ]
        venues.append(_judged(ListedVenue(**row, reasons=reasons, photos=shown), wishes))
    return venues


def _judged(venue: AnyVenue, wishes: StatedWishes) -> AnyVenue:
    venue.distance_km = distance_to(wishes, venue)
    venue.verdicts = judge(wishes, venue)
    return venue


def _photos(connection: Connection, venue_ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, list[Photo]]:
    photos: defaultdict[uuid.UUID, list[Photo]] = defaultdict(list)
    for row in connection.execute(_PHOTOS, {"venue_ids": list(venue_ids)}).mappings():
        photos[row["venue_id"]].append(
            Photo(photo_id=row["photo_id"], alt_text=row["alt_text"], width=row["width"], height=row["height"])
        )
    return photos
