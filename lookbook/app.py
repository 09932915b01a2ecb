"""The app put together: routes, what goes wrong, and the guard around all of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from fastapi import Depends, FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from lookbook import api, entering, files, pages, refine_api, refine_pages
from lookbook.access import COOKIE
from lookbook.guard import API_PATHS, Guard
from lookbook.heads import Heads
from lookbook.rate_limit import RateLimit
from lookbook.talk import Talks
from lookbook.web import Lookbook, NobodyHereError, NotYoursError, go
from lookbook.writing import NotServedError, RatingRefusedError
from resources.errors import SetupError

TITLE: Final = "Lookbook"
"""By which the description of the API tells that it is this app."""

_DESCRIPTION: Final = "People's tastes, the venues that suit them, and why. Read from the schema `serving`."
_OURS: Final = 503
_log: Final = logging.getLogger(__name__)

_PROBLEMS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotYoursError, 404), (NotServedError, 404), (OperationalError, 503), (SetupError, 503),
)  # fmt: skip
_SAID: Final = {
    401: "First say who you are.",
    404: "There is nothing here, or it is not yours to see.",
    405: "That cannot be done here.",
    422: "That could not be understood.",
    500: "Something went wrong on our side. It is written down, and we will look at it.",
    503: "Something this needs does not answer at the moment. Please try again soon.",
}


class Problem(BaseModel):
    """Why a request was not answered."""

    detail: str = Field(description="For people; it may be worded otherwise one day.")


class Fault(BaseModel):
    """One thing in a request that is not as described."""

    loc: list[str | int] = Field(description="Where: `body`, `query` or `path`, then the names down to it.")
    msg: str = Field(description="What would be right.")
    type: str = Field(description="A word for it that stays the same.")


class Faults(BaseModel):
    """What in a request is not as described here."""

    detail: list[Fault]


# For the API's description alone: who asks is found out by `lookbook.access`.
_BEARER: Final = HTTPBearer(
    scheme_name="token",
    auto_error=False,
    description="LOOKBOOK_TOKEN, for servers of the operator: they see everybody.",
)
_SESSION: Final = APIKeyCookie(
    name=COOKIE, scheme_name="session", auto_error=False, description="A person's session, which sees that person."
)

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": Problem, "description": "Nobody's session: first say who you are."},
    403: {"model": Problem, "description": "Sent by another site's page."},
    404: {"model": Problem, "description": "There is none, or it is not yours to see."},
    411: {"model": Problem, "description": "Without the length of its body."},
    413: {"model": Problem, "description": "Its body is too long."},
    421: {"model": Problem, "description": "By a name under which this is not open."},
    422: {"model": Faults, "description": "Not as described here."},
    429: {"model": Problem, "description": "Too many requests; Retry-After says in how many seconds to come back."},
    503: {"model": Problem, "description": "Something this needs does not answer at the moment."},
}  # fmt: skip
"""What any call of the API may be answered instead, for its description."""


def create_app(book: Lookbook, talks: Talks, *, requests_per_minute: int) -> ASGIApp:
    """The lookbook's ASGI app.

    Args:
        book: its parts, open for as long as it is served.
        talks: people's conversations.
        requests_per_minute: for each client's address.
    """
    # Without FastAPI's own pages about the API, which load scripts from elsewhere.
    app = FastAPI(
        title=TITLE, version="1", description=_DESCRIPTION, openapi_url="/api/openapi.json", docs_url=None,
        redoc_url=None,
    )  # fmt: skip
    app.state.lookbook, app.state.talks = book, talks
    for module in (entering, pages, refine_pages):
        app.include_router(module.router)
    for module in (api, refine_api, files):
        app.include_router(module.router, responses=REFUSALS, dependencies=[Depends(_BEARER), Depends(_SESSION)])
    app.add_exception_handler(NobodyHereError, _nobody)
    app.add_exception_handler(RequestValidationError, _faults)
    app.add_exception_handler(RatingRefusedError, _refused_rating)
    for error, status in _PROBLEMS:
        app.add_exception_handler(error, _problem(status))
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _problem(500))  # Starlette raises it again after the answer: it is logged
    # Around all of it, and not among its middleware: what fails unforeseen is answered further out than those.
    return Guard(Heads(app), RateLimit(requests_per_minute), own_names_only=book.access.is_open)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(API_PATHS)


def _said(request: Request, status: int) -> Response:
    words = _SAID.get(status, "That did not work.")
    if _is_api(request):
        return JSONResponse({"detail": words}, status)
    book: Lookbook = request.app.state.lookbook
    return book.page(request, "problem.html", status=status, code=status, words=words)


def _nobody(request: Request, _error: Exception) -> Response:
    if _is_api(request):
        return _said(request, 401)
    if request.headers.get("hx-request") == "true":
        # A part of an open page: a redirect would be followed for that part, and of the page there nothing fits it.
        return Response(status_code=401, headers={"HX-Redirect": "/"})
    return go("/")


def _faults(request: Request, error: Exception) -> Response:
    if not _is_api(request) or not isinstance(error, RequestValidationError):
        return _said(request, 422)
    told = [{key: fault[key] for key in Fault.model_fields} for fault in error.errors()]
    return JSONResponse({"detail": jsonable_encoder(told)}, 422)


def _refused_rating(request: Request, error: Exception) -> Response:
    if not _is_api(request):
        return _said(request, 422)
    fault = Fault(loc=["body"], msg=str(error), type="rating_refused")
    return JSONResponse(Faults(detail=[fault]).model_dump(), 422)


def _problem(status: int) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        if status == _OURS:
            _log.error("%s could not be answered: %s", request.url.path, error)  # which visitors are not told
        return _said(request, status)

    return handle


def _http_problem(request: Request, error: Exception) -> Response:
    return _said(request, error.status_code if isinstance(error, HTTPException) else 500)
