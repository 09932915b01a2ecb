"""Numbers as people write them: `3.5k`, `12,500`, `1.200`, `10 lakh`, `a hundred and twenty`. Pure."""

from __future__ import annotations

import re
from typing import Final

from lookbook.refine.rules.folding import FoldedText

DIGITS: Final = r"(?:\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
TIMES: Final = r"(?:k|grand|thousand|tsd\.?|tausend|m|mio\.?|mill?ion|lakhs?|lacs?)(?![a-z0-9])"

_TIMES: Final = {"k": 1e3, "grand": 1e3, "thousand": 1e3, "tsd": 1e3, "tausend": 1e3, "m": 1e6, "mio": 1e6,
                 "million": 1e6, "milion": 1e6, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5}  # fmt: skip

_NAMES: Final = (
    "zero null|one eins ein eine|two zwei|three drei|four vier|five funf|six sechs|seven sieben|eight acht|nine neun"
    "|ten zehn|eleven elf|twelve zwolf|thirteen|fourteen|fifteen funfzehn|sixteen|seventeen|eighteen|nineteen"
)
_UNITS: Final = {word: value for value, words in enumerate(_NAMES.split("|")) for word in words.split()}
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "hundert": 100, "thousand": 1000, "tausend": 1000}
# Articles and pronouns too often: numbers only before a scale or a unit of time or length.
_SHY: Final = frozenset({"a", "an", "one", "ein", "eine", "eins", "einhundert", "null"})
_COUNTED: Final = frozenset({"hour", "hours", "hrs", "hr", "stunde", "stunden", "mile", "miles", "hundred", "thousand",
                             "hundert", "tausend", "million"})  # fmt: skip
_WORD: Final = re.compile(r"[a-z]+")
_DOZEN: Final = re.compile(r"\b(?:(?P<half>half an? )|an? |eine? |one |(?P<count>\d{1,3}) )?(?P<dozen>dozen|dutzend)\b")


def value(digits: str, times: str | None = None) -> float:
    """The number that `DIGITS` and `TIMES` found.

    A point or comma before three digits separates thousands, unless `k` or the like follows; before one or two, the
    decimals.
    """
    digits = digits.replace("'", "").replace(" ", "")
    marks = [one for one in digits if one in ".,"]
    if not marks:
        number = float(digits)
    else:
        last = digits.rindex(marks[-1])
        decimals = len(digits) - last - 1
        is_decimal = decimals != 3 or (bool(times) and len(marks) == 1)
        whole = re.sub(r"[.,]", "", digits[:last] if is_decimal else digits)
        number = float(f"{whole}.{digits[last + 1 :]}") if is_decimal else float(whole)
    return number * (_TIMES[times.rstrip(".")] if times else 1)


def with_digits(text: FoldedText) -> FoldedText:
    """The text with numbers that are written out in digits: `one hundred and twenty guests` has `120 guests`."""
    position = 0
    while True:
        words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text.text, position)]
        spelt = next((found for number in range(len(words)) if (found := _spelt(words[number:], text.text))), None)
        if spelt is None:
            return _without_dozens(text)
        start, end, number = spelt
        text = text.replaced(start, end, str(number))
        position = start + len(str(number))


def _without_dozens(text: FoldedText) -> FoldedText:
    for match in reversed(list(_DOZEN.finditer(text.text))):
        if match.start() < match.start("dozen"):  # not "a few dozen"
            number = 6 if match["half"] else 12 * int(match["count"] or 1)
            text = text.replaced(*match.span(), str(number))
    return text


def _spelt(words: list[tuple[int, int, str]], text: str) -> tuple[int, int, int] | None:
    """A number at the beginning of these words: its range in the text, and its value."""
    total, current, used, strong = 0, 0, 0, False
    for number, (start, _, word) in enumerate(words):
        if number and not re.fullmatch(r"[\s-]+", text[words[number - 1][1] : start]):
            break
        if word in ("and", "und") and used == number and current + total >= 100:
            continue  # one hundred and twenty
        if word in _SHY and used == 0:
            current = 1
        elif word in _UNITS and (used == 0 or words[used - 1][2] in (*_TENS, *_SCALES)):
            current, strong = current + _UNITS[word], True
        elif word in _TENS and (used == 0 or words[used - 1][2] in _SCALES):
            current, strong = current + _TENS[word], True
        elif word in _SCALES and used:
            current, strong = current * _SCALES[word], True
            if word in ("thousand", "tausend"):
                total, current = total + current, 0
        else:
            break
        used = number + 1
    following = words[used][2] if used < len(words) else ""
    if not used or not (strong or (words[0][2] in ("one", "ein", "eine") and following in _COUNTED)):
        return None
    return words[0][0], words[used - 1][1], total + current
