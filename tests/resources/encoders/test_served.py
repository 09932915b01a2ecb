"""Encoders that ask a server: what goes over the wire, what comes back, and what an operator is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from resources.encoders.load import text_encoder
from resources.encoders.protocols import TextEncoder
from resources.errors import SetupError
from resources.settings import load_settings

FULL = 24


def raw_vector(text: str) -> list[float]:
    """What the pretended model makes of a text: not of length 1, not centred."""
    numbers: list[float] = np.random.default_rng(list(text.encode())).normal(0.3, 2, FULL).tolist()
    return numbers


class Server:
    """Ollama's and OpenAI's endpoints over a model `nomic-embed-text`; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.refusals = 0
        self.broken: Any = None

    def answer(self, method: str, path: str, body: Any, key: str | None) -> tuple[int, Any]:
        self.asked.append((method, path, body, key))
        if self.refusals:
            self.refusals -= 1
            return 429, {"error": "busy"}
        if self.broken is not None:
            return 200, self.broken
        match method, path:
            case "GET", "/api/tags":
                return 200, {"models": [{"name": "nomic-embed-text:latest", "digest": "0a" * 32}]}
            case "POST", "/api/show":
                facts = {"general.architecture": "nomic-bert", "nomic-bert.embedding_length": FULL}
                return 200, {"model_info": facts}
            case "POST", "/api/embed":
                return 200, {"embeddings": [raw_vector(text) for text in body["input"]]}
            case "POST", "/v1/embeddings" if key == "Bearer sk-1":
                data = [{"index": index, "embedding": raw_vector(text)} for index, text in enumerate(body["input"])]
                return 200, {"data": data[::-1]}  # the order of the list is not promised
            case "POST", "/v1/embeddings":
                return 401, {"error": {"message": "Incorrect API key"}}
        return 404, {"error": "no such path"}

    def texts(self) -> list[list[str]]:
        return [body["input"] for _, path, body, _ in self.asked if path in {"/api/embed", "/v1/embeddings"}]


@contextmanager
def listening(server: Server) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = server.answer(self.command, self.path, body, self.headers.get("Authorization"))
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = handle_one  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    with listening(server) as address:
        yield address


@pytest.fixture
def encoder(address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function from a setting and further ones to the encoder that asks the server."""

    def make(value: str, **more: str) -> TextEncoder:
        monkeypatch.setenv("TEXT_ENCODER", value)
        path = "/v1" if value.startswith("openai") else ""
        monkeypatch.setenv("TEXT_ENCODER_BASE_URL", f"{address}{path}/")
        for name, setting in more.items():
            monkeypatch.setenv(name.upper(), setting)
        return text_encoder(load_settings())

    return make


def expected(texts: list[str], dim: int = FULL) -> np.ndarray:
    """By torch: layer norm if the vectors are cut, truncation, L2."""
    import torch
    from torch.nn import functional

    full = torch.tensor([raw_vector(text) for text in texts], dtype=torch.float64)
    rows = functional.layer_norm(full, (FULL,)) if dim < FULL else full
    return functional.normalize(rows[:, :dim], dim=1).numpy()


def test_ollama_is_asked_for_full_vectors_of_prefixed_texts_and_they_are_cut_here(encoder: Any, server: Server) -> None:
    ours = encoder("ollama:nomic-embed-text", text_embedding_dim="8")
    assert (ours.space.dim, ours.space.revision) == (8, "0a" * 32)
    assert server.texts() == [], "its space is known without an embedding"
    documents = ours.encode_documents(["a barn", "the sea"])
    np.testing.assert_allclose(
        documents, expected(["search_document: a barn", "search_document: the sea"], 8), atol=1e-6
    )
    method, path, body, key = server.asked[-1]
    assert (method, path, key) == ("POST", "/api/embed", None)
    assert body == {
        "model": "nomic-embed-text", "input": ["search_document: a barn", "search_document: the sea"], "truncate": True,
    }  # fmt: skip
    np.testing.assert_allclose(ours.encode_queries(["a barn"]), expected(["search_query: a barn"], 8), atol=1e-6)


def test_openai_compatible_vectors_are_put_in_order_in_batches(encoder: Any, server: Server) -> None:
    ours = encoder("openai:text-embedding-3-small", text_encoder_api_key="sk-1")
    texts = [f"text {number}" for number in range(70)]
    np.testing.assert_allclose(ours.encode_documents(texts), expected(texts), atol=1e-6)
    assert [len(batch) for batch in server.texts()] == [1, 64, 6]
    assert server.asked[-1][2]["encoding_format"] == "float"
    assert "dimensions" not in server.asked[-1][2]


def test_a_busy_server_is_waited_for(encoder: Any, server: Server) -> None:
    ours = encoder("ollama:nomic-embed-text")
    server.refusals = 3
    assert ours.space.dim == FULL
    server.refusals = 50
    with pytest.raises(SetupError, match="429"):
        ours.encode_queries(["a"])
    assert server.refusals == 45, "and not for ever"


def test_a_refused_key(encoder: Any) -> None:
    ours = encoder("openai:m", text_encoder_api_key="sk-2")
    with pytest.raises(SetupError, match="Incorrect API key") as refused:
        _ = ours.space
    assert "TEXT_ENCODER_API_KEY" in refused.value.remedy
    assert "sk-2" not in str(refused.value)


def test_a_model_that_is_not_pulled(encoder: Any) -> None:
    with pytest.raises(SetupError, match="ollama pull llama"):
        _ = encoder("ollama:llama").space


@pytest.mark.parametrize("answer", [[], {}, {"models": 3}, {"data": [{"index": 5, "embedding": [1]}]}, "text"])
@pytest.mark.parametrize("value", ["ollama:nomic-embed-text", "openai:m"])
def test_answers_that_hold_no_vectors(encoder: Any, server: Server, answer: Any, value: str) -> None:
    ours = encoder(value, text_encoder_api_key="sk-1")
    server.broken = answer
    with pytest.raises(SetupError):
        _ = ours.space


@pytest.mark.parametrize(
    "answer", [{"embeddings": [[1.0] * FULL]}, {"embeddings": [[1.0] * 3] * 2}, {"embeddings": []}]
)
def test_vectors_that_do_not_fit_the_question(encoder: Any, server: Server, answer: Any) -> None:
    ours = encoder("ollama:nomic-embed-text")
    assert ours.space.dim == FULL
    server.broken = answer
    with pytest.raises(SetupError, match="answered 2 texts with"):
        ours.encode_documents(["a", "b"])


def test_a_server_of_this_machine_is_asked_directly_and_others_through_the_proxy(
    server: Server, address: str, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert encoder("ollama:nomic-embed-text").space.dim == FULL

    monkeypatch.setenv("HTTP_PROXY", address)
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("TEXT_ENCODER_BASE_URL", "http://models.example/v1")
    monkeypatch.setenv("TEXT_ENCODER", "openai:m")
    with pytest.raises(SetupError, match="404"):  # this proxy knows no such address
        _ = text_encoder(load_settings()).space
    assert server.asked[-1][:2] == ("POST", "http://models.example/v1/embeddings")


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_ENCODER", "ollama:m")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    with pytest.raises(SetupError, match="correct OLLAMA_HOST"):
        _ = text_encoder(load_settings()).space
    monkeypatch.setenv("OLLAMA_HOST", "0.0.0.0:11434")
    with pytest.raises(SetupError, match="set OLLAMA_HOST to http"):
        text_encoder(load_settings())
    monkeypatch.setenv("OLLAMA_HOST", "http://[::1:11434")
    with pytest.raises(SetupError, match="no web address"):
        text_encoder(load_settings())
    monkeypatch.setenv("TEXT_ENCODER", "openai:m")
    with pytest.raises(SetupError, match="TEXT_ENCODER_API_KEY"):
        text_encoder(load_settings())
