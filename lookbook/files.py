"""Pictures, style, script and fonts, with types of their own and the right to be kept for ever."""

from __future__ import annotations

import mimetypes
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Connection

from lookbook.access import Visitor
from lookbook.pictures import MIME, WIDTHS
from lookbook.reading.photos import is_own_taste_photo, is_taste_photo, is_venue_photo
from lookbook.web import Asking, Book, NotYoursError

_YEAR: Final = 31_536_000
_TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

router = APIRouter()
PhotoId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file.")]


@router.get("/photos/{photo_id}/{width}.webp", tags=["pictures"], response_class=Response)
def photo(request: Request, book: Book, visitor: Asking, photo_id: PhotoId, width: int) -> Response:
    """A picture at most 320, 640 or 1280 pixels wide: a venue's for everybody, a pin's for the person alone."""
    if width not in WIDTHS:
        raise NotYoursError
    with book.reading() as connection:
        is_public = is_venue_photo(connection, photo_id)
        if not is_public and not _is_theirs(connection, photo_id, visitor):
            raise NotYoursError
    kept = {"Cache-Control": f"{'public' if is_public else 'private'}, max-age={_YEAR}, immutable",
            "ETag": f'"{photo_id[:32]}-{width}"'}  # fmt: skip
    if request.headers.get("if-none-match") == kept["ETag"]:
        return Response(status_code=304, headers=kept)
    content = book.pictures.get(photo_id, width)
    if content is None:
        raise NotYoursError
    return Response(content, media_type=MIME, headers=kept)


def _is_theirs(connection: Connection, photo_id: str, visitor: Visitor) -> bool:
    if visitor.sees_everybody:
        return is_taste_photo(connection, photo_id)
    return visitor.user_id is not None and is_own_taste_photo(connection, photo_id, visitor.user_id)


@router.get("/static/{name}", include_in_schema=False)
def static(book: Book, name: str) -> Response:
    """A file that came with the program; its address changes with its content."""
    content = book.static_files.get(name)
    if content is None:
        raise NotYoursError
    suffix = name[name.rfind(".") :]
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return Response(content, media_type=kind, headers={"Cache-Control": f"public, max-age={_YEAR}, immutable"})
