"""The values of one request and its answer: what is asked for, what is known of it, what came, what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

NOT_MODIFIED: Final = 304


class Kind(NamedTuple):
    """What is asked for: its Accept header, its cap, and media types not worth reading."""

    accept: str
    max_bytes: int
    skip_body: tuple[str, ...] = ()
    cut: bool = False


class Known(NamedTuple):
    """What the last run knew of an address: its validators."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True)
class Ledger:
    """What a venue has cost so far."""

    requests: int = 0
    conditional: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that is worth looking at: 200, 304, or, when redirects are not followed, a redirect.

    Attributes:
        url: the address that answered.
        location: where a redirect leads, absolute; "" otherwise.
    """

    url: str
    status: int
    body: bytes = b""
    media_type: str = ""
    charset_header: str = ""
    etag: str | None = None
    last_modified: str | None = None
    location: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def unchanged(self) -> bool:
        """Whether the site says it is what we know already."""
        return self.status == NOT_MODIFIED
