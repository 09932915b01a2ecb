"""Per-host faults of the site server: which requests go wrong, and how; the wire is the server's part."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal["429", "503", "slow", "truncated"]


class Fault(BaseModel):
    """One way of failing.

    Attributes:
        fault: "429" or "503" with a Retry-After when `retry_after` is given; "slow" answers properly after
            `delay` seconds; "truncated" announces the whole body, sends half of it and closes the connection.
        path_prefix: only paths that start so.
        retry_after: seconds, for 429 and 503.
        delay: seconds, for slow.
        times: how many requests fail before the fault wears off; None for as long as it is set.
    """

    model_config = ConfigDict(extra="forbid")

    fault: FaultKind
    path_prefix: str = "/"
    retry_after: Annotated[int, Field(ge=0)] | None = None
    delay: Annotated[float, Field(ge=0)] = 2.0
    times: Annotated[int, Field(ge=1)] | None = None


class FaultSwitch:
    """The fault each host has at present, one at most."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def set(self, host: str, fault: Fault | None) -> None:
        """Make `host` fail so from now on, or behave when `fault` is None."""
        if fault is None:
            self._faults.pop(host, None)
        else:
            self._faults[host] = fault.model_copy()

    def take(self, host: str, path: str) -> Fault | None:
        """The fault this request meets, counted against `times`; None when it is served properly."""
        fault = self._faults.get(host)
        if fault is None or not path.startswith(fault.path_prefix):
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                del self._faults[host]
        return fault
