"""Child processes: run in the foreground with our signals, and never outliving their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


def run(
    command: Sequence[str], env: Mapping[str, str], *, folder: Path | None = None, interactive: bool = False
) -> int:
    """Run a command in the foreground; signals to us reach it once, and it ends when we do, even by kill -9.

    It works in `folder`, or else where we do.

    An `interactive` command (psql) shares our terminal and gets its Ctrl-C from there.

    Returns its exit code, as a shell would (128 + signal number when a signal ended it).
    """
    child = subprocess.Popen(  # noqa: S603 - our own command line
        command, env=env, cwd=folder, preexec_fn=_start_as_child, process_group=None if interactive else 0
    )

    def pass_on(number: int, _: FrameType | None) -> None:
        if not (interactive and number == signal.SIGINT):
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


@contextmanager
def environment_variables(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process, and so of its children, for the length of the block."""
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def die_with_parent(sent: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send this process a signal when its parent ends, even by kill -9 (Linux only).

    Without it the children of a killed process go on: a server holds its port, a crawler its spool.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sent)
    if os.getppid() != parent:  # it was gone before we could ask
        os.kill(os.getpid(), sent)


def _start_as_child() -> None:
    # A shell's background job starts with SIGINT ignored, and the child would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()
