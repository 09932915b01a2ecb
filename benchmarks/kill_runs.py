"""What kill -9 does to the lineage: nothing that the next run does not put right.

Runs `venue-taste demo` on a small world to its end, and keeps what the tables hold. Then, again and again in a home of
its own: starts it, kills it and its children at a point drawn from the seed (every third time Postgres too), runs it
to its end, and compares the tables with those of the undisturbed run. Left out of the comparison are ids of runs,
times at which something was done, measured times, and tokens, which are encrypted differently each time.

    python -m benchmarks.kill_runs [--kills 10] [--venues 6] [--people 6] [--seed 3] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import inspect, text

from benchmarks.figures import print_figures
from resources.database import connect, database
from resources.processes import environment_variables
from resources.settings import load_settings

Digests = Mapping[str, tuple[str, ...]]
"""For each table its rows as text without what differs from run to run, in a fixed order."""

_NOT_COMPARED: Final = frozenset({
    "run_id", "crawled_at", "first_seen_at", "fetched_at", "etag", "last_modified", "generated_at", "created_at",
    "updated_at", "clustered_at", "connected_at", "switched_at", "built_at", "registered_at", "read_at", "recorded_at",
    "synced_at", "listed_at", "failed_at", "polled_at", "poll_due_at", "taste_as_of", "access_token", "refresh_token",
    "access_expires_at", "refresh_expires_at", "p95_ms", "build_seconds",
})  # fmt: skip
_COLUMNS: Final = text(
    "SELECT column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = :table ORDER BY ordinal_position"
)
_LONGEST_S: Final = 900


def run_whole(home: Path, world: list[str]) -> float:
    """The demo to its end; how long it took.

    Raises:
        RuntimeError: it failed.
    """
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        _command(world), env=_environment(home), capture_output=True, text=True, timeout=_LONGEST_S
    )
    if done.returncode:
        raise RuntimeError(f"the demo failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started


def run_killed(home: Path, world: list[str], after_s: float, *, postgres_too: bool) -> str:
    """Start the demo, kill it and its children after so many seconds, and say what it had last announced."""
    log = home.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            _command(world), env=_environment(home), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            process.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            for one in family:
                _kill(one, "postgres" not in one.name())
            process.wait()
    if postgres_too:
        pid_file = home / "postgres" / "postmaster.pid"
        if pid_file.exists():
            server = psutil.Process(int(pid_file.read_text().split()[0]))
            for one in (server, *server.children()):
                _kill(one, True)
    said = [line for line in log.read_text().splitlines() if line.strip()]
    return said[-1].strip()[:60] if said else "nothing yet"


def _kill(process: psutil.Process, wanted: bool) -> None:
    if wanted:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            return


def contents(home: Path) -> Digests:
    """What the tables hold."""
    with environment_variables(_environment(home)), database(load_settings()) as urls:
        engine = connect(urls.tables)
        try:
            with engine.connect() as connection:
                found = {}
                for table in sorted(inspect(connection).get_table_names()):
                    columns = connection.execute(_COLUMNS, {"table": table})
                    kept = [_spelled(name, kind) for name, kind in columns if name not in _NOT_COMPARED]
                    query = f'SELECT md5(row({", ".join(kept)})::text) FROM "{table}"'  # noqa: S608 - own names
                    found[table] = tuple(sorted(connection.scalars(text(query))))
                return found
        finally:
            engine.dispose()


def _spelled(name: str, kind: str) -> str:
    # Importance counts ages from now: what is the same share an hour later differs in the last digits.
    return f'round("{name}"::numeric, 9)' if kind == "double precision" else f'"{name}"'


def stop(home: Path) -> None:
    """End the home's database."""
    subprocess.run([sys.executable, "-m", "cli", "db", "stop", "--force"], env=_environment(home), capture_output=True)


def _command(world: list[str]) -> list[str]:
    return [sys.executable, "-m", "cli", "demo", *world]


def _environment(home: Path) -> dict[str, str]:
    # Empty is unset: whatever database the caller works with is left alone.
    unset = dict.fromkeys(("DATABASE_URL", "DAGSTER_DATABASE_URL", "DAGSTER_HOME", "PHOTO_STORE_URL"), "")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"VENUE_TASTE_HOME": str(home)}


def measure(kills: int, venues: int, people: int, seed: int) -> dict[str, Any]:
    """Kill so many runs, and compare what a rerun makes of each with an undisturbed run."""
    world = ["--venues", str(venues), "--users", str(people)]
    rng = random.Random(seed)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="venue-taste-kill-") as scratch:
        undisturbed = Path(scratch, "undisturbed")
        whole_s = run_whole(undisturbed, world)
        expected = contents(undisturbed)
        stop(undisturbed)
        sys.stdout.write(f"undisturbed: {whole_s:.0f} s, {sum(map(len, expected.values()))} rows\n")
        for number in range(kills):
            home, after_s = Path(scratch, f"killed-{number}"), rng.uniform(0.05, 0.98) * whole_s
            last = run_killed(home, world, after_s, postgres_too=number % 3 == 2)
            rerun_s = run_whole(home, world)
            found = contents(home)
            stop(home)
            differing = sorted(table for table in expected if found.get(table) != expected[table])
            outcomes.append(differing)
            sys.stdout.write(
                f"killed after {after_s:5.1f} s ({last}); rerun {rerun_s:5.1f} s: "
                f"{'equal' if not differing else 'DIFFERS in ' + ', '.join(differing)}\n"
            )
            sys.stdout.flush()
    return {
        "kills": kills,
        "equal_after_rerun": sum(not differing for differing in outcomes),
        "differing_tables": sorted({table for differing in outcomes for table in differing}),
        "tables_compared": len(expected),
        "rows_compared": sum(map(len, expected.values())),
        "digest": hashlib.sha256(repr(sorted(expected.items())).encode()).hexdigest()[:16],
        "undisturbed_seconds": round(whole_s, 1),
        "within_limits": not any(outcomes),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kill_runs", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--venues", type=int, default=6)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--seed", type=int, default=3, help="decides when to kill")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    figures = measure(options.kills, options.venues, options.people, options.seed)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
