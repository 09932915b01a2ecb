"""How far, as it is said: kilometres, miles, or a travel time and the kilometres that it is taken as.

Which place it is from is read in `places`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lookbook.refine.rules.numbers import DIGITS, value

SPEEDS: Final = {"car": 65.0, "train": 80.0, "bike": 12.0, "walk": 4.0}
"""Kilometres as the crow flies per hour, door to door: roads are about a third longer than the straight line."""

_MILE_KM: Final = 1.609344
LENGTH: Final = rf"(?P<length>{DIGITS})\s?-?(?P<unit>kilomet(?:er|re)s?|kms?|miles?|meilen|mi)\b"
TIME: Final = (
    rf"(?:(?P<half>half an hour|halbe stunde)|(?P<hour>an hour|1 hour|1 stunde|a hour)(?P<and_half>(?: and a half)?)"
    rf"|(?P<hours>{DIGITS})\s?(?P<hours_half>and a half |1/2 )?\s?-?(?:hours?|hrs?|h|stunden?|std)\b\.?"
    rf"(?:\s?(?:and )?(?P<extra>\d+)\s?(?:minutes|mins?|m)\b)?|(?P<minutes>{DIGITS})\s?-?(?:minutes?|mins?|minuten)\b)"
)
BOUND: Final = (
    r"(?:(?:with ?in|in under|less than|under|no(?:t)? (?:more|further|farther) than|max(?:imum|\.)?|at most|up to"
    r"|about|around|roughly"
    r"|in a|in an|im umkreis von|hochstens|maximal|weniger als|innerhalb von)\s+)?(?:a |an )?"
)  # fmt: skip
MODES: Final = {"walk": r"walk(?:ing)?|on foot"
r"|zu fuss", "train": r"train|rail|zug|bahn", "bike": r"bik(?:e|ing)|cycl(?:e|ing)|rad",
                 "car": r"drive|driving|by car|car|ride|auto|fahrt|autofahrt"}  # fmt: skip
MODE: Final = rf"(?:'s|s')?(?:\s(?:by |mit de[mr] )?(?:{'|'.join(MODES.values())})\b)?"
BY: Final = re.compile(rf"\s(?:by|on|per|mit dem|zu)\s?(?:{'|'.join(MODES.values())})\b")


@dataclass(frozen=True, slots=True)
class Reach:
    """Kilometres, the travel time they stand for, what is assumed, and whether it is inside of the place."""

    km: float
    travel: str = ""
    note: str = ""
    is_inside: bool = False


def reach_of(match: re.Match[str], said: str) -> Reach:
    """What a match of `LENGTH` or `TIME` says; how one travels is looked for in what was said with it."""
    if match["length"]:
        km = value(match["length"]) * (1.0 if match["unit"].startswith("k") else _MILE_KM)
        return Reach(km)
    hours = _hours(match)
    mode = next((mode for mode, wordings in MODES.items() if re.search(rf"\b(?:{wordings})\b", said)), "car")
    how = {"car": "by car", "train": "by train", "bike": "by bike", "walk": "on foot"}[mode]
    speed = SPEEDS[mode]
    return Reach(hours * speed, f"{hours:.3g} h {how}, taken as {speed:.0f} km/h in a straight line")


def _hours(match: re.Match[str]) -> float:
    if match["half"]:
        return 0.5
    if match["hour"]:
        return 1.5 if match["and_half"] else 1.0
    if match["hours"]:
        return value(match["hours"]) + (0.5 if match["hours_half"] else 0) + float(match["extra"] or 0) / 60
    return value(match["minutes"]) / 60
