"""The read end points: user account, boards, sections, pins, and the pages they come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.routing import Route

from demo.servers.pinterest.errors import bad_request, board_not_found, pin_not_found, section_not_found
from demo.servers.pinterest.paging import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    ItemT,
    read_bookmark,
    take_page,
    write_bookmark,
)
from demo.servers.pinterest.render import (
    Json,
    account_json,
    board_json,
    creative_type,
    parent_pin_id,
    pin_json,
    section_json,
)
from demo.servers.pinterest.service import Answer, Service, api_endpoint
from demo.servers.pinterest.state import BoardState, PinState, UnknownIdError
from demo.servers.pinterest.tokens import Grant

_BOARDS: Final = frozenset({"boards:read"})
_PINS: Final = frozenset({"boards:read", "pins:read"})
_HIDDEN_BOARDS: Final = "boards:read_secret"
_HIDDEN_PINS: Final = "pins:read_secret"
_PRIVACY_FILTERS: Final = {
    "ALL": {"PUBLIC", "PROTECTED", "SECRET"},
    "PUBLIC": {"PUBLIC"},
    "PROTECTED": {"PROTECTED"},
    "SECRET": {"SECRET"},
    "PUBLIC_AND_SECRET": {"PUBLIC", "SECRET"},
}
_PIN_FILTERS: Final[dict[str, Callable[[PinState], bool]]] = {
    "": lambda pin: True,
    "exclude_native": lambda pin: parent_pin_id(pin) is not None,
    "exclude_repins": lambda pin: parent_pin_id(pin) is None,
    "has_been_promoted": lambda pin: False,  # nobody in this world advertises
}


def resource_routes(service: Service) -> list[Route]:
    """The routes of this module."""
    endpoints: list[tuple[str, Answer, frozenset[str]]] = [
        ("/v5/user_account", _user_account, frozenset({"user_accounts:read"})),
        ("/v5/boards", _boards, _BOARDS),
        ("/v5/boards/{board_id}", _board, _BOARDS),
        ("/v5/boards/{board_id}/pins", _board_pins, _PINS),
        ("/v5/boards/{board_id}/sections", _sections, _BOARDS),
        ("/v5/boards/{board_id}/sections/{section_id}/pins", _section_pins, _PINS),
        ("/v5/pins", _pins, _PINS),
        ("/v5/pins/{pin_id}", _pin, _PINS),
    ]
    return [
        Route(path, api_endpoint(service, f"GET {path}", answer, scopes), methods=["GET"])
        for path, answer, scopes in endpoints
    ]


def _user_account(service: Service, grant: Grant, request: Request) -> Json:
    return account_json(grant.username, service.boards.boards_of(grant.username), service.view(request))


def _boards(service: Service, grant: Grant, request: Request) -> Json:
    privacy = request.query_params.get("privacy", "ALL")
    if privacy not in _PRIVACY_FILTERS:
        raise bad_request(f"privacy must be one of {', '.join(_PRIVACY_FILTERS)}")
    wanted = _PRIVACY_FILTERS[privacy]
    boards = [
        board
        for board in service.boards.boards_of(grant.username)
        if board.privacy in wanted and _may_see(board, grant, _HIDDEN_BOARDS)
    ]
    view = service.view(request)
    listing = f"{grant.username} boards {privacy}"
    return _page(service, request, listing, boards, lambda board: board_json(board, view))


def _board(service: Service, grant: Grant, request: Request) -> Json:
    return board_json(_visible_board(service, grant, request), service.view(request))


def _board_pins(service: Service, grant: Grant, request: Request) -> Json:
    board = _visible_board(service, grant, request, _HIDDEN_PINS)
    return _pin_page(service, request, f"{board.board_id} pins", board.newest_pins())


def _sections(service: Service, grant: Grant, request: Request) -> Json:
    board = _visible_board(service, grant, request)
    newest_first = sorted(board.sections, key=lambda section: -section.position)
    return _page(service, request, f"{board.board_id} sections", newest_first, section_json)


def _section_pins(service: Service, grant: Grant, request: Request) -> Json:
    board = _visible_board(service, grant, request, _HIDDEN_PINS)
    section_id = request.path_params["section_id"]
    if all(section.section_id != section_id for section in board.sections):
        raise section_not_found()
    pins = board.newest_pins(section_id)
    return _pin_page(service, request, f"{board.board_id} {section_id} pins", pins)


def _pins(service: Service, grant: Grant, request: Request) -> Json:
    query = request.query_params
    pin_filter = query.get("pin_filter", "")
    if pin_filter not in _PIN_FILTERS:
        raise bad_request(f"pin_filter must be one of {', '.join(filter(None, _PIN_FILTERS))}")
    keep = _PIN_FILTERS[pin_filter]
    if query.get("pin_type", "PRIVATE") != "PRIVATE":
        raise bad_request("pin_type must be PRIVATE")
    shown = {"SECRET"} if "pin_type" in query else {"PUBLIC", "SECRET"}
    if query.get("include_protected_pins", "false").lower() == "true":
        shown.add("PROTECTED")
    pins = [
        pin
        for pin in service.boards.pins_of(grant.username)
        if pin.board.privacy in shown and _may_see(pin.board, grant, _HIDDEN_PINS) and keep(pin)
    ]
    listing = f"{grant.username} pins {sorted(shown)} {pin_filter}"
    return _pin_page(service, request, listing, pins)


def _pin(service: Service, grant: Grant, request: Request) -> Json:
    pin_id = request.path_params["pin_id"]
    _require_digits("pin_id", pin_id)
    try:
        pin = service.boards.pin(pin_id)
    except UnknownIdError as error:
        raise pin_not_found() from error
    if pin.board.owner != grant.username or not _may_see(pin.board, grant, _HIDDEN_PINS):
        raise pin_not_found()
    return pin_json(pin, service.view(request))


def _visible_board(service: Service, grant: Grant, request: Request, secret_scope: str = _HIDDEN_BOARDS) -> BoardState:
    board_id = request.path_params["board_id"]
    _require_digits("board_id", board_id)
    try:
        board = service.boards.board(board_id)
    except UnknownIdError as error:
        raise board_not_found() from error
    if board.owner != grant.username or not _may_see(board, grant, secret_scope):
        raise board_not_found()
    return board


def _may_see(board: BoardState, grant: Grant, secret_scope: str) -> bool:
    return board.privacy != "SECRET" or {_HIDDEN_BOARDS, secret_scope} <= grant.scopes


def _pin_page(service: Service, request: Request, listing: str, pins: Sequence[PinState]) -> Json:
    view = service.view(request)
    wanted = set(request.query_params.getlist("creative_types"))
    kept = [pin for pin in pins if not wanted or creative_type(pin, view) in wanted]
    return _page(service, request, f"{listing} {sorted(wanted)}", kept, lambda pin: pin_json(pin, view))


def _page(
    service: Service, request: Request, listing: str, items: Sequence[ItemT], to_json: Callable[[ItemT], Any]
) -> Json:
    bookmark = request.query_params.get("bookmark")
    try:
        size = int(request.query_params.get("page_size", DEFAULT_PAGE_SIZE))
        after = read_bookmark(listing, bookmark) if bookmark else None
    except ValueError as error:
        raise bad_request(f"page_size or bookmark: {error}") from error
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise bad_request(f"page_size must be from 1 to {MAX_PAGE_SIZE}")
    page, last = take_page(items, after, size)
    if last is None and len(page) == size and service.quirks.empty_last_page:
        last = page[-1].position
    next_bookmark = None if last is None else write_bookmark(listing, last)
    return {"items": [to_json(item) for item in page], "bookmark": next_bookmark}


def _require_digits(name: str, value: str) -> None:
    if not (value.isascii() and value.isdigit()):
        raise bad_request(f"{name} must be decimal digits")
