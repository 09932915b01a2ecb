"""`python -m demo.pictures --out DIR`: contact sheets to look at, and how fast the painter is.

Writes `overview.png` (every aesthetic by every scene), `<slug>.png` for each aesthetic (five scenes by
several seeds), `mixtures.png` and `off_topic.png`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from demo.aesthetics import AESTHETICS, OFF_TOPIC, SCENES
from demo.pictures import contact_sheet, paint
from demo.world.model import PictureSpec

_SEEDS_PER_SHEET = 6
_TIMED_SIDE = 256


def sheets(seed: int) -> dict[str, list[PictureSpec]]:
    """The specs of every sheet, by file stem, in rows of five."""
    slugs = [look.slug for look in AESTHETICS]
    pages = {"overview": [_one(slug, scene, seed) for slug in slugs for scene in SCENES]}
    for slug in slugs:
        pages[slug] = [_one(slug, scene, seed + i) for i in range(_SEEDS_PER_SHEET) for scene in SCENES]
    pages["mixtures"] = [
        PictureSpec(((first, 0.6), (second, 0.4)), scene, seed)
        for first, second in pairwise((*slugs, slugs[0]))
        for scene in SCENES
    ]
    pages["off_topic"] = [_one(subject, "detail", seed + i) for subject in OFF_TOPIC for i in range(5)]
    return pages


def _one(slug: str, scene: str, seed: int) -> PictureSpec:
    return PictureSpec(((slug, 1.0),), scene, seed, _TIMED_SIDE, _TIMED_SIDE)


def pictures_per_second(seed: int, rounds: int) -> float:
    """Pictures painted in a second of processor time, at 256 pixels, over all kinds, sprites warm."""
    specs = [_one(look.slug, scene, seed + i) for i in range(rounds) for look in AESTHETICS for scene in SCENES]
    for spec in specs[: len(specs) // rounds]:
        paint(spec)
    start = time.process_time()  # not the wall clock: what else the machine does is not the painter's speed
    for spec in specs:
        paint(spec)
    return len(specs) / (time.process_time() - start)


def main(arguments: list[str] | None = None) -> int:
    """Write the sheets, print the speed."""
    parser = argparse.ArgumentParser(prog="python -m demo.pictures", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets")
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--tile", type=int, default=160, help="pixels of a picture on the sheets")
    parser.add_argument("--rounds", type=int, default=4, help="pictures of each kind that are timed")
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    pages = sheets(options.seed)
    for stem, specs in pages.items():
        contact_sheet(specs, columns=len(SCENES), tile=options.tile).save(options.out / f"{stem}.png")
    speed = pictures_per_second(options.seed, options.rounds)
    where = f"{len(pages)} sheets in {options.out}"
    sys.stdout.write(f"{where}; {speed:.0f} pictures/s at {_TIMED_SIDE} px, one core\n")
    if options.json:
        figures = {"pictures_per_s": round(speed, 1), "sheets": len(pages), "pixels": _TIMED_SIDE}
        sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
