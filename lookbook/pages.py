"""The pages people see. Reading works without scripts; what changes something is a form that posts and comes back."""

from __future__ import annotations

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from lookbook import writing
from lookbook.access import Visitor
from lookbook.facts import facts
from lookbook.reading.alike import list_alike
from lookbook.reading.people import Person
from lookbook.reading.starting import photos_to_rate, rating_of_venue
from lookbook.reading.tastes import Closest, list_tastes
from lookbook.reading.venues import find_venue, list_venues
from lookbook.web import Asking, Book, Lookbook, NotYoursError, go, own
from lookbook.wishes import read_wishes
from lookbook.wording import taste_names

VENUES_A_PAGE: Final = 24
_ALIKE: Final = 12
_TO_RATE: Final = 12
_COLD_PINS: Final = 10
"""Pins from which tastes are told apart (the clustering's own cold start)."""

router = APIRouter(include_in_schema=False)
After = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/tastes")
def tastes(request: Request, book: Book, visitor: Asking, since: str | None = None) -> Response:
    """*Your tastes*; nothing new (204) for a page that has what there is."""
    with book.reading() as connection:
        me = own(connection, visitor)
        if since == me.version:
            return Response(status_code=204)
        found = list_tastes(connection, me.user_id)
    liked = [taste for taste in found if taste.polarity == "positive"]
    disliked = [taste for taste in found if taste.polarity != "positive"]
    names = [taste_names((one.cluster_id, one.label, one.weight) for one in some) for some in (liked, disliked)]
    return book.page(
        request, "tastes.html", me=me, liked=liked, disliked=disliked, names=names[0] | names[1],
        is_update=since is not None,
    )  # fmt: skip


@router.get("/venues")
def venues(request: Request, book: Book, visitor: Asking, after: After = 0, since: str | None = None) -> Response:
    """*Your venues*, a stretch of the list."""
    with book.reading() as connection:
        me = own(connection, visitor)
        if since == me.version:
            return Response(status_code=204)
        found, length = list_venues(connection, me, after=after, most=VENUES_A_PAGE)
        exemplars = _exemplars(book, connection, me)
    return book.page(
        request, "venues.html", me=me, venues=found, length=length, after=after, a_page=VENUES_A_PAGE,
        wishes=read_wishes(me.preferences), exemplars=exemplars, is_update=since is not None,
    )  # fmt: skip


@router.get("/venues/{venue_id}")
def venue(request: Request, book: Book, visitor: Asking, venue_id: uuid.UUID) -> HTMLResponse:
    """One venue."""
    with book.reading() as connection:
        me = own(connection, visitor)
        found = find_venue(connection, venue_id, me)
        if found is None:
            raise NotYoursError
        rating = rating_of_venue(connection, me.user_id, venue_id)
        exemplars = _exemplars(book, connection, me)
    return book.page(request, "venue.html", me=me, venue=found, facts=facts(found), rating=rating, exemplars=exemplars)


@router.get("/alike")
def alike(request: Request, book: Book, visitor: Asking) -> HTMLResponse:
    """People with a similar taste, for who shares their own."""
    with book.reading() as connection:
        me = own(connection, visitor)
        found = list_alike(connection, me.user_id, most=_ALIKE)
    return book.page(request, "alike.html", me=me, people=found)


@router.post("/sharing")
def sharing(book: Book, visitor: Asking, shares: Annotated[bool, Form()]) -> Response:
    """Share one's taste, or no longer."""
    writing.share_taste(book.doors.writer, _me(book, visitor).user_id, shares=shares)
    return go("/alike")


@router.get("/start")
def start(request: Request, book: Book, visitor: Asking, after: After = 0) -> HTMLResponse:
    """Photographs to rate, for who has few pins or none, or wants to be understood better."""
    with book.reading() as connection:
        me = own(connection, visitor)
        photos = photos_to_rate(connection, me.user_id, after=after, most=_TO_RATE)
    return book.page(
        request, "start.html", me=me, photos=photos, after=after, a_page=_TO_RATE,
        is_cold=me.pin_count + me.rating_count < _COLD_PINS,
    )  # fmt: skip


@router.post("/ratings")
def rate(
    book: Book, visitor: Asking, stars: Annotated[int | None, Form(ge=0, le=5)] = None,
    photo_id: Annotated[str | None, Form()] = None, venue_id: Annotated[uuid.UUID | None, Form()] = None,
    after: Annotated[int, Form(ge=0, le=100_000)] = 0,
) -> Response:  # fmt: skip
    """Rate a photograph or a venue, or take a rating back (no stars)."""
    me = _me(book, visitor)
    writing.rate(book.doors.writer, me.user_id, stars, venue_id=venue_id, photo_id=photo_id)
    if venue_id is not None:
        return go(f"/venues/{venue_id}")
    return go(f"/start?after={after}#photo-{photo_id}")


def _me(book: Lookbook, visitor: Visitor) -> Person:
    with book.reading() as connection:
        return own(connection, visitor)


def _exemplars(book: Lookbook, connection: Connection, me: Person) -> dict[uuid.UUID, Closest]:
    """For tastes whose own picture is not kept: the closest photograph of a venue, to be shown in its place."""
    found = list_tastes(connection, me.user_id)
    return {
        taste.cluster_id: taste.closest
        for taste in found
        if taste.closest is not None and not book.pictures.is_kept(taste.medoid_photo_id)
    }
