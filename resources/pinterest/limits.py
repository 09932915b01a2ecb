"""Rate limits as answers state them. Pure.

Pinterest documents `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds from now). Envoy, which stands before it,
writes the first with its policies, `1000, 100;w=1, 1000;w=60`, and the other two for the policy nearest to exhaustion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

RATE_LIMIT_CODE: Final = 8
"""`code` in the body of an answer to one request too many; some come with status 400 instead of 429."""

RESET_WHEN_UNSAID: Final = timedelta(seconds=60)
"""How long a limit is taken to last when the answer does not say: the window of most categories."""

_LEADING_NUMBER: Final = re.compile(r"\s*(\d{1,15})(?:\.\d+)?\s*(?:[,;]|$)")
_FIRST_EPOCH: Final = 10**9  # as seconds from now it would be 31 years


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an account may still ask for: `remaining` requests until `reset_at`."""

    remaining: int
    reset_at: datetime


def read_allowance(headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """The allowance that an answer's headers state; None when they do not."""
    remaining = _number(headers.get("x-ratelimit-remaining"))
    reset_at = _reset_at(headers, now)
    return None if remaining is None or reset_at is None else Allowance(remaining, reset_at)


def is_rate_limited(status: int, body: Any) -> bool:
    """Whether an answer says that the account asked too often: 429, or 400 with body code 8."""
    return status == 429 or (status == 400 and isinstance(body, dict) and body.get("code") == RATE_LIMIT_CODE)


def limited_until(headers: Mapping[str, str], now: datetime) -> datetime:
    """When a rate-limited account may ask again."""
    seconds = _number(headers.get("retry-after"))
    after = None if seconds is None else now + timedelta(seconds=seconds)
    return _reset_at(headers, now) or after or now + RESET_WHEN_UNSAID


def _reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    reset = _number(headers.get("x-ratelimit-reset"))
    if reset is None:
        return None
    if reset < _FIRST_EPOCH:
        return now + timedelta(seconds=reset)
    # Some gateways give the time itself.
    try:
        return datetime.fromtimestamp(reset, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _number(value: str | None) -> int | None:
    match = _LEADING_NUMBER.match(value or "")
    return int(match[1]) if match else None
