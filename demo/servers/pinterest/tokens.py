"""OAuth grants: authorization codes, access tokens and refresh tokens, with scopes and expiry.

Tokens are signed claims, so one that was stored by a client outlives a restart of the demo; only spent codes, spent
refresh tokens and forced expiry are remembered, and those in memory. The signing key comes from the world's seed:
these tokens guard made-up boards on loopback and are no secret. No HTTP here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, Literal

READ_SCOPES: Final = (
    "boards:read",
    "boards:read_secret",
    "pins:read",
    "pins:read_secret",
    "user_accounts:read",
)
"""The scopes this server checks; it serves nothing that needs another."""

CODE_LIFE: Final = timedelta(minutes=10)
ACCESS_LIFE: Final = timedelta(days=30)
CONTINUOUS_REFRESH_LIFE: Final = timedelta(days=60)
LEGACY_REFRESH_LIFE: Final = timedelta(days=365)
READY_MADE_LIFE: Final = timedelta(days=3650)

_Kind = Literal["code", "pina", "pinr"]
Claims = dict[str, Any]


class TokenError(Exception):
    """A code or token that is unknown, forged, spent or expired."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows, and to whom."""

    username: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An answer of the token end point; times in seconds and UTC."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    refresh_expires_at: int
    scopes: tuple[str, ...]


class Tokens:
    """Gives and checks grants; one instance per server, used from one thread."""

    def __init__(self, seed: int, epoch: datetime, clock: Callable[[], datetime]) -> None:
        self._key = hashlib.blake2b(f"demo tokens of world {seed}".encode()).digest()
        self._epoch = epoch
        self._clock = clock
        self._serials = count(1)
        self._spent: set[str] = set()
        self._generations: Counter[str] = Counter()

    def authorize(self, username: str, scopes: Iterable[str], redirect_uri: str) -> str:
        """A code for one exchange within ten minutes."""
        claims = {"redirect_uri": redirect_uri, "serial": next(self._serials)}
        return self._sign("code", username, tuple(scopes), self._clock() + CODE_LIFE, claims)

    def exchange(self, code: str, redirect_uri: str, *, continuous: bool) -> TokenPair:
        """Turn a code into tokens. Raises TokenError."""
        claims = self._read("code", code)
        if claims["redirect_uri"] != redirect_uri:
            raise TokenError("redirect_uri differs from the one the code was given for")
        self._spend(code)
        life = CONTINUOUS_REFRESH_LIFE if continuous else LEGACY_REFRESH_LIFE
        return self._pair(claims["username"], tuple(claims["scopes"]), continuous, self._clock() + life)

    def refresh(self, refresh_token: str, scopes: frozenset[str] | None = None) -> TokenPair:
        """New tokens for a refresh token, with its scopes or fewer.

        A continuous one is spent and replaced by one with a fresh 60 days; a legacy one stays as it is until its year
        is over. (That the old continuous token dies at once is the strictest reading of the documentation.)

        Raises:
            TokenError: it is not good, or `scopes` asks for more than was granted.
        """
        claims = self._read("pinr", refresh_token)
        granted = tuple(scope for scope in claims["scopes"] if scopes is None or scope in scopes)
        if scopes is not None and len(granted) != len(scopes):
            raise TokenError("a refresh cannot widen the scopes")
        if not claims["continuous"]:
            expires = datetime.fromtimestamp(claims["expires"], self._clock().tzinfo)
            return self._pair(claims["username"], granted, False, expires, refresh_token)
        self._spend(refresh_token)
        return self._pair(claims["username"], granted, True, self._clock() + CONTINUOUS_REFRESH_LIFE)

    def client(self, username: str, scopes: Iterable[str]) -> str:
        """An access token for the app's own account, without a refresh token (the client_credentials grant)."""
        return self._access(username, tuple(scopes), self._clock() + ACCESS_LIFE, next(self._serials))

    def check(self, access_token: str) -> Grant:
        """Who comes with this token. Raises TokenError."""
        claims = self._read("pina", access_token)
        if claims["generation"] < self._generations[claims["username"]]:
            raise TokenError("expired by hand")
        return Grant(claims["username"], frozenset(claims["scopes"]))

    def ready_made(self, username: str) -> str:
        """An access token with every read scope and ten years to live, for showing things without the OAuth dance.

        The same in every process of one world, as long as nobody expires this account's tokens.
        """
        return self._access(username, READ_SCOPES, self._epoch + READY_MADE_LIFE)

    def expire_access(self, username: str) -> None:
        """From now on every access token this account has got is refused; refresh tokens stay good."""
        self._generations[username] += 1

    def _pair(
        self,
        username: str,
        scopes: tuple[str, ...],
        continuous: bool,
        refresh_expires: datetime,
        refresh_token: str | None = None,
    ) -> TokenPair:
        now = self._clock()
        refresh_claims = {"continuous": continuous, "serial": next(self._serials)}
        return TokenPair(
            self._access(username, scopes, now + ACCESS_LIFE, next(self._serials)),
            int(ACCESS_LIFE.total_seconds()),
            refresh_token or self._sign("pinr", username, scopes, refresh_expires, refresh_claims),
            int((refresh_expires - now).total_seconds()),
            int(refresh_expires.timestamp()),
            scopes,
        )

    def _access(self, username: str, scopes: tuple[str, ...], expires: datetime, serial: int = 0) -> str:
        claims = {"generation": self._generations[username], "serial": serial}
        return self._sign("pina", username, scopes, expires, claims)

    def _spend(self, token: str) -> None:
        self._spent.add(token)

    def _sign(self, kind: _Kind, username: str, scopes: tuple[str, ...], expires: datetime, claims: Claims) -> str:
        body = json.dumps({"username": username, "scopes": scopes, "expires": expires.timestamp(), **claims})
        encoded = base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")
        return f"{kind}_{encoded}.{self._seal(kind, encoded)}"

    def _read(self, kind: _Kind, token: str) -> Claims:
        prefix = f"{kind}_"
        encoded, _, seal = token.removeprefix(prefix).partition(".")
        if not token.startswith(prefix) or not hmac.compare_digest(seal.encode(), self._seal(kind, encoded).encode()):
            raise TokenError("not one of ours")
        if token in self._spent:
            raise TokenError("already used")
        claims: Claims = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        if claims["expires"] <= self._clock().timestamp():
            raise TokenError("expired")
        return claims

    def _seal(self, kind: _Kind, encoded: str) -> str:
        return hashlib.blake2b(f"{kind}.{encoded}".encode(), key=self._key, digest_size=16).hexdigest()
