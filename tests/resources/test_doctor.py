"""The doctor: well in embedded mode, and with a remedy for each way a configuration can be broken."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, Engine

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, build_pinterest_app
from demo.servers.running import serving
from demo.world.generate import generate_world
from resources.doctor import (
    Check,
    Finding,
    Verdict,
    check_databases,
    check_home,
    check_photo_store,
    check_pinterest,
    examine,
)
from resources.migrate import downgrade
from resources.model_checks import (
    ALL_CHECKS,
    check_image_encoder,
    check_language_model,
    check_text_encoder,
    check_torch,
)
from resources.settings import load_settings

Setting = Callable[[str, str], None]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    return monkeypatch.setenv


def look(check: Check) -> list[Finding]:
    return list(examine(load_settings(), (("subject", check),)))


def only(check: Check) -> Finding:
    findings = look(check)
    assert len(findings) == 1
    return findings[0]


def assert_problem(check: Check, detail: str, remedy: str) -> None:
    finding = look(check)[-1]
    assert finding.verdict is Verdict.PROBLEM
    assert detail in finding.detail
    assert remedy in finding.remedy


@contextmanager
def answering(path: str, body: object, status: int = 200) -> Iterator[str]:
    """A loopback HTTP server that gives one JSON answer at one path; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == path
            self.send_response(status if known else 404)
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


def test_all_is_well_in_embedded_mode_on_a_new_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    # A new machine may fetch weights on first use; this test asks for none.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    findings = list(examine(load_settings(), ALL_CHECKS))
    assert [finding for finding in findings if finding.verdict is Verdict.PROBLEM] == []
    assert {
        "home",
        "database",
        "photo store",
        "torch",
        "image encoder",
        "text encoder",
        "language model",
        "Pinterest",
    } <= {finding.subject for finding in findings}


def test_a_failing_check_does_not_stop_the_others(setting: Setting) -> None:
    setting("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    verdicts = [finding.verdict for finding in examine(load_settings(), (("a", check_databases), ("b", check_home)))]
    assert verdicts == [Verdict.PROBLEM, Verdict.PROBLEM, Verdict.OK]  # two databases, and the folder


def test_home(setting: Setting) -> None:
    assert only(check_home).verdict is Verdict.OK
    setting("VENUE_TASTE_HOME", "/proc/version/home")
    assert_problem(check_home, "/proc/version", "VENUE_TASTE_HOME")


def test_database(setting: Setting, database_url: URL, engine: Engine) -> None:
    setting("DATABASE_URL", database_url.render_as_string(hide_password=False))
    setting("DAGSTER_DATABASE_URL", database_url.render_as_string(hide_password=False))
    well = look(check_databases)
    assert [finding.verdict for finding in well] == [Verdict.OK] * 3, well
    assert "pgvector 0.8" in well[0].detail
    downgrade(engine, "base")
    _, behind, dagster = look(check_databases)
    assert behind.verdict is Verdict.NOTE
    assert "db migrate" in behind.remedy
    assert (dagster.subject, dagster.verdict) == ("Dagster's database", Verdict.OK)
    setting("DAGSTER_DATABASE_URL", database_url.set(database="none").render_as_string(hide_password=False))
    assert_problem(check_databases, "no database 'none'", "CREATE DATABASE")
    setting("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    silent, dagster = look(check_databases)
    assert "no Postgres answers" in silent.detail
    assert "unset it" in silent.remedy
    assert "no database 'none'" in dagster.detail, "what is wrong with the one does not hide what is with the other"


def test_a_mistyped_address_is_said_to_be_that(setting: Setting) -> None:
    setting("DATABASE_URL", "postgresql://h.invalid/d?foo=bar")
    setting("DAGSTER_DATABASE_URL", "postgresql://127.0.0.1/d?sslmode=perhaps")
    tables, dagster = look(check_databases)
    assert "foo" in tables.detail
    assert tables.remedy == "correct DATABASE_URL"
    assert "perhaps" in dagster.detail
    assert "DAGSTER_DATABASE_URL" in dagster.remedy


def test_a_user_who_may_not_make_tables(setting: Setting, login: str, empty_url: URL) -> None:
    as_login = empty_url.set(username=login).render_as_string(hide_password=False)
    setting("DATABASE_URL", as_login)
    setting("DAGSTER_DATABASE_URL", as_login)
    ok, tables, dagster = look(check_databases)
    assert ok.verdict is Verdict.OK
    for finding in (tables, dagster):
        assert finding.verdict is Verdict.PROBLEM
        assert f'GRANT USAGE, CREATE ON SCHEMA public TO "{login}"' in finding.remedy
    assert f'GRANT CREATE ON DATABASE "{empty_url.database}"' in tables.remedy
    assert "CREATE EXTENSION vector" in tables.remedy
    # What the doctor prescribes heals.
    with psycopg.connect(empty_url.set(drivername="postgresql").render_as_string(), autocommit=True) as administrator:
        administrator.execute(tables.remedy.partition(": ")[2].encode())
    assert [finding.verdict for finding in look(check_databases)] == [Verdict.OK, Verdict.NOTE, Verdict.OK]


def test_photo_store(setting: Setting, tmp_path: Path) -> None:
    setting("PHOTO_STORE_URL", str(tmp_path / "photos"))
    assert only(check_photo_store).verdict is Verdict.OK
    assert [path for path in (tmp_path / "photos").rglob("*") if path.is_file()] == []
    setting("PHOTO_STORE_URL", "/proc/version/photos")
    assert_problem(check_photo_store, "/proc/version/photos", "PHOTO_STORE_URL")
    setting("PHOTO_STORE_URL", "s3://bucket")
    assert_problem(check_photo_store, "s3fs", ".venv/bin/pip install -e '.[s3]'")


def test_torch_imports() -> None:
    assert only(check_torch).verdict is Verdict.OK


def test_image_encoder(setting: Setting, tmp_path: Path) -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert_problem(check_image_encoder, "CLIP-ViT-B-32", "IMAGE_ENCODER=open_clip:local-dir:PATH")
    setting("IMAGE_ENCODER", "open_clip:ViT-B-32/no-such-tag")
    assert_problem(check_image_encoder, "no-such-tag", "laion2b_s34b_b79k")
    setting("IMAGE_ENCODER", "open_clip:no-such-model/x")
    assert_problem(check_image_encoder, "no-such-model", "the model is unknown")
    setting("IMAGE_ENCODER", f"open_clip:local-dir:{tmp_path}")
    assert_problem(check_image_encoder, "open_clip_config.json", "IMAGE_ENCODER")
    (tmp_path / "open_clip_config.json").write_text("{}")
    assert only(check_image_encoder).verdict is Verdict.OK
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


def test_text_encoder(setting: Setting, tmp_path: Path) -> None:
    assert_problem(check_text_encoder, "nomic-embed-text-v1.5", "TEXT_ENCODER=lexical")
    setting("TEXT_ENCODER", "lexical")
    assert only(check_text_encoder).verdict is Verdict.OK
    setting("TEXT_ENCODER", f"sentence-transformers:{tmp_path}")
    assert only(check_text_encoder).verdict is Verdict.OK
    setting("TEXT_ENCODER", "openai:text-embedding-3-small")
    assert_problem(check_text_encoder, "no API key", "LANGUAGE_MODEL_API_KEY")
    setting("TEXT_ENCODER", "word2vec:x")
    assert_problem(check_text_encoder, "word2vec", "sentence-transformers:NAME")


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


def test_language_model_of_other_servers(setting: Setting) -> None:
    setting("LANGUAGE_MODEL", "anthropic:claude")
    assert_problem(check_language_model, "no API key", "LANGUAGE_MODEL_API_KEY")
    setting("LANGUAGE_MODEL_API_KEY", "k")
    with answering("/models", {"data": [{"id": "claude"}]}) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert only(check_language_model).verdict is Verdict.OK
        setting("LANGUAGE_MODEL", "openai:gpt")
        assert_problem(check_language_model, "does not offer 'gpt' (it has: claude)", "LANGUAGE_MODEL")
    with answering("/models", {}, status=401) as address:
        setting("LANGUAGE_MODEL_BASE_URL", address)
        assert_problem(check_language_model, "401", "LANGUAGE_MODEL_BASE_URL")
    setting("LANGUAGE_MODEL", "ollama:")
    assert_problem(check_language_model, "names no model", "ollama:NAME")
    setting("LANGUAGE_MODEL", "gpt")
    assert_problem(check_language_model, "'gpt'", "extractive")


def test_pinterest_half_configured(setting: Setting) -> None:
    assert only(check_pinterest).verdict is Verdict.NOTE
    setting("PINTEREST_APP_ID", "1")
    assert_problem(check_pinterest, "half configured", "PINTEREST_APP_SECRET")
    setting("PINTEREST_APP_SECRET", "s")
    assert_problem(check_pinterest, "TOKEN_KEY", "venue-taste token-key")
    setting("TOKEN_KEY", "short")
    assert_problem(check_pinterest, "not a Fernet key", "venue-taste token-key")
    setting("TOKEN_KEY", Fernet.generate_key().decode())
    for address in ("http://127.0.0.1:1/v5", "http://[x/v5"):
        setting("PINTEREST_API_URL", address)
        assert_problem(check_pinterest, "does not answer", "correct PINTEREST_API_URL")


def test_pinterest_credentials_are_tried(setting: Setting) -> None:
    with serving(build_pinterest_app(generate_world(venues=1, people=8))) as address:
        setting("PINTEREST_API_URL", f"{address}/v5")
        setting("TOKEN_KEY", Fernet.generate_key().decode())
        setting("PINTEREST_APP_ID", DEMO_CLIENT_ID)
        setting("PINTEREST_APP_SECRET", DEMO_CLIENT_SECRET)
        assert only(check_pinterest).verdict is Verdict.OK
        setting("PINTEREST_APP_SECRET", "wrong")
        assert_problem(check_pinterest, "refuses the app's credentials (status 401)", "PINTEREST_APP_SECRET")
