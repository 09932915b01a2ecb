"""One call of everything the server offers, good and bad: what both judges of its answers are driven over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.demo.pinterest_contract.server import DemoPinterest, bearer
from tests.demo.pinterest_contract.world import BEN_BOARD, BIG_BOARD, EMPTY_BOARD

REDIRECT_URI = "http://127.0.0.1:8085/callback"
ALL_SCOPES = "boards:read,boards:read_secret,pins:read,pins:read_secret,user_accounts:read"


@dataclass(frozen=True)
class Stop:
    """One answer on the tour, where the description has it, and the status it should have."""

    method: str
    template: str
    response: httpx.Response
    status: int


def authorize(pinterest: DemoPinterest, username: str = "ada", scope: str = ALL_SCOPES) -> str:
    """An authorization code, by way of the redirect."""
    query = {"client_id": DEMO_CLIENT_ID, "redirect_uri": REDIRECT_URI, "response_type": "code", "state": "s p/1"}
    response = pinterest.http.get("/oauth/", params={**query, "scope": scope, "username": username})
    assert response.status_code == 302, response.text
    location = urlsplit(response.headers["location"])
    answer = parse_qs(location.query)
    assert (location.path, answer["state"]) == ("/callback", ["s p/1"])
    return answer["code"][0]


def ask_token(http: httpx.Client, secret: str = DEMO_CLIENT_SECRET, **form: str) -> httpx.Response:
    """POST to the token end point as the demo's application."""
    return http.post("/v5/oauth/token", data=form, auth=(DEMO_CLIENT_ID, secret))


def tour(pinterest: DemoPinterest, http: httpx.Client) -> Iterator[Stop]:
    """Call everything through `http`, which leads to `pinterest` directly or by a proxy."""
    yield from _token_stops(pinterest, http)
    yield from _resource_stops(pinterest, http)
    yield from _refusal_stops(pinterest, http)
    yield from _quirk_stops(pinterest, http)


def _token_stops(pinterest: DemoPinterest, http: httpx.Client) -> Iterator[Stop]:
    for continuous in ("true", "false"):
        code = authorize(pinterest)
        grant = ask_token(
            http,
            grant_type="authorization_code",
            code=code,
            redirect_uri=REDIRECT_URI,
            continuous_refresh=continuous,
        )
        yield Stop("POST", "/v5/oauth/token", grant, 200)
        refresh_token = grant.json()["refresh_token"]
        again = ask_token(http, grant_type="refresh_token", refresh_token=refresh_token)
        yield Stop("POST", "/v5/oauth/token", again, 200)
    refused = ask_token(http, grant_type="refresh_token", refresh_token="pinr_made-up")
    yield Stop("POST", "/v5/oauth/token", refused, 400)
    own = ask_token(http, DEMO_CLIENT_SECRET, grant_type="client_credentials", scope="user_accounts:read")
    yield Stop("POST", "/v5/oauth/token", own, 200)
    yield Stop("POST", "/v5/oauth/token", ask_token(http, "wrong", grant_type="refresh_token", refresh_token="x"), 401)


def _resource_stops(pinterest: DemoPinterest, http: httpx.Client) -> Iterator[Stop]:
    def get(template: str, status: int = 200, **values: str) -> Stop:
        path = template.format_map(values)
        query = {name: value for name, value in values.items() if f"{{{name}}}" not in template}
        response = http.get(path, params=query, headers=bearer(pinterest.tokens["ada"]))
        return Stop("GET", template, response, status)

    yield get("/v5/user_account")
    yield get("/v5/boards")
    for privacy in ("ALL", "PUBLIC", "PROTECTED", "SECRET", "PUBLIC_AND_SECRET"):
        yield get("/v5/boards", privacy=privacy, page_size="250")
    yield get("/v5/boards/{board_id}", board_id=BIG_BOARD)
    yield get("/v5/boards/{board_id}", board_id=EMPTY_BOARD)
    first = get("/v5/boards/{board_id}/pins", board_id=BIG_BOARD, page_size="40")
    yield first
    bookmark = first.response.json()["bookmark"]
    yield get("/v5/boards/{board_id}/pins", board_id=BIG_BOARD, page_size="40", bookmark=bookmark)
    yield get("/v5/boards/{board_id}/pins", board_id=EMPTY_BOARD)
    sections = get("/v5/boards/{board_id}/sections", board_id=BIG_BOARD)
    yield sections
    section_id = sections.response.json()["items"][0]["id"]
    section_pins = "/v5/boards/{board_id}/sections/{section_id}/pins"
    yield get(section_pins, board_id=BIG_BOARD, section_id=section_id)
    yield get("/v5/pins", page_size="100", include_protected_pins="true")
    yield get("/v5/pins", pin_filter="exclude_repins", creative_types="REGULAR")
    yield get("/v5/pins/{pin_id}", pin_id=first.response.json()["items"][0]["id"])
    yield get("/v5/boards/{board_id}", 404, board_id=BEN_BOARD)
    yield get("/v5/boards/{board_id}/pins", 404, board_id="999")
    yield get(section_pins, 404, board_id=BIG_BOARD, section_id="999")
    yield get("/v5/pins/{pin_id}", 404, pin_id="999")
    yield get("/v5/boards", 400, bookmark="made-up")


def _refusal_stops(pinterest: DemoPinterest, http: httpx.Client) -> Iterator[Stop]:
    template, path = "/v5/boards/{board_id}/pins", f"/v5/boards/{BIG_BOARD}/pins"
    yield Stop("GET", template, http.get(path, headers=bearer("pina_made-up")), 401)
    code = authorize(pinterest, scope="boards:read")
    narrow = ask_token(http, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
    yield Stop("GET", template, http.get(path, headers=bearer(narrow["access_token"])), 403)
    for kind, status in (
        ("rate_limit", 429),
        ("rate_limit_as_400", 400),
        ("server_error", 503),
        ("expired_token", 401),
        ("not_found", 404),
    ):
        for faulty_template, faulty_path in ((template, path), ("/v5/boards", "/v5/boards")):
            pinterest.control("POST", "faults", kind=kind)
            response = http.get(faulty_path, headers=bearer(pinterest.tokens["ada"]))
            yield Stop("GET", faulty_template, response, status)


def _quirk_stops(pinterest: DemoPinterest, http: httpx.Client) -> Iterator[Stop]:
    pinterest.control("PUT", "quirks", null_texts=1.0, not_images=0.8, missing_images=1.0, empty_last_page=True)
    path, headers = f"/v5/boards/{BIG_BOARD}/pins", bearer(pinterest.tokens["ada"])
    yield Stop("GET", "/v5/boards/{board_id}/pins", http.get(path, headers=headers), 200)
    yield Stop("GET", "/v5/boards", http.get("/v5/boards", headers=headers), 200)
    pinterest.control("PUT", "quirks")
