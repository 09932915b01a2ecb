"""The doctor: well in embedded mode, and with a remedy for each way a configuration can be broken."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, Engine

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, build_pinterest_app
from demo.servers.running import serving
from demo.world.generate import generate_world
from resources.doctor import (
    Verdict,
    check_alerts,
    check_databases,
    check_home,
    check_photo_store,
    check_pinterest,
    examine,
)
from resources.migrate import downgrade
from resources.model_checks import ALL_CHECKS
from resources.settings import load_settings
from tests.resources.findings import Setting, assert_problem, look, only


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    return monkeypatch.setenv


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


@pytest.mark.parametrize("address", ["nonsense", "mysql://127.0.0.1/d", "postgresql://127.0.0.1"])
def test_an_address_that_is_none_does_not_hide_what_is_wrong_with_the_other(setting: Setting, address: str) -> None:
    setting("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    setting("DAGSTER_DATABASE_URL", address)
    tables, dagster = look(check_databases)
    assert (tables.subject, tables.verdict) == ("database", Verdict.PROBLEM)
    assert "no Postgres answers" in tables.detail
    assert (dagster.subject, dagster.verdict) == ("Dagster's database", Verdict.PROBLEM)
    assert "DAGSTER_DATABASE_URL" in dagster.detail
    assert "set DAGSTER_DATABASE_URL to postgresql://" in dagster.remedy
    setting("DATABASE_URL", address)
    setting("DAGSTER_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    tables, dagster = look(check_databases)
    assert "set DATABASE_URL to postgresql://" in tables.remedy
    assert "no Postgres answers" in dagster.detail


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


def test_pinterest_half_configured(setting: Setting) -> None:
    assert only(check_pinterest).verdict is Verdict.NOTE
    setting("PINTEREST_APP_ID", "1")
    assert_problem(check_pinterest, "half configured", "PINTEREST_APP_SECRET")
    setting("PINTEREST_APP_SECRET", "s")
    assert_problem(check_pinterest, "TOKEN_KEY", "venue-taste token-key")
    setting("TOKEN_KEY", "short")
    assert_problem(check_pinterest, "TOKEN_KEY holds no key", "venue-taste token-key")
    setting("TOKEN_KEY", Fernet.generate_key().decode())
    for address in ("http://127.0.0.1:1/v5", "http://[x/v5"):
        setting("PINTEREST_API_URL", address)
        assert_problem(check_pinterest, "does not answer", "correct PINTEREST_API_URL")


def test_a_broken_key_for_tokens_is_found_before_pinterest_is_configured(setting: Setting) -> None:
    setting("TOKEN_KEY", "abc")
    assert_problem(check_pinterest, "TOKEN_KEY", "token-key")


@pytest.mark.parametrize("address", ["ftp://chat.test/hook", "chat.test/hook", "https://"])
def test_alerts_go_to_a_web_address(setting: Setting, address: str) -> None:
    setting("ALERT_WEBHOOK_URL", address)
    assert_problem(check_alerts, "ALERT_WEBHOOK_URL", "unset it")


def test_an_alerts_address_is_a_secret_but_for_its_host(setting: Setting) -> None:
    setting("ALERT_WEBHOOK_URL", "https://chat.test/hook/secret")
    assert "secret" not in only(check_alerts).detail


def test_pinterest_credentials_are_tried(setting: Setting) -> None:
    with serving(build_pinterest_app(generate_world(venues=1, people=8))) as address:
        setting("PINTEREST_API_URL", f"{address}/v5")
        keys = [Fernet.generate_key().decode() for _ in range(2)]
        setting("TOKEN_KEY", ", ".join(keys))  # while keys are changed there are two
        setting("PINTEREST_APP_ID", DEMO_CLIENT_ID)
        setting("PINTEREST_APP_SECRET", DEMO_CLIENT_SECRET)
        assert only(check_pinterest).verdict is Verdict.OK
        setting("PINTEREST_APP_SECRET", "wrong")
        assert_problem(check_pinterest, "refuses the app's credentials (status 401)", "PINTEREST_APP_SECRET")
