"""What a source of taste offers: one person's boards, the pins of each, and the pictures. No SQL, no Dagster."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SourceName = Literal["pinterest", "folder"]


class SourceError(Exception):
    """A person's source cannot be read now; others can.

    Attributes:
        kind: a short code for counting.
        remedy: what to do about it.
        until: before which it is no use to try again, where that is known.
    """

    def __init__(self, kind: str, message: str, remedy: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.remedy = remedy
        self.until = until


class BoardGoneError(Exception):
    """The board vanished since it was listed. The next listing of boards will tell."""


class ImageRefusedError(Exception):
    """A pin's picture will not be had, for a lasting reason, which is a short code such as `http_404`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ImageUnavailableError(Exception):
    """A pin's picture cannot be had now."""


@dataclass(frozen=True, slots=True)
class SourceBoard:
    """A board as its source lists it.

    Attributes:
        board_id: the same at every listing.
        name: what its owner calls it.
        pin_count: as the source says.
        modified_at: when a pin last came or went; None where the source does not say.
        fingerprint: differs when the pins do.
        source_url: the folder of a board that is one.
    """

    board_id: str
    name: str | None
    pin_count: int
    modified_at: datetime | None
    fingerprint: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class SourcePin:
    """A pin as its source lists it.

    Attributes:
        pin_id: unique among the person's pins; another picture has another.
        created_at: when it was pinned, zone-aware.
        image_urls: where its picture is, best first.
        rejection: why it can have no picture, e.g. "video"; None for an image.
        title, alt_text: the owner's words.
    """

    pin_id: str
    created_at: datetime
    image_urls: tuple[str, ...] = ()
    rejection: str | None = None
    title: str | None = None
    alt_text: str | None = None


class TasteSource(Protocol):
    """One person's boards in one place."""

    @property
    def name(self) -> SourceName:
        """Which kind of place; `boards.source`."""

    @property
    def requests(self) -> int:
        """Requests sent so far, pictures not counted; 0 where there are none."""

    @property
    def limit_waits(self) -> int:
        """Waits for a rate limit so far."""

    def boards(self) -> list[SourceBoard]:
        """Every board: an exception, never a part of them.

        Raises:
            SourceError: they cannot be listed now.
        """

    def pins(self, board_id: str, source_url: str | None) -> list[SourcePin]:
        """Every pin of a board: an exception, never a part of them.

        Raises:
            BoardGoneError: there is no such board any more.
            SourceError: they cannot be listed now.
        """

    def image(self, url: str) -> bytes:
        """The bytes at one of a pin's addresses. Called from several threads.

        Raises:
            ImageRefusedError: there is no picture there, and will not be.
            ImageUnavailableError: not now.
        """


def fingerprint(*parts: object) -> str:
    """32 hexadecimal digits that differ when any part does; the same in every process."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode(errors="replace"), digest_size=16).hexdigest()
