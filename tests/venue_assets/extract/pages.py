"""Small helpers of these tests: a page from text, pictures from numbers, the real sites."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from venue_assets.extract.parsing import parse_html
from venue_assets.extract.values import ParsedPage

MATERIAL = Path(__file__).resolve().parents[4] / "shared" / "material"
needs_sites = pytest.mark.skipif(not (MATERIAL / "sites").is_dir(), reason="no real sites in ../shared/material/sites")
needs_photos = pytest.mark.skipif(
    not (MATERIAL / "photos" / "sun8").is_dir(), reason="no photographs in ../shared/material/photos/sun8"
)


def parsed(html: str) -> ParsedPage:
    page = parse_html(html.encode())
    assert isinstance(page, ParsedPage), page
    return page


def scene(width: int = 480, height: int = 320, seed: int = 0) -> Image.Image:
    """Something with the statistics of a photograph: coloured noise at every scale under a light from above."""
    rng = np.random.default_rng(seed)
    layers = np.zeros((height, width, 3))
    for size in (4, 8, 16, 32, 64, 128):
        noise = Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8))
        layers += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC), dtype=float) / size
    layers = (layers - layers.min()) / (layers.max() - layers.min())
    light = np.linspace(1, 0.5, height)[:, None, None]
    return Image.fromarray((layers * light * 255).astype(np.uint8))


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
