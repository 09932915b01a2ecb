"""OAuth 2.0 as Pinterest does it: the address a person is sent to, and codes and refresh tokens turned into tokens.

`continuous_refresh` asks for refresh tokens that are replaced at every use and live for 60 days each. Where tokens are
kept is `accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from resources.errors import SetupError
from resources.pinterest.errors import AccessRevokedError, AppRefusedError, RefusedError, UnexpectedAnswerError
from resources.pinterest.requests import Requests
from resources.settings import Settings

SCOPES: Final = ("boards:read", "boards:read_secret", "pins:read", "pins:read_secret", "user_accounts:read")
"""What people are asked for: reading only. Wedding boards are often secret."""


@dataclass(frozen=True, slots=True, repr=False)
class TokenPair:
    """An account's tokens. An empty `refresh_token`: they cannot be refreshed. Never printed."""

    access_token: str
    refresh_token: str
    access_expires_at: datetime
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class PinterestApp:
    """The application people connect to. Never printed: it holds its secret.

    Attributes:
        app_id, secret: from Pinterest's developer pages.
        api_url: base of the API, no trailing slash.
        consent_url: where people say yes.
    """

    app_id: str
    secret: str
    api_url: str
    consent_url: str

    @classmethod
    def from_settings(cls, settings: Settings) -> PinterestApp:
        """The application of these settings.

        Raises:
            SetupError: it is not set.
        """
        if settings.pinterest_app_id is None or settings.pinterest_app_secret is None:
            raise SetupError(
                "Pinterest is not configured", "set PINTEREST_APP_ID and PINTEREST_APP_SECRET (docs/pinterest.md)"
            )
        secret = settings.pinterest_app_secret.get_secret_value()
        return cls(
            settings.pinterest_app_id, secret, settings.pinterest_api_url.rstrip("/"), settings.pinterest_oauth_url
        )

    def consent_address(self, redirect_uri: str, state: str) -> str:
        """Where to send a person; they come back to `redirect_uri` with a code and the same `state`."""
        query = {
            "client_id": self.app_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": ",".join(SCOPES),
            "state": state,
        }
        return f"{self.consent_url}?{urlencode(query)}"

    def exchange(self, requests: Requests, code: str, redirect_uri: str) -> TokenPair:
        """Tokens for the code a person came back with.

        Raises:
            PinterestError: refused, or not answered.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._grant(requests, form, "")

    def refresh(self, requests: Requests, refresh_token: str) -> TokenPair:
        """New tokens; the given one is spent.

        Raises:
            AccessRevokedError: it is refused.
            PinterestError: not answered.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            return self._grant(requests, form, refresh_token)
        except RefusedError as error:
            # 400 here says that the token is spent, expired or withdrawn.
            raise AccessRevokedError(f"the refresh token is refused ({error})") from error

    def _grant(self, requests: Requests, form: Mapping[str, str], refresh_token: str) -> TokenPair:
        try:
            body = requests.ask(
                "POST",
                f"{self.api_url}/oauth/token",
                data={**form, "continuous_refresh": "true"},
                auth=(self.app_id, self.secret),
            )
        except AccessRevokedError as error:  # 401: of the application, not of a person
            raise AppRefusedError(f"the application was refused ({error})") from error
        return _token_pair(body, requests.timing.clock(), refresh_token)


def _token_pair(body: Mapping[str, Any], now: datetime, refresh_token: str) -> TokenPair:
    """Tokens of an answer; one without a refresh token leaves the old one in force."""
    try:
        access_life = timedelta(seconds=int(body["expires_in"]))
        refresh_life = timedelta(seconds=int(body.get("refresh_token_expires_in") or 0)) or access_life
        refreshed = str(body.get("refresh_token") or refresh_token)
        return TokenPair(str(body["access_token"]), refreshed, now + access_life, now + refresh_life)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnexpectedAnswerError(f"an answer without usable tokens ({type(error).__name__}: {error})") from error
