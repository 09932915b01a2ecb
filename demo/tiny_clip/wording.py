"""Captions and prompts that name only what a picture looks like, as people who search or label say it.

Captions that tell the whole picture, scene and light included, come from `demo.pictures.caption`. A model
taught by those alone groups pictures by scene as much as by aesthetic.
"""

from __future__ import annotations

from typing import Final

from demo.aesthetics import BY_SLUG, OFF_TOPIC
from demo.world.model import PictureSpec

_LOOKS: Final = (
    "a photo of a {name} wedding venue",
    "{name}",
    "a {name} wedding",
    "a {word} {name} venue",
    "{word} {name} style",
    "{phrase}, {name}",
    "{phrase}",
    "{word}",
    "{phrase}, something {word}",
    "somewhere {word} with {phrase}",
)
# In either order: a picture shows two looks, but hardly which of them weighs a little more.
_MIXED: Final = (
    "a photo of a {main} and {other} wedding venue",
    "a photo of a {other} and {main} wedding venue",
    "{main} and {other}",
    "{other} and {main}",
    "{main} with a touch of {other}",
    "{other} mixed with {main}",
    "a {word} {main} wedding with {other}",
)
_SUBJECTS: Final = ("a photo of {name}", "{name}", "{name}, not a venue", "a pin about {name}")


def prompt(slug: str) -> str:
    """The label of an aesthetic or off-topic subject for zero-shot classification and search."""
    name = BY_SLUG[slug].name if slug in BY_SLUG else slug.replace("_", " ")
    return (_LOOKS if slug in BY_SLUG else _SUBJECTS)[0].format(name=name)


def style_caption(spec: PictureSpec, variant: int) -> str:
    """What `spec` looks like and nothing else; `variant` chooses the wording."""
    subject = spec.mixture[0][0]
    if subject in OFF_TOPIC:
        return _turn(_SUBJECTS, variant).format(name=subject.replace("_", " "))
    looks = [BY_SLUG[slug] for slug, _ in sorted(spec.mixture, key=lambda part: -part[1])]
    chosen, rest = divmod(variant, 10)
    word, phrase = _turn(looks[0].words, chosen), _turn(looks[0].phrases, chosen)
    if len(looks) > 1:
        return _turn(_MIXED, rest).format(main=looks[0].name, other=looks[1].name, word=word)
    return _turn(_LOOKS, rest).format(name=looks[0].name, word=word, phrase=phrase)


def _turn(options: tuple[str, ...], number: int) -> str:
    return options[number % len(options)]
