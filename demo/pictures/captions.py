"""Captions for pictures, in the words of `demo.aesthetics`; nothing is painted here."""

from __future__ import annotations

from random import Random
from typing import Final

from demo.aesthetics import BY_SLUG, OFF_TOPIC
from demo.pictures.conditions import Conditions, conditions
from demo.pictures.spec import check, stream
from demo.world.model import PictureSpec

_SCENE_NOUNS: Final = {
    "exterior": ("the venue from outside", "an exterior view", "the grounds"),
    "interior": ("the reception room", "an interior view", "the room set for dinner"),
    "table": ("a table setting", "a tablescape", "the table laid for guests"),
    "detail": ("a close-up detail", "a decor detail", "a small detail"),
    "ceremony": ("the ceremony with aisle and arch", "seats set for the ceremony", "a ceremony spot"),
}
_LIGHT_PHRASES: Final = {
    "dawn": ("at dawn", "in early morning light"),
    "noon": ("at noon", "in bright sun"),
    "golden": ("at golden hour", "in warm evening sun"),
    "dusk": ("at dusk", "after sunset"),
    "night": ("at night", "after dark"),
    "overcast": ("under soft cloud", "on an overcast day"),
    "daylight": ("in daylight", "by day"),
    "lamplight": ("in lamplight", "by candlelight"),
}
_OFF_TOPIC_NOUNS: Final = {
    "recipes": ("a plate of food from a recipe", "a dish to cook at home", "baking and a recipe"),
    "hairstyles": ("a hairstyle idea", "a wig stand with a braided hairstyle", "hair in waves and a bun"),
    "dresses": ("a dress on a stand", "a gown on a hanger", "a dress to wear"),
    "home_office": ("a home office desk", "a desk with a computer and a lamp", "a work-from-home desk"),
    "cats": ("a cat", "a cat sitting on a cushion", "a kitten by the window"),
}


def caption(spec: PictureSpec, *, variant: int = 0) -> str:
    """One natural caption of what `paint(spec)` shows.

    Equal specs and variants give equal captions; other variants say it in other words.

    Raises:
        ValueError: `spec` is not a picture that can be painted.
    """
    check(spec)
    rng = stream(spec, f"caption-{variant}")
    subject = spec.mixture[0][0]
    if subject in OFF_TOPIC:
        noun = rng.choice(_OFF_TOPIC_NOUNS[subject])
        kind = subject.replace("_", " ")
        return rng.choice((f"{noun}, {kind}, not a venue", f"{kind}: {noun}", f"a picture of {kind}, {noun}"))
    if len(spec.mixture) > 1:
        return _mixed(spec, rng, conditions(spec))
    return _single(subject, spec.scene, rng, conditions(spec))


def _when(rng: Random, seen: Conditions) -> str:
    light = rng.choice(_LIGHT_PHRASES[seen.light])
    return rng.choice((light, light, f"in {seen.season}", f"{light} in {seen.season}", ""))


def _single(slug: str, scene: str, rng: Random, seen: Conditions) -> str:
    look = BY_SLUG[slug]
    noun, word, phrase = rng.choice(_SCENE_NOUNS[scene]), rng.choice(look.words), rng.choice(look.phrases)
    when = _when(rng, seen)
    text = rng.choice(
        (
            f"{noun} of a {look.name} wedding {when}",
            f"{look.name} wedding venue: {noun} with {phrase} {when}",
            f"{noun}, {word} {look.name} style, {phrase}",
            f"a {word} {look.name} wedding, {noun} {when}",
            f"{phrase}, {look.name} wedding, {noun}",
            f"{look.name} {scene}, {word}, {phrase} {when}",
        )
    )
    return " ".join(text.split())


def _mixed(spec: PictureSpec, rng: Random, seen: Conditions) -> str:
    by_weight = sorted(spec.mixture, key=lambda part: -part[1])
    main, *others = (BY_SLUG[slug] for slug, _ in by_weight)
    touches = " and ".join(look.name for look in others)
    noun = rng.choice(_SCENE_NOUNS[spec.scene])
    text = rng.choice(
        (
            f"{main.name} meets {touches}: {noun} {_when(rng, seen)}",
            f"{noun} of a {rng.choice(main.words)} {main.name} wedding with {touches} touches",
            f"{main.name} and {touches} wedding, {noun}, {rng.choice(others[0].phrases)}",
        )
    )
    return " ".join(text.split())
