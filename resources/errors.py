"""The error an operator can act on: what is wrong, and what to change."""

from __future__ import annotations


class SetupError(RuntimeError):
    """Something outside the code is not as it must be.

    Attributes:
        problem: what is wrong, naming the thing and, where known, the underlying message.
        remedy: what to do about it, naming the setting or command.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  To mend it: {remedy}")
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[SetupError], tuple[str, str]]:
        return (type(self), (self.problem, self.remedy))
