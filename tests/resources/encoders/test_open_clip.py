"""open_clip models: the same vectors as open_clip's own code, told apart by their weights, in either precision."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from demo.pictures import encode, paint
from demo.tiny_clip import WEIGHTS
from demo.tiny_clip.wording import prompt
from demo.world.model import PictureSpec
from resources import torch_runtime
from resources.encoders.devices import Precision, choose_runtime
from resources.encoders.open_clip_encoder import OpenClipEncoder
from resources.encoders.protocols import ImageEncoder, encode_images
from resources.encoders.spec import IMAGE_SETTING, parse_spec
from resources.errors import SetupError
from tests.resources.encoders.models import CLIP_CONFIG, clip_folder, hub_cache, photograph

PHOTOS = Path(__file__).resolve().parents[4] / "shared/material/photos/sun8"
SITES = PHOTOS.parents[1] / "sites"
FILES = [photograph(seed, width, height, "PNG") for seed, (width, height) in enumerate([(60, 40), (41, 77), (32, 32)])]
TEXTS = ["a barn by the sea", "lights"]


def encoder(name: str, precision: Precision = "float32") -> OpenClipEncoder:
    return OpenClipEncoder(parse_spec(IMAGE_SETTING, f"open_clip:{name}"), precision)


def local(folder: Path, precision: Precision = "float32") -> OpenClipEncoder:
    return encoder(f"local-dir:{folder}", precision)


def reference(name: str, files: list[bytes], texts: list[str], **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of open_clip's own preprocessing, model and tokenizer."""
    open_clip = torch_runtime.open_clip()
    import torch

    model, _, view = open_clip.create_model_and_transforms(name, **options)
    model.eval()
    with torch.inference_mode():
        pictures = torch.stack([view(Image.open(io.BytesIO(file))) for file in files])
        tokens = open_clip.get_tokenizer(name)(texts)
        images, words = model.encode_image(pictures, normalize=True), model.encode_text(tokens, normalize=True)
    return images.numpy(), words.numpy()


def test_vectors_are_those_of_open_clip_itself(tiny_clip: Path) -> None:
    ours = local(tiny_clip)
    assert isinstance(ours, ImageEncoder)
    images, texts = reference(f"local-dir:{tiny_clip}", FILES, TEXTS)
    np.testing.assert_allclose(encode_images(ours, FILES), images, atol=1e-3)
    np.testing.assert_allclose(ours.encode_texts(TEXTS), texts, atol=1e-5)


def test_the_space_is_known_before_the_model_is_loaded_and_changes_with_weights_and_configuration(
    tiny_clip: Path, tmp_path: Path
) -> None:
    ours = local(tiny_clip)
    assert (ours.space.dim, ours.space.model) == (24, "open_clip:local-dir:tiny")
    assert not ours.is_loaded
    moved = Path(shutil.copytree(tiny_clip, tmp_path / "elsewhere" / "tiny"))
    assert local(moved).space == ours.space, "another mount point is the same model"
    retrained = local(clip_folder(tmp_path / "retrained" / "tiny", seed=1)).space
    changed = {**CLIP_CONFIG, "preprocess_cfg": {**CLIP_CONFIG["preprocess_cfg"], "mean": [0.1, 0.1, 0.1]}}
    (moved / "open_clip_config.json").write_text(json.dumps(changed))
    assert len({ours.space.space_id, retrained.space_id, local(moved).space.space_id}) == 3


def test_the_demo_worlds_model_finds_a_picture_by_its_words() -> None:
    ours = local(WEIGHTS)
    styles = ("beach", "rustic_barn", "rooftop_night")
    pictures = [encode(paint(PictureSpec(((style, 1.0),), "exterior", 5, 240, 160))) for style in styles]
    scores = ours.encode_texts([prompt(style) for style in styles]) @ encode_images(ours, pictures).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the real photographs of ../shared/material are not here")
def test_bfloat16_keeps_the_direction_of_real_photographs() -> None:
    if choose_runtime("auto").dtype != "bfloat16":
        pytest.skip("this machine does not compute in bfloat16")
    files = [path.read_bytes() for path in sorted(PHOTOS.glob("*/*.jpg"))[::50]]
    low, full = (encode_images(local(WEIGHTS, precision), files) for precision in ("bfloat16", "float32"))
    assert low.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(low, axis=1), 1, atol=1e-6)
    assert (low * full).sum(axis=1).min() >= 0.999


@pytest.mark.skipif(not SITES.is_dir(), reason="the real venue sites of ../shared/material are not here")
def test_large_photographs_have_the_vectors_of_a_full_decode() -> None:
    """Decoding at reduced scale begins at eight times the model's 96 pixels."""
    files = [path.read_bytes() for path in sorted(SITES.rglob("*.jpg"))]
    large = [file for file in files if min(Image.open(io.BytesIO(file)).size) >= 8 * 96]
    assert len(large) >= 40
    theirs, _ = reference(f"local-dir:{WEIGHTS}", large, TEXTS)
    assert (encode_images(local(WEIGHTS), large) * theirs).sum(axis=1).min() >= 0.999


def test_a_hub_model_is_taken_from_the_cache(tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(SetupError) as missing:
        _ = encoder("hf-hub:org/tiny").space
    assert "IMAGE_ENCODER needs org/tiny" in missing.value.problem
    assert str(tmp_path / "models--org--tiny") in missing.value.problem
    assert "open_clip:local-dir:PATH" in missing.value.remedy
    hub_cache(tmp_path, "org/tiny", tiny_clip)
    cached = encoder("hf-hub:org/tiny")
    assert cached.space.model == "open_clip:hf-hub:org/tiny"
    assert cached.space.revision == local(tiny_clip).space.revision
    np.testing.assert_array_equal(cached.encode_texts(TEXTS), local(tiny_clip).encode_texts(TEXTS))


def test_a_named_tag_runs_with_the_activation_and_colours_its_weights_were_trained_with(
    tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_clip = torch_runtime.open_clip()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    hub_cache(tmp_path, "org/tagged", tiny_clip)
    tag = {"hf_hub": "org/tagged/", "quick_gelu": True, "mean": (0.2, 0.3, 0.4), "std": (0.3, 0.3, 0.3)}
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "tiny", CLIP_CONFIG["model_cfg"])
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, "tiny", {"here": tag})
    ours = encoder("tiny/here")
    assert ours.space.model == "open_clip:tiny/here"
    weights = str(tiny_clip / "open_clip_model.safetensors")
    view = {"mean": tag["mean"], "std": tag["std"]}
    images, texts = reference(
        "tiny", FILES, TEXTS, pretrained=weights, force_quick_gelu=True, image_mean=view["mean"], image_std=view["std"]
    )
    np.testing.assert_allclose(encode_images(ours, FILES), images, atol=1e-3)
    np.testing.assert_allclose(ours.encode_texts(TEXTS), texts, atol=1e-5)


def test_the_default_model_without_weights_says_where_they_belong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(SetupError) as missing:
        encode_images(encoder("ViT-B-32/laion2b_s34b_b79k"), FILES)
    assert str(tmp_path / "models--laion--CLIP-ViT-B-32-laion2B-s34B-b79K") in missing.value.problem
    assert "IMAGE_ENCODER" in missing.value.problem
    assert "open_clip:local-dir:PATH" in missing.value.remedy


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ViT-B-32/nobody", "choose among its tags"),
        ("ViT-B-33/openai", "the model is unknown"),
        ("local-dir:/nowhere", "open_clip_config.json"),
        ("hf-hub:not a name", "IMAGE_ENCODER names 'not a name'"),
    ],
)
def test_what_is_no_model(name: str, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        _ = encoder(name).space


def test_a_folder_without_weights_is_no_random_model(tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
    with pytest.raises(SetupError, match="holds no weights"):
        _ = local(tmp_path).space


@pytest.mark.parametrize("content", [b"", b"\x10" * 64])
def test_broken_weights_are_said_when_they_load(content: bytes, tiny_clip: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(tiny_clip, tmp_path / "broken"))
    (broken / "open_clip_model.safetensors").write_bytes(content)
    ours = local(broken)
    with pytest.raises(SetupError, match="do not load"):
        ours.encode_texts(TEXTS)


def test_precision_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    assert choose_runtime("float32").dtype == "float32"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert choose_runtime("auto").dtype == choose_runtime("bfloat16").dtype == "bfloat16"
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True})
    assert choose_runtime("auto").dtype == "float32"
    with pytest.raises(SetupError, match="ENCODER_PRECISION"):
        choose_runtime("bfloat16")
