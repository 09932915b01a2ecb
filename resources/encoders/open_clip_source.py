"""What an `open_clip:` setting stands for: which architecture, which weights file, which preprocessing.

Finding and naming only, so that a run with nothing to embed costs no model; `open_clip_encoder` runs it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from resources import torch_runtime
from resources.encoders.spec import EncoderSpec
from resources.encoders.vectors import make_space
from resources.encoders.weights import combined_sha256, content_sha256, hub_file
from resources.errors import SetupError
from resources.spaces import EmbeddingSpace

CONFIG_FILE: Final = "open_clip_config.json"
_WEIGHTS: Final = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_OFFLINE: Final = "open_clip:local-dir:PATH of a folder with weights and " + CONFIG_FILE


@dataclass(frozen=True, slots=True)
class ClipSource:
    """All that is needed to build the model, and its space.

    Attributes:
        space: of its vectors.
        weights: the checkpoint's file.
        model: open_clip's name of the architecture, for `create_model`.
        tokenizer: the name that `get_tokenizer` wants.
        options: further arguments of `create_model`.
    """

    space: EmbeddingSpace
    weights: Path
    model: str
    tokenizer: str
    options: dict[str, Any] = field(default_factory=dict)


def clip_source(spec: EncoderSpec) -> ClipSource:
    """Find what `spec` (`MODEL/TAG`, `hf-hub:ORG/NAME` or `local-dir:PATH`) names; fetches weights if they are absent.

    Raises:
        SetupError: no such model, tag or folder, or its weights are not here and cannot be fetched.
    """
    if spec.name.startswith("local-dir:"):
        folder = Path(spec.name.removeprefix("local-dir:")).expanduser().absolute()
        return _in_folder(spec, folder, f"open_clip:local-dir:{folder.name}", f"local-dir:{folder}")
    if spec.name.startswith("hf-hub:"):
        repository = spec.name.removeprefix("hf-hub:")
        folder = hub_file(spec.setting, repository, [CONFIG_FILE], _OFFLINE).parent
        hub_file(spec.setting, repository, _WEIGHTS, _OFFLINE)
        # Built from its folder in the cache: asked for by its name, open_clip would look for a newer one.
        return _in_folder(spec, folder, str(spec), spec.name)
    return _named(spec)


def _in_folder(spec: EncoderSpec, folder: Path, named: str, tokenizer: str) -> ClipSource:
    config_file = folder / CONFIG_FILE
    try:
        dim = int(json.loads(config_file.read_text())["model_cfg"]["embed_dim"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"{config_file} is not the configuration of an open_clip model: {error!r}",
            f"correct the path in {spec.setting}",
        ) from error
    checkpoint = _checkpoint(folder)
    if checkpoint is None:
        # open_clip would only warn, and go on with random weights.
        raise SetupError(f"{folder} holds no weights ({', '.join(_WEIGHTS)})", f"correct the path in {spec.setting}")
    space = make_space("image", named, combined_sha256([config_file, checkpoint]), dim)
    return ClipSource(space, checkpoint, f"local-dir:{folder}", tokenizer)


def _checkpoint(folder: Path) -> Path | None:
    """The file that open_clip loads from a folder, so that the one that is hashed is the one that is loaded."""
    first_choice = folder / _WEIGHTS[0]
    if first_choice.is_file():
        return first_choice  # known without importing open_clip: a run with nothing to embed stays quick
    found = torch_runtime.open_clip().factory._find_checkpoint_in_dir(folder)
    return None if found is None else Path(found)


def _named(spec: EncoderSpec) -> ClipSource:
    open_clip = torch_runtime.open_clip()
    model, _, tag = spec.name.partition("/")
    known = open_clip.pretrained.get_pretrained_cfg(model, tag)
    if not known:
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(model)) or "none: the model is unknown"
        raise SetupError(f"open_clip has no weights {tag!r} of {model!r}", f"choose among its tags ({tags})")
    weights = _tagged_weights(spec, known)
    space = make_space("image", str(spec), content_sha256(weights), int(open_clip.get_model_config(model)["embed_dim"]))
    # The activation that the weights were trained with: open_clip only warns when the architecture's is another.
    options = {
        "pretrained": str(weights),
        "force_quick_gelu": bool(known.get("quick_gelu")),
        "force_preprocess_cfg": dict(known),
    }
    return ClipSource(space, weights, model, model, options)


def _tagged_weights(spec: EncoderSpec, known: dict[str, Any]) -> Path:
    repository, _, file = str(known.get("hf_hub") or "").rpartition("/")
    if repository:
        safe = f"{Path(file).stem}.safetensors"
        return hub_file(spec.setting, repository, [safe, file] if file else _WEIGHTS, _OFFLINE)
    try:
        return Path(torch_runtime.open_clip().download_pretrained(known))
    except (OSError, RuntimeError) as error:  # a refused or broken transfer, a wrong checksum
        raise SetupError(
            f"{spec.setting} needs the weights at {known.get('url')}, which are not in {Path.home() / '.cache/clip'} "
            f"and cannot be fetched: {error}",
            f"connect this machine, or set {spec.setting}={_OFFLINE}",
        ) from error
