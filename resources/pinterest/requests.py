"""One request to the API, and all that may go wrong with it: limits, server errors, timeouts, half bodies.

Which requests there are is `account_api` and `oauth`. Clock, sleep and chance come from outside.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from resources.pinterest.errors import (
    AccessRevokedError,
    NotFoundError,
    PinterestError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnexpectedAnswerError,
)
from resources.pinterest.limits import Allowance, is_rate_limited, limited_until, read_allowance

TIMEOUT_S: Final = 20.0
"""For connecting, and for each piece of an answer."""

_MOST_BYTES: Final = 32 * 2**20  # a page of 250 pins is about 1 MB
_SLOWEST_ANSWER_S: Final = 120.0
_MESSAGE_CHARACTERS: Final = 200


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Timing:
    """Where time and chance come from.

    Attributes:
        clock: the time, zone-aware.
        sleep: waits so many seconds.
        chance: jitter of back-off; seeded, so that a run can be repeated.
    """

    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep
    chance: random.Random = field(default_factory=lambda: random.Random(0))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try.

    Attributes:
        attempts: per request, the first included.
        first_wait_s: before the second attempt; doubled for each further one, with jitter down to half.
        longest_back_off_s: of such a wait.
        longest_wait_s: for a rate limit; one that lasts longer ends the work for the account.
    """

    attempts: int = 5
    first_wait_s: float = 1.0
    longest_back_off_s: float = 30.0
    longest_wait_s: float = 90.0

    def back_off_s(self, failures: int, chance: random.Random) -> float:
        """Seconds before the next attempt after so many failures, >= 1 (exponential back-off with equal jitter)."""
        wait = min(self.longest_back_off_s, self.first_wait_s * 2.0 ** (failures - 1))
        return float(wait * (0.5 + chance.random() / 2))


@dataclass(slots=True)
class Usage:
    """What was asked: requests sent, waits for a rate limit, seconds waited for any reason."""

    requests: int = 0
    limit_waits: int = 0
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Passing:
    """A failure that may pass; `until` when the answer was about the rate limit."""

    reason: str
    until: datetime | None = None


class Requests:
    """Requests that share one allowance: those of an account, or those of the application. Used from one thread.

    Args:
        http: without credentials or base address of its own.
        timing: where time comes from.
        patience: how long to try.
    """

    def __init__(self, http: httpx.Client, timing: Timing | None = None, patience: Patience | None = None) -> None:
        self.usage = Usage()
        self.timing = timing or Timing()
        self._http = http
        self._patience = patience or Patience()
        self._allowance: Allowance | None = None

    def ask(self, method: str, url: str, **request: Any) -> dict[str, Any]:
        """Send a request until it is answered; `request` is httpx's own arguments.

        Returns:
            The JSON object of a 2xx answer.

        Raises:
            AccessRevokedError: 401.
            NotFoundError: 404.
            RateLimitedError: the limit lasts longer than the patience.
            UnavailableError: no proper answer in any attempt.
            UnexpectedAnswerError: an answer beyond all measure.
            RefusedError: refused for another reason.
        """
        failure = _Passing("not asked")
        for attempt in range(1, self._patience.attempts + 1):
            self._keep_to_allowance()
            outcome = self._send(method, url, request)
            if isinstance(outcome, dict):
                return outcome
            failure = outcome
            if failure.until is not None:
                self._wait_for_reset(failure.until)
            elif attempt < self._patience.attempts:
                self._wait(self._patience.back_off_s(attempt, self.timing.chance))
        if failure.until is not None:
            raise RateLimitedError(f"rate-limited {self._patience.attempts} times in a row", failure.until)
        raise UnavailableError(f"{failure.reason}, after {self._patience.attempts} attempts")

    def _send(self, method: str, url: str, request: dict[str, Any]) -> dict[str, Any] | _Passing:
        self.usage.requests += 1
        try:
            with self._http.stream(method, url, **request) as response:
                content = read_capped(response, _MOST_BYTES)
        except httpx.RequestError as error:
            return _Passing(f"no answer ({type(error).__name__})")
        except TooLargeError as error:
            raise UnexpectedAnswerError(f"an answer of {error}") from error
        now = self.timing.clock()
        self._allowance = read_allowance(response.headers, now)
        body = _parsed(content)
        status = response.status_code
        if is_rate_limited(status, body):
            return _Passing("rate-limited", limited_until(response.headers, now))
        if status >= 500 or status == 408:
            return _Passing(f"status {status}")
        if response.is_success:
            return body if isinstance(body, dict) else _Passing("an answer that is cut off or no JSON object")
        raise _refusal(status, body)

    def _keep_to_allowance(self) -> None:
        allowance = self._allowance
        if allowance is not None and allowance.remaining <= 0 and allowance.reset_at > self.timing.clock():
            self._wait_for_reset(allowance.reset_at)

    def _wait_for_reset(self, until: datetime) -> None:
        seconds = max(0.0, (until - self.timing.clock()).total_seconds())
        if seconds > self._patience.longest_wait_s:
            raise RateLimitedError(f"rate-limited until {until:%Y-%m-%d %H:%M:%S} UTC", until)
        self.usage.limit_waits += 1
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        self.usage.waited_s += seconds
        self.timing.sleep(seconds)


class TooLargeError(ValueError):
    """A body is larger than it may be."""


def read_capped(response: httpx.Response, most_bytes: int) -> bytes:
    """The body of a streamed answer.

    Raises:
        TooLargeError: it is larger than `most_bytes`; no more than that was read.
        httpx.RequestError: it broke off, or comes too slowly.
    """
    parts, size, deadline = [], 0, time.monotonic() + _SLOWEST_ANSWER_S
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            raise TooLargeError(f"more than {most_bytes} bytes")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer comes too slowly", request=response.request)
    return b"".join(parts)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _refusal(status: int, body: Any) -> PinterestError:
    message = str(body.get("message", "")) if isinstance(body, dict) else ""
    said = f"status {status}: {message[:_MESSAGE_CHARACTERS]}" if message else f"status {status}"
    kinds: dict[int, type[PinterestError]] = {401: AccessRevokedError, 404: NotFoundError}
    return kinds.get(status, RefusedError)(said)
