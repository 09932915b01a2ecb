"""The two switches that make the server awkward: faults (an answer fails) and quirks (the data is odd).

Faults are put in place one by one and wear off; quirks are a standing property of the data, decided per pin by a
hash of its id, so the same pin is odd on every request. What each does on the wire is up to `service` and `render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "rate_limit",
    "rate_limit_as_400",
    "server_error",
    "slow",
    "expired_token",
    "malformed",
    "not_found",
]
Share = Annotated[float, Field(ge=0, le=1)]


class Fault(BaseModel):
    """One way of failing.

    Attributes:
        kind: `rate_limit` (429, code 8), `rate_limit_as_400` (400, code 8), `server_error` (`status`), `slow` (answers
            after `seconds`; a caller with a shorter timeout sees a timeout), `expired_token` (401), `malformed` (status
            200, body cut in half) or `not_found` (404; with `skip` 1 on board pins, a board that vanishes midway).
        path: shell pattern for the URL path; `*` spans slashes.
        username: only this account's requests; None for everybody's, unauthenticated ones included.
        skip: so many matching requests pass first.
        times: then so many fail; None until the faults are cleared.
        status: HTTP status of `server_error`.
        seconds: delay of `slow`, and the `X-RateLimit-Reset` of the two rate limits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    path: str = "/v5/*"
    username: str | None = None
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = 1
    status: Annotated[int, Field(ge=500, le=599)] = 503
    seconds: Annotated[float, Field(ge=0)] = 30.0


@dataclass(slots=True)
class _Placed:
    fault: Fault
    to_skip: int
    to_fail: int | None


class FaultSwitch:
    """The faults in place; the oldest that matches a request has it."""

    def __init__(self) -> None:
        self._placed: list[_Placed] = []

    def add(self, fault: Fault) -> None:
        """Put a fault in place."""
        self._placed.append(_Placed(fault, fault.skip, fault.times))

    def clear(self) -> None:
        """Behave from now on."""
        self._placed.clear()

    def pending(self) -> tuple[Fault, ...]:
        """The faults that have not worn off, with `skip` and `times` as they remain."""
        return tuple(
            placed.fault.model_copy(update={"skip": placed.to_skip, "times": placed.to_fail}) for placed in self._placed
        )

    def take(self, path: str, username: str | None) -> Fault | None:
        """The fault this request meets, used up by one; None when it is served properly."""
        for placed in self._placed:
            fault = placed.fault
            if not fnmatchcase(path, fault.path) or fault.username not in (None, username):
                continue
            if placed.to_skip:
                placed.to_skip -= 1
                continue
            if placed.to_fail is not None:
                placed.to_fail -= 1
                if not placed.to_fail:
                    self._placed.remove(placed)
            return fault
        return None


class Quirks(BaseModel):
    """Oddities of live data.

    Attributes:
        naive_timestamps: times without a zone, as live accounts have them and the description does not allow.
        null_texts: share of pins whose title, description and alternative text are null.
        width_564: the image called `600x` is 564 pixels wide and lives under `/564x/`.
        not_images: share of pins whose media is a video (first half of the share) or several images.
        missing_images: share of pins whose picture is gone (404) although the API lists it.
        empty_last_page: a bookmark is given after every full page, so a walk may end on an empty one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    naive_timestamps: bool = False
    null_texts: Share = 0.2
    width_564: bool = True
    not_images: Share = 0.0
    missing_images: Share = 0.0
    empty_last_page: bool = False
