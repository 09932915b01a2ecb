"""The procedural painter: a `PictureSpec` in, a wedding-venue picture (and a caption for it) out.

Everything public is here; the modules inside are the painter's own. Pictures depend on their spec alone.
"""

from __future__ import annotations

from demo.pictures.captions import caption
from demo.pictures.encoding import encode
from demo.pictures.painter import paint
from demo.pictures.sheets import contact_sheet

__all__ = ["caption", "contact_sheet", "encode", "paint"]
