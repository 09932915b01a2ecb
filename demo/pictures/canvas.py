"""The canvas: flat shapes drawn supersampled, and light accumulated beside them at low resolution.

A picture is albedo (shapes) times a light map (soft shadows, pools of lamp light, vignette) plus a glow map
(halos, sun shafts). Both maps are an eighth of the drawn size, which is what makes softness affordable.
What is drawn is the business of the kit and the styles.

Coordinates: a square picture shows the unit square, x from -0.5 (left) to 0.5 (right), y from 0 (top) to
1 (bottom). Other shapes show more beyond it, a zoomed canvas less: `left`, `right`, `top` and `bottom` say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demo.pictures import sprites
from demo.pictures.colour import RGB
from demo.pictures.light import Light, Tone

Point = tuple[float, float]
_WIDEST = 2.0
_OFF_CANVAS = 30_000.0
_FAINT = 0.75  # drawn pixels
_NEUTRAL = 128  # light map value that leaves a colour as it is; 255 doubles it


def _sampling(short: int) -> int:
    """Drawn pixels per pixel: shapes grow by part of a drawn pixel, which shows first in small pictures."""
    return 4 if short <= 80 else 3 if short <= 160 else 2


class Canvas:
    """Something to paint on, in one light.

    `zoom` (1 or more) magnifies; `focus` then moves the view, each way as a part -1..1 of what is out of it.
    """

    def __init__(self, width: int, height: int, light: Light, *, zoom: float = 1.0, focus: Point = (0.0, 0.0)) -> None:
        self.light = light
        self.tone: Tone = light.tone
        self.width, self.height = width, height
        self._sampling = _sampling(min(width, height))
        short, long = min(width, height), max(width, height)
        unit = max(short, long / _WIDEST)
        whole_x, whole_y = width / unit, height / unit
        unit *= zoom
        span_x, span_y = width / unit, height / unit
        self.left = -span_x / 2 + focus[0] * (whole_x - span_x) / 2
        self.right = self.left + span_x
        self.top = -0.55 * (whole_y - 1) + (1 + focus[1]) * (whole_y - span_y) / 2
        self.bottom = self.top + span_y
        self.scale = unit * self._sampling
        self.image = Image.new("RGB", (width * self._sampling, height * self._sampling))
        self._opaque = ImageDraw.Draw(self.image)
        self._clear = ImageDraw.Draw(self.image, "RGBA")
        map_size = (max(8, width // 4), max(8, height // 4))
        self._map_scale = unit * map_size[0] / width
        self._light_map = Image.new("RGB", map_size, (_NEUTRAL,) * 3)
        self._light = ImageDraw.Draw(self._light_map, "RGBA")
        self._glow_map = Image.new("RGB", map_size)
        self._glow = ImageDraw.Draw(self._glow_map, "RGBA")

    # Colours

    def ink(self, colour: RGB, far: float = 0.0) -> RGB:
        """`colour` in this light, faded by `far` (0 near .. 1 lost in haze)."""
        tone, haze = self.tone, self.light.haze
        near = 1.0 - far
        return (
            min(255, int(colour[0] * tone[0] * near + haze[0] * far)),
            min(255, int(colour[1] * tone[1] * near + haze[1] * far)),
            min(255, int(colour[2] * tone[2] * near + haze[2] * far)),
        )

    # Shapes. `lit=False` draws the colour as it is: lamps, skies, screens.

    def _pixels(self, points: Sequence[Point]) -> list[float]:
        left, top, scale = self.left, self.top, self.scale
        flat = [pixel for x, y in points for pixel in ((x - left) * scale, (y - top) * scale)]
        if max(flat) > _OFF_CANVAS or min(flat) < -_OFF_CANVAS:  # what nearly touches the camera
            return [max(-_OFF_CANVAS, min(_OFF_CANVAS, pixel)) for pixel in flat]
        return flat

    def polygon(
        self, points: Sequence[Point], colour: RGB, *, far: float = 0.0, alpha: int = 255, lit: bool = True
    ) -> None:
        """Fill a polygon."""
        fill = self.ink(colour, far) if lit else colour
        if alpha >= 255:
            self._opaque.polygon(self._pixels(points), fill)
        else:
            self._clear.polygon(self._pixels(points), (*fill, alpha))

    def rect(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: RGB,
        *,
        far: float = 0.0,
        alpha: int = 255,
        lit: bool = True,
    ) -> None:
        """Fill the axis-parallel rectangle between two corners."""
        self.polygon(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), colour, far=far, alpha=alpha, lit=lit)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: RGB,
        *,
        far: float = 0.0,
        alpha: int = 255,
        lit: bool = True,
    ) -> None:
        """Fill an ellipse about (x, y)."""
        fill = self.ink(colour, far) if lit else colour
        rx, ry = abs(rx), abs(ry)
        box = self._pixels(((x - rx, y - ry), (x + rx, y + ry)))
        if alpha >= 255:
            self._opaque.ellipse(box, fill)
        else:
            self._clear.ellipse(box, (*fill, alpha))

    def line(
        self,
        points: Sequence[Point],
        width: float,
        colour: RGB,
        *,
        far: float = 0.0,
        alpha: int = 255,
        lit: bool = True,
        round_joints: bool = False,
    ) -> None:
        """Draw a polyline `width` units wide; what is thinner than a drawn pixel is drawn fainter instead."""
        fill = self.ink(colour, far) if lit else colour
        pixels = max(1, round(width * self.scale))
        if width * self.scale < _FAINT:
            alpha = int(alpha * width * self.scale)
        joint = "curve" if round_joints and pixels > 3 else None
        if alpha >= 255:
            self._opaque.line(self._pixels(points), fill, pixels, joint)
        else:
            self._clear.line(self._pixels(points), (*fill, alpha), pixels, joint)

    def gradient(self, x0: float, y0: float, x1: float, y1: float, upper: RGB, lower: RGB, *, lit: bool = True) -> None:
        """Fill a rectangle with a vertical gradient."""
        if lit:
            upper, lower = self.ink(upper), self.ink(lower)
        box = [round(value) for value in self._pixels(((x0, y0), (x1, y1)))]
        size = (box[2] - box[0], box[3] - box[1])
        if min(size) > 0:
            self.image.paste(sprites.ramp(upper, lower, size), (box[0], box[1]))

    def stamp(
        self,
        name: str,
        variant: int,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: RGB,
        *,
        far: float = 0.0,
        flip: bool = False,
        strength: float = 1.0,
        lit: bool = True,
    ) -> None:
        """Press the sprite `name` about (x, y), `width` by `height` units, in one colour."""
        mask = sprites.mask(name, variant, width * self.scale, height * self.scale, flip, strength)
        corner = (
            round((x - self.left) * self.scale - mask.width / 2),
            round((y - self.top) * self.scale - mask.height / 2),
        )
        self.image.paste(self.ink(colour, far) if lit else colour, corner, mask)

    def lay(self, under: Image.Image) -> None:
        """Cover the whole canvas with `under`, enlarged to fit."""
        self.image.paste(under.resize(self.image.size, Image.Resampling.BILINEAR))

    # Light

    def _press(
        self, target: Image.Image, x: float, y: float, rx: float, ry: float, value: RGB, strength: float
    ) -> None:
        mask = sprites.mask("halo", 0, 2 * rx * self._map_scale, 2 * ry * self._map_scale, False, strength)
        corner = (
            round((x - self.left) * self._map_scale - mask.width / 2),
            round((y - self.top) * self._map_scale - mask.height / 2),
        )
        target.paste(value, corner, mask)

    def glow(self, x: float, y: float, radius: float, colour: RGB, strength: float = 0.6) -> None:
        """Add a halo of light about a lamp."""
        self._press(self._glow_map, x, y, radius, radius, colour, strength)

    def pool(self, x: float, y: float, rx: float, ry: float, colour: RGB, strength: float = 0.6) -> None:
        """Brighten what lies about (x, y) with light of `colour`."""
        value = (min(255, colour[0]), min(255, colour[1]), min(255, colour[2]))
        self._press(self._light_map, x, y, rx, ry, value, strength)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.5) -> None:
        """Darken what lies about (x, y) softly."""
        self._press(self._light_map, x, y, rx, ry, (40, 42, 54), strength)

    def unshade(self, points: Sequence[Point]) -> None:
        """Take shadows and pools off a polygon: something opaque is about to stand before what they fell on."""
        scale = self._map_scale
        flat = [((x - self.left) * scale, (y - self.top) * scale) for x, y in points]
        self._light.polygon(flat, (_NEUTRAL, _NEUTRAL, _NEUTRAL, 235))

    def shaft(self, points: Sequence[Point], colour: RGB, alpha: int) -> None:
        """Add a polygon of light, softened with the rest of the glow."""
        scale = self._map_scale
        self._glow.polygon([((x - self.left) * scale, (y - self.top) * scale) for x, y in points], (*colour, alpha))

    def finish(self, *, mirror: bool, grain_offset: int, vignette: float) -> Image.Image:
        """The picture: shapes under their light, with glow, vignette and grain."""
        shapes = self.image.reduce(self._sampling)
        size = (self.width, self.height)
        glow = self._glow_map.filter(ImageFilter.GaussianBlur(1.2)).resize(size, Image.Resampling.BILINEAR)
        lamp = np.asarray(self._light_map, np.uint16)
        falloff = sprites.vignette(self._light_map.size, vignette)
        lamp = np.minimum((lamp * falloff[:, :, None]) >> 7, 255).astype(np.uint8)
        factor = Image.fromarray(lamp).resize(size, Image.Resampling.BILINEAR)
        pixels = np.multiply(np.asarray(shapes), np.asarray(factor), dtype=np.uint16)
        pixels >>= 7
        pixels += np.asarray(glow)
        pixels += sprites.grain(size, grain_offset)[:, :, None]
        np.clip(pixels, sprites.GRAIN_BIAS, 255 + sprites.GRAIN_BIAS, out=pixels)
        pixels -= sprites.GRAIN_BIAS
        result = pixels.astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(result[:, ::-1]) if mirror else result)

    def blurred(self, radius: float) -> Image.Image:
        """What has been drawn so far, with its light, out of focus by `radius` units: a backdrop."""
        plain = self.finish(mirror=False, grain_offset=0, vignette=0.0)
        return plain.filter(ImageFilter.GaussianBlur(radius * self.scale / self._sampling))
