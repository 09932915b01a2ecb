"""`python -m benchmarks`: every benchmark, one after the other."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

BENCHMARKS: Final = (
    "benchmarks.foundations",
    "benchmarks.crawl",
    "benchmarks.crawl_truth",
    "benchmarks.pictures",
    "benchmarks.embedding",
    "benchmarks.index",
    "benchmarks.clustering",
    "benchmarks.clustering_thresholds",
    "benchmarks.taste_truth",
    "benchmarks.sensors",
    "benchmarks.live_board",
    "benchmarks.recommendations",
    "benchmarks.list_quality",
    "benchmarks.kill_runs",
    "benchmarks.refine",
    "benchmarks.refine_accuracy",
)


def main() -> int:
    """Run each in a process of its own, so that none inherits another's memory or imports; 1 if any failed."""
    failed = 0
    for module in BENCHMARKS:
        sys.stdout.write(f"\n== python -m {module}\n")
        sys.stdout.flush()
        failed |= subprocess.run([sys.executable, "-m", module], check=False).returncode != 0  # noqa: S603 - fixed names
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
