"""Numbers made from names: every id, coin toss and check sum that must be the same in every process."""

from __future__ import annotations

import hashlib
from typing import Final

_FRACTION_STEPS: Final = 2**32


def digest(*parts: object) -> bytes:
    """16 bytes that depend on the parts and their order only."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).digest()


def digit_id(*parts: object) -> str:
    """An 18-digit decimal id, the form the API gives accounts, boards, sections and pins."""
    return str(10**17 + int.from_bytes(digest(*parts), "big") % (9 * 10**17))


def fraction(*parts: object) -> float:
    """A number in [0, 1) that is uniform over names."""
    return int.from_bytes(digest(*parts)[:4], "big") / _FRACTION_STEPS
