"""The protocol of interpreters, and which one the settings ask for. Neither of them is implemented here."""

from __future__ import annotations

from typing import Protocol

from lookbook.refine.context import Context
from lookbook.refine.conversation import Interpretation
from resources.language_model.addresses import model_address
from resources.settings import Settings


class Interpreter(Protocol):
    """Understands one turn. Usable from several threads."""

    @property
    def label(self) -> str:
        """Who reads: `rules`, or a language model's `kind:name`."""

    def read(self, text: str, context: Context) -> Interpretation:
        """What the words ask.

        Never fails for what the words are: what is not understood is said in the answer. At most
        `conversation.MAX_TEXT` characters are read.

        Raises:
            SetupError: a language model's server cannot be asked at all.
        """


def interpreter_from_settings(settings: Settings) -> Interpreter:
    """The language model where LANGUAGE_MODEL names one, else the rules.

    Raises:
        SetupError: LANGUAGE_MODEL names nothing that can be asked.
    """
    from lookbook.refine.model_interpreter import ModelInterpreter
    from lookbook.refine.rules.interpreter import RuleInterpreter

    address = model_address(settings)
    if address is None:
        return RuleInterpreter()
    return ModelInterpreter(address, timeout=settings.language_model_timeout)
