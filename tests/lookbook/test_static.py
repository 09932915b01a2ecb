"""The files of others that come with the lookbook are the ones that were published."""

from __future__ import annotations

import hashlib
import re

import pytest

from lookbook.web import STATIC

NOTES = (STATIC / "THIRD_PARTY.md").read_text()


def test_every_file_of_others_is_noted_with_its_version_licence_and_digest() -> None:
    ours = {"lookbook.css", "lookbook.js", "icon.svg", "THIRD_PARTY.md"}
    noted = dict(re.findall(r"^\| `(.+?)` \|.*\| `([0-9a-f]{64})` \|$", NOTES, re.MULTILINE))
    there = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in STATIC.iterdir()}
    assert {name: digest for name, digest in there.items() if name not in ours} == noted


@pytest.mark.parametrize("name", ["lookbook.css", "lookbook.js", "htmx-4.0.1.min.js"])
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    addresses = re.findall(r"https?://[^\s\"')]+", (STATIC / name).read_text())
    assert [one for one in addresses if "w3.org" not in one and "htmx.org" not in one] == []
