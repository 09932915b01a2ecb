"""From the bytes of a picture file to the array of pixels a vision model takes. Pillow, and torch to scale.

Which mean and deviation the pixels are then scaled by is the model's business.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

_SCALED_DECODE: Final = 4
"""A JPEG is decoded to no less than this many times the wanted size (libjpeg halves at next to no cost); the
remaining reduction is the model's own interpolation. At 4 the vectors of real photographs keep a cosine of 0.999 to
those of a full decode; at 2 some fell to 0.993 (demo model) and 0.997 (MobileNet)."""

_LONGEST_KEPT: Final = 16  # times the shorter side

_QUARTER_TURNS: Final = (5, 6, 7, 8)  # values of EXIF's Orientation that exchange width and height
# What Pillow's decoders raise for bytes they cannot make sense of.
_DECODING_ERRORS: Final = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError, RuntimeError, Image.DecompressionBombError,
)  # fmt: skip


class UnreadablePictureError(ValueError):
    """These bytes are no picture that can be decoded, and trying again will not change that."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How a model wants its pictures, in the words of open_clip's `PreprocessCfg`.

    Attributes:
        height: of the model's input, in pixels.
        width: of the model's input, in pixels.
        mode: "shortest" scales the shorter side and crops the middle; "longest" scales the longer side and pads;
            "squash" scales both and keeps neither.
        interpolation: of the scaling, with antialiasing.
        fill: grey level of padding, 0 to 255.
    """

    height: int
    width: int
    mode: Literal["shortest", "longest", "squash"] = "shortest"
    interpolation: Literal["bicubic", "bilinear"] = "bicubic"
    fill: int = 0

    def pixels(self, content: bytes) -> NDArray[np.uint8]:
        """Decode a picture file upright, as RGB, and frame it.

        Returns:
            Shape (height, width, 3), uint8.

        Raises:
            UnreadablePictureError: the bytes cannot be decoded.
        """
        picture, (width, height) = self._decoded(content)
        if self.mode == "shortest" and max(width, height) > _LONGEST_KEPT * min(width, height):
            # Only the middle will be kept: a picture of 1 by 20,000 need not be scaled to gigabytes for it.
            width, height = _shortened(width, height)
            picture = ImageOps.fit(picture, _shortened(*picture.size), Image.Resampling.NEAREST)
        scaled_width, scaled_height = self._scaled(width, height)
        return self._centred(_resized(np.array(picture), scaled_height, scaled_width, self.interpolation))

    def _decoded(self, content: bytes) -> tuple[Image.Image, tuple[int, int]]:
        """The picture, upright and perhaps at reduced scale, and its full (width, height)."""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                width, height = picture.size
                orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
                if picture.format == "JPEG":
                    wanted = self._scaled(width, height)
                    picture.draft(None, (wanted[0] * _SCALED_DECODE, wanted[1] * _SCALED_DECODE))
                upright = picture if orientation == 1 else ImageOps.exif_transpose(picture)
                return _rgb(upright), (height, width) if orientation in _QUARTER_TURNS else (width, height)
        except _DECODING_ERRORS as error:
            raise UnreadablePictureError(f"{type(error).__name__}: {error}") from error

    def _scaled(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after scaling, before cropping or padding."""
        if self.mode == "squash":
            return self.width, self.height
        across, down = self.width / width, self.height / height
        if self.mode == "longest":
            scale = min(across, down)
            return max(1, round(width * scale)), max(1, round(height * scale))
        # torchvision's Resize cuts the longer side to whole pixels.
        if across > down:
            return self.width, max(self.height, int(self.width * height / width))
        return max(self.width, int(self.height * width / height)), self.height

    def _centred(self, scaled: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The middle of a picture in the model's size, with padding where it is smaller."""
        height, width = scaled.shape[:2]
        if height >= self.height and width >= self.width:
            top, left = round((height - self.height) / 2), round((width - self.width) / 2)
            return np.ascontiguousarray(scaled[top : top + self.height, left : left + self.width])
        framed = np.full((self.height, self.width, 3), self.fill, dtype=np.uint8)
        top, left = (self.height - height) // 2, (self.width - width) // 2
        framed[top : top + height, left : left + width] = scaled
        return framed


def _resized(pixels: NDArray[np.uint8], height: int, width: int, interpolation: str) -> NDArray[np.uint8]:
    # torch's kernel for bytes does what Pillow's does (off by one at most) in a third of the time, in one thread.
    from torch import from_numpy
    from torch.nn.functional import interpolate

    batch = from_numpy(pixels).permute(2, 0, 1)[None]
    scaled: NDArray[np.uint8] = (
        interpolate(batch, size=(height, width), mode=interpolation, antialias=True)[0].permute(1, 2, 0).numpy()
    )
    return scaled


def _shortened(width: int, height: int) -> tuple[int, int]:
    longest = _LONGEST_KEPT * min(width, height)
    return min(width, longest), min(height, longest)


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        picture.load()
        return picture
    if picture.has_transparency_data:
        # As a browser shows it on a white page; dropping the transparency shows whatever colour lies beneath.
        with_alpha = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", with_alpha.size, "white"), with_alpha).convert("RGB")
    return picture.convert("RGB")
