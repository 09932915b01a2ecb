"""Accounts, boards, sections and pins as they now stand: the world's people, then whatever the control API changed.

Lists are kept by `position`, a number handed out once and never reused, so that a bookmark stays good whatever happens.
Nothing here knows of HTTP, tokens or JSON; nothing survives the process.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final, Literal

from demo.servers.pinterest.ids import digit_id, fraction
from demo.world.model import Board, Person, PictureSpec, Pin, World

Privacy = Literal["PUBLIC", "PROTECTED", "SECRET"]

_SECRET_SHARE: Final = 0.2
_PROTECTED_SHARE: Final = 0.4
_SECTION_BOARD_MIN_PINS: Final = 12
_SECTION_BOARD_SHARE: Final = 0.5
_SECTION_SCENES: Final = {"exterior": "Outside", "interior": "Rooms", "table": "Tables", "ceremony": "Ceremony"}
_TICK: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of a board; its pins are on the board as well."""

    section_id: str
    name: str
    position: int


@dataclass(slots=True)
class PinState:
    """A pin where it now is."""

    pin: Pin
    created_at: datetime
    board: BoardState
    section_id: str | None
    position: int


@dataclass(slots=True)
class BoardState:
    """A board; `pins` ascend by position, so the last one is the newest."""

    board_id: str
    owner: str
    name: str
    description: str
    privacy: Privacy
    created_at: datetime
    pins_modified_at: datetime
    position: int
    sections: tuple[Section, ...] = ()
    pins: list[PinState] = field(default_factory=list)

    def newest_pins(self, section_id: str | None = None) -> list[PinState]:
        """Its pins, or one section's, newest first."""
        return [pin for pin in reversed(self.pins) if section_id in (None, pin.section_id)]


class UnknownIdError(LookupError):
    """No account, board, section or pin of that name."""


class Boards:
    """Everything on the look-alike; one instance per server, used from one thread."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        # Additions die with the process, and an id that stood for one must never come back as another.
        self._run = secrets.token_hex(8)
        self._clock = clock
        self._positions = count(1)
        self._additions = count(1)
        self._boards: dict[str, BoardState] = {}
        self._pins: dict[str, PinState] = {}
        self._boards_by_owner: dict[str, dict[str, BoardState]] = {}
        for person in world.people:
            self._settle(person)

    def usernames(self) -> tuple[str, ...]:
        """All accounts, in the world's order."""
        return tuple(self._boards_by_owner)

    def boards_of(self, username: str) -> list[BoardState]:
        """An account's boards, newest first. Raises UnknownIdError."""
        return sorted(self._owned(username).values(), key=lambda board: -board.position)

    def pins_of(self, username: str) -> list[PinState]:
        """All pins of an account, newest first. Raises UnknownIdError."""
        pins = (pin for board in self._owned(username).values() for pin in board.pins)
        return sorted(pins, key=lambda pin: -pin.position)

    def board(self, board_id: str) -> BoardState:
        """One board. Raises UnknownIdError."""
        try:
            return self._boards[board_id]
        except KeyError:
            raise UnknownIdError(f"no board {board_id!r}") from None

    def pin(self, pin_id: str) -> PinState:
        """One pin. Raises UnknownIdError."""
        try:
            return self._pins[pin_id]
        except KeyError:
            raise UnknownIdError(f"no pin {pin_id!r}") from None

    def add_board(self, username: str, name: str, description: str = "", privacy: Privacy = "PUBLIC") -> BoardState:
        """Open an empty board. Raises UnknownIdError."""
        owned = self._owned(username)
        now = _milliseconds(self._clock())
        board_id = digit_id(self._run, "added board", next(self._additions))
        board = BoardState(board_id, username, name, description, privacy, now, now, next(self._positions))
        self._boards[board_id] = owned[board_id] = board
        return board

    def delete_board(self, board_id: str) -> None:
        """Remove a board and its pins. Raises UnknownIdError."""
        board = self.board(board_id)
        for pin in board.pins:
            del self._pins[pin.pin.pin_id]
        del self._boards_by_owner[board.owner][board_id], self._boards[board_id]

    def add_pin(
        self, board_id: str, spec: PictureSpec, alt_text: str | None = None, section_id: str | None = None
    ) -> PinState:
        """Save a new picture on top of a board, now. Raises UnknownIdError."""
        board = self.board(board_id)
        _require_section(board, section_id)
        pin_id = digit_id(self._run, "added pin", next(self._additions))
        now = _milliseconds(self._clock())
        state = PinState(Pin(pin_id, spec, now, alt_text, None), now, board, section_id, next(self._positions))
        self._pins[pin_id] = state
        board.pins.append(state)
        self._touch(board)
        return state

    def move_pin(self, pin_id: str, board_id: str, section_id: str | None = None) -> PinState:
        """Move a pin to the top of a board of the same account; id and creation time stay. Raises UnknownIdError."""
        pin, target = self.pin(pin_id), self.board(board_id)
        if target.owner != pin.board.owner:
            raise UnknownIdError(f"{pin.board.owner} has no board {board_id!r}")
        _require_section(target, section_id)
        source = pin.board
        source.pins.remove(pin)
        pin.board, pin.section_id, pin.position = target, section_id, next(self._positions)
        target.pins.append(pin)
        for board in {source.board_id: source, target.board_id: target}.values():
            self._touch(board)
        return pin

    def delete_pin(self, pin_id: str) -> None:
        """Remove a pin. Raises UnknownIdError."""
        pin = self.pin(pin_id)
        pin.board.pins.remove(pin)
        del self._pins[pin_id]
        self._touch(pin.board)

    def _owned(self, username: str) -> dict[str, BoardState]:
        try:
            return self._boards_by_owner[username]
        except KeyError:
            raise UnknownIdError(f"no account {username!r}") from None

    def _touch(self, board: BoardState) -> None:
        # Strictly later each time, whatever the clock says: two changes in a millisecond, or a world set in the future,
        # must not look like no change.
        board.pins_modified_at = max(_milliseconds(self._clock()), board.pins_modified_at + _TICK)

    def _settle(self, person: Person) -> None:
        owned = self._boards_by_owner[person.username] = {}
        for board in sorted(person.boards, key=lambda board: (board.created_at, board.board_id)):
            state = self._open(person.username, board)
            self._boards[board.board_id] = owned[board.board_id] = state
        saved = ((pin, board.board_id) for board in person.boards for pin in board.pins)
        for pin, board_id in sorted(saved, key=lambda entry: (entry[0].created_at, entry[0].pin_id)):
            self._place(pin, owned[board_id])

    def _open(self, username: str, board: Board) -> BoardState:
        _require_digits(board.board_id)
        latest = max((pin.created_at for pin in board.pins), default=board.created_at)
        return BoardState(
            board.board_id,
            username,
            board.name,
            board.description,
            _privacy(board),
            _milliseconds(board.created_at),
            _milliseconds(latest),
            next(self._positions),
            tuple(self._sections(board)),
        )

    def _place(self, pin: Pin, board: BoardState) -> None:
        _require_digits(pin.pin_id)
        name = _SECTION_SCENES.get(pin.spec.scene)
        section_id = next((section.section_id for section in board.sections if section.name == name), None)
        state = PinState(pin, _milliseconds(pin.created_at), board, section_id, next(self._positions))
        self._pins[pin.pin_id] = state
        board.pins.append(state)

    def _sections(self, board: Board) -> Iterator[Section]:
        """About half of the larger boards are sorted into sections by kind of picture; details stay unsorted."""
        if len(board.pins) < _SECTION_BOARD_MIN_PINS or fraction(board.board_id, "sections") >= _SECTION_BOARD_SHARE:
            return
        scenes = {pin.spec.scene for pin in board.pins}
        for scene, name in _SECTION_SCENES.items():
            if scene in scenes:
                yield Section(digit_id(board.board_id, "section", name), name, next(self._positions))


def _privacy(board: Board) -> Privacy:
    """Boards about venues are public; some of the others are not, which is what the privacy filter is shown on."""
    toss = 1.0 if board.about_venues else fraction(board.board_id, "privacy")
    if toss < _SECRET_SHARE:
        return "SECRET"
    return "PROTECTED" if toss < _PROTECTED_SHARE else "PUBLIC"


def _require_digits(item_id: str) -> None:
    if not (item_id.isascii() and item_id.isdigit()):
        raise ValueError(f"{item_id!r} cannot be an id of this API: decimal digits only")


def _require_section(board: BoardState, section_id: str | None) -> None:
    if section_id is not None and all(section.section_id != section_id for section in board.sections):
        raise UnknownIdError(f"board {board.board_id} has no section {section_id!r}")


def _milliseconds(moment: datetime) -> datetime:
    """In UTC, at the API's resolution; the world's naive times are UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)
