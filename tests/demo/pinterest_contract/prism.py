"""Stoplight's Prism, from npm, as a proxy that refuses whatever the official description does not allow.

`make setup` installs it into the environment where npm is on the PATH; elsewhere the tests that need it are skipped,
saying so.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.demo.pinterest_contract.description import require_description

_HOME = Path(sys.prefix) / "prism"
_START_TIMEOUT_S = 60.0


def installed_prism() -> Path:
    """Prism's entry script; skips the test where it is not installed."""
    script = _HOME / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if shutil.which("node") is None:
        pytest.skip("Prism needs node, which is not on the PATH")
    if not script.is_file():
        pytest.skip(f"Prism is not in {_HOME}; `make setup` installs it where npm is on the PATH")
    return script


@contextmanager
def prism_proxy(upstream: str) -> Iterator[str]:
    """Prism before `upstream`, validating requests and answers; yields its base URL.

    The description's paths start with /v5 already and Prism leaves the path of its `servers` entry alone, so both
    upstream and proxy are addressed without /v5.
    """
    description, script = require_description(), installed_prism()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["node", str(script), "proxy", str(description), upstream, "--errors", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    watchdog = threading.Timer(_START_TIMEOUT_S, process.kill)
    watchdog.start()
    try:
        output = []
        for line in process.stdout:
            output.append(line)
            if "Prism is listening" in line:
                break
        else:
            pytest.fail(f"Prism did not start: {''.join(output)}")
        watchdog.cancel()
        # Somebody must go on reading, or Prism stops when the pipe is full.
        threading.Thread(target=deque, args=(process.stdout, 0), daemon=True).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait(10)
