"""The doctor's checks of models: what each way to write a setting amounts to, and a remedy for each that is broken."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from resources.doctor import Check, Verdict
from resources.model_checks import check_image_encoder, check_language_model, check_text_encoder, check_torch
from resources.torch_runtime import open_clip
from tests.resources.encoders.models import clip_folder, hub_cache, text_folder
from tests.resources.findings import Setting, assert_problem, only


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    return monkeypatch.setenv


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip_folder(tmp_path_factory.mktemp("clip") / "tiny-clip")


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_folder(tmp_path_factory.mktemp("bert") / "tiny-bert", "bert")


def well(check: Check) -> str:
    """The detail of the one finding, which is good."""
    finding = only(check)
    assert finding.verdict is Verdict.OK, finding
    return finding.detail


def assert_note(check: Check, detail: str, remedy: str) -> None:
    finding = only(check)
    assert finding.verdict is Verdict.NOTE, finding
    assert detail in finding.detail
    assert remedy in finding.remedy


@contextmanager
def answering(path: str, body: object, status: int = 200, key: str | None = None) -> Iterator[str]:
    """A loopback HTTP server that gives one JSON answer at one path, to who has the key; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == path
            welcome = key is None or self.headers.get("Authorization") == key
            self.send_response(404 if not known else status if welcome else 401)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode() if known else b"")

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_torch_imports() -> None:
    assert only(check_torch).verdict is Verdict.OK


def test_image_encoder(setting: Setting, tmp_path: Path, tiny_clip: Path) -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert_problem(check_image_encoder, "CLIP-ViT-B-32", "IMAGE_ENCODER=open_clip:local-dir:PATH")
    setting("IMAGE_ENCODER", "open_clip:ViT-B-32/no-such-tag")
    assert_problem(check_image_encoder, "no-such-tag", "laion2b_s34b_b79k")
    setting("IMAGE_ENCODER", "open_clip:no-such-model/x")
    assert_problem(check_image_encoder, "no-such-model", "the model is unknown")
    setting("IMAGE_ENCODER", f"open_clip:local-dir:{tmp_path}")
    assert_problem(check_image_encoder, "open_clip_config.json", "IMAGE_ENCODER")
    shutil.copy(tiny_clip / "open_clip_config.json", tmp_path)
    assert_problem(check_image_encoder, "holds no weights", "correct the path in IMAGE_ENCODER")
    setting("IMAGE_ENCODER", f"open_clip:local-dir:{tiny_clip}")
    assert "24 dimensions" in well(check_image_encoder)
    setting("IMAGE_ENCODER", "python:no.such.module:factory")
    assert_problem(check_image_encoder, "no.such.module", "importable")
    setting("IMAGE_ENCODER", "python:json:no_such_factory")
    assert_problem(check_image_encoder, "no_such_factory", "IMAGE_ENCODER")
    setting("IMAGE_ENCODER", "python::factory")
    assert_problem(check_image_encoder, "cannot be imported", "importable")
    setting("IMAGE_ENCODER", "python:json:loads")
    assert only(check_image_encoder).verdict is Verdict.OK
    setting("IMAGE_ENCODER", "open_clip:hf-hub:no/such/thing")
    assert_problem(check_image_encoder, "'no/such/thing'", "correct IMAGE_ENCODER")
    setting("IMAGE_ENCODER", "clip")
    assert_problem(check_image_encoder, "'clip'", "open_clip:MODEL/TAG")


def test_text_encoder(setting: Setting, tmp_path: Path, tiny_bert: Path) -> None:
    assert_problem(check_text_encoder, "nomic-embed-text-v1.5", "TEXT_ENCODER=lexical")
    setting("TEXT_ENCODER", "lexical")
    assert only(check_text_encoder).verdict is Verdict.OK
    setting("TEXT_EMBEDDING_DIM", "64")
    assert_problem(check_text_encoder, "lexical has one size only", "unset TEXT_EMBEDDING_DIM")
    setting("TEXT_ENCODER", f"sentence-transformers:{tiny_bert}")
    assert_problem(check_text_encoder, "32", "TEXT_EMBEDDING_DIM")
    setting("TEXT_EMBEDDING_DIM", "16")
    assert "16 dimensions" in well(check_text_encoder)
    setting("TEXT_ENCODER", f"sentence-transformers:{tmp_path}")
    assert_problem(check_text_encoder, "holds no weights", "correct TEXT_ENCODER")
    setting("TEXT_ENCODER", "ollama:")
    assert_problem(check_text_encoder, "'ollama:'", "ollama:NAME")
    setting("TEXT_ENCODER", "word2vec:x")
    assert_problem(check_text_encoder, "word2vec", "sentence-transformers:NAME")


def test_weights_are_looked_for_as_the_encoders_will(
    setting: Setting, tmp_path: Path, tiny_clip: Path, tiny_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The hub may be asked; a check that did so would find no server there, and fail.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:1")
    for kind, check, folder, weights in (
        ("IMAGE_ENCODER=open_clip:hf-hub", check_image_encoder, tiny_clip, "open_clip_model.safetensors"),
        ("TEXT_ENCODER=sentence-transformers", check_text_encoder, tiny_bert, "model.safetensors"),
    ):
        name, _, form = kind.partition("=")
        setting(name, f"{form}:org/{folder.name}")
        assert_note(check, f"org/{folder.name} of the Hugging Face hub", f"without a network, set {name}=")
        snapshot = hub_cache(tmp_path, f"org/{folder.name}", folder)
        assert f"org/{folder.name}" in well(check)
        (snapshot / weights).unlink()
        assert_note(check, f"org/{folder.name} of the Hugging Face hub", f"without a network, set {name}=")


@pytest.mark.parametrize(
    ("tag", "source"),
    [
        ("ViT-B-32/laion2b_s34b_b79k", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K of the Hugging Face hub"),
        ("ViTamin-S/datacomp1b", "jienengchen/ViTamin-S of the Hugging Face hub"),
        ("RN50/ours", "https://weights.invalid/ours.pt, if it is not in "),
    ],
)
def test_weights_of_open_clips_own_list(
    setting: Setting, tmp_path: Path, tag: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    # All tags of today's open_clip are on the hub; earlier ones were not, and its list may be extended.
    monkeypatch.setitem(open_clip().pretrained._PRETRAINED["RN50"], "ours", {"url": "https://weights.invalid/ours.pt"})
    setting("IMAGE_ENCODER", f"open_clip:{tag}")
    assert_note(check_image_encoder, source, "IMAGE_ENCODER=open_clip:local-dir:PATH")


def test_text_encoder_of_a_server(setting: Setting) -> None:
    setting("TEXT_ENCODER", "openai:embedder")
    setting("LANGUAGE_MODEL_API_KEY", "another server's")
    setting("LANGUAGE_MODEL_BASE_URL", "http://127.0.0.1:1")
    assert_problem(check_text_encoder, "no API key", "TEXT_ENCODER_API_KEY")
    with answering("/models", {"data": [{"id": "embedder"}]}, key="Bearer mine") as address:
        setting("TEXT_ENCODER_BASE_URL", address)
        assert_problem(check_text_encoder, "refuses the key", "correct TEXT_ENCODER_API_KEY or TEXT_ENCODER_BASE_URL")
        setting("TEXT_ENCODER_API_KEY", "mine")
        assert address in well(check_text_encoder)
    assert_problem(check_text_encoder, "no openai server answers", "correct TEXT_ENCODER_BASE_URL")
    setting("TEXT_ENCODER", "ollama:nomic-embed-text")
    with answering("/api/tags", {"models": [{"name": "llama3.1:latest"}]}) as address:
        setting("TEXT_ENCODER_BASE_URL", address)
        assert_problem(check_text_encoder, "does not offer 'nomic-embed-text'", "ollama pull nomic-embed-text")


def test_a_plug_in_that_fails_is_quoted(setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plugin_of_test.py").write_text("raise RuntimeError('no licence found')")
    monkeypatch.syspath_prepend(str(tmp_path))
    setting("IMAGE_ENCODER", "python:plugin_of_test:factory")
    assert_problem(check_image_encoder, "RuntimeError: no licence found", "mend plugin_of_test")


def test_servers_whose_address_is_none(setting: Setting) -> None:
    setting("LANGUAGE_MODEL", "ollama:llama3.1")
    setting("OLLAMA_HOST", "127.0.0.1:1")
    assert_problem(check_language_model, "OLLAMA_HOST is '127.0.0.1:1'", "set OLLAMA_HOST to http://127.0.0.1:1")
    setting("OLLAMA_HOST", "http://127.0.0.1:1")
    assert_problem(check_language_model, "no ollama server answers", "correct OLLAMA_HOST")
    setting("LANGUAGE_MODEL_BASE_URL", "http://[x")
    assert_problem(check_language_model, "http://[x", "LANGUAGE_MODEL_BASE_URL")


def test_language_model_of_ollama(setting: Setting) -> None:
    assert only(check_language_model).verdict is Verdict.OK
    setting("LANGUAGE_MODEL", "ollama:llama3.1")
    with answering("/api/tags", {"models": [{"name": "llama3.1:latest"}]}) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert only(check_language_model).verdict is Verdict.OK
        setting("LANGUAGE_MODEL", "ollama:mistral")
        assert_problem(check_language_model, "does not offer 'mistral'", "ollama pull mistral")
    assert_problem(check_language_model, "no ollama server answers", "LANGUAGE_MODEL_BASE_URL")
    with answering("/api/tags", ["not", "ollama"]) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert_problem(check_language_model, "no ollama server answers", "LANGUAGE_MODEL_BASE_URL")


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_language_model_of_other_servers(setting: Setting, kind: str) -> None:
    setting("LANGUAGE_MODEL", f"{kind}:claude")
    assert_problem(check_language_model, "no API key", "LANGUAGE_MODEL_API_KEY")
    setting("LANGUAGE_MODEL_API_KEY", "k")
    for body in ({"data": [{"id": "claude"}]}, [{"id": "claude"}]):
        with answering("/models", body) as address:
            setting("LANGUAGE_MODEL_BASE_URL", address)
            assert address in well(check_language_model)
    for status in (401, 403):
        with answering("/models", {}, status=status) as address:
            setting("LANGUAGE_MODEL_BASE_URL", address)
            assert_problem(check_language_model, str(status), "LANGUAGE_MODEL_API_KEY or LANGUAGE_MODEL_BASE_URL")
    with answering("/models", {}, status=500) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert_problem(check_language_model, "500", "LANGUAGE_MODEL_BASE_URL")
    assert_problem(check_language_model, f"no {kind} server answers", "LANGUAGE_MODEL_BASE_URL")


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("path", "body", "seen"),
    [
        ("/models", {"data": [{"id": f"model-{n:02}"} for n in range(12)]}, "model-09 and 2 more"),
        ("/models", {"data": []}, "lists other models (none)"),
        ("/no/models", {}, "answers 404"),
    ],
)
def test_a_gateway_may_offer_what_it_does_not_list(
    setting: Setting, kind: str, path: str, body: object, seen: str
) -> None:
    setting("LANGUAGE_MODEL", f"{kind}:claude")
    with answering(path, body) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert_note(check_language_model, seen, "correct LANGUAGE_MODEL or LANGUAGE_MODEL_BASE_URL")
        assert_note(check_language_model, "cannot tell whether it offers 'claude'", "if a run is refused")


def test_the_language_model_is_asked_past_the_proxy_as_in_a_run(setting: Setting) -> None:
    setting("LANGUAGE_MODEL", "openai:gpt")
    with answering("/models", {"data": [{"id": "gpt"}]}) as address:
        setting("HTTP_PROXY", "http://127.0.0.1:1")
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert address in well(check_language_model)


def test_language_models_written_wrongly(setting: Setting) -> None:
    setting("LANGUAGE_MODEL", "ollama:")
    assert_problem(check_language_model, "names no model", "ollama:NAME")
    setting("LANGUAGE_MODEL", "gpt")
    assert_problem(check_language_model, "'gpt'", "extractive")
