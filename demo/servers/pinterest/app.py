"""Assembly of the look-alike: one `Service`, all routes, errors in the API's own form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.servers.pinterest.control import control_routes
from demo.servers.pinterest.errors import ApiError
from demo.servers.pinterest.faults import Quirks
from demo.servers.pinterest.limits import STANDARD_ACCESS, Limit, RequestWindows
from demo.servers.pinterest.media import MediaStore, NoSuchImageError, parse_name
from demo.servers.pinterest.oauth import oauth_routes
from demo.servers.pinterest.render import is_missing
from demo.servers.pinterest.resources import resource_routes
from demo.servers.pinterest.service import NOBODY, Service, carry_out
from demo.servers.pinterest.state import Boards, UnknownIdError
from demo.servers.pinterest.tokens import Tokens
from demo.world.model import World


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def build_pinterest_app(
    world: World,
    *,
    media_dir: Path | None = None,
    base_url: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    limits: Mapping[str, Limit] = STANDARD_ACCESS,
    quirks: Quirks | None = None,
) -> Starlette:
    """The application; serve it on loopback only.

    Args:
        world: whose people and boards to show. Every id in it must be decimal digits.
        media_dir: where painted pictures are kept between runs; None keeps the latest few in memory.
        base_url: what media URLs start with, no trailing slash; None takes the address each request came to.
        clock: the time, zone-aware; decides expiry, rate windows and the times of changes.
        limits: requests allowed per account and category; an empty mapping lifts them.
        quirks: oddities of the data from the start.

    Raises:
        ValueError: an id in the world is not decimal digits.
    """
    service = Service(
        boards=Boards(world, clock),
        tokens=Tokens(world.seed, world.now, clock),
        windows=RequestWindows(limits, clock),
        media=MediaStore(media_dir),
        base_url=base_url.rstrip("/") if base_url else None,
        quirks=quirks or Quirks(),
    )
    media = Route("/media/{size}/{name}", _media_endpoint(service), methods=["GET"])
    routes = [*oauth_routes(service), *resource_routes(service), media, *control_routes(service)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _as_api_error})


def _media_endpoint(service: Service) -> Callable[[Request], object]:
    async def handle(request: Request) -> Response:
        response = await _media(service, request)
        service.requests[NOBODY, "GET /media/{size}", response.status_code] += 1
        return response

    return handle


async def _media(service: Service, request: Request) -> Response:
    fault = service.faults.take(request.url.path, None)
    size, name = request.path_params["size"], request.path_params["name"]
    try:
        if fault is not None:
            await carry_out(fault, request)
        pin_id, frame = parse_name(name)
        pin = service.boards.pin(pin_id).pin
        if is_missing(pin_id, service.quirks):
            return Response(status_code=404)
        body = await run_in_threadpool(service.media.jpeg, pin_id, pin.spec, size, frame)
    except ApiError as error:
        return error.response()
    except (NoSuchImageError, UnknownIdError):
        return Response(status_code=404)
    if fault is not None and fault.kind == "malformed":
        body = body[: len(body) // 2]
    return Response(body, media_type="image/jpeg")


async def _as_api_error(request: Request, error: Exception) -> Response:
    """Unknown paths and methods in the API's own form."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return ApiError(status, status, "Not found." if status == 404 else "Method not allowed.").response()
