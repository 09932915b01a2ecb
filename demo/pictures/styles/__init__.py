"""One module per aesthetic; `STYLES` is the register of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from demo.aesthetics import AESTHETICS
from demo.pictures.stage import Style

STYLES: Final[Mapping[str, Style]] = {
    look.slug: import_module(f"demo.pictures.styles.{look.slug}").STYLE for look in AESTHETICS
}
"""The painters of every aesthetic, by slug."""
