"""What an account's tokens give access to: its boards, their pins, and who it is. Listings are whole or an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

from resources.pinterest.errors import AccessRevokedError, UnexpectedAnswerError
from resources.pinterest.records import AccountRecord, BoardRecord, PinRecord, read_record
from resources.pinterest.requests import Requests

PAGE_SIZE: Final = 250
"""The most the API gives at once."""

MOST_PAGES: Final = 2_000
"""Of one listing, half a million pins. Who gets that far walks in circles."""

_Listed = TypeVar("_Listed", BoardRecord, PinRecord)


class Access(Protocol):
    """Where an account's access token comes from."""

    def token(self, refused: str | None = None) -> str:
        """A token that is good as far as we know; another than `refused`, which the API did not take.

        Raises:
            PinterestError: there is none.
        """


class AccountApi:
    """Reads for one account.

    Args:
        api_url: base of the API, no trailing slash.
        requests: of this account.
        access: its tokens.
    """

    def __init__(self, api_url: str, requests: Requests, access: Access) -> None:
        self._api_url = api_url
        self._requests = requests
        self._access = access

    def account(self) -> AccountRecord:
        """Who it is. Raises PinterestError."""
        return read_record(AccountRecord, self._get("/user_account", {}))

    def boards(self) -> list[BoardRecord]:
        """All boards, secret ones and those shared with it included.

        Raises:
            PinterestError: any page could not be had.
        """
        return list(self._listing("/boards", BoardRecord))

    def board_pins(self, board_id: str) -> list[PinRecord]:
        """All pins of a board, those in sections included.

        Raises:
            NotFoundError: there is no such board (any more).
            PinterestError: any page could not be had.
        """
        return list(self._listing(f"/boards/{quote(board_id, safe='')}/pins", PinRecord))

    def _listing(self, path: str, kind: type[_Listed]) -> Iterator[_Listed]:
        """Page by page until the bookmark is null. An item that two pages have, because the list moved, counts once."""
        ids: set[str] = set()
        bookmarks: set[str] = set()
        parameters: dict[str, Any] = {"page_size": PAGE_SIZE}
        for _ in range(MOST_PAGES):
            page = self._get(path, parameters)
            items = page.get("items")
            if not isinstance(items, list):
                raise UnexpectedAnswerError(f"a page of {path} has no items")
            records = [read_record(kind, item) for item in items]
            new = [record for record in {record.id: record for record in records}.values() if record.id not in ids]
            if records and not new:
                raise UnexpectedAnswerError(f"{path} gives a page again")
            ids.update(record.id for record in new)
            yield from new
            bookmark = page.get("bookmark")
            if not bookmark:
                return
            if bookmark in bookmarks:
                raise UnexpectedAnswerError(f"{path} leads back to a bookmark")
            bookmarks.add(bookmark)
            parameters = {"page_size": PAGE_SIZE, "bookmark": bookmark}
        raise UnexpectedAnswerError(f"{path} has no end within {MOST_PAGES} pages")

    def _get(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        token = self._access.token()
        try:
            return self._get_as(token, path, parameters)
        except AccessRevokedError:
            return self._get_as(self._access.token(refused=token), path, parameters)

    def _get_as(self, token: str, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return self._requests.ask("GET", f"{self._api_url}{path}", params=parameters, headers=headers)
