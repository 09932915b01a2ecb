"""How commands print tables: for people as wide as their terminal, for programs whole."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console

_WIDE: Final = 1_000


def whole_lines() -> Console:
    """A console on standard output that never cuts a line for a program, which has no terminal whose width counts."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDE)
