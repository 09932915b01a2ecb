"""OAuth as the API does it: `GET /oauth/` gives a code by redirect, `POST /v5/oauth/token` turns it into tokens.

Nobody is asked for consent: the account is named by the demo-only parameter `username` (the world's first by default).
Codes are only ever sent to loopback addresses.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo.servers.pinterest.errors import ApiError, bad_request, not_authenticated
from demo.servers.pinterest.render import Json
from demo.servers.pinterest.service import NOBODY, Service, respond
from demo.servers.pinterest.tokens import ACCESS_LIFE, READ_SCOPES, TokenError, TokenPair

DEMO_CLIENT_ID: Final = "1490001"
DEMO_CLIENT_SECRET: Final = "venue-taste-demo-not-a-secret"  # noqa: S105 - published on purpose
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def oauth_routes(service: Service) -> list[Route]:
    """The routes of this module."""

    async def authorize(request: Request) -> Response:
        try:
            response: Response = RedirectResponse(_authorize(service, request), 302)
        except ApiError as error:
            response = error.response()
        service.requests[NOBODY, "GET /oauth/", response.status_code] += 1
        return response

    async def token(request: Request) -> Response:
        # Percent-encoded UTF-8 is ASCII; whatever else was sent is no form of ours, and is refused as such below.
        form = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        headers: dict[str, str] = {}
        try:
            _check_client(request)
            headers = service.windows.spend(f"app {DEMO_CLIENT_ID}", "org_read")
            response = await respond(service, request, None, lambda: _token(service, form))
        except ApiError as error:
            response = error.response()
        response.headers.update({**headers, **response.headers})
        service.requests[NOBODY, "POST /v5/oauth/token", response.status_code] += 1
        return response

    return [
        Route("/oauth/", authorize, methods=["GET"]),
        Route("/v5/oauth/token", token, methods=["POST"]),
    ]


def _authorize(service: Service, request: Request) -> str:
    query = request.query_params
    if query.get("client_id") != DEMO_CLIENT_ID or query.get("response_type") != "code":
        raise bad_request(f"client_id must be {DEMO_CLIENT_ID} and response_type must be code")
    redirect_uri = query.get("redirect_uri", "")
    try:
        target = urlsplit(redirect_uri)
    except ValueError as error:
        raise bad_request(f"redirect_uri is not an address: {error}") from error
    if target.scheme not in {"http", "https"} or target.hostname not in _LOOPBACK:
        raise bad_request("redirect_uri must be an http address on this machine")
    scopes = _scopes(query.get("scope", ""))
    if not scopes or not scopes <= set(READ_SCOPES):
        raise bad_request(f"scope must be some of {','.join(READ_SCOPES)}")
    username = query.get("username") or _first_account(service)
    if username not in service.boards.usernames():
        raise bad_request(f"no account {username!r}")
    code = service.tokens.authorize(username, sorted(scopes), redirect_uri)
    answer = urlencode({"code": code, "state": query.get("state", "")})
    return f"{redirect_uri}{'&' if target.query else '?'}{answer}"


def _first_account(service: Service) -> str:
    usernames = service.boards.usernames()
    if not usernames:
        raise bad_request("this world has no accounts; build one with --users")
    return usernames[0]


def _check_client(request: Request) -> None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        credentials = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise not_authenticated() from error
    if scheme.lower() != "basic" or credentials != f"{DEMO_CLIENT_ID}:{DEMO_CLIENT_SECRET}":
        raise not_authenticated()


def _token(service: Service, form: dict[str, str]) -> Json:
    grant_type = form.get("grant_type")
    try:
        if grant_type == "authorization_code":
            continuous = form.get("continuous_refresh", "false").lower() == "true"
            code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
            pair = service.tokens.exchange(code, redirect_uri, continuous=continuous)
        elif grant_type == "refresh_token":
            narrowed = _scopes(form["scope"]) if form.get("scope") else None
            pair = service.tokens.refresh(form.get("refresh_token", ""), narrowed)
        elif grant_type == "client_credentials":
            return _client_token_json(service, _scopes(form.get("scope", "")))
        else:
            raise bad_request("grant_type must be authorization_code, refresh_token or client_credentials")
    except TokenError as error:
        raise bad_request(f"{grant_type} refused: {error}") from error
    return _token_json(grant_type, pair)


def _client_token_json(service: Service, scopes: frozenset[str]) -> Json:
    if not scopes or not scopes <= set(READ_SCOPES):
        raise bad_request(f"scope must be some of {','.join(READ_SCOPES)}")
    owner = _first_account(service)
    return {
        "response_type": "client_credentials",
        "access_token": service.tokens.client(owner, sorted(scopes)),
        "token_type": "bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "scope": " ".join(sorted(scopes)),
    }


def _token_json(grant_type: str, pair: TokenPair) -> Json:
    return {
        "response_type": grant_type,
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh_token,
        "refresh_token_expires_in": pair.refresh_expires_in,
        "refresh_token_expires_at": pair.refresh_expires_at,
        "scope": " ".join(pair.scopes),
    }


def _scopes(text: str) -> frozenset[str]:
    """Scopes separated by commas, as the API asks for them, or by spaces, as it answers."""
    return frozenset(text.replace(",", " ").split())
