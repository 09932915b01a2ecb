"""The table of connected accounts: their sealed tokens, and when each is to be polled next. SQL and refreshing only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from resources.errors import SetupError
from resources.pinterest.errors import AccessRevokedError
from resources.pinterest.oauth import TokenPair
from resources.pinterest.token_box import TokenBox
from resources.schema import pinterest_accounts, users

REFRESH_BEFORE: Final = timedelta(days=1)
"""Tokens that expire sooner are refreshed first, so that no long listing outlives its token."""

_FIRST_RETRY: Final = timedelta(minutes=15)
_LONGEST_RETRY: Final = timedelta(days=1)
_REASON_CHARACTERS: Final = 500

Refresh = Callable[[str], TokenPair]


def connect_account(
    connection: Connection, box: TokenBox, user_id: uuid.UUID, account_id: str, tokens: TokenPair, now: datetime
) -> None:
    """Store an account's tokens for a person, in place of earlier ones, and have it polled at once.

    Args:
        connection: inside a transaction.
        box: seals the tokens.
        user_id: who connected.
        account_id: the account at Pinterest.
        tokens: what it gave.
        now: the time.

    Raises:
        SetupError: another person has connected that account.
    """
    accounts = pinterest_accounts.c
    others = select(users.c.handle).join(pinterest_accounts).where(accounts.account_id == account_id)
    other = connection.scalar(others.where(accounts.user_id != user_id))
    if other is not None:
        raise SetupError(
            f"that Pinterest account is connected to {other!r} already",
            "log out at pinterest.com and connect another, or `venue-taste users forget` the other person first",
        )
    values = {"account_id": account_id, "poll_due_at": now, "failures": 0, "last_error": None, **_sealed(box, tokens)}
    connection.execute(
        insert(pinterest_accounts)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )


class StoredAccess:
    """The access token of a connected account, refreshed when it nears its end or is refused.

    Args:
        engine: on the tables' database.
        box: opens the tokens.
        user_id: whose.
        refresh: turns a refresh token into new tokens.
        clock: the time.
    """

    def __init__(
        self, engine: Engine, box: TokenBox, user_id: uuid.UUID, refresh: Refresh, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._box = box
        self._user_id = user_id
        self._refresh = refresh
        self._clock = clock
        self._token: str | None = None

    def token(self, refused: str | None = None) -> str:
        """A token that is good as far as we know, other than `refused`. Raises PinterestError."""
        if self._token is None or self._token == refused:
            self._token = self._usable(refused)
        return self._token

    def _usable(self, refused: str | None) -> str:
        with self._engine.begin() as connection:
            # Locked while it is refreshed: a refresh token is good once, and another process may want it now.
            account = _account(connection, self._user_id)
            token = self._box.open(account.access_token)
            if token != refused and account.access_expires_at - self._clock() > REFRESH_BEFORE:
                return token
            refresh_token = self._box.open(account.refresh_token)
            if not refresh_token:
                if token != refused and account.access_expires_at > self._clock():
                    return token
                raise AccessRevokedError("the access token is refused or expired, and came without a refresh token")
            tokens = self._refresh(refresh_token)
            connection.execute(
                update(pinterest_accounts)
                .where(pinterest_accounts.c.user_id == self._user_id)
                .values(**_sealed(self._box, tokens))
            )
        return tokens.access_token


def reseal_tokens(connection: Connection, box: TokenBox) -> int:
    """Encrypt every stored token under the first key of `box`; how many accounts that were.

    Raises:
        TokenUnreadableError: a token was sealed under a key that the box lacks.
    """
    rows = connection.execute(select(pinterest_accounts).with_for_update()).all()
    for row in rows:
        sealed = {"access_token": box.reseal(row.access_token), "refresh_token": box.reseal(row.refresh_token)}
        connection.execute(
            update(pinterest_accounts).where(pinterest_accounts.c.user_id == row.user_id).values(**sealed)
        )
    return len(rows)


def record_poll(connection: Connection, user_id: uuid.UUID, now: datetime, due_at: datetime) -> None:
    """Note that an account's boards were read, and when to read them next."""
    values = {"polled_at": now, "poll_due_at": due_at, "failures": 0, "last_error": None}
    connection.execute(update(pinterest_accounts).where(pinterest_accounts.c.user_id == user_id).values(**values))


def record_failure(
    connection: Connection, user_id: uuid.UUID, problem: str, now: datetime, until: datetime | None = None
) -> None:
    """Note why an account could not be read, and have it tried again later, ever less often.

    Args:
        connection: inside a transaction.
        user_id: whose account.
        problem: what is wrong and the remedy, for the operator.
        now: the time.
        until: when to try again, where that is known (a rate limit's reset).
    """
    failures = connection.scalar(
        update(pinterest_accounts)
        .where(pinterest_accounts.c.user_id == user_id)
        .values(
            failures=pinterest_accounts.c.failures + 1,
            last_error=problem[:_REASON_CHARACTERS].encode(errors="replace").decode().replace("\0", ""),
        )
        .returning(pinterest_accounts.c.failures)
    )
    if failures is None:
        return
    due_at = until or now + retry_after(failures)
    connection.execute(
        update(pinterest_accounts).where(pinterest_accounts.c.user_id == user_id).values(poll_due_at=due_at)
    )


def retry_after(failures: int) -> timedelta:
    """How long to leave an account alone after so many failures in a row, >= 1: 15 minutes, doubled, up to a day."""
    return min(_LONGEST_RETRY, _FIRST_RETRY * (1 << min(failures - 1, 10)))


def _account(connection: Connection, user_id: uuid.UUID) -> Row[tuple[object, ...]]:
    query = select(pinterest_accounts).where(pinterest_accounts.c.user_id == user_id).with_for_update()
    account = connection.execute(query).one_or_none()
    if account is None:
        raise AccessRevokedError("no Pinterest account is connected")
    return account


def _sealed(box: TokenBox, tokens: TokenPair) -> dict[str, object]:
    return {
        "access_token": box.seal(tokens.access_token),
        "refresh_token": box.seal(tokens.refresh_token),
        "access_expires_at": tokens.access_expires_at,
        "refresh_expires_at": tokens.refresh_expires_at,
    }
