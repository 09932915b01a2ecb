"""Tiny models with random weights in the folder layouts of their libraries, made in a second."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from resources import torch_runtime

CLIP_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": 32, "mean": [0.5, 0.4, 0.3], "std": [0.25, 0.2, 0.3], "resize_mode": "shortest"},
}
_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "_", "search", "document", "query", "a", "barn", "by",
          "the", "sea", "with", "lights", "and", "stone", "walls"]  # fmt: skip


def clip_folder(folder: Path, seed: int = 0) -> Path:
    """An open_clip `local-dir:` with `open_clip_config.json` and safetensors."""
    from safetensors.torch import save_file

    open_clip = torch_runtime.open_clip()
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
    torch.manual_seed(seed)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()},
              folder / "open_clip_model.safetensors")  # fmt: skip
    return folder


def text_folder(folder: Path, architecture: str, prompts: dict[str, str] | None = None) -> Path:
    """A sentence-transformers folder around a random `nomic_bert` or `bert` of 32 dimensions, mean-pooled."""
    st = torch_runtime.sentence_transformers()
    import torch
    import transformers

    torch.manual_seed(1)
    bare = folder.with_name(f"{folder.name}-bare")
    sizes = {"vocab_size": len(_WORDS), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 64, "max_position_embeddings": 64, "initializer_range": 0.3}  # fmt: skip
    config = transformers.AutoConfig.for_model(architecture, **sizes)
    make: Any = transformers.AutoModel.from_config
    make(config).save_pretrained(bare)
    (bare / "vocab.txt").write_text("\n".join(_WORDS))
    transformers.BertTokenizer(vocab={word: index for index, word in enumerate(_WORDS)}).save_pretrained(bare)
    modules = st.sentence_transformer.modules
    transformer = modules.Transformer(str(bare))
    model = st.SentenceTransformer(modules=[transformer, modules.Pooling(32)], prompts=prompts)
    model.save(str(folder))
    shutil.rmtree(bare)
    return folder


def hub_cache(cache: Path, repository: str, folder: Path) -> Path:
    """Put a model folder into a Hugging Face cache as if it had been fetched; the snapshot's folder."""
    root = cache / f"models--{repository.replace('/', '--')}"
    snapshot = root / "snapshots" / ("0" * 40)
    shutil.copytree(folder, snapshot)
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text("0" * 40)
    return snapshot


def photograph(seed: int, width: int = 60, height: int = 40, form: str = "JPEG", **options: Any) -> bytes:
    """A smooth random picture as a file: what two scalings of it differ by is small."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 7, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    coarse.resize((width, height), Image.Resampling.BICUBIC).save(buffer, form, **({"quality": 95} | options))
    return buffer.getvalue()
