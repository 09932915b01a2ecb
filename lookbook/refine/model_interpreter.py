"""The interpreter that asks the language model of LANGUAGE_MODEL. What is asked and believed is in `model_answer`."""

from __future__ import annotations

import asyncio

from lookbook.refine.context import Context
from lookbook.refine.conversation import MAX_CHIPS, MAX_TEXT, Chip, Interpretation, Question
from lookbook.refine.model_answer import MAX_CLAIMS, TurnAnswer, TurnClaim, believed, instructions, message
from lookbook.refine.rules.commands import START_OVER, UNDO
from lookbook.refine.rules.folding import fold_text
from lookbook.refine.rules.leftovers import not_understood
from lookbook.refine.rules.page import Page
from resources.folding import folded
from resources.language_model.addresses import ModelAddress
from resources.language_model.model import AnswerError, language_model

_RETRIES = 1  # somebody is waiting


class ModelInterpreter:
    """See the module's docstring. Called from a thread without a running event loop."""

    def __init__(self, address: ModelAddress, *, timeout: float) -> None:
        self._address = address
        self._timeout = timeout

    @property
    def label(self) -> str:
        """`kind:name`, as LANGUAGE_MODEL says it."""
        return self._address.label

    def read(self, text: str, context: Context) -> Interpretation:
        """What the words ask, as the model reads them and as far as it is believed.

        Undoing and starting over need no model. Where it gives no usable answer nothing is understood, and `trouble`
        says why.

        Raises:
            SetupError: the model's server cannot be asked at all.
        """
        text = text[:MAX_TEXT]
        plain = fold_text(text)
        if UNDO.fullmatch(plain.text):
            return Interpretation(undo=True, interpreter=self.label)
        if START_OVER.fullmatch(plain.text):
            return Interpretation(start_over=True, interpreter=self.label)
        try:
            answer = asyncio.run(self._asked(text, context))
        except AnswerError as error:
            said = (text.strip(),) if text.strip() else ()
            return Interpretation(interpreter=self.label, trouble=error.reason, not_understood=said)
        return interpreted(answer, text, context, self.label)

    async def _asked(self, text: str, context: Context) -> TurnAnswer:
        async with language_model(self._address, concurrency=1, timeout=self._timeout, retries=_RETRIES) as model:
            answer = await model.ask(instructions(context), message(text, context), TurnAnswer, lambda _: ())
        return answer.value


def interpreted(answer: TurnAnswer, text: str, context: Context, label: str) -> Interpretation:
    """What is believed of a model's answer; the rest of the words is not understood, whatever the model says."""
    plain = fold_text(text)
    page = Page(plain, plain.text)
    for claim in answer.claims[:MAX_CLAIMS]:
        meaning = believed(claim, text, context)
        span = _span(page, claim)
        if meaning is None or span is None:
            continue
        if isinstance(meaning, str):
            page.dropped.append(meaning)
            page.claim(*span)
        elif isinstance(meaning, tuple):
            number, said = len(page.questions), page.folded.said(*span)
            page.questions.append(Question(id=f"0.q{number}", text="Which one?", options=meaning, said=said))
            page.claim(*span)
        else:
            page.understood(*span, meaning)
    latest = {one.ask.slot: one for one in page.found}
    return Interpretation(
        chips=tuple(
            Chip(id=f"0.{number}", ask=one.ask, said=plain.said(one.start, one.end), note=one.note)
            for number, one in enumerate(list(latest.values())[:MAX_CHIPS])
        ),
        not_understood=not_understood(page),
        questions=tuple(page.questions)[:8],
        dropped=tuple(dict.fromkeys(page.dropped)),
        interpreter=label,
    )


def _span(page: Page, claim: TurnClaim) -> tuple[int, int] | None:
    """Where the quote stands in the page; folding may have changed its spaces."""
    words = folded(claim.said).split()
    if not words:
        return None
    start = page.text.find(words[0])
    while start >= 0:
        end = start
        for word in words:
            place = page.text.find(word, end)
            if place < 0 or page.text[end:place].strip():
                break
            end = place + len(word)
        else:
            return start, end
        start = page.text.find(words[0], start + 1)
    return None
