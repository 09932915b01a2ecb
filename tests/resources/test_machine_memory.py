"""The memory that there is to use: the machine's, or what a container is given of it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from resources.machine_memory import machine_memory


@pytest.mark.parametrize("limit", ["max\n", "", str(1 << 62)])
def test_without_a_limit_it_is_the_machines(tmp_path: Path, limit: str) -> None:
    (tmp_path / "memory.max").write_text(limit)
    assert machine_memory((tmp_path / "memory.max", tmp_path / "none")) == psutil.virtual_memory().total


def test_a_container_has_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("67108864\n")
    assert machine_memory((tmp_path / "memory.max",)) == 64 << 20
    assert 0 < machine_memory() <= psutil.virtual_memory().total
