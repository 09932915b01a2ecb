"""One BLAS thread for a while: nothing else."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


def one_thread() -> AbstractContextManager[Any]:
    """Have numpy's products run on one thread inside.

    One person's products are so small that sharing one among threads costs more than it saves: on a busy machine,
    where the threads wait for each other, ten times the whole computation. People are what is shared out. It also
    keeps the rounding, and so the result, the same whatever the number of cores.
    """
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
