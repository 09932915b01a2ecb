"""Coming in and leaving: choosing a person on one's own machine, or following a link that the operator made."""

from __future__ import annotations

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from lookbook.access import COOKIE, SESSION_S, Purpose
from lookbook.reading.people import find_person, list_people
from lookbook.web import Asking, Book, Lookbook, NotYoursError, go

_PEOPLE: Final = 500

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, book: Book, visitor: Asking, choose: bool = False) -> Response:
    """Whoever has a session goes to their tastes; else choose a person, or be told to use one's link."""
    with book.reading() as connection:
        me = None if visitor.user_id is None else find_person(connection, visitor.user_id)
        if me is not None and not (choose and book.access.is_open):
            return go("/tastes")
        people = list_people(connection, _PEOPLE) if book.access.is_open else []
    return book.page(request, "home.html", me=me, people=people)


@router.post("/choose")
def choose_person(request: Request, book: Book, user_id: Annotated[uuid.UUID, Form()]) -> Response:
    """Become a person: on one's own machine only."""
    if not book.access.is_open:
        raise NotYoursError
    return _enter(request, book, user_id)


@router.get("/enter")
def ask(request: Request, book: Book, key: str = "") -> Response:
    """Where a link leads: a button, so that what looks at links ahead of people signs nobody in."""
    user_id = book.access.verify(Purpose.LINK, key)
    with book.reading() as connection:
        person = None if user_id is None else find_person(connection, user_id)
    return book.page(request, "enter.html", status=403 if person is None else 200, person=person, key=key)


@router.post("/enter")
def enter(request: Request, book: Book, key: Annotated[str, Form(max_length=500)]) -> Response:
    """Start the session that a link is good for."""
    user_id = book.access.verify(Purpose.LINK, key)
    if user_id is None:
        return go("/enter")
    return _enter(request, book, user_id)


@router.post("/leave")
def leave() -> Response:
    """End the session."""
    answer = go("/")
    answer.delete_cookie(COOKIE)
    return answer


def _enter(request: Request, book: Lookbook, user_id: uuid.UUID) -> Response:
    with book.reading() as connection:
        person = find_person(connection, user_id)
    if person is None:
        raise NotYoursError
    answer = go("/start" if person.list_kind == "curated" else "/tastes")
    answer.set_cookie(
        COOKIE, book.access.sign(Purpose.SESSION, user_id, SESSION_S), max_age=SESSION_S, httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer
