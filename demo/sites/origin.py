"""Which world and which code a built folder comes from, so that old pages never stand beside new truth."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from demo.sites.disk import SCRATCH, write_whole
from demo.world.model import World

COMPLETE: Final = "complete.json"
"""Written when a build is done; says whether it was lazy."""
PINS: Final = "pins"
"""Folder under a built world where the Pinterest server keeps painted pins."""

_ORIGIN: Final = "origin.json"
_SOURCES: Final = (".py", ".html", ".css")


class OtherWorldError(ValueError):
    """The folder already holds another world, which is not overwritten."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What decides every byte of a built folder."""

    seed: int
    venues: int
    people: int
    world_sha256: str
    code_sha256: str

    @classmethod
    def of(cls, world: World, written: bytes) -> Origin:
        """The origin of `world`, whose JSON is `written`, under the code that runs now."""
        digest = sha256(written).hexdigest()
        return cls(world.seed, len(world.venues), len(world.people), digest, _code_sha256())

    def said(self) -> str:
        """The origin in the words of the command that makes it."""
        return f"--venues {self.venues} --users {self.people} with seed {self.seed}"


def claim(out: Path, origin: Origin) -> None:
    """Make `out` a folder of `origin`: what other code made of the same world goes, and so do half files.

    Raises:
        OtherWorldError: the folder holds another world.
    """
    file = out / _ORIGIN
    if not file.exists():
        if (out / "world.json").exists():
            raise OtherWorldError(f"{out} holds a world of unknown origin")
    else:
        try:
            known = Origin(**json.loads(file.read_bytes()))
        except (ValueError, TypeError) as error:
            raise OtherWorldError(f"{file} cannot be read") from error
        if known == origin:
            return
        # Other code draws the same seed and counts in its own way, and is replaced by what runs now.
        same_code = known.code_sha256 == origin.code_sha256
        drawn_anew = replace(known, world_sha256=origin.world_sha256, code_sha256=origin.code_sha256)
        if same_code or drawn_anew != origin:
            raise OtherWorldError(f"{out} holds another world: {known.said()}; wanted was {origin.said()}")
        (out / COMPLETE).unlink(missing_ok=True)
        for folder in ("sites", PINS):
            shutil.rmtree(out / folder, ignore_errors=True)
    write_whole(file, json.dumps(asdict(origin), indent=1).encode(), out / SCRATCH)


def _code_sha256() -> str:
    """A digest of the sources that decide what a built world looks like."""
    demo = Path(__file__).parents[1]
    packages = (demo / package for package in ("pictures", "sites", "world"))
    sources = [file for package in packages for file in package.rglob("*") if file.suffix in _SOURCES]
    digest = sha256()
    for file in sorted([*sources, demo / "aesthetics.py"]):
        digest.update(file.relative_to(demo).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
