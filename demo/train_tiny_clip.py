"""`python -m demo.train_tiny_clip`: train the demo world's CLIP, or print how good it is (`--evaluate`).

Without options it paints the training pictures (once), trains a small model from nothing in some minutes on
two CPU cores, evaluates it and writes it into the project. With `--pairs` and `--init` the same trainer
fine-tunes any open_clip model on photographs with captions. The parts belong to `demo.tiny_clip`; here is
only the command.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from demo.tiny_clip import WEIGHTS
from demo.tiny_clip.card import write_card
from demo.tiny_clip.fingerprint import painter_fingerprint
from demo.tiny_clip.held_out import evaluate
from demo.tiny_clip.in_world import evaluate_world
from demo.tiny_clip.models import FRESH, WEIGHTS_FILE, Encoder, Model, open_model, save_model
from demo.tiny_clip.painted import painted_pairs
from demo.tiny_clip.pairs import FilePairs, Pairs
from demo.tiny_clip.training import Recipe, train

_CACHED_SIDE: Final = 112  # somewhat larger than the tiny model's pictures, so that crops lose nothing
_STANDARD: Final = Recipe()


def main(arguments: list[str] | None = None) -> int:
    """Train or evaluate as the command line says; 130 when stopped by Ctrl-C."""
    options = _parsed(arguments)
    _limit_threads(options.threads)
    if options.evaluate:
        return _report(_figures(options.out), as_json=options.json)
    checkpoint = options.work / "checkpoint"
    try:
        model, recipe = _trained(options, checkpoint)
    except KeyboardInterrupt:
        kept = f"; {checkpoint} holds the model as it last was" if (checkpoint / WEIGHTS_FILE).exists() else ""
        sys.stderr.write(f"stopped{kept}\n")
        return 130
    save_model(model, options.out)
    if options.pairs is not None:
        return _report({"out": str(options.out)}, as_json=options.json)
    figures = _figures(options.out)
    made = {**asdict(recipe), "pictures": options.pictures, "device": options.device}
    write_card(options.out, {"painter": painter_fingerprint(), "recipe": made, **figures})
    return _report(figures, as_json=options.json)


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.train_tiny_clip", description=__doc__)
    add = parser.add_argument
    add("--evaluate", action="store_true", help="train nothing; print the figures of the model in --out")
    add("--json", action="store_true", help="print the figures as one JSON object on the last line")
    add("--out", type=Path, help=f"folder of the model (default: {WEIGHTS}; needed with --pairs)")
    add("--work", type=Path, default=_cache_folder(), help="folder of painted pictures and checkpoint (%(default)s)")
    add("--init", default=FRESH, help=f"{FRESH}, local-dir:PATH or open_clip:MODEL/TAG (default: %(default)s)")
    add("--pairs", type=Path, help='JSON lines of {"image": path, "caption": text or list}, instead of the painter')
    add("--pictures", type=int, default=14_000, help="how many to paint (default: %(default)s)")
    add("--epochs", type=int, default=_STANDARD.epochs, help="passes over the pictures (default: %(default)s)")
    add("--batch-size", type=int, default=_STANDARD.batch_size, help="default: %(default)s")
    add("--learning-rate", type=float, default=_STANDARD.learning_rate, help="its peak (default: %(default)s)")
    add("--weight-decay", type=float, default=_STANDARD.weight_decay, help="default: %(default)s")
    add("--seed", type=int, default=_STANDARD.seed, help="decides everything that is drawn (default: %(default)s)")
    add("--workers", type=int, default=_STANDARD.workers, help="processes that prepare pictures (default: %(default)s)")
    # One thread beside one worker fills two cores; more threads than idle cores wait for each other.
    add("--threads", type=int, default=1, help="threads of the model on a CPU (default: %(default)s)")
    add("--device", default="auto", help="auto (a GPU if there is one), cpu, cuda, mps ... (default: %(default)s)")
    choices = ("auto", "fp32", "bf16")
    add("--precision", choices=choices, default="auto", help="of the towers; auto is bf16 where the device has it")
    options = parser.parse_args(arguments)
    if options.out is None and options.pairs is not None:
        parser.error("--pairs needs --out: the demo world's own model would be overwritten")
    options.out = options.out or WEIGHTS
    return options


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "venue-taste" / "tiny-clip"


def _limit_threads(count: int) -> None:
    import torch

    torch.set_num_threads(count)
    torch.set_flush_denormal(True)  # the optimizer's moments of words not seen for long; slow on many CPUs


def _device(name: str) -> str:
    import torch

    if name != "auto":
        return name
    return "cuda" if torch.cuda.is_available() else "cpu"


def _has_bf16(device: str) -> bool:
    """Whether the device computes in bfloat16 itself (about a quarter faster on a CPU that does, slower on others)."""
    import torch

    if device == "cpu":
        has = torch.cpu.get_capabilities()
        return bool(has.get("avx512_bf16") or has.get("amx_bf16"))
    return device.startswith("cuda") and torch.cuda.is_bf16_supported()


def _trained(options: argparse.Namespace, checkpoint: Path) -> tuple[Model, Recipe]:
    options.device = _device(options.device)
    options.bf16 = options.precision == "bf16" or (options.precision == "auto" and _has_bf16(options.device))
    recipe = Recipe(**{name: getattr(options, name) for name in asdict(_STANDARD)})
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"), console=Console(stderr=True),
    ) as progress:  # fmt: skip
        pairs = _pairs(options, progress)
        model = open_model(options.init, options.device, recipe.seed)
        # An older run's checkpoint is not this run's; it may have been this run's start, so not before here.
        (checkpoint / WEIGHTS_FILE).unlink(missing_ok=True)
        task = progress.add_task("training", total=None, note="")
        for step in train(model, pairs, recipe):
            note = f"epoch {step.epoch}, loss {step.loss:.3f}"
            progress.update(task, completed=step.number, total=step.of, note=note)
            if step.ends_epoch:
                save_model(model, checkpoint)
                progress.console.print(note)
    return model, recipe


def _pairs(options: argparse.Namespace, progress: Progress) -> Pairs:
    if options.pairs is not None:
        return FilePairs.read(options.pairs)
    task = progress.add_task("painting", total=options.pictures, note="")
    pairs = painted_pairs(
        options.work,
        seed=options.seed,
        count=options.pictures,
        side=_CACHED_SIDE,
        on_painted=lambda done: progress.update(task, completed=done),
    )
    progress.update(task, completed=options.pictures)
    return pairs


def _figures(folder: Path) -> dict[str, Any]:
    encoder = Encoder(folder)
    return {"figures": evaluate(encoder), "world_figures": evaluate_world(encoder)}


def _report(figures: dict[str, Any], *, as_json: bool) -> int:
    sys.stdout.write(json.dumps(figures, indent=None if as_json else 2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
