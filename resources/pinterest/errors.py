"""What can go wrong with Pinterest for one account; each says what to do, and none is about other accounts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class PinterestError(Exception):
    """What was being done for an account cannot be done now. Raised as one of the kinds below."""

    kind: ClassVar[str] = "pinterest"
    remedy: ClassVar[str] = "see docs/pinterest.md; the next poll tries again"


class AccessRevokedError(PinterestError):
    """The account's tokens are no good any more."""

    kind = "revoked"
    remedy = "have the person connect again: venue-taste users connect-pinterest HANDLE"


class AppRefusedError(PinterestError):
    """Pinterest does not know the application."""

    kind = "app_refused"
    remedy = "correct PINTEREST_APP_ID and PINTEREST_APP_SECRET"


class TokenUnreadableError(PinterestError):
    """The stored tokens cannot be decrypted."""

    kind = "token_key"
    remedy = "add the key they were encrypted with to TOKEN_KEY, after a comma; or have the person connect again"


class RateLimitedError(PinterestError):
    """The account has used up its requests for longer than we wait."""

    kind = "rate_limited"
    remedy = "nothing to do: it goes on when the limit is reset"

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class UnavailableError(PinterestError):
    """Server errors, timeouts or broken answers, however often it was asked."""

    kind = "unavailable"
    remedy = "nothing to do if Pinterest is down (https://www.pinterest-status.com); else check PINTEREST_API_URL"


class RefusedError(PinterestError):
    """A refusal for a reason without a class of its own: a missing scope, a malformed request, a spent grant."""

    kind = "refused"


class NotFoundError(PinterestError):
    """What was asked for is not there, or not for this account's eyes."""

    kind = "not_found"


class UnexpectedAnswerError(PinterestError):
    """An answer that is not of the documented form, or a listing that does not end."""

    kind = "unexpected"
    remedy = "report it: the API may have changed"
