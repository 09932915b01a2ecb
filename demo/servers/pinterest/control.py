"""The control API under `/_control/`: changes boards as their owners would, and makes the server misbehave.

For the demo and for tests only; it has no counterpart at Pinterest and asks for no token. JSON in, JSON out; a body
it does not understand gets 400 and a `message`, an unknown id 404.

* `GET users`: accounts with a ready-made access token and their boards
* `POST boards` (`NewBoard`), `DELETE boards/{board_id}`
* `POST pins` (`NewPin`), `POST pins/{pin_id}/move` (`Move`), `DELETE pins/{pin_id}`
* `GET faults`, `POST faults` (`faults.Fault`), `DELETE faults`; `GET quirks`, `PUT quirks` (`faults.Quirks`, all anew)
* `POST tokens/expire` (`AccountName`): the account's access tokens, also the ready-made one, are refused from now on
* `GET requests`, `DELETE requests`: how often what was asked, and forgetting it
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.aesthetics import BY_SLUG, OFF_TOPIC, SCENES
from demo.servers.pinterest.faults import Fault, Quirks
from demo.servers.pinterest.render import Json
from demo.servers.pinterest.service import Service
from demo.servers.pinterest.state import PinState, Privacy, UnknownIdError
from demo.servers.same_site import is_cross_site
from demo.world.model import PictureSpec

_Action = Callable[[Service, Request, bytes], Json]
_ModelT = TypeVar("_ModelT", bound=BaseModel)


def _one_of(*choices: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return AfterValidator(check)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountName(_Body):
    """Body of `tokens/expire`."""

    username: str


class NewBoard(_Body):
    """Body of `POST boards`."""

    username: str
    name: str
    description: str = ""
    privacy: Privacy = "PUBLIC"


class NewPin(_Body):
    """Body of `POST pins`; `aesthetic` is a slug of `demo.aesthetics` or one of its off-topic subjects."""

    board_id: str
    aesthetic: Annotated[str, _one_of(*BY_SLUG, *OFF_TOPIC)]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    scene: Annotated[str, _one_of(*SCENES)] = SCENES[0]
    alt_text: str | None = None
    section_id: str | None = None


class Move(_Body):
    """Body of `pins/{pin_id}/move`; the board must belong to the same account."""

    board_id: str
    section_id: str | None = None


def control_routes(service: Service) -> list[Route]:
    """The routes of this module."""
    actions: list[tuple[str, str, _Action]] = [
        ("GET", "users", _users),
        ("POST", "boards", _add_board),
        ("DELETE", "boards/{board_id}", _delete_board),
        ("POST", "pins", _add_pin),
        ("POST", "pins/{pin_id}/move", _move_pin),
        ("DELETE", "pins/{pin_id}", _delete_pin),
        ("GET", "faults", _faults),
        ("POST", "faults", _add_fault),
        ("DELETE", "faults", _clear_faults),
        ("GET", "quirks", _quirks),
        ("PUT", "quirks", _set_quirks),
        ("POST", "tokens/expire", _expire_tokens),
        ("GET", "requests", _requests),
        ("DELETE", "requests", _forget_requests),
    ]
    return [
        Route(f"/_control/{path}", _endpoint(service, action), methods=[method]) for method, path, action in actions
    ]


def _endpoint(service: Service, action: _Action) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        if is_cross_site(request.headers):
            return JSONResponse({"message": "asked for by a page of another site"}, 403)
        try:
            return JSONResponse(action(service, request, await request.body()))
        except UnknownIdError as error:
            return JSONResponse({"message": str(error)}, 404)
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
            return JSONResponse({"message": "; ".join(problems)}, 400)

    return handle


def _parse(model: type[_ModelT], body: bytes) -> _ModelT:
    return model.model_validate_json(body or b"{}", strict=True)


def _users(service: Service, request: Request, body: bytes) -> Json:
    users = [
        {
            "username": username,
            "access_token": service.tokens.ready_made(username),
            "boards": [
                {"board_id": board.board_id, "name": board.name, "pin_count": len(board.pins)}
                for board in service.boards.boards_of(username)
            ],
        }
        for username in service.boards.usernames()
    ]
    return {"users": users}


def _add_board(service: Service, request: Request, body: bytes) -> Json:
    new = _parse(NewBoard, body)
    return {"board_id": service.boards.add_board(new.username, new.name, new.description, new.privacy).board_id}


def _delete_board(service: Service, request: Request, body: bytes) -> Json:
    service.boards.delete_board(request.path_params["board_id"])
    return {}


def _add_pin(service: Service, request: Request, body: bytes) -> Json:
    new = _parse(NewPin, body)
    spec = PictureSpec(((new.aesthetic, 1.0),), new.scene, new.seed)
    return _place(service.boards.add_pin(new.board_id, spec, new.alt_text, new.section_id))


def _move_pin(service: Service, request: Request, body: bytes) -> Json:
    move = _parse(Move, body)
    return _place(service.boards.move_pin(request.path_params["pin_id"], move.board_id, move.section_id))


def _delete_pin(service: Service, request: Request, body: bytes) -> Json:
    service.boards.delete_pin(request.path_params["pin_id"])
    return {}


def _faults(service: Service, request: Request, body: bytes) -> Json:
    return {"faults": [fault.model_dump() for fault in service.faults.pending()]}


def _add_fault(service: Service, request: Request, body: bytes) -> Json:
    service.faults.add(_parse(Fault, body))
    return _faults(service, request, body)


def _clear_faults(service: Service, request: Request, body: bytes) -> Json:
    service.faults.clear()
    return {}


def _quirks(service: Service, request: Request, body: bytes) -> Json:
    return service.quirks.model_dump()


def _set_quirks(service: Service, request: Request, body: bytes) -> Json:
    service.quirks = _parse(Quirks, body)
    return service.quirks.model_dump()


def _expire_tokens(service: Service, request: Request, body: bytes) -> Json:
    username = _parse(AccountName, body).username
    service.boards.boards_of(username)  # an unknown account is a mistake, not a success
    service.tokens.expire_access(username)
    return {}


def _requests(service: Service, request: Request, body: bytes) -> Json:
    return {
        "requests": [
            {"username": username, "route": route, "status": status, "count": times}
            for (username, route, status), times in sorted(service.requests.items())
        ]
    }


def _forget_requests(service: Service, request: Request, body: bytes) -> Json:
    service.requests.clear()
    return {}


def _place(state: PinState) -> Json:
    return {"pin_id": state.pin.pin_id, "board_id": state.board.board_id, "section_id": state.section_id}
