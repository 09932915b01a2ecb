"""How much memory this process may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Of the container's control group: version 2, version 1 (Linux, Documentation/admin-guide/cgroup-v2)."""


def machine_memory(limits: tuple[Path, ...] = _LIMITS) -> int:
    """Bytes: the machine's memory, or less where a container is given less.

    Args:
        limits: files that hold a number of bytes, or `max`; those that cannot be read limit nothing.
    """
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in limits:
        try:
            found.append(int(limit.read_text()))
        except (OSError, ValueError):
            continue
    return min(found)
