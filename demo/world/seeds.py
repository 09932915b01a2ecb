"""Random streams named by what they decide. Every draw in the world comes from one of these.

A stream depends on its key alone, never on how many draws were made elsewhere, so the first ten venues of a
world of fifty are the ten venues of a world of ten.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def stream(*key: int | str) -> np.random.Generator:
    """A generator seeded by `key`: the same key gives the same draws in any process."""
    digest = blake2b("/".join(str(part) for part in key).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """One of `options`, each as likely."""
    return options[int(rng.integers(len(options)))]


def sample(rng: np.random.Generator, options: Sequence[T], count: int) -> list[T]:
    """`count` different members of `options` in random order (all of them when there are fewer)."""
    order = rng.permutation(len(options))
    return [options[int(index)] for index in order[:count]]
