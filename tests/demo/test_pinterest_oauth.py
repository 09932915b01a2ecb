"""The OAuth dance of the demo Pinterest: codes, tokens, scopes, expiry and refresh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.servers.pinterest import DEMO_CLIENT_ID
from tests.demo.pinterest_contract.server import DemoPinterest, bearer, demo_pinterest
from tests.demo.pinterest_contract.tour import ALL_SCOPES, REDIRECT_URI, ask_token, authorize
from tests.demo.pinterest_contract.world import BIG_BOARD, NOW

DAY = 86_400


@pytest.fixture(scope="module")
def shared() -> Iterator[DemoPinterest]:
    """One server for the tests that leave it as they found it."""
    with demo_pinterest() as running:
        yield running


@pytest.fixture
def pinterest() -> Iterator[DemoPinterest]:
    with demo_pinterest() as running:
        yield running


def grant(pinterest: DemoPinterest, *, scope: str = ALL_SCOPES, continuous: bool = True) -> dict[str, Any]:
    code = authorize(pinterest, scope=scope)
    response = ask_token(
        pinterest.http,
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT_URI,
        continuous_refresh=str(continuous).lower(),
    )
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def refresh(pinterest: DemoPinterest, tokens: dict[str, Any], **form: str) -> dict[str, Any]:
    response = ask_token(pinterest.http, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **form)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def status(pinterest: DemoPinterest, tokens: dict[str, Any], path: str = "/v5/user_account") -> int:
    return pinterest.http.get(path, headers=bearer(tokens["access_token"])).status_code


def test_a_code_becomes_tokens_of_the_account_that_gave_it(shared: DemoPinterest) -> None:
    code = authorize(shared, "ben")
    tokens = ask_token(
        shared.http, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI, continuous_refresh="true"
    ).json()
    account = shared.http.get("/v5/user_account", headers=bearer(tokens["access_token"])).json()
    assert account["username"] == "ben"
    assert tokens["token_type"] == "bearer"
    assert tokens["response_type"] == "authorization_code"
    assert tokens["expires_in"] == 30 * DAY
    assert tokens["refresh_token_expires_in"] == 60 * DAY
    assert tokens["refresh_token_expires_at"] == int(NOW.timestamp()) + 60 * DAY
    assert set(tokens["scope"].split()) == set(ALL_SCOPES.split(","))


def test_a_code_works_once_soon_and_for_its_own_address(pinterest: DemoPinterest) -> None:
    def exchange(code: str, redirect_uri: str = REDIRECT_URI) -> int:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return ask_token(pinterest.http, **form).status_code

    code = authorize(pinterest)
    assert exchange(code, "http://127.0.0.1:8085/other") == 400
    assert exchange(code) == 200
    assert exchange(code) == 400
    late = authorize(pinterest)
    pinterest.clock.advance(minutes=10)
    assert exchange(late) == 400
    assert exchange("made-up") == 400


def test_an_access_token_lasts_thirty_days(pinterest: DemoPinterest) -> None:
    tokens = grant(pinterest)
    pinterest.clock.advance(days=30, seconds=-1)
    assert status(pinterest, tokens) == 200
    pinterest.clock.advance(seconds=1)
    assert status(pinterest, tokens) == 401


def test_a_continuous_refresh_goes_on_for_ever(pinterest: DemoPinterest) -> None:
    tokens = grant(pinterest)
    for _ in range(8):
        pinterest.clock.advance(days=59)
        tokens = refresh(pinterest, tokens)
        assert tokens["response_type"] == "refresh_token"
        assert tokens["refresh_token_expires_in"] == 60 * DAY
        assert status(pinterest, tokens) == 200
    pinterest.clock.advance(days=60)
    expired = ask_token(pinterest.http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert expired.status_code == 400


def test_a_continuous_refresh_token_is_spent_by_its_use(shared: DemoPinterest) -> None:
    tokens = grant(shared)
    newer = refresh(shared, tokens)
    assert newer["refresh_token"] != tokens["refresh_token"]
    again = ask_token(shared.http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again.status_code == 400
    assert status(shared, newer) == 200


def test_a_legacy_refresh_token_ends_after_its_year(pinterest: DemoPinterest) -> None:
    tokens = grant(pinterest, continuous=False)
    assert tokens["refresh_token_expires_in"] == 365 * DAY
    pinterest.clock.advance(days=300)
    again = refresh(pinterest, tokens)
    assert again["refresh_token"] == tokens["refresh_token"]
    assert again["refresh_token_expires_in"] == 65 * DAY
    pinterest.clock.advance(days=65)
    over = ask_token(pinterest.http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert over.status_code == 400


def test_scopes_are_checked(shared: DemoPinterest) -> None:
    tokens = grant(shared, scope="boards:read")
    assert tokens["scope"] == "boards:read"
    assert status(shared, tokens, f"/v5/boards/{BIG_BOARD}") == 200
    assert status(shared, tokens, f"/v5/boards/{BIG_BOARD}/pins") == 403
    assert status(shared, tokens, "/v5/pins") == 403
    assert status(shared, tokens, "/v5/user_account") == 403


def test_a_refresh_may_narrow_scopes_but_not_widen_them(shared: DemoPinterest) -> None:
    tokens = grant(shared, scope="boards:read,pins:read")
    narrower = refresh(shared, tokens, scope="boards:read")
    assert narrower["scope"] == "boards:read"
    wider = ask_token(
        shared.http,
        grant_type="refresh_token",
        refresh_token=narrower["refresh_token"],
        scope="boards:read,pins:read",
    )
    assert wider.status_code == 400


def test_access_expired_by_hand_is_cured_by_a_refresh(pinterest: DemoPinterest) -> None:
    tokens = grant(pinterest)
    pinterest.control("POST", "tokens/expire", username="ada")
    assert status(pinterest, tokens) == 401
    assert pinterest.get("/v5/user_account").status_code == 401
    assert pinterest.get("/v5/user_account", "ben").status_code == 200
    assert status(pinterest, refresh(pinterest, tokens)) == 200


def test_tokens_outlive_a_restart_of_the_server(pinterest: DemoPinterest) -> None:
    tokens = grant(pinterest)
    with demo_pinterest() as restarted:
        assert restarted.tokens == pinterest.tokens
        assert status(restarted, tokens) == 200
        assert status(restarted, refresh(restarted, tokens)) == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer pina_", "Bearer pina_e30.00", "Basic YWRhOmE="])
def test_a_request_without_a_good_token_is_refused(shared: DemoPinterest, header: str) -> None:
    response = shared.http.get("/v5/boards", headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.json() == {"code": 2, "message": "Authentication failed."}


def test_a_refresh_token_is_no_access_token(shared: DemoPinterest) -> None:
    tokens = grant(shared)
    assert status(shared, {"access_token": tokens["refresh_token"]}) == 401


def test_a_tampered_token_is_refused(shared: DemoPinterest) -> None:
    claims, _, seal = shared.tokens["ada"].partition(".")
    other_claims = shared.tokens["ben"].partition(".")[0]
    assert status(shared, {"access_token": f"{claims}.{seal}"}) == 200
    assert status(shared, {"access_token": f"{other_claims}.{seal}"}) == 401


def test_the_token_end_point_knows_its_client(shared: DemoPinterest) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    assert ask_token(shared.http, "wrong secret", **form).status_code == 401
    assert shared.http.post("/v5/oauth/token", data=form).status_code == 401
    assert ask_token(shared.http, grant_type="password").status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"response_type": "token"},
        {"redirect_uri": "http://example.com/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"scope": ""},
        {"scope": "ads:write"},
        {"username": "nobody"},
    ],
)
def test_authorization_refuses_what_it_does_not_know(shared: DemoPinterest, wrong: dict[str, str]) -> None:
    query = {
        "client_id": DEMO_CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "boards:read",
    }
    assert shared.http.get("/oauth/", params=query).status_code == 302
    assert shared.http.get("/oauth/", params={**query, **wrong}).status_code == 400
