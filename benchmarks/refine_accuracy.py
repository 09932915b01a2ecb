"""How much of the written requests the rule-based interpreter understands as a careful reader does.

The requests and what they ask are data of the tests (`tests/lookbook/refine/requests.json`), written before the rules.
An exact match has every ask with its strength, nothing besides, the same things dropped, asks back where the request
is ambiguous, and says that something was not understood exactly where something was not.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lookbook.refine.asks import (
    AmenityAsk,
    Ask,
    BudgetAsk,
    CountryAsk,
    GuestsAsk,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    SettingAsk,
    TasteAsk,
)
from lookbook.refine.context import Catalogue, Context, ShownVenue
from lookbook.refine.conversation import Conversation, Interpretation
from lookbook.refine.interpreters import Interpreter
from resources.folding import folded
from resources.gazetteer import Place

REQUESTS: Final = Path(__file__).resolve().parent.parent / "tests" / "lookbook" / "refine" / "requests.json"

_NAMES: Final = ("The Old Barn", "Castle Rowan", "Riverside Loft", "Hazel Gardens", "Seaview Pavilion")
SHOWN: Final = tuple(ShownVenue(uuid.UUID(int=number), name) for number, name in enumerate(_NAMES, start=1))
CATALOGUE: Final = Catalogue(
    names={venue.venue_id: str(venue.name) for venue in SHOWN},
    venue_by_name={folded(str(venue.name)): venue.venue_id for venue in SHOWN},
    towns=(Place("Hay-on-Wye", "Wales", "GB", 52.07, -3.13), Place("Bath", "England", "GB", 51.38, -2.36)),
    regions=(
        Place("The Cotswolds", "", "GB", 51.85, -1.8, radius_km=45),
        Place("Cornwall", "", "GB", 50.4, -4.9, radius_km=70),
        Place("Somerset", "", "GB", 51.2, -2.9, radius_km=40),
        Place("Bath", "", "GB", 51.38, -2.36, radius_km=25),
    ),
    currency="GBP",
    country="GB",
)
"""A catalogue of British venues, and a list of five of them on the screen."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A request with what was expected and what was read, in short."""

    kind: str
    says: str
    expected: tuple[str, ...]
    read: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Whether they are the same."""
        return self.expected == self.read


def requests() -> list[dict[str, Any]]:
    """The written requests."""
    read: list[dict[str, Any]] = json.loads(REQUESTS.read_text())
    return read


def judged(interpreter: Interpreter, written: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
    """Every request read, after what was said before it."""
    for request in written:
        talk = Conversation()
        for earlier in request.get("after", ()):
            talk = talk.said(earlier, interpreter.read(earlier, Context(CATALOGUE, SHOWN, talk.refinement())))
        read = interpreter.read(request["says"], Context(CATALOGUE, SHOWN, talk.refinement()))
        unread = request.get("unread", ())
        expected = [*request["asks"], *(["asks back"] if request.get("asks_back") else [])]
        expected += ["not understood"] if unread else []
        yield Judged(request["kind"], request["says"], tuple(sorted(expected)), tuple(sorted(_read(read, unread))))


def _read(read: Interpretation, unread: Sequence[str]) -> Iterator[str]:
    yield from (in_short(chip.ask) for chip in read.chips)
    yield from (f"drop {slot.replace(':', ' ')}" for slot in read.dropped)
    yield from ["undo"] * read.undo + ["start over"] * read.start_over + ["asks back"] * bool(read.questions)
    said = folded(" ".join(read.not_understood))
    if read.not_understood:
        missing = [word for word in unread if folded(word) not in said]
        yield f"not understood, but for {missing}" if missing else "not understood"


def in_short(ask: Ask) -> str:
    """An ask in the spelling of the requests: `guests 80-120 must`, `look less castle`, `place Austin 130`."""
    strength = getattr(ask, "strength", "")
    usual = "want"
    match ask:
        case GuestsAsk():
            said = f"guests {ask.most}" if ask.least == ask.most else f"guests {ask.least}-{ask.most}"
        case BudgetAsk():
            said = f"budget {ask.amount:g} {ask.currency}" + ("" if ask.per == "event" else f"/{ask.per}")
            said = said.replace(f"{ask.amount:g}", f"{ask.amount:.0f}")
        case PlaceAsk():
            said = f"place {ask.name} {ask.km + 1e-6:.0f}"
        case CountryAsk():
            said = f"{'' if ask.wanted else 'not '}country {'/'.join(ask.codes)}"
        case SettingAsk():
            said = ask.setting
        case AmenityAsk():
            said = f"amenity {ask.word}" if ask.wanted else f"without {ask.word}"
        case LookAsk():
            said, usual = (
                f"look {ask.amount} {ask.style or repr(ask.words)}",
                "want" if ask.amount == "none" else "prefer",
            )
        case LikeAsk():
            said = f"like {'+' if ask.more else '-'}{ask.venue_id.int if ask.venue_id else ask.photo_id}"
        case TasteAsk():
            said = f"taste {ask.label} {ask.factor:g}"
        case _:
            said = f"words {ask.words!r}"
    return said if strength in ("", usual) else f"{said} {strength}"


def accuracy(found: Sequence[Judged]) -> dict[str, Any]:
    """Shares of exact matches, overall and by kind of request; of the asks, how many were read and how many wrong."""
    by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one.is_exact)
    expected = sum(len(one.expected) for one in found)
    read = sum(len(one.read) for one in found)
    common = sum(len(set(one.expected) & set(one.read)) for one in found)
    return {
        "requests": len(found),
        "exact_match": round(sum(one.is_exact for one in found) / len(found), 4),
        "ask_precision": round(common / read, 4),
        "ask_recall": round(common / expected, 4),
        "exact_by_kind": {kind: [sum(exact), len(exact)] for kind, exact in by_kind.items()},
        "misread": [
            {"says": one.says, "expected": one.expected, "read": one.read} for one in found if not one.is_exact
        ],
    }
