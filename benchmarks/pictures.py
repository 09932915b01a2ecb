"""Pictures of 256 px that one core paints in a second (`pictures_per_s`); see `python -m demo.pictures`."""

from __future__ import annotations

import sys
import tempfile

from demo.pictures.__main__ import main

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as folder:
        main(["--out", folder, *sys.argv[1:]])
