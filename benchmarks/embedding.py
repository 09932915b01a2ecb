"""How near the asset `photo_embeddings` comes to the speed of the model alone.

The asset's own way (stored JPEG files to vectors committed in Postgres) against a bare loop of forward passes over
pictures decoded already: the same model, precision and batch size, in turns, so that a busy machine slows both.
ViT-B/32 with random weights, which is as fast as with trained ones. Also how far the precision in use turns vectors
away from those in float32.

    python -m benchmarks.embedding [--photos 64] [--turns 5] [--folder FOLDER_OF_JPEGS] [--json]
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Engine, insert, make_url, text

from benchmarks.figures import print_figures
from demo.pictures import paint
from demo.tiny_clip.painted import draw_specs
from resources import torch_runtime
from resources.database import connect, ensure_database
from resources.embedded_postgres import EmbeddedPostgres
from resources.encoders.devices import Precision
from resources.encoders.filling import fill_space
from resources.encoders.open_clip_encoder import OpenClipEncoder
from resources.encoders.protocols import encode_images
from resources.encoders.spec import IMAGE_SETTING, parse_spec
from resources.migrate import upgrade
from resources.photo_store import PhotoStore
from resources.schema import photos
from resources.vectors import ensure_space

GOAL_RATIO: Final = 0.85
"""What the asset should reach of the bare loop's speed."""

GOAL_PARITY: Final = 0.999
"""Least cosine of a vector to the one in float32."""

_SIDE: Final = (1024, 683)  # of the painted photographs, about what venue sites show
_PARITY_PHOTOS: Final = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.embedding", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--photos", type=int, default=64, help="photographs per turn")
    parser.add_argument(
        "--turns",
        type=int,
        default=5,
        help="turns of the asset, a bare loop before and after each; the median of their ratios counts",
    )
    parser.add_argument("--folder", type=Path, help="JPEGs to use instead of painted ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch:
        figures = measure(Path(scratch), _photographs(options.photos, options.folder), options.turns)
    print_figures(figures, as_json=options.json)
    return 0 if figures["within_limits"] else 1


def measure(scratch: Path, contents: Sequence[bytes], turns: int) -> dict[str, Any]:
    """Run both ways in turns; figures by self-explaining name."""
    folder = _random_weights(scratch / "ViT-B-32")
    encoder = _encoder(folder, "auto")
    server = EmbeddedPostgres(scratch / "postgres")
    running, _ = server.start()
    try:
        url = make_url(running.url("benchmark")).set(drivername="postgresql+psycopg")
        ensure_database(url)
        engine = connect(url)
        upgrade(engine)
        store = PhotoStore(str(scratch / "photos"))
        photo_ids = _stored(engine, store, contents)
        with engine.begin() as connection:
            ensure_space(connection, encoder.space)
        prepared = [encoder.prepare(content) for content in contents]
        encode_images(encoder, contents[:2])  # loading and the first pass are nobody's speed
        bare, asset = [len(prepared) / _bare_seconds(encoder, prepared)], []
        for _ in range(turns):
            with engine.begin() as connection:
                connection.execute(text("TRUNCATE photo_embeddings"))
            asset.append(fill_space(engine, store, encoder, photo_ids).photos_per_second)
            bare.append(len(prepared) / _bare_seconds(encoder, prepared))
        engine.dispose()
    finally:
        server.stop()
    # Each turn against the bare loops before and after it: other work on the machine comes and goes.
    ratios = [speed / statistics.mean(around) for speed, around in zip(asset, pairwise(bare), strict=True)]
    ratio = statistics.median(ratios)
    parity = _parity(encoder, _encoder(folder, "float32"), contents[:_PARITY_PHOTOS])
    return {
        "asset_photos_per_s": round(statistics.median(asset), 2),
        "bare_photos_per_s": round(statistics.median(bare), 2),
        "ratio": round(ratio, 3),
        "ratio_goal": GOAL_RATIO,
        "ratio_lowest": round(min(ratios), 3),
        "ratio_highest": round(max(ratios), 3),
        "device": encoder.runtime.device,
        "dtype": encoder.runtime.dtype,
        "batch_size": encoder.runtime.batch_size,
        "parity_cosine_min": round(parity, 5),
        "parity_goal": GOAL_PARITY,
        "photos": len(contents),
        "photo_kilobytes": round(statistics.mean(map(len, contents)) / 1000, 1),
        "turns": turns,
        "within_limits": ratio >= GOAL_RATIO and parity >= GOAL_PARITY,
    }


def _photographs(count: int, folder: Path | None) -> list[bytes]:
    if folder is not None:
        files = sorted(folder.rglob("*.jpg"))
        return [file.read_bytes() for file in files[:: max(1, len(files) // count)][:count]]
    contents = []
    for number, spec in enumerate(draw_specs(1, count)):
        buffer = io.BytesIO()
        # Painted small and enlarged: painting is slow, and decoding is what is measured.
        picture = paint(spec).resize(_SIDE, Image.Resampling.BICUBIC)
        rng = np.random.default_rng(number)
        grain = rng.normal(0, 6, (_SIDE[1], _SIDE[0], 1))
        Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
        contents.append(buffer.getvalue())
    return contents


def _random_weights(folder: Path) -> Path:
    from safetensors.torch import save_file

    open_clip = torch_runtime.open_clip()
    import torch

    torch.manual_seed(0)
    logging.getLogger().setLevel(logging.ERROR)  # open_clip warns that the weights are random, as they are meant to be
    model = open_clip.create_model("ViT-B-32")
    folder.mkdir()
    config = {"model_cfg": open_clip.get_model_config("ViT-B-32"), "preprocess_cfg": model.visual.preprocess_cfg}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(tensors, folder / "open_clip_model.safetensors")
    return folder


def _encoder(folder: Path, precision: Precision) -> OpenClipEncoder:
    return OpenClipEncoder(parse_spec(IMAGE_SETTING, f"open_clip:local-dir:{folder}"), precision)


def _stored(engine: Engine, store: PhotoStore, contents: Sequence[bytes]) -> list[str]:
    rows = []
    for content in contents:
        width, height = Image.open(io.BytesIO(content)).size
        rows.append({"photo_id": store.put(content), "mime": "image/jpeg", "width": width, "height": height,
                     "bytes": len(content)})  # fmt: skip
    unique = {str(row["photo_id"]): row for row in rows}
    with engine.begin() as connection:
        connection.execute(insert(photos), list(unique.values()))
    return list(unique)


def _bare_seconds(encoder: OpenClipEncoder, prepared: Sequence[NDArray[np.uint8]]) -> float:
    """Forward passes alone: tensors of the model's precision, made before the clock starts."""
    import torch

    model, dtype = encoder.model, getattr(torch, encoder.runtime.dtype)
    size = encoder.runtime.batch_size
    batches = [
        torch.from_numpy(np.stack(prepared[start : start + size])).permute(0, 3, 1, 2).to(encoder.runtime.device, dtype)
        / 255
        for start in range(0, len(prepared), size)
    ]
    started = time.perf_counter()
    with torch.inference_mode():
        for batch in batches:
            model.encode_image(batch).cpu()
    return time.perf_counter() - started


def _parity(ours: OpenClipEncoder, exact: OpenClipEncoder, contents: Sequence[bytes]) -> float:
    return float((encode_images(ours, contents) * encode_images(exact, contents)).sum(axis=1).min())


if __name__ == "__main__":
    raise SystemExit(main())
