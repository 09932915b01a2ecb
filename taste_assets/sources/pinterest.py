"""A person's Pinterest account as a source of taste. What the API says and how it fails is `resources.pinterest`."""

from __future__ import annotations

from resources.pinterest.account_api import AccountApi
from resources.pinterest.errors import NotFoundError, PinterestError, RateLimitedError, UnavailableError
from resources.pinterest.pictures import PictureRefusedError, Pictures
from resources.pinterest.records import BoardRecord, PinRecord
from resources.pinterest.requests import Usage
from taste_assets.sources.protocol import (
    BoardGoneError,
    ImageRefusedError,
    ImageUnavailableError,
    SourceBoard,
    SourceError,
    SourceName,
    SourcePin,
    fingerprint,
)


class PinterestSource:
    """Boards and pins of one connected account.

    Args:
        api: reads for the account.
        usage: of the account's requests.
        pictures: fetches pictures, shared by all accounts.
        image_width: pixels; the widest picture up to this is taken.
    """

    name: SourceName = "pinterest"

    def __init__(self, api: AccountApi, usage: Usage, pictures: Pictures, image_width: int) -> None:
        self._api = api
        self._usage = usage
        self._pictures = pictures
        self._image_width = image_width

    @property
    def requests(self) -> int:
        """Requests sent so far, pictures not counted."""
        return self._usage.requests

    @property
    def limit_waits(self) -> int:
        """Waits for a rate limit so far."""
        return self._usage.limit_waits

    def boards(self) -> list[SourceBoard]:
        """Every board; `board_pins_modified_at` and `pin_count` are the signal of change."""
        try:
            records = self._api.boards()
        except PinterestError as error:
            raise _source_error(error) from error
        return [_board(record) for record in records]

    def pins(self, board_id: str, source_url: str | None) -> list[SourcePin]:
        """Every pin of a board."""
        try:
            records = self._api.board_pins(board_id)
        except NotFoundError as error:
            raise BoardGoneError(str(error)) from error
        except PinterestError as error:
            raise _source_error(error) from error
        return [self._pin(record) for record in records]

    def image(self, url: str) -> bytes:
        """The bytes at one of a pin's addresses."""
        try:
            return self._pictures.fetch(url)
        except PictureRefusedError as error:
            raise ImageRefusedError(error.reason) from error
        except UnavailableError as error:
            raise ImageUnavailableError(str(error)) from error

    def _pin(self, record: PinRecord) -> SourcePin:
        kind = record.kind
        urls = record.image_urls(self._image_width) if kind == "image" else ()
        rejection = kind if kind != "image" else None if urls else "no_image"
        return SourcePin(record.id, record.created_at, urls, rejection, record.title, record.alt_text)


def _source_error(error: PinterestError) -> SourceError:
    until = error.until if isinstance(error, RateLimitedError) else None
    return SourceError(error.kind, str(error), error.remedy, until)


def _board(record: BoardRecord) -> SourceBoard:
    modified_at = record.board_pins_modified_at
    mark = fingerprint(record.pin_count, modified_at and modified_at.isoformat())
    return SourceBoard(record.id, record.name, max(0, record.pin_count or 0), modified_at, mark)
