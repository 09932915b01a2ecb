"""What every page and every call of the API needs: the app's parts, who asks, and how a page is rendered."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import Connection

from lookbook.access import COOKIE, Access, Visitor
from lookbook.connections import Doors
from lookbook.pictures import WIDTHS, Pictures
from lookbook.reading.people import Person, find_person
from lookbook.sparkline import HEIGHT, WIDTH, sparkline
from lookbook.wording import FILTERS

STATIC: Final = Path(__file__).with_name("static")


class NobodyHereError(LookupError):
    """No session, or one of somebody who was forgotten: first say who you are."""


class NotYoursError(LookupError):
    """Somebody else's, or nobody's: which of the two is not told."""


@dataclass(frozen=True)
class Lookbook:
    """The app's parts.

    Attributes:
        doors: the ways into the database.
        pictures: of the photo store.
        access: sessions and links.
        refresh_s: seconds between a page's looks for new tastes and lists.
    """

    doors: Doors
    pictures: Pictures
    access: Access
    refresh_s: float = 10.0
    _environment: Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("lookbook"), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        environment.filters |= FILTERS
        environment.globals |= {
            "static": self._static_address, "photo": photo_address, "widths": WIDTHS, "sparkline": sparkline,
            "spark_box": (WIDTH, HEIGHT), "is_kept": self.pictures.is_kept, "refresh_s": self.refresh_s,
        }  # fmt: skip
        for name in environment.list_templates():
            environment.get_template(name)  # compiled now, and not while the first visitor waits
        object.__setattr__(self, "_environment", environment)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads `serving`, all of it from one snapshot."""
        with self.doors.reader.connect() as connection:
            yield connection

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from its template. `me` is the person whose session it is, or None."""
        shared = {"path": request.url.path, "is_open": self.access.is_open, "me": None}
        return HTMLResponse(self._environment.get_template(name).render(shared | values), status)

    @cached_property
    def static_files(self) -> dict[str, bytes]:
        """Style, script and fonts, by name."""
        return {file.name: file.read_bytes() for file in sorted(STATIC.iterdir()) if file.is_file()}

    def _static_address(self, name: str) -> str:
        return f"/static/{name}?v={hashlib.sha256(self.static_files[name]).hexdigest()[:12]}"


def photo_address(photo_id: str, width: int) -> str:
    """Where a picture is served in one of the widths."""
    return f"/photos/{photo_id}/{width}.webp"


def _lookbook(request: Request) -> Lookbook:
    book: Lookbook = request.app.state.lookbook
    return book


Book = Annotated[Lookbook, Depends(_lookbook)]


def _visitor(request: Request, book: Book) -> Visitor:
    return book.access.visitor(request.cookies.get(COOKIE), request.headers.get("authorization"))


Asking = Annotated[Visitor, Depends(_visitor)]


def own(connection: Connection, visitor: Visitor) -> Person:
    """The person whose session it is.

    Raises:
        NobodyHereError: there is no session, or the person is gone.
    """
    person = None if visitor.user_id is None else find_person(connection, visitor.user_id)
    if person is None:
        raise NobodyHereError
    return person


def seen(connection: Connection, visitor: Visitor, user_id: uuid.UUID) -> Person:
    """A person whom the visitor may see.

    Raises:
        NotYoursError: there is nobody of that id, or they are somebody else.
    """
    person = find_person(connection, user_id) if visitor.may_see(user_id) else None
    if person is None:
        raise NotYoursError
    return person


def go(address: str) -> RedirectResponse:
    """The answer to a post: look there."""
    return RedirectResponse(address, 303)
