"""The ways in which asking for an address, or for a venue, ends without an answer."""

from __future__ import annotations

from venue_assets.crawler.job import Rejection


class FetchError(Exception):
    """A request that brought no usable response, or was not sent.

    Attributes:
        reason: short constant, e.g. `timeout`, `http_404`, `body_too_large`, `address_not_public`.
        detail: what was seen.
        passing: whether the same request may succeed another day, so that this is no news about the site.
    """

    def __init__(self, reason: str, detail: str, *, passing: bool) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.passing = passing

    @property
    def rejection(self) -> Rejection:
        """The same as a value for the results."""
        return Rejection(reason=self.reason, detail=self.detail[:500])


class BudgetExceededError(Exception):
    """A venue's limit is used up; `reason` says which: `byte_budget`, `time_budget`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
