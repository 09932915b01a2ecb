"""Reading many people's sources side by side. One person's failure is theirs alone; what it was is told in counts.

Nothing here names a person to Dagster, whose log outlives them: who fails stands in `pinterest_accounts`.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, Engine

from resources.photo_store import PhotoStore
from resources.pinterest.accounts import record_failure, record_poll
from resources.pinterest.requests import Patience, Timing
from resources.settings import Settings
from resources.spaces import current_space, registered_spaces
from resources.sync import Written
from taste_assets.board_sync import (
    BoardToSync,
    boards_named,
    boards_to_sync,
    next_poll,
    owners,
    owners_due,
    sync_boards,
)
from taste_assets.pin_photos import pins_to_fetch_again
from taste_assets.pin_sync import SyncedBoard, forget_texts, sync_board
from taste_assets.sources.opening import SourceOwner, Sources
from taste_assets.sources.protocol import BoardGoneError, SourceBoard, SourceError, TasteSource

_PinsAgain = Mapping[tuple[uuid.UUID, str], frozenset[str]]


@dataclass(slots=True)
class ReadUser:
    """What reading one person's sources did.

    Attributes:
        bucket: theirs.
        boards: listed, or synced.
        synced: what syncing each board did.
        failures: kinds of failure of their sources.
        messages: the failures with their remedies, without names.
        vanished: boards that were gone when their pins were asked for.
        written: rows touched, beside those of `synced`.
        requests, limit_waits: of the Pinterest API.
    """

    bucket: int
    boards: int = 0
    synced: list[SyncedBoard] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    vanished: int = 0
    written: Written = field(default_factory=Written)
    requests: int = 0
    limit_waits: int = 0

    def count(self, source: TasteSource) -> None:
        """Add what a source asked."""
        self.requests += source.requests
        self.limit_waits += source.limit_waits


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs, whoever is read.

    Attributes:
        engine: on the tables' database.
        store: takes pictures.
        sources: opens people's sources.
        settings: retention, interval of polls, people at one time.
    """

    engine: Engine
    store: PhotoStore
    sources: Sources
    settings: Settings

    def read_boards(self, buckets: Sequence[int], *, everyone: bool = False) -> list[ReadUser]:
        """Bring the boards of these buckets' people to what their sources list: of those who are due, or of everyone.

        Raises:
            SetupError: somebody has a Pinterest account, and Pinterest is not configured.
        """
        with self.engine.connect() as connection:
            asked = owners(connection, buckets) if everyone else owners_due(connection, buckets, self.sources.now())
        return self._side_by_side(self._list_boards, asked)

    def read_pins(self, buckets: Sequence[int]) -> list[ReadUser]:
        """Bring the pins of these buckets' boards that changed to what their sources list. Raises as `read_boards`."""
        if self.settings.pin_retention == "minimal":
            forget_texts(self.engine, buckets)
        with self.engine.connect() as connection:
            again = _wanted_again(connection, self.store, buckets)
            changed = boards_to_sync(connection, buckets, self.sources.now())
            # One that changed and is wanted again is named twice, and synced once.
            work: defaultdict[uuid.UUID, list[BoardToSync]] = defaultdict(list)
            for board in dict.fromkeys([*changed, *boards_named(connection, again)]):
                work[board.user_id].append(board)
            asked = [owner for owner in owners(connection, buckets) if owner.user_id in work]

        def sync(owner: SourceOwner) -> ReadUser:
            return self._sync_pins(owner, work[owner.user_id], again)

        return self._side_by_side(sync, asked)

    def _side_by_side(self, read: Callable[[SourceOwner], ReadUser], asked: Sequence[SourceOwner]) -> list[ReadUser]:
        with ThreadPoolExecutor(self.settings.pinterest_concurrency) as pool:
            return list(pool.map(read, asked))

    def _list_boards(self, owner: SourceOwner) -> ReadUser:
        user = ReadUser(owner.bucket)
        for source in self.sources.open(owner):
            try:
                listed = source.boards()
            except SourceError as error:
                self._failed(user, owner, source, error)
            else:
                user.boards += len(listed)
                user.written += sync_boards(
                    self.engine, self.store, owner.user_id, source.name, listed, self.settings.pin_retention
                )
                self._read(owner, source, listed)
            user.count(source)
        return user

    def _sync_pins(
        self,
        owner: SourceOwner,
        boards: Sequence[BoardToSync],
        again: _PinsAgain,
    ) -> ReadUser:
        user = ReadUser(owner.bucket)
        for name in sorted({board.source for board in boards}):
            source = self.sources.open_one(owner, name)
            try:
                for board in (board for board in boards if board.source == name):
                    wanted = again.get((owner.user_id, board.board_id), frozenset())
                    self._sync_board(user, source, board, wanted)
            except SourceError as error:
                # What was synced stays; the boards left are synced when the source answers again.
                self._failed(user, owner, source, error)
            user.count(source)
        return user

    def _sync_board(self, user: ReadUser, source: TasteSource, board: BoardToSync, again: frozenset[str]) -> None:
        try:
            user.synced.append(sync_board(self.engine, self.store, source, board, self.settings.pin_retention, again))
            user.boards += 1
        except BoardGoneError:
            user.vanished += 1

    def _read(self, owner: SourceOwner, source: TasteSource, listed: Sequence[SourceBoard]) -> None:
        if source.name != "pinterest":
            return
        changed = [board.modified_at for board in listed if board.modified_at is not None]
        active_at = max([owner.joined_at, *changed])
        now, interval = self.sources.now(), timedelta(minutes=self.settings.pinterest_poll_minutes)
        with self.engine.begin() as connection:
            record_poll(connection, owner.user_id, now, next_poll(now, active_at, interval))

    def _failed(self, user: ReadUser, owner: SourceOwner, source: TasteSource, error: SourceError) -> None:
        user.failures[error.kind] += 1
        user.messages.append(f"{source.name} cannot be read, {error.kind}: {error.remedy}")
        if source.name == "pinterest":
            now = self.sources.now()
            with self.engine.begin() as connection:
                record_failure(connection, owner.user_id, f"{error}; {error.remedy}", now, error.until)


def failures(read: Sequence[ReadUser]) -> Counter[str]:
    """What went wrong with its remedy, in words without names, and for how many people."""
    return Counter(message for user in read for message in user.messages)


@contextmanager
def open_reader(
    engine: Engine,
    store: PhotoStore,
    settings: Settings,
    *,
    timing: Timing | None = None,
    patience: Patience | None = None,
) -> Iterator[Reader]:
    """A reader with its connections; see `Sources`."""
    with Sources(engine, settings, timing=timing, patience=patience) as sources:
        yield Reader(engine, store, sources, settings)


def _wanted_again(connection: Connection, store: PhotoStore, buckets: Sequence[int]) -> _PinsAgain:
    """Pins whose bytes are gone and that the space readers use, or the one being filled, cannot compare."""
    spaces = [current_space(connection, "image"), *registered_spaces(connection, "image")[-1:]]
    space_ids = {space.space_id for space in spaces if space is not None}
    found: defaultdict[tuple[uuid.UUID, str], set[str]] = defaultdict(set)
    for pin in pins_to_fetch_again(connection, store, sorted(space_ids), buckets):
        found[pin.user_id, pin.board_id].add(pin.pin_id)
    return {board: frozenset(pin_ids) for board, pin_ids in found.items()}
