"""What tests of the doctor's checks share: a check's findings on the present environment, and what they should say."""

from __future__ import annotations

from collections.abc import Callable

from resources.doctor import Check, Finding, Verdict, examine
from resources.settings import load_settings

Setting = Callable[[str, str], None]


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
