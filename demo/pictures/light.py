"""The light a picture is taken in: time of day, weather, and what they do to colours.

Where the light falls in the picture is the canvas's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from demo.pictures.colour import RGB, jitter, rgb

Season = Literal["spring", "summer", "autumn", "winter"]
Tone = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """One kind of light.

    Attributes:
        name: the word captions use.
        zenith, horizon: sky colours.
        haze: what distant things fade to.
        sun: colour of direct light, shafts and halos.
        tone: factor on every lit colour, per channel.
        lamps: 0..1, how much lamps matter beside the daylight.
    """

    name: str
    zenith: RGB
    horizon: RGB
    haze: RGB
    sun: RGB
    tone: Tone
    lamps: float


LIGHTS: Final[Mapping[str, Light]] = {
    light.name: light
    for light in (
        Light("dawn", rgb("92a9cf"), rgb("fbd9c4"), rgb("ecd8d4"), rgb("ffd9b8"), (0.96, 0.90, 0.92), 0.35),
        Light("noon", rgb("5b9bd8"), rgb("cfe6f4"), rgb("d3e5ee"), rgb("fff6dc"), (1.03, 1.03, 1.0), 0.15),
        Light("golden", rgb("86a3c4"), rgb("ffd08a"), rgb("f5d3a0"), rgb("ffc468"), (1.06, 0.93, 0.76), 0.5),
        Light("dusk", rgb("3f4a86"), rgb("f0a184"), rgb("a98aa6"), rgb("ff9e6b"), (0.66, 0.60, 0.72), 0.9),
        Light("night", rgb("0b1230"), rgb("2d3a6e"), rgb("27305a"), rgb("8fa4e0"), (0.36, 0.40, 0.56), 1.0),
        Light("overcast", rgb("a9b7c4"), rgb("dfe5e8"), rgb("d2d9dc"), rgb("f2f4f4"), (0.88, 0.91, 0.94), 0.3),
        Light("daylight", rgb("8fb8e0"), rgb("e4f0f6"), rgb("e8ecec"), rgb("fff4da"), (1.0, 0.98, 0.95), 0.3),
        Light("lamplight", rgb("1d2547"), rgb("4d5688"), rgb("5a4a44"), rgb("ffcf8a"), (0.84, 0.72, 0.58), 1.0),
    )
}
"""Six outdoor lights, and the two of a room: by day and in the evening."""


def choose_light(rng: Random, weights: Mapping[str, float]) -> Light:
    """A light drawn by `weights` (name to weight), its sky colours varied a little."""
    name = rng.choices(list(weights), list(weights.values()))[0]
    light = LIGHTS[name]
    return Light(
        name,
        jitter(rng, light.zenith, 9),
        jitter(rng, light.horizon, 9),
        light.haze,
        light.sun,
        light.tone,
        light.lamps,
    )
