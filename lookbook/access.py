"""Who may see whom: signed sessions and links, and what a request is allowed. No database, no HTTP server.

With LOOKBOOK_TOKEN a person comes in by a link that the operator's program (or `venue-taste lookbook link`) made, and
their session sees them alone; the token itself, as a bearer, is the operator's server and sees everybody. Without it
whoever sits at the machine may choose a person.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

COOKIE: Final = "lookbook"
SESSION_S: Final = 14 * 24 * 3600
"""Seconds a session lasts."""

_MAC: Final = hashlib.sha256
_MAC_BYTES: Final = 32
_EXPIRY_BYTES: Final = 8


class Purpose(StrEnum):
    """What a signed value is good for: one can never stand for the other."""

    SESSION = "session"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        user_id: the person whose session it is; None before one was chosen or a link was followed.
        sees_everybody: the operator's server, or whoever sits at the machine where there is no token.
    """

    user_id: uuid.UUID | None
    sees_everybody: bool

    def may_see(self, user_id: uuid.UUID) -> bool:
        """Whether this person's pages are theirs to see."""
        return self.sees_everybody or self.user_id == user_id


class Access:
    """Signing and checking with one secret.

    Args:
        token: LOOKBOOK_TOKEN; None is a machine's own lookbook, whose sessions end with the process.
    """

    def __init__(self, token: str | None) -> None:
        self.is_open: Final = token is None
        self._token = token
        self._key = secrets.token_bytes(_MAC_BYTES) if token is None else token.encode()

    def sign(self, purpose: Purpose, user_id: uuid.UUID, lifetime_s: float) -> str:
        """A value that proves who somebody is, for as long as said. URL-safe characters only."""
        payload = user_id.bytes + int(time.time() + lifetime_s).to_bytes(_EXPIRY_BYTES)
        return base64.urlsafe_b64encode(payload + self._mac(purpose, payload)).decode()

    def verify(self, purpose: Purpose, signed: str) -> uuid.UUID | None:
        """Whom a signed value names; None for one that was not signed here, for another purpose, or has expired."""
        try:
            raw = base64.urlsafe_b64decode(signed.encode("ascii"))
        except (ValueError, binascii.Error):
            return None
        payload, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(purpose, payload)) or len(payload) != 16 + _EXPIRY_BYTES:
            return None
        if int.from_bytes(payload[16:]) < time.time():
            return None
        return uuid.UUID(bytes=payload[:16])

    def visitor(self, cookie: str | None, authorization: str | None) -> Visitor:
        """Who asks, by the session's cookie and the Authorization header."""
        user_id = self.verify(Purpose.SESSION, cookie) if cookie else None
        return Visitor(user_id, self.is_open or self._is_operator(authorization))

    def _is_operator(self, authorization: str | None) -> bool:
        scheme, _, credentials = (authorization or "").partition(" ")
        if self._token is None or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(credentials.strip().encode(), self._token.encode())

    def _mac(self, purpose: Purpose, payload: bytes) -> bytes:
        # A key for each purpose, as HKDF (RFC 5869) expands one.
        key = hmac.digest(self._key, f"venue-taste lookbook {purpose}".encode(), _MAC)
        return hmac.digest(key, payload, _MAC)
