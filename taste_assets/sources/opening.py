"""Opening a person's sources: which they have stands in the database, how they are reached in the settings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Self

import httpx
from sqlalchemy import Engine

from resources.pinterest.account_api import AccountApi
from resources.pinterest.accounts import StoredAccess
from resources.pinterest.oauth import PinterestApp, TokenPair
from resources.pinterest.pictures import Pictures
from resources.pinterest.requests import TIMEOUT_S, Patience, Requests, Timing
from resources.pinterest.token_box import TokenBox
from resources.settings import Settings
from taste_assets.sources.folder import FolderSource
from taste_assets.sources.pinterest import PinterestSource
from taste_assets.sources.protocol import SourceName, TasteSource


@dataclass(frozen=True, slots=True)
class SourceOwner:
    """Somebody whose boards are read.

    Attributes:
        user_id, bucket: who.
        joined_at: when they were registered here.
        has_account: whether a Pinterest account is to be read.
        folders: imported folders to be read.
    """

    user_id: uuid.UUID
    bucket: int
    joined_at: datetime
    has_account: bool
    folders: tuple[str, ...]


class Sources:
    """Opens sources; shares connections among all of them. A context manager.

    Args:
        engine: on the tables' database.
        settings: where Pinterest is, and the keys to it.
        timing: where time comes from.
        patience: how long to try.
        timeout_s: of each connection and piece of an answer.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        *,
        timing: Timing | None = None,
        patience: Patience | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self.timing = timing or Timing()
        self._patience = patience or Patience()
        self._http = httpx.Client(timeout=timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def open(self, owner: SourceOwner) -> list[TasteSource]:
        """Every source of a person.

        Raises:
            SetupError: they have a Pinterest account, and Pinterest is not configured.
        """
        opened: list[TasteSource] = [self.pinterest(owner.user_id)] if owner.has_account else []
        return opened + ([FolderSource(list(owner.folders))] if owner.folders else [])

    def open_one(self, owner: SourceOwner, name: SourceName) -> TasteSource:
        """One source of a person, wanted for boards that came from it. Raises SetupError as `open`."""
        return self.pinterest(owner.user_id) if name == "pinterest" else FolderSource(list(owner.folders))

    def pinterest(self, user_id: uuid.UUID) -> PinterestSource:
        """The Pinterest account of a person. Raises SetupError as `open`."""
        app, box = self._app, self._box
        requests = self.requests()

        def refresh(refresh_token: str) -> TokenPair:
            return app.refresh(requests, refresh_token)

        access = StoredAccess(self._engine, box, user_id, refresh, self.timing.clock)
        api = AccountApi(app.api_url, requests, access)
        return PinterestSource(api, requests.usage, self._pictures, self._settings.pinterest_image_width)

    def now(self) -> datetime:
        """The time."""
        return self.timing.clock()

    def requests(self) -> Requests:
        """Requests with an allowance of their own."""
        return Requests(self._http, self.timing, self._patience)

    @cached_property
    def _app(self) -> PinterestApp:
        return PinterestApp.from_settings(self._settings)

    @cached_property
    def _box(self) -> TokenBox:
        return TokenBox.from_settings(self._settings)

    @cached_property
    def _pictures(self) -> Pictures:
        return Pictures(self._http, self._settings.pinterest_api_url, self.timing, self._patience)
