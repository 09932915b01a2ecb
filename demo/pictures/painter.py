"""From a spec to a picture: casting the styles, choosing light and colours, painting the scene."""

from __future__ import annotations

from random import Random

from PIL import Image

from demo.aesthetics import OFF_TOPIC
from demo.pictures.canvas import Canvas
from demo.pictures.colour import RGB, jitter
from demo.pictures.conditions import Conditions, conditions, is_open
from demo.pictures.light import Light, choose_light
from demo.pictures.offtopic import paint_subject
from demo.pictures.scenes import SCENE_PAINTERS
from demo.pictures.spec import check, stream
from demo.pictures.stage import Palette, Part, Stage, Style
from demo.pictures.styles import STYLES
from demo.world.model import PictureSpec

_DRESSING: tuple[Part, ...] = ("centre", "arch", "detail", "seat", "tabletop", "lamp", "prop")
_CLOSEST = 1.26  # how much closer than the whole scene a picture may be framed
_PLACE_SHARE = 3.0  # how many parts of dressing the place itself is worth


def paint(spec: PictureSpec) -> Image.Image:
    """The picture `spec` names, RGB, `spec.width` by `spec.height` pixels.

    Equal specs give equal pixels in any process; specs that differ in size alone show the same picture.

    Raises:
        ValueError: the spec names an unknown aesthetic or scene, its weights do not sum to 1, its seed is
            negative or its size out of range.
    """
    check(spec)
    seen = conditions(spec)
    rng = stream(spec, "paint")
    light = choose_light(rng, {seen.light: 1.0})
    zoom, focus = rng.uniform(1.0, _CLOSEST), (rng.uniform(-0.7, 0.7), rng.uniform(-0.2, 0.6))
    c = Canvas(spec.width, spec.height, light, zoom=zoom, focus=focus)
    if seen.lead in OFF_TOPIC:
        paint_subject(c, rng, seen.lead)
    else:
        SCENE_PAINTERS[spec.scene](c, _stage(spec, seen, rng, light))
    return c.finish(mirror=seen.mirror, grain_offset=rng.randrange(16), vignette=rng.uniform(0.2, 0.42))


def _stage(spec: PictureSpec, seen: Conditions, rng: Random, light: Light) -> Stage:
    palettes = {slug: _varied(rng, rng.choice(STYLES[slug].palettes)) for slug, _ in spec.mixture}
    roofed = 1.0 if seen.indoors else 0.5 if is_open(seen.lead) else 0.0
    return Stage(rng, light, seen.season, roofed, palettes[seen.lead], palettes, _cast(spec, seen, rng))


def _cast(spec: PictureSpec, seen: Conditions, rng: Random) -> dict[Part, Style]:
    """Who plays what: the lead is the place, the parts are dealt so that each style's share nears its weight.

    The deal goes round the styles, most owed first, in an order of parts of its own for every picture; the
    centrepiece, which every furnished scene shows, always goes to another style than the place.
    """
    cast: dict[Part, Style] = {"place": STYLES[seen.lead]}
    owed = {slug: weight * (len(_DRESSING) + _PLACE_SHARE) for slug, weight in spec.mixture}
    owed[seen.lead] -= _PLACE_SHARE
    others = [slug for slug in owed if slug != seen.lead]
    parts = [*_DRESSING[1:]]
    rng.shuffle(parts)
    for part in (_DRESSING[0], *parts):
        candidates = others if part == "centre" and others else list(owed)
        slug = max(candidates, key=owed.__getitem__)
        owed[slug] -= 1
        cast[part] = STYLES[slug]
    return cast


def _varied(rng: Random, palette: Palette) -> Palette:
    def near(colour: RGB) -> RGB:
        return jitter(rng, colour, 9)

    return Palette(
        near(palette.accent),
        near(palette.second),
        near(palette.cloth),
        near(palette.wood),
        near(palette.metal),
        near(palette.leaf),
        tuple(near(bloom) for bloom in palette.blooms),
        near(palette.wall),
        near(palette.floor),
    )
