"""Settings: read from the environment, described once, secrets never shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from resources.errors import SetupError
from resources.settings import Settings, load_settings, setting_rows

PROJECT = Path(__file__).resolve().parents[2]


def test_the_home_is_absolute_so_that_all_processes_agree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VENUE_TASTE_HOME")
    assert load_settings().venue_taste_home == PROJECT / ".venue-taste", "wherever cron or a person starts it"
    monkeypatch.setenv("VENUE_TASTE_HOME", ".venue-taste")
    assert load_settings().venue_taste_home == tmp_path / ".venue-taste"
    monkeypatch.setenv("VENUE_TASTE_HOME", "elsewhere")
    assert load_settings().venue_taste_home == tmp_path / "elsewhere"
    assert load_settings().photo_store == str(tmp_path / "elsewhere" / "photos")


def test_places_are_absolute_and_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("PHOTO_STORE_URL", "gs://bucket/photos")
    monkeypatch.setenv("VENUE_LIST", "venues.csv")
    monkeypatch.setenv("CRAWL_HOST_MAP", "~/hosts.json")
    places = load_settings().places()
    assert places["PHOTO_STORE_URL"] == "gs://bucket/photos"
    assert places["VENUE_LIST"] == str(tmp_path / "venues.csv")
    assert places["CRAWL_HOST_MAP"] == "/home/somebody/hosts.json"
    # Where a child works does not matter: what it is told reads the same everywhere.
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    assert load_settings().places() == places


@pytest.mark.parametrize(
    ("name", "written", "means"),
    [
        ("IMAGE_ENCODER", "open_clip:local-dir:models/clip", "open_clip:local-dir:{here}/models/clip"),
        ("IMAGE_ENCODER", "open_clip:local-dir:~/clip", "open_clip:local-dir:/home/somebody/clip"),
        ("IMAGE_ENCODER", "open_clip:ViT-B-32/openai", "open_clip:ViT-B-32/openai"),
        ("TEXT_ENCODER", "sentence-transformers:models/text", "sentence-transformers:{here}/models/text"),
        ("TEXT_ENCODER", "sentence-transformers:./absent", "sentence-transformers:{here}/absent"),
        ("TEXT_ENCODER", "sentence-transformers:org/absent", "sentence-transformers:org/absent"),
        ("TEXT_ENCODER", "ollama:models/text", "ollama:models/text"),
        ("TEXT_ENCODER", "of no kind", "of no kind"),
    ],
)
def test_a_model_folder_is_the_same_for_all_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, written: str, means: str
) -> None:
    (tmp_path / "models" / "text").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv(name, written)
    handed_on = load_settings().places()
    assert handed_on[name] == means.format(here=tmp_path)
    monkeypatch.setenv(name, handed_on[name])
    monkeypatch.chdir("/")
    assert load_settings().places()[name] == handed_on[name]


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert load_settings().database_url is None


def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIN_RETENTION", "everything")
    with pytest.raises(SetupError, match="PIN_RETENTION") as caught:
        load_settings()
    assert "'minimal' or 'full'" in caught.value.problem


@pytest.mark.parametrize(
    ("contact", "advice"),
    [
        ("me@example.com", "CRAWL_CONTACT: write mailto:me@example.com"),
        ("example.com/bots", "CRAWL_CONTACT: write https://... or mailto:..."),
        ("https://example.com/ (us)", "CRAWL_CONTACT: write https://... or mailto:..."),
        ("mailto:me@example.com\r\nX: y", "CRAWL_CONTACT: write https://... or mailto:..."),
    ],
)
def test_a_contact_that_is_no_address_says_how_to_write_one(
    monkeypatch: pytest.MonkeyPatch, contact: str, advice: str
) -> None:
    monkeypatch.setenv("CRAWL_CONTACT", contact)
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert caught.value.problem.endswith(advice)
    monkeypatch.setenv("CRAWL_CONTACT", "https://example.com/bots")
    assert load_settings().crawl_contact == "https://example.com/bots"


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2"
    for name in ("DATABASE_URL", "DAGSTER_DATABASE_URL", "LANGUAGE_MODEL_API_KEY", "PINTEREST_APP_SECRET", "TOKEN_KEY"):
        monkeypatch.setenv(name, secret)
    rows = list(setting_rows(load_settings()))
    assert sum(row.value == "**********" for row in rows) == 5
    assert secret not in repr(rows)
    assert secret not in repr(load_settings())


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    lines = (PROJECT / "README.md").read_text().splitlines()
    table = [line for line in lines if re.match(r"\| `[A-Z_]+` \|", line)]
    rows = setting_rows(Settings.model_construct(**dict.fromkeys(Settings.model_fields)))
    assert table == [f"| `{row.name}` | {row.default} | {row.meaning} |" for row in rows]
