"""The doctor on VENUE_LIST and CRAWL_HOST_MAP."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.doctor import Finding, Verdict, examine
from resources.settings import load_settings
from venue_assets.venue_checks import ALL_CHECKS


def findings() -> list[Finding]:
    return list(examine(load_settings(), ALL_CHECKS))


def test_without_a_list_venues_come_by_command() -> None:
    (only,) = findings()
    assert only.verdict is Verdict.NOTE
    assert "venues add" in only.detail


@pytest.mark.parametrize(
    ("content", "verdict", "detail"),
    [
        ("site_url\nhttps://a.example\nhttps://b.example\n", Verdict.OK, "2 venues"),
        ("site_url\nhttps://a.example\nftp://b.example\n", Verdict.NOTE, "1 lines refused, the first is 2"),
        ("url\nhttps://a.example\n", Verdict.PROBLEM, "must name the columns"),
        ("site_url\n", Verdict.PROBLEM, "names no venue"),
        (None, Verdict.PROBLEM, "cannot be read"),
    ],
)
def test_venue_list(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, verdict: Verdict, detail: str
) -> None:
    file = tmp_path / "venues.csv"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("VENUE_LIST", str(file))
    (finding,) = findings()
    assert finding.verdict is verdict
    assert detail in finding.detail
    assert bool(finding.remedy) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("content", "verdict", "detail"),
    [
        ('{"a.test": "127.0.0.1:8600", "b.test": null}', Verdict.OK, "1 hosts"),
        ('{"a.test": null}', Verdict.NOTE, "no address"),
        ('{"a.test": "127.0.0.1"}', Verdict.PROBLEM, "ADDRESS:PORT"),
        ('["a.test"]', Verdict.PROBLEM, "cannot be read"),
        ("root:x:0:hush", Verdict.PROBLEM, "Invalid JSON"),
        (None, Verdict.PROBLEM, "No such file"),
    ],
)
def test_host_map(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, verdict: Verdict, detail: str
) -> None:
    file = tmp_path / "hosts.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("CRAWL_HOST_MAP", str(file))
    _, finding = findings()
    assert finding.verdict is verdict
    assert detail in finding.detail
    assert "0:hush" not in finding.detail
    assert ("CRAWL_HOST_MAP" in finding.remedy) is (verdict is Verdict.PROBLEM)
