"""How a benchmark says what it measured: a line for each figure, and the whole as JSON where asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any


def print_figures(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the figures in a column, and as one JSON object on the last line if `as_json`."""
    width = max(map(len, figures), default=0)
    for name, value in figures.items():
        sys.stdout.write(f"{name:{width}} {value}\n")
    if as_json:
        sys.stdout.write(json.dumps(dict(figures)) + "\n")
