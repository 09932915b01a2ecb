"""Boards about something else: which they are, and a person's statements without theirs. No SQL and no Dagster.

The comparison is `taste_assets.model.topics`, the words compared with stand in `taste_assets.model.vocabulary`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Literal

from taste_assets.taste_inputs import TasteInputs
from taste_assets.taste_names import TextTower

OffTopicMode = Literal["leave_out", "count", "ignore"]
"""What is done about such boards: their pins take no part; they do, and the boards are counted; nobody looks."""

MAJORITY: Final = 0.5
"""A board is about something else if more of its pictures are."""

LEAST_PINS: Final = 3
"""Smaller boards are taken as they are: a picture or two say too little to put a board aside."""


@dataclass(frozen=True, slots=True)
class OffTopicBoard:
    """A board that is about something else.

    Attributes:
        board_id: its owner's.
        pins: of it that would have been heard.
        share: of these whose picture shows something else.
    """

    board_id: str
    pins: int
    share: float


def off_topic_boards(person: TasteInputs, tower: TextTower) -> tuple[OffTopicBoard, ...]:
    """The person's boards that are about something else, by id; none where the space has no words to tell by.

    A pinned picture that the person rated is a rating, and belongs to no board.
    """
    on_board: defaultdict[str, list[int]] = defaultdict(list)
    for place, statement in enumerate(person.statements):
        if statement.board_id is not None:
            on_board[statement.board_id].append(place)
    found = []
    for board_id, places in sorted(on_board.items()):
        share = tower.off_topic_share(person.vectors[places]) if len(places) >= LEAST_PINS else None
        if share is not None and share > MAJORITY:
            found.append(OffTopicBoard(board_id, len(places), share))
    return tuple(found)


def without_boards(person: TasteInputs, boards: Collection[OffTopicBoard]) -> TasteInputs:
    """The same person without what they pinned on these boards."""
    ids = {board.board_id for board in boards}
    kept = [place for place, statement in enumerate(person.statements) if statement.board_id not in ids]
    statements = tuple(person.statements[place] for place in kept)
    return replace(person, statements=statements, vectors=person.vectors[kept])
