"""Tokens at rest: encrypted with Fernet (AES-128-CBC, HMAC-SHA256) under the keys of TOKEN_KEY."""

from __future__ import annotations

from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from resources.errors import SetupError
from resources.pinterest.errors import TokenUnreadableError
from resources.settings import Settings

_REMEDY: Final = "set TOKEN_KEY to what `venue-taste token-key` prints; several keys are separated by commas"


class TokenBox:
    """Encrypts under the first key and reads what any of them encrypted, so that keys can be changed.

    Raises:
        SetupError: no key, or one that is none.
    """

    def __init__(self, keys: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])
        except ValueError as error:
            raise SetupError("TOKEN_KEY holds no key, or something that is none", _REMEDY) from error

    @classmethod
    def from_settings(cls, settings: Settings) -> TokenBox:
        """The box of these settings.

        Raises:
            SetupError: TOKEN_KEY is unset or no key.
        """
        if settings.token_key is None:
            raise SetupError("TOKEN_KEY is not set, and tokens are not stored in the clear", _REMEDY)
        return cls(settings.token_key.get_secret_value())

    def seal(self, token: str) -> bytes:
        """`token`, encrypted under the first key."""
        return self._fernet.encrypt(token.encode())

    def open(self, sealed: bytes) -> str:
        """The token inside.

        Raises:
            TokenUnreadableError: it was sealed under another key, or is damaged.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise TokenUnreadableError("the stored token was encrypted with a key that is not in TOKEN_KEY") from error

    def reseal(self, sealed: bytes) -> bytes:
        """The same token under the first key.

        Raises:
            TokenUnreadableError: as `open`.
        """
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise TokenUnreadableError("the stored token was encrypted with a key that is not in TOKEN_KEY") from error
