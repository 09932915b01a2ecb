"""Reading off the event loop: pages are parsed and pictures decoded in threads. What is read, the callers know."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeVar

from venue_assets.crawler.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

T = TypeVar("T")

logger = logging.getLogger(__name__)


async def off_loop(readers: Executor, url: str, read: Callable[..., T], *arguments: object) -> T:
    """What `read(*arguments)` gives.

    Args:
        readers: where it runs.
        url: what is read, for the log.
        read: a pure function.
        *arguments: its arguments.

    Raises:
        FetchError: `reader_error`: it raised. The fault is ours and may be mended by the next run; until then one page
            or picture that trips it up must not cost the site's others.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(readers, read, *arguments)
    except Exception as error:
        logger.exception("reading %s", url)
        raise FetchError("reader_error", f"{type(error).__name__}: {error}", passing=True) from error
