"""Request limits per caller and category in fixed windows, with the headers that report them.

The windows are aligned to the epoch and the headers are those of the third IETF draft as Envoy writes them, which is
what stands in front of the real API: `X-RateLimit-Limit: 1000, 100;w=1, 1000;w=60` (the limit nearest to exhaustion,
then every policy), `X-RateLimit-Remaining`, and `X-RateLimit-Reset` in *seconds from now*.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from demo.servers.pinterest.errors import ApiError

UNIVERSAL: Final = "universal"
"""The category that counts every request of a caller."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in each window of `seconds`."""

    requests: int
    seconds: int


STANDARD_ACCESS: Final[Mapping[str, Limit]] = {UNIVERSAL: Limit(100, 1), "org_read": Limit(1000, 60)}
"""What an approved application gets, per user."""

TRIAL_ACCESS: Final[Mapping[str, Limit]] = {UNIVERSAL: Limit(1000, 86_400)}
"""What an application gets while on trial (the real limit is per application, this one per user)."""


@dataclass(frozen=True, slots=True)
class _Reading:
    limit: Limit
    remaining: int
    reset_s: int


class RequestWindows:
    """Counts requests; one instance per server, used from one thread."""

    def __init__(self, limits: Mapping[str, Limit], clock: Callable[[], datetime]) -> None:
        self._limits = limits
        self._clock = clock
        self._used: dict[tuple[str, str], tuple[int, int]] = {}

    def spend(self, caller: str, category: str) -> dict[str, str]:
        """Count one request of `caller`.

        Returns:
            The headers for its answer; empty when no limit applies.

        Raises:
            ApiError: 429 with code 8; the request was counted all the same.
        """
        now = self._clock().timestamp()
        applying = {name: self._limits[name] for name in (UNIVERSAL, category) if name in self._limits}
        readings = [self._count(caller, name, limit, now) for name, limit in applying.items()]
        if not readings:
            return {}
        tightest = min(readings, key=lambda reading: (reading.remaining, -reading.reset_s))
        policies = ", ".join(f"{limit.requests};w={limit.seconds}" for limit in applying.values())
        headers = {
            "X-RateLimit-Limit": f"{tightest.limit.requests}, {policies}",
            "X-RateLimit-Remaining": str(max(tightest.remaining, 0)),
            "X-RateLimit-Reset": str(tightest.reset_s),
        }
        if tightest.remaining < 0:
            raise rate_limited(429, headers)
        return headers

    def _count(self, caller: str, category: str, limit: Limit, now: float) -> _Reading:
        window = int(now // limit.seconds)
        last_window, used = self._used.get((caller, category), (window, 0))
        used = used + 1 if last_window == window else 1
        self._used[caller, category] = (window, used)
        reset_s = math.ceil((window + 1) * limit.seconds - now)
        return _Reading(limit, limit.requests - used, max(reset_s, 1))


def rate_limited(status: int, headers: Mapping[str, str]) -> ApiError:
    """The answer to one request too many: 429 as a rule, 400 as some end points do; body code 8 either way."""
    return ApiError(
        status,
        8,
        "You have exceeded your rate limit. Try again later.",
        {**headers, "X-RateLimit-Remaining": "0", "X-Envoy-RateLimited": "true"},
    )
