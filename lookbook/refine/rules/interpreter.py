"""Understanding a turn by rule: no model, no network, the same answer every time.

Readers take turns at a page, each taking the words it is sure of: commands, examples, places, amounts, and what the
lexicon has words for. What is left and not filler was not understood, and is said. Words, in English and German, are
data (`lexicon`, `common_words`); docs/refine.md has the accuracy on written requests.
"""

from __future__ import annotations

from lookbook.refine.context import Context
from lookbook.refine.conversation import MAX_CHIPS, MAX_TEXT, Chip, Interpretation
from lookbook.refine.rules.amounts import read_amounts
from lookbook.refine.rules.commands import START_OVER, UNDO, read_dropped
from lookbook.refine.rules.countries import named_countries, read_bare_countries, read_countries
from lookbook.refine.rules.dates import read_dates
from lookbook.refine.rules.folding import fold_text
from lookbook.refine.rules.items import read_items
from lookbook.refine.rules.leftovers import corrected, not_understood, refuse_others
from lookbook.refine.rules.likes import read_likes
from lookbook.refine.rules.numbers import with_digits
from lookbook.refine.rules.page import Page
from lookbook.refine.rules.places import read_bare_towns, read_distances, read_places

RULES = "rules"
"""What `Interpretation.interpreter` says."""


class RuleInterpreter:
    """See the module's docstring."""

    @property
    def label(self) -> str:
        """Who reads."""
        return RULES

    def read(self, text: str, context: Context) -> Interpretation:
        """What the words ask; never fails for what they are."""
        plain = with_digits(corrected(fold_text(text[:MAX_TEXT]), context))
        if UNDO.fullmatch(plain.text):
            return Interpretation(undo=True)
        if START_OVER.fullmatch(plain.text):
            return Interpretation(start_over=True)
        page = Page(plain, plain.text)
        read_dropped(page, context)
        read_likes(page, context)
        read_distances(page, context)
        countries = named_countries(page)
        read_countries(page, countries, context)
        read_dates(page)
        read_places(page, context)
        read_amounts(page, context)
        read_items(page)
        read_bare_towns(page, context)
        read_bare_countries(page, countries, context)
        latest = {one.ask.slot: one for one in sorted(page.found, key=lambda one: one.start)}
        found = sorted(latest.values(), key=lambda one: one.start)[:MAX_CHIPS]
        refuse_others(page, found)
        return Interpretation(
            chips=tuple(
                Chip(id=f"0.{number}", ask=one.ask, said=plain.said(one.start, one.end), note=one.note)
                for number, one in enumerate(found)
            ),
            not_understood=not_understood(page),
            questions=tuple(page.questions)[:8],
            dropped=tuple(dict.fromkeys(page.dropped)),
        )
