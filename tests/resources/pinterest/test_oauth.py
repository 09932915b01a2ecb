"""Tokens: given for a code, refreshed, sealed at rest, and kept right when several want them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from resources.errors import SetupError
from resources.pinterest.account_api import AccountApi
from resources.pinterest.accounts import (
    StoredAccess,
    connect_account,
    record_failure,
    record_poll,
    reseal_tokens,
    retry_after,
)
from resources.pinterest.errors import AccessRevokedError, AppRefusedError, TokenUnreadableError
from resources.pinterest.loopback import await_code
from resources.pinterest.oauth import SCOPES, PinterestApp, TokenPair
from resources.pinterest.requests import Requests
from resources.pinterest.token_box import TokenBox
from resources.schema import pinterest_accounts, users
from tests.demo.pinterest_contract.server import DemoPinterest, demo_pinterest
from tests.resources.pinterest.surroundings import Time, free_redirect

REDIRECT = "http://127.0.0.1:8085/callback"
ADA = uuid.UUID(int=1)


@dataclass(frozen=True)
class Connected:
    """The demo's application, with a way to ask for tokens."""

    demo: DemoPinterest
    app: PinterestApp
    requests: Requests

    def consent(self, username: str = "ada") -> str:
        """The code somebody who says yes comes back with."""
        address = f"{self.app.consent_address(REDIRECT, 'a state')}&username={username}"
        back = httpx.get(address).headers["location"]
        answer = parse_qs(urlsplit(back).query)
        assert answer["state"] == ["a state"]
        return answer["code"][0]

    def tokens(self) -> TokenPair:
        return self.app.exchange(self.requests, self.consent(), REDIRECT)


@pytest.fixture
def connected() -> Iterator[Connected]:
    with demo_pinterest() as demo, httpx.Client(timeout=10) as http:
        base = str(demo.http.base_url)
        app = PinterestApp(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, f"{base}/v5", f"{base}/oauth/")
        time = Time(demo.clock)
        yield Connected(demo, app, Requests(http, time.timing()))


@pytest.fixture
def box() -> TokenBox:
    return TokenBox(Fernet.generate_key().decode())


def test_a_code_is_exchanged_for_tokens_that_are_refreshed_for_ever(connected: Connected) -> None:
    tokens = connected.tokens()
    for _ in range(4):
        connected.demo.clock.advance(
            days=50
        )  # within the 60 days of a continuous token, beyond the year of a legacy one
        tokens, spent = connected.app.refresh(connected.requests, tokens.refresh_token), tokens
        assert tokens.refresh_token != spent.refresh_token
        assert tokens.access_expires_at == connected.demo.clock() + timedelta(days=30)
        assert tokens.refresh_expires_at == connected.demo.clock() + timedelta(days=60)
    answer = connected.demo.http.get("/v5/user_account", headers={"Authorization": f"Bearer {tokens.access_token}"})
    assert answer.json()["username"] == "ada"


def test_a_spent_or_expired_refresh_token_means_that_access_is_revoked(connected: Connected) -> None:
    tokens = connected.tokens()
    connected.app.refresh(connected.requests, tokens.refresh_token)
    with pytest.raises(AccessRevokedError, match="refresh token is refused"):
        connected.app.refresh(connected.requests, tokens.refresh_token)
    assert "connect-pinterest" in AccessRevokedError.remedy


def test_a_wrong_secret_is_the_applications_fault_and_not_a_persons(connected: Connected) -> None:
    tokens = connected.tokens()
    wrong = PinterestApp(DEMO_CLIENT_ID, "wrong", connected.app.api_url, connected.app.consent_url)
    with pytest.raises(AppRefusedError):
        wrong.refresh(connected.requests, tokens.refresh_token)
    assert "PINTEREST_APP_SECRET" in AppRefusedError.remedy


def test_a_rate_limited_refresh_is_no_revocation(connected: Connected) -> None:
    tokens = connected.tokens()
    connected.demo.control("POST", "faults", kind="rate_limit_as_400", path="/v5/oauth/token", seconds=20)
    assert connected.app.refresh(connected.requests, tokens.refresh_token).access_token


def test_only_reading_is_asked_for() -> None:
    assert all(scope.endswith((":read", ":read_secret")) for scope in SCOPES)


def test_tokens_are_sealed_under_the_first_key_and_read_under_any() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = TokenBox(old).seal("pina_secret")
    assert b"pina_secret" not in sealed
    both = TokenBox(f"{new}, {old}")
    assert both.open(sealed) == "pina_secret"
    with pytest.raises(TokenUnreadableError):
        TokenBox(new).open(sealed)
    assert TokenBox(new).open(both.reseal(sealed)) == "pina_secret"
    for nonsense in ("", "short", f"{new},short"):
        with pytest.raises(SetupError, match="TOKEN_KEY"):
            TokenBox(nonsense)


def stored(engine: Engine, box: TokenBox, tokens: TokenPair, now: Time) -> None:
    with engine.begin() as connection:
        connection.execute(users.insert().values(user_id=ADA, handle="ada", bucket=0))
        connect_account(connection, box, ADA, "1", tokens, now.clock())


def test_a_stored_token_is_refreshed_before_its_end_and_once_for_all_who_want_it(
    connected: Connected, box: TokenBox, engine: Engine
) -> None:
    time = Time(connected.demo.clock)
    stored(engine, box, connected.tokens(), time)
    connected.demo.control("DELETE", "requests")
    together = threading.Barrier(4)

    def wanted(_: int) -> str:
        with httpx.Client(timeout=10) as http:
            requests = Requests(http, time.timing())
            access = StoredAccess(
                engine, box, ADA, lambda token: connected.app.refresh(requests, token), connected.demo.clock
            )
            together.wait(10)
            AccountApi(connected.app.api_url, requests, access).boards()
            return access.token()

    connected.demo.clock.advance(days=29, hours=1)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(wanted, range(4)))) == 1
    counted = {entry["route"]: entry["count"] for entry in connected.demo.control("GET", "requests")["requests"]}
    assert counted == {"GET /v5/boards": 4, "POST /v5/oauth/token": 1}


def test_a_token_refused_before_its_time_is_refreshed_and_the_page_asked_again(
    connected: Connected, box: TokenBox, engine: Engine
) -> None:
    time = Time(connected.demo.clock)
    stored(engine, box, connected.tokens(), time)
    connected.demo.control("POST", "tokens/expire", username="ada")
    access = StoredAccess(
        engine, box, ADA, lambda token: connected.app.refresh(connected.requests, token), connected.demo.clock
    )
    assert len(AccountApi(connected.app.api_url, connected.requests, access).boards()) == 18
    with engine.connect() as connection:
        row = connection.execute(select(pinterest_accounts)).one()
    assert box.open(row.access_token) == access.token()
    assert "pina_" not in str(row)


def test_tokens_without_a_refresh_token_are_used_to_their_end(box: TokenBox, engine: Engine) -> None:
    time = Time()
    now = time.clock()
    stored(engine, box, TokenPair("pina_bare", "", now + timedelta(days=2), now + timedelta(days=2)), time)

    def access() -> StoredAccess:
        return StoredAccess(engine, box, ADA, lambda _: pytest.fail("nothing to refresh with"), time.clock)

    assert access().token() == "pina_bare"
    time.clock.advance(days=1.5)
    assert access().token() == "pina_bare"
    with pytest.raises(AccessRevokedError):
        access().token(refused="pina_bare")
    time.clock.advance(days=1)
    with pytest.raises(AccessRevokedError):
        access().token()


def test_accounts_keep_when_they_are_due_and_what_is_wrong(box: TokenBox, engine: Engine) -> None:
    time = Time()
    now = time.clock()
    tokens = TokenPair("a", "b", now + timedelta(days=30), now + timedelta(days=60))
    stored(engine, box, tokens, time)

    def row() -> tuple[object, ...]:
        columns = pinterest_accounts.c
        with engine.connect() as connection:
            query = select(columns.failures, columns.last_error, columns.polled_at, columns.poll_due_at)
            return tuple(connection.execute(query).one())

    assert row() == (0, None, None, now)
    with engine.begin() as connection:
        record_failure(connection, ADA, "broken\0", now)
        record_failure(connection, ADA, "broken", now)
    assert row() == (2, "broken", None, now + timedelta(minutes=30))
    with engine.begin() as connection:
        record_failure(connection, ADA, "limited", now, now + timedelta(hours=5))
    assert row() == (3, "limited", None, now + timedelta(hours=5))
    with engine.begin() as connection:
        record_poll(connection, ADA, now, now + timedelta(hours=1))
    assert row() == (0, None, now, now + timedelta(hours=1))
    assert [retry_after(failures) for failures in (1, 2, 8, 1000)] == [
        timedelta(minutes=15), timedelta(minutes=30), timedelta(days=1), timedelta(days=1),
    ]  # fmt: skip


def test_an_account_is_one_persons(box: TokenBox, engine: Engine) -> None:
    time = Time()
    tokens = TokenPair("a", "b", time.clock(), time.clock())
    stored(engine, box, tokens, time)
    with engine.begin() as connection:
        connection.execute(users.insert().values(user_id=uuid.UUID(int=2), handle="ben", bucket=0))
        with pytest.raises(SetupError, match="'ada'"):
            connect_account(connection, box, uuid.UUID(int=2), "1", tokens, time.clock())


def test_all_tokens_are_resealed_when_keys_change(engine: Engine) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    time = Time()
    stored(engine, TokenBox(old), TokenPair("a", "b", time.clock(), time.clock()), time)
    with engine.begin() as connection:
        with pytest.raises(TokenUnreadableError):
            reseal_tokens(connection, TokenBox(new))
        assert reseal_tokens(connection, TokenBox(f"{new},{old}")) == 1
        row = connection.execute(select(pinterest_accounts)).one()
    assert [TokenBox(new).open(sealed) for sealed in (row.access_token, row.refresh_token)] == ["a", "b"]


def browse(*addresses: str) -> threading.Thread:
    thread = threading.Thread(target=lambda: [httpx.get(address, timeout=10) for address in addresses])
    thread.start()
    return thread


def test_the_browser_that_comes_back_brings_the_code_and_only_with_our_state() -> None:
    redirect = free_redirect()
    came: list[threading.Thread] = []

    def send_off() -> None:
        base = redirect.removesuffix("/callback")
        forged = (f"{base}/favicon.ico", f"{base}/callback?code=evil&state=guessed", f"{base}/callback?code=evil")
        came.append(browse(*forged, f"{redirect}?code=good&state=right"))

    assert await_code(redirect, "right", send_off, seconds=20) == "good"
    came[0].join(10)


def test_no_consent_is_said_plainly() -> None:
    redirect = free_redirect()
    came: list[threading.Thread] = []
    with pytest.raises(SetupError, match="access_denied"):
        await_code(
            redirect, "right",
            lambda: came.append(browse(f"{redirect}?error=access_denied&state=right")), seconds=20,
        )  # fmt: skip
    came[0].join(10)
    with pytest.raises(SetupError, match="nobody came back"):
        await_code(redirect, "right", lambda: None, seconds=0.01)


@pytest.mark.parametrize("address", ["https://example.com/callback", "http://127.0.0.1/callback", "http://10.0.0.1:1/"])
def test_codes_are_taken_on_this_machine_only(address: str) -> None:
    with pytest.raises(SetupError, match="on this machine"):
        await_code(address, "right", lambda: None)
