"""How long an operator and a developer wait: importing definitions, starting the database, migrating, copying it."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from benchmarks.figures import print_figures
from resources.database import connect, ensure_database
from resources.embedded_postgres import EmbeddedPostgres
from resources.migrate import upgrade

_RUNS = 5


def main() -> None:
    """Measure and print; the median of five runs where a run can be repeated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    figures = {"definitions_import_s": _median(_import_definitions)}
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        figures["database_first_start_s"] = _seconds(lambda: embedded.start())
        embedded.stop()
        figures["database_start_s"] = _median(lambda: embedded.start(), after=lambda: embedded.stop())
        server, _ = embedded.start()
        url = make_url(server.url("template_bench")).set(drivername="postgresql+psycopg")
        ensure_database(url)
        engine = connect(url)
        figures["migrate_empty_s"] = _seconds(lambda: upgrade(engine))
        engine.dispose()
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            figures["copy_template_s"] = _median(
                lambda: connection.execute("CREATE DATABASE copy TEMPLATE template_bench STRATEGY FILE_COPY"),
                after=lambda: connection.execute("DROP DATABASE copy"),
            )
        embedded.stop()
    print_figures({name: round(seconds, 4) for name, seconds in figures.items()}, as_json=options.json)


def _import_definitions() -> None:
    subprocess.run([sys.executable, "-c", "import definitions"], check=True, capture_output=True)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work: Callable[[], object], after: Callable[[], object] = lambda: None) -> float:
    seconds = []
    for _ in range(_RUNS):
        seconds.append(_seconds(work))
        after()
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
