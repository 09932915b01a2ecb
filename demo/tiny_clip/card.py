"""What is written beside a demo-world model: `training.json`, for tests, and the model card, for people."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import Any, Final

RECORD_FILE: Final = "training.json"
CARD_FILE: Final = "README.md"


def write_card(folder: Path, record: dict[str, Any]) -> None:
    """Write both files into the model's folder.

    Args:
        folder: holds the model.
        record: `painter`, `recipe`, `figures` and `world_figures`, as `read_record` gives them back.
    """
    (folder / RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n")
    template = Template((Path(__file__).parent / "card.md").read_text())
    figures, world = record["figures"], record["world_figures"]
    filled = {
        "table": _table({**_plain(figures), **_plain(world)}),
        "cosines": _spreads({**figures["cosines"], **_off_topic_spreads(figures["off_topic"])}),
        "mixtures": _table(figures["mixtures_half_and_half"]),
        "recipe": ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in record["recipe"].items()),
        "painter": record["painter"],
    }
    (folder / CARD_FILE).write_text(template.substitute(filled))


def read_record(folder: Path) -> dict[str, Any]:
    """What `write_card` recorded.

    Raises:
        FileNotFoundError: there is no record in `folder`.
    """
    record: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text())
    return record


def _plain(figures: dict[str, Any]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if isinstance(value, int | float)}


def _off_topic_spreads(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {
        "off-topic picture, nearest aesthetic's centroid": figures["nearest_aesthetic"],
        "venue picture, its own aesthetic's centroid": figures["venue_pictures_to_their_own"],
    }


def _table(figures: dict[str, float]) -> str:
    rows = [f"| {name.replace('_', ' ')} | {value:g} |" for name, value in figures.items()]
    return "\n".join(("| figure | value |", "|---|---|", *rows))


def _spreads(figures: dict[str, dict[str, float]]) -> str:
    rows = [
        f"| {name.replace('_', ' ')} | {spread['mean']:.2f} | {spread['p5']:.2f} | {spread['p50']:.2f} "
        f"| {spread['p95']:.2f} |"
        for name, spread in figures.items()
    ]
    return "\n".join(("| pair | mean | 5 % | median | 95 % |", "|---|---|---|---|---|", *rows))
