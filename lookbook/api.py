"""The same as JSON, described by OpenAPI at `/api/openapi.json`: for apps that would rather not speak SQL.

A session sees its own person; the operator's server, with `Authorization: Bearer LOOKBOOK_TOKEN`, sees everybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lookbook import writing
from lookbook.reading.alike import Alike, list_alike
from lookbook.reading.people import Person, find_person, list_people
from lookbook.reading.starting import ToRate, photos_to_rate
from lookbook.reading.tastes import Taste, list_tastes
from lookbook.reading.venues import ListedVenue, VenueDetail, find_venue, list_venues
from lookbook.web import Asking, Book, NotYoursError, own, seen

_MOST: Final = 100

router = APIRouter(prefix="/api")
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")]
AfterHandle = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", description="The last handle you have.")]
After = Annotated[int, Query(ge=0, le=100_000, description="How many to leave out; ranks go on from there.")]


class VenueList(BaseModel):
    """A stretch of a person's list."""

    length: int = Field(description="Of the whole list.")
    venues: list[ListedVenue]


class Rating(BaseModel):
    """What somebody thinks of one venue or one photograph."""

    model_config = ConfigDict(extra="forbid")

    stars: Annotated[int, Field(ge=0, le=5)] | None = Field(
        description="0 (never) to 5 (this one); null: take it back."
    )
    venue_id: uuid.UUID | None = None
    photo_id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Sharing(BaseModel):
    """Whether others may be told that they share a person's taste."""

    model_config = ConfigDict(extra="forbid")

    shares: bool


@router.get("", include_in_schema=False)
def index(request: Request, book: Book, visitor: Asking) -> Response:
    """A page that lists all of this."""
    with book.reading() as connection:
        person = None if visitor.user_id is None else find_person(connection, visitor.user_id)
    paths = [(path, list(calls.items())) for path, calls in request.app.openapi()["paths"].items()]
    return book.page(request, "api.html", me=person, paths=paths)


@router.get("/me", tags=["people"])
def me(book: Book, visitor: Asking) -> Person:
    """The person whose session it is."""
    with book.reading() as connection:
        return own(connection, visitor)


@router.get("/people", tags=["people"])
def people(book: Book, visitor: Asking, after: AfterHandle = "", limit: Limit = _MOST) -> Sequence[Person]:
    """Everybody by their handles, for who may see everybody."""
    if not visitor.sees_everybody:
        raise NotYoursError
    with book.reading() as connection:
        return list_people(connection, limit, after=after)


@router.get("/people/{user_id}", tags=["people"])
def person(book: Book, visitor: Asking, user_id: uuid.UUID) -> Person:
    """One person, and how current their tastes and list are."""
    with book.reading() as connection:
        return seen(connection, visitor, user_id)


@router.get("/people/{user_id}/tastes", tags=["people"])
def tastes(book: Book, visitor: Asking, user_id: uuid.UUID) -> Sequence[Taste]:
    """Their tastes with their history, liked ones first."""
    with book.reading() as connection:
        seen(connection, visitor, user_id)
        return list_tastes(connection, user_id)


@router.get("/people/{user_id}/venues", tags=["venues"])
def venues(book: Book, visitor: Asking, user_id: uuid.UUID, after: After = 0, limit: Limit = 24) -> VenueList:
    """Their list, with the reasons for each place."""
    with book.reading() as connection:
        found, length = list_venues(connection, seen(connection, visitor, user_id), after=after, most=limit)
    return VenueList(length=length, venues=list(found))


@router.get("/people/{user_id}/venues/{venue_id}", tags=["venues"])
def venue_for(book: Book, visitor: Asking, user_id: uuid.UUID, venue_id: uuid.UUID) -> VenueDetail:
    """One venue with its place on somebody's list, their wishes held against it."""
    with book.reading() as connection:
        found = find_venue(connection, venue_id, seen(connection, visitor, user_id))
    if found is None:
        raise NotYoursError
    return found


@router.get("/people/{user_id}/alike", tags=["people"])
def alike(book: Book, visitor: Asking, user_id: uuid.UUID, limit: Limit = 30) -> Sequence[Alike]:
    """People with a similar taste; nobody for who does not share theirs."""
    with book.reading() as connection:
        seen(connection, visitor, user_id)
        return list_alike(connection, user_id, most=limit)


@router.get("/people/{user_id}/to-rate", tags=["ratings"])
def to_rate(book: Book, visitor: Asking, user_id: uuid.UUID, after: After = 0, limit: Limit = 12) -> Sequence[ToRate]:
    """Photographs of different venues to rate, with the rating where there is one."""
    with book.reading() as connection:
        seen(connection, visitor, user_id)
        return photos_to_rate(connection, user_id, after=after, most=limit)


@router.put("/people/{user_id}/ratings", tags=["ratings"], status_code=204)
def rate(book: Book, visitor: Asking, user_id: uuid.UUID, rating: Rating) -> Response:
    """Store a rating; their tastes are found again by the next run."""
    with book.reading() as connection:
        seen(connection, visitor, user_id)
    writing.rate(book.doors.writer, user_id, rating.stars, venue_id=rating.venue_id, photo_id=rating.photo_id)
    return Response(status_code=204)


@router.put("/people/{user_id}/sharing", tags=["people"], status_code=204)
def share(book: Book, visitor: Asking, user_id: uuid.UUID, sharing: Sharing) -> Response:
    """Share their taste with people like them, or no longer; the latter works at once."""
    with book.reading() as connection:
        seen(connection, visitor, user_id)
    writing.share_taste(book.doors.writer, user_id, shares=sharing.shares)
    return Response(status_code=204)


@router.get("/venues/{venue_id}", tags=["venues"])
def venue(book: Book, visitor: Asking, venue_id: uuid.UUID) -> VenueDetail:
    """One venue: photographs, summaries, and facts with the site's own words for each."""
    with book.reading() as connection:
        if not visitor.sees_everybody:
            own(connection, visitor)
        found = find_venue(connection, venue_id, None)
    if found is None:
        raise NotYoursError
    return found
