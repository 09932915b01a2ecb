"""Sentence-transformers models: prefixes, Matryoshka dimensions, what is said of a model without loading it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from resources import torch_runtime
from resources.encoders.sentence_transformers_encoder import SentenceTransformersEncoder
from resources.encoders.spec import TEXT_SETTING, parse_spec
from resources.errors import SetupError
from tests.resources.encoders.models import hub_cache

TEXTS = ["a barn by the sea", "stone walls with lights"]


def encoder(name: str | Path, dim: int | None = None) -> SentenceTransformersEncoder:
    return SentenceTransformersEncoder(parse_spec(TEXT_SETTING, f"sentence-transformers:{name}"), dim, "float32")


def reference(folder: Path, texts: list[str]) -> np.ndarray:
    """What the library itself makes of texts, unscaled."""
    model = torch_runtime.sentence_transformers().SentenceTransformer(str(folder), device="cpu")
    vectors: np.ndarray = np.asarray(model.encode(texts), dtype=np.float64)
    return vectors


def unit(vectors: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def test_nomic_runs_natively_and_gets_its_prefixes_from_us(tiny_nomic: Path) -> None:
    ours = encoder(tiny_nomic)
    documents, queries = ours.encode_documents(TEXTS), ours.encode_queries(TEXTS)
    assert documents.dtype == queries.dtype == np.float32
    expected = unit(reference(tiny_nomic, [f"search_document: {text}" for text in TEXTS]))
    np.testing.assert_allclose(documents, expected, atol=1e-5)
    np.testing.assert_allclose(
        queries, unit(reference(tiny_nomic, [f"search_query: {text}" for text in TEXTS])), atol=1e-5
    )
    assert np.abs(documents - queries).max() > 1e-3


def test_nomic_dimensions_are_layer_normed_cut_and_normalised(tiny_nomic: Path) -> None:
    import torch
    from torch.nn import functional

    full = torch.from_numpy(reference(tiny_nomic, [f"search_document: {text}" for text in TEXTS]))
    expected = functional.normalize(functional.layer_norm(full, (32,))[:, :8], dim=1)
    ours = encoder(tiny_nomic, dim=8)
    assert ours.space.dim == 8
    np.testing.assert_allclose(ours.encode_documents(TEXTS), expected.numpy(), atol=1e-5)


def test_other_models_use_the_prompts_of_their_folder_and_are_cut_without_layer_norm(tiny_bert: Path) -> None:
    full = reference(tiny_bert, [f"search query: {text}" for text in TEXTS])
    np.testing.assert_allclose(encoder(tiny_bert, 8).encode_queries(TEXTS), unit(full[:, :8]), atol=1e-5)
    np.testing.assert_allclose(encoder(tiny_bert).encode_documents(TEXTS), unit(reference(tiny_bert, TEXTS)), atol=1e-5)


def test_its_space_is_known_without_loading_it(tiny_nomic: Path, tiny_bert: Path) -> None:
    ours = encoder(tiny_nomic)
    assert (ours.space.dim, ours.space.modality, ours.space.model) == (32, "text", "sentence-transformers:tiny-nomic")
    assert not ours.is_loaded
    ours.encode_queries(["a"])
    assert ours.is_loaded
    assert ours.space.space_id != encoder(tiny_bert).space.space_id
    assert ours.space.space_id != encoder(tiny_nomic, 8).space.space_id


def test_blank_texts_are_refused_and_none_is_none(tiny_nomic: Path) -> None:
    ours = encoder(tiny_nomic)
    with pytest.raises(ValueError, match=r"texts \[1\] are blank"):
        ours.encode_documents(["a", " \n"])
    assert ours.encode_documents([]).shape == (0, 32)


def test_more_dimensions_than_there_are(tiny_nomic: Path) -> None:
    with pytest.raises(SetupError, match="TEXT_EMBEDDING_DIM is 33"):
        _ = encoder(tiny_nomic, 33).space


def test_a_model_in_the_cache_is_used_without_a_network(
    tiny_nomic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(SetupError) as missing:
        _ = encoder("nomic-ai/tiny").space
    assert "TEXT_ENCODER needs nomic-ai/tiny" in missing.value.problem
    assert str(tmp_path / "models--nomic-ai--tiny") in missing.value.problem
    assert "TEXT_ENCODER=lexical" in missing.value.remedy
    hub_cache(tmp_path, "nomic-ai/tiny", tiny_nomic)
    cached = encoder("nomic-ai/tiny")
    assert cached.space.model == "sentence-transformers:nomic-ai/tiny"
    assert cached.space.revision == encoder(tiny_nomic).space.revision
    np.testing.assert_array_equal(cached.encode_queries(TEXTS), encoder(tiny_nomic).encode_queries(TEXTS))


@pytest.mark.parametrize("name", ["no such folder/at all/here", "..", "a b"])
def test_what_is_neither_folder_nor_hub_model(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SetupError, match="TEXT_ENCODER"):
        _ = encoder(name).space


def test_a_broken_folder_is_said_when_it_loads(tiny_nomic: Path, tmp_path: Path) -> None:
    import shutil

    broken = shutil.copytree(tiny_nomic, tmp_path / "broken")
    weights = next(broken.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:100])
    ours = encoder(broken)
    with pytest.raises(SetupError, match="does not load"):
        ours.encode_queries(["a"])
