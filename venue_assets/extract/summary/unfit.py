"""What no summary holds, whoever writes it: addresses of the web, and words that tell a reader what to do.

Markup is each writer's own matter: a site's sentences and a model's break it in different ways.
"""

from __future__ import annotations

import re
from typing import Final

from venue_assets.extract.quotes import normalise

_ADDRESS: Final = re.compile(
    r"(?:https?|javascript|vbscript|mailto|\bftp|\bdata|\bfile)\s*:|//|www\.|\S@\S"
    r"|\b[\w-]+\.(?:com|net|org|info|io|co|uk|eu|de|fr|app|dev|test|xyz|ru|cn|biz|site|online|shop|venue|wedding)\b"
)
_INSTRUCTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|previous|above|prior|everything)"
    r"|\b(?:system|developer)\s+(?:prompt|message|instruction)|\bas an? (?:ai|language model|assistant)\b"
    r"|\b(?:language models?|llms?|chat ?bots?|ai (?:agents?|assistants?|models?|systems?))\b"
    r"|\bi (?:cannot|can't|am an)\b|\byou (?:are now|must|should now|will now)\b|\bdo not (?:tell|mention|reveal|say)\b"
    r"|\b(?:rank|rate|score|list|recommend) (?:this|our|the) (?:venue|site|place|barn|hall|hotel)\b"
    r"|\b(?:assistant|system|user)\s*:|\b(?:click|tap) (?:here|the link|below)|\bjailbreak\b|\bprompt injection\b"
)


def holds_address(text: str) -> bool:
    """Whether the text names a web or e-mail address, or something that a browser would take for one."""
    return _ADDRESS.search(normalise(text)) is not None


def holds_instruction(text: str) -> bool:
    """Whether the text tells its reader what to do, or speaks to a machine; a venue's description does neither."""
    return _INSTRUCTION.search(normalise(text)) is not None
