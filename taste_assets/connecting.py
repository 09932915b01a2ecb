"""Connecting a person's Pinterest account, and importing their folders: the ways in that a command or an app offers."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from sqlalchemy import Connection, Engine

from resources.errors import SetupError
from resources.identity import USER_BUCKETS
from resources.photo_store import PhotoStore
from resources.pinterest.account_api import AccountApi
from resources.pinterest.accounts import connect_account
from resources.pinterest.errors import AccessRevokedError, PinterestError
from resources.pinterest.loopback import await_code
from resources.pinterest.oauth import PinterestApp, TokenPair
from resources.pinterest.records import AccountRecord
from resources.pinterest.requests import TIMEOUT_S, Requests, utc_now
from resources.pinterest.token_box import TokenBox
from resources.settings import Settings
from taste_assets.board_sync import Retention, drop_folder, owner, owners, sync_boards
from taste_assets.people import add_user, find_user
from taste_assets.sources.folder import FolderSource, canonical_folder, existing_folder
from taste_assets.sources.protocol import SourceBoard, SourceError


def bare_tokens(access_token: str, now: datetime, life: timedelta = timedelta(days=30)) -> TokenPair:
    """Tokens of an access token that came without a refresh token, as the demo's ready-made ones do."""
    return TokenPair(access_token, "", now + life, now + life)


def connect_with_tokens(engine: Engine, settings: Settings, handle: str, tokens: TokenPair) -> AccountRecord:
    """Connect the account that these tokens open to a person, who is added if need be; the account.

    Raises:
        SetupError: Pinterest is not configured, refuses the tokens or does not answer, or the account is another's.
    """
    app, box = PinterestApp.from_settings(settings), TokenBox.from_settings(settings)
    with httpx.Client(timeout=TIMEOUT_S) as http:
        try:
            account = AccountApi(app.api_url, Requests(http), _Given(tokens.access_token)).account()
        except PinterestError as error:
            raise SetupError(f"Pinterest does not tell whose account it is: {error}", error.remedy) from error
    with engine.begin() as connection:
        user_id, _ = add_user(connection, handle)
        connect_account(connection, box, user_id, account.id, tokens, utc_now())
    return account


def connect_with_code(engine: Engine, settings: Settings, handle: str, code: str, redirect_uri: str) -> AccountRecord:
    """Connect the account of somebody who came back from the consent page with this code; the account.

    Raises:
        SetupError: as `connect_with_tokens`, or the code is refused.
    """
    app = PinterestApp.from_settings(settings)
    with httpx.Client(timeout=TIMEOUT_S) as http:
        try:
            tokens = app.exchange(Requests(http), code, redirect_uri)
        except PinterestError as error:
            remedy = "connect again: a code is good once and for ten minutes; or " + error.remedy
            raise SetupError(f"Pinterest gives no tokens: {error}", remedy) from error
    return connect_with_tokens(engine, settings, handle, tokens)


def connect_by_browser(
    engine: Engine, settings: Settings, handle: str, redirect_uri: str, visit: Callable[[str], None]
) -> AccountRecord:
    """Connect the account of somebody who says yes in a browser on this machine; the account.

    Args:
        engine: on the tables' database.
        settings: with Pinterest configured.
        handle: who; added if need be.
        redirect_uri: on this machine, registered with the Pinterest app.
        visit: leads the person to the address it is given.

    Raises:
        SetupError: as `connect_with_code`, or nobody came back.
    """
    app = PinterestApp.from_settings(settings)
    TokenBox.from_settings(settings)  # said before anybody is sent away
    state = secrets.token_urlsafe(24)
    code = await_code(redirect_uri, state, lambda: visit(app.consent_address(redirect_uri, state)))
    return connect_with_code(engine, settings, handle, code, redirect_uri)


def import_folder(
    engine: Engine, store: PhotoStore, retention: Retention, handle: str, location: str
) -> list[SourceBoard]:
    """Make a folder one of a person's sources, who is added if need be; its boards. Run again, it lists anew.

    Raises:
        SetupError: it is no folder, or cannot be listed.
    """
    folder = existing_folder(location)
    with engine.begin() as connection:
        user_id, _ = add_user(connection, handle)
        known = owner(connection, user_id)
    try:
        listed = FolderSource(sorted({folder, *(known.folders if known else ())})).boards()
    except SourceError as error:
        raise SetupError(str(error), error.remedy) from error
    listed = list({board.board_id: board for board in listed}.values())
    sync_boards(engine, store, user_id, "folder", listed, retention)
    return [board for board in listed if board.source_url and f"{board.source_url}/".startswith(f"{folder}/")]


def remove_folder(engine: Engine, store: PhotoStore, handle: str, location: str) -> None:
    """Take an imported folder from a person, with its boards and pins. The files in it are not touched.

    Raises:
        SetupError: there is no such person, or they have no such folder.
    """
    folder = canonical_folder(location)
    with engine.connect() as connection:
        user_id = find_user(connection, handle)
        known = owner(connection, user_id)
    if known is None or folder not in known.folders:
        raise SetupError(f"{handle!r} has no folder {location!r}", "see `venue-taste users show`")
    drop_folder(engine, store, user_id, folder)


def folder_problems(connection: Connection) -> dict[uuid.UUID, str]:
    """What is wrong with whose imported folders, looked at now."""
    problems = {}
    for someone in owners(connection, range(USER_BUCKETS)):
        for folder in someone.folders:
            try:
                existing_folder(folder)
            except SetupError as error:
                problems[someone.user_id] = error.problem
    return problems


class _Given:
    """An access token that is what it is."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, refused: str | None = None) -> str:
        if refused is not None:
            raise AccessRevokedError("the access token is refused")
        return self._token
