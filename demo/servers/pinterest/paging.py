"""Bookmarks: key-set paging, so that a walk is not disturbed by what is added or removed meanwhile.

A bookmark names the last item served, not an offset. Whoever stays on the list for the whole walk is served exactly
once; what is added on top during the walk is left for the next one; what is removed never shifts the rest.
Only the arithmetic of lists and the bookmark's spelling belong here.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from demo.servers.pinterest.ids import digest

DEFAULT_PAGE_SIZE: Final = 25
MAX_PAGE_SIZE: Final = 250


class Positioned(Protocol):
    """Something with a place in a list; a later place means added later, and no two are equal."""

    @property
    def position(self) -> int:
        """The place, never reused."""


ItemT = TypeVar("ItemT", bound=Positioned)


def take_page(newest_first: Sequence[ItemT], after: int | None, size: int) -> tuple[list[ItemT], int | None]:
    """The next page of a list.

    Args:
        newest_first: the list as it is now, strictly descending by `position`.
        after: position of the last item of the previous page; None for the first page.
        size: at most so many items, >= 1.

    Returns:
        The items and the position to go on after, None when nothing remains.
    """
    start = 0 if after is None else bisect_right(newest_first, -after, key=lambda item: -item.position)
    page = list(newest_first[start : start + size])
    more = start + size < len(newest_first)
    return page, page[-1].position if more else None


def write_bookmark(listing: str, position: int) -> str:
    """An opaque bookmark that is good for this listing only."""
    return base64.urlsafe_b64encode(f"{position}|{_check(listing, position)}".encode()).decode().rstrip("=")


def read_bookmark(listing: str, bookmark: str) -> int:
    """The position inside a bookmark.

    Raises:
        ValueError: it is not a bookmark, or was given for another listing.
    """
    try:
        padded = bookmark + "=" * (-len(bookmark) % 4)
        position_text, check = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split("|")
        position = int(position_text)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise ValueError("not a bookmark") from error
    if check != _check(listing, position):
        raise ValueError("the bookmark belongs to another listing")
    return position


def _check(listing: str, position: int) -> str:
    return digest("bookmark", listing, position).hex()[:12]
