"""Days and months, which nothing can be asked of: known so that they are neither filler, guests, nor towns."""

from __future__ import annotations

import re
from typing import Final

from lookbook.refine.rules.page import Page

_MONTH: Final = (
    r"january|february|april|june|july|august|september|october|november|december|januar|februar|marz|mai|juni|juli"
    r"|oktober|dezember"
)
_ALSO_WORDS: Final = r"march|may"
_DAY: Final = r"(?:(?:the )?(?:3[01]|[12]?\d)(?:st|nd|rd|th|\.)?(?: of)?\s)"
_YEAR: Final = r"(?:(?:\s(?:3[01]|[12]?\d)(?:st|nd|rd|th))?,?\s20\d\d\b)?"
_DATE: Final = re.compile(
    rf"\b(?:{_DAY}?(?:{_MONTH}){_YEAR}|{_DAY}(?:{_ALSO_WORDS}){_YEAR}"
    rf"|(?<=in )(?:{_ALSO_WORDS}){_YEAR}|(?:{_ALSO_WORDS})(?=\s?(?:or|and|to|/|-)\s?(?:{_MONTH}|{_ALSO_WORDS}))"
    rf"|(?P<capital>{_ALSO_WORDS}){_YEAR}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|samstags?|sonntags?|freitags?)\b"
)
_NEAR: Final = re.compile(r"\b(?:near|nearby|close to|around|from|to|outside|area of)\s$")


def read_dates(page: Page) -> None:
    """Refuse them: "may" and "march" only where they are months."""
    for match in page.matches(_DATE):
        is_sure = not match["capital"] or match.end() > match.end("capital")  # May 2027
        if is_sure or _is_month(page, *match.span()):
            page.refuse(*match.span())


def _is_month(page: Page, start: int, end: int) -> bool:
    """Whether a word that is others, too, is written as a name within a sentence, and not as a town's."""
    before, after = page.text[:start].rstrip(), page.text[end : end + 1]
    begins = (not before or before[-1] in ".!?\n") and after not in ("", ",")
    is_name = page.folded.said(start, end).istitle()
    return is_name and not begins and not _NEAR.search(page.text[:start])
