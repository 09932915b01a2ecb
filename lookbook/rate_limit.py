"""How often one address may ask: a token bucket each, for as many addresses as are remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_REMEMBERED: Final = 10_000
"""Addresses; who was forgotten starts with a full bucket, as they would after a minute's rest."""


class RateLimit:
    """A bucket that holds a minute's requests and fills at that rate.

    Args:
        per_minute: requests of cost 1.
        clock: seconds that only go forward.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, who: str, cost: float = 1.0) -> float:
        """Take `cost` out of the bucket; 0 if it was there, else the seconds until it will be (nothing is taken)."""
        now = self._clock()
        left, then = self._buckets.pop(who, (self._capacity, now))
        left = min(self._capacity, left + (now - then) * self._per_second)
        missing = min(cost, self._capacity) - left
        self._buckets[who] = (left - cost if missing <= 0 else left, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return max(0.0, missing / self._per_second)
