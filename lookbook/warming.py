"""Loading what takes seconds while nobody waits for it: on a thread of its own, from the moment the server answers.

What there is to load is said by whoever has it (`lookbook.talk`).
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

SlowPart = tuple[str, Callable[[], object]]
"""What it is called, and what loads it."""

_log: Final = logging.getLogger(__name__)


@contextmanager
def warming(parts: Sequence[SlowPart]) -> Iterator[threading.Thread]:
    """Load the parts one after another during the block; the thread that does it.

    One that fails is logged, and whoever needs it is told when they ask for it. The end of the block waits for nothing:
    what is being loaded is abandoned with the process, and what comes after it is not begun.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_load, args=(parts, ended), name="lookbook-warming", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        ended.set()


def _load(parts: Sequence[SlowPart], ended: threading.Event) -> None:
    for name, load in parts:
        if ended.is_set():
            return
        try:
            load()
        except Exception as error:  # noqa: BLE001 - whatever a library raises, the others are still loaded
            if not ended.is_set():
                _log.warning("the %s could not be loaded ahead of the first visitor: %s", name, error)
    # What was loaded stays for as long as the process. Left to the collector, each full collection would walk the
    # hundreds of thousands of objects of the gazetteer and the catalogue again, which takes 50 to 150 ms of whatever
    # request it falls into; frozen ones it passes over. They are still freed when nothing refers to them any more.
    gc.collect()
    gc.freeze()
