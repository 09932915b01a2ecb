"""A real browser for tests: the system's Chromium, else Playwright's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def system_chromium() -> str | None:
    """Path of an installed Chromium; None without one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium; the test is skipped where there is none."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=system_chromium())
        except PlaywrightError as error:
            pytest.skip(f"no Chromium: install one, or run `playwright install chromium` ({error.message[:80]})")
        yield browser
        browser.close()
