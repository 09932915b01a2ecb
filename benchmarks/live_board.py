"""From a pin on somebody's board to their new taste, with no hand: `venue-taste dev` as an operator runs it.

Prepares a demo world, starts `venue-taste dev --demo` on it, waits until the daemon has nothing left to do, pins
pictures of a new look on one board through the demo Pinterest, and waits for the taste. Everybody else's taste has to
stay as it is. Seconds are of a person waiting: polling, ticks of sensors and the start of processes included.

    python -m benchmarks.live_board [--home DIR] [--port 3400] [--keep] [--json]
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from sqlalchemy import Engine, select, text

from benchmarks.figures import print_figures
from resources.database import connect, database
from resources.processes import die_with_parent, environment_variables
from resources.schema import pinterest_accounts, taste_states, users
from resources.settings import load_settings
from taste_assets.due_buckets import buckets_to_cluster
from taste_assets.due_lists import buckets_to_list

_PROJECT: Final = Path(__file__).resolve().parent.parent
_CLI: Final = [sys.executable, str(_PROJECT / "cli.py")]
_LOOKS: Final = ("castle", "beach", "garden")
_VENUES: Final = 12
_PEOPLE: Final = 16
_PINS: Final = 8
_QUIET_WITHIN_S: Final = 900
_LIMIT_S: Final = 300
_LOOK_AGAIN_S: Final = 0.5

_UNDER_WAY: Final = """{ runsOrError(filter: {statuses: [QUEUED, STARTING, STARTED]}) { ... on Runs { count } } }"""

Rows = Mapping[uuid.UUID, tuple[Any, ...]]
_Found = TypeVar("_Found")


def main() -> None:
    """Prepare, measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.live_board", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--home", type=Path, help="VENUE_TASTE_HOME of a demo that is kept; made if it holds none")
    parser.add_argument("--port", type=int, default=3400, help="of the Dagster UI")
    parser.add_argument("--keep", action="store_true", help="leave `dev` running until Enter, to look at it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="venue-taste-live-") as scratch:
        home = (options.home or Path(scratch)).resolve()
        own = dict.fromkeys(("DATABASE_URL", "DAGSTER_DATABASE_URL", "PHOTO_STORE_URL"), "")
        with environment_variables(own | {"VENUE_TASTE_HOME": str(home)}):
            if not (home / "demo-world" / "world.json").exists():
                prepare = [*_CLI, "demo", "--venues", str(_VENUES), "--users", str(_PEOPLE)]
                subprocess.run(prepare, check=True, stdout=sys.stderr)  # noqa: S603 - our own command
            with database(load_settings()) as urls:
                engine = connect(urls.tables)
                with running_dev(options.port, home / "live-board.log") as pinterest_url:
                    figures = measure(engine, pinterest_url, options.port)
                    if options.keep:
                        input(f"http://127.0.0.1:{options.port} is up; Enter ends it. ")
                engine.dispose()
    print_figures(figures, as_json=options.json)


@contextmanager
def running_dev(port: int, log: Path) -> Iterator[str]:
    """`venue-taste dev --demo` until the block ends; the address of its Pinterest once the UI answers."""
    environment = {**os.environ, "COLUMNS": "200", "LOOKBOOK_PORT": "0"}
    arguments = [*_CLI, "dev", "--demo", "--port", str(port)]
    with log.open("w") as written:
        dev = subprocess.Popen(  # noqa: S603 - our own command
            arguments, env=environment, stdout=written, stderr=subprocess.STDOUT, preexec_fn=die_with_parent
        )
    try:

        def address() -> str | None:
            if dev.poll() is not None:
                raise RuntimeError(f"`venue-taste dev` has ended; {log} says why")
            said = re.search(r"its Pinterest is (http://\S+?),", log.read_text())
            return said[1] if said and _answers(f"http://127.0.0.1:{port}/server_info") else None

        yield _wait(address, _QUIET_WITHIN_S, "`venue-taste dev` to start")
    finally:
        dev.send_signal(signal.SIGINT)
        dev.wait(timeout=60)


def measure(engine: Engine, pinterest_url: str, port: int) -> dict[str, Any]:
    """Pin pictures for one person, and see whose taste changes when."""
    _wait(lambda: _is_quiet(engine, port) or None, _QUIET_WITHIN_S, "the daemon to have nothing to do")
    before, clusters_before = _states(engine), _clusters(engine)
    person, handle = _somebody(engine)
    accounts = httpx.get(f"{pinterest_url}/_control/users", timeout=30).json()["users"]
    board = next(account["boards"][0] for account in accounts if account["username"] == handle)
    look = next(look for look in _LOOKS if look not in clusters_before[person][1])
    started = time.perf_counter()
    for seed in range(_PINS):
        pin = {"board_id": board["board_id"], "aesthetic": look, "scene": "exterior", "seed": 2 * seed + 1}
        httpx.post(f"{pinterest_url}/_control/pins", json=pin, timeout=30).raise_for_status()
    _wait(lambda: _states(engine)[person] != before[person] or None, _LIMIT_S, f"the taste of {handle}")
    elapsed = time.perf_counter() - started
    _wait(lambda: _is_quiet(engine, port) or None, _LIMIT_S, "lists to follow")
    listed = time.perf_counter() - started
    after, clusters_after = _states(engine), _clusters(engine)
    changed = [one for one in after if after[one] != before.get(one) or clusters_after[one] != clusters_before[one]]
    return {
        "person": handle,
        "seconds_to_new_taste": round(elapsed, 1),
        "seconds_to_all_quiet": round(listed, 1),
        "seconds_limit": _LIMIT_S,
        "tastes_before": clusters_before[person][0],
        "tastes_after": clusters_after[person][0],
        "people": len(after),
        "people_whose_taste_changed": len(changed),
        "within_limits": changed == [person] and clusters_after[person][0] > clusters_before[person][0],
    }


def _is_quiet(engine: Engine, port: int) -> bool:
    """Everybody's account was read, nobody's taste or list is behind, and no run is under way."""
    now = datetime.now(UTC)
    with engine.connect() as connection:
        due = buckets_to_cluster(connection, now) or buckets_to_list(connection, now)
        polled = select(pinterest_accounts.c.polled_at).where(pinterest_accounts.c.polled_at.is_(None))
        if due or connection.scalar(polled.limit(1)) is not None:
            return False
    answer = httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": _UNDER_WAY}, timeout=30).raise_for_status()
    return bool(answer.json()["data"]["runsOrError"]["count"] == 0)


def _states(engine: Engine) -> Rows:
    """Everybody's state of clustering: version, run and time."""
    state = taste_states.c
    with engine.connect() as connection:
        rows = connection.execute(select(state.user_id, state.taste_version, state.run_id, state.clustered_at))
        return {row.user_id: tuple(row)[1:] for row in rows}


def _clusters(engine: Engine) -> Mapping[uuid.UUID, tuple[int, str]]:
    """How many tastes everybody has, and all that is stored of them as text."""
    query = text(
        """
        SELECT user_id, count(cluster_id) AS tastes, coalesce(string_agg(taste_clusters::text, ' '
               ORDER BY cluster_id), '') AS rows
        FROM users LEFT JOIN taste_clusters USING (user_id) GROUP BY user_id
        """
    )
    with engine.connect() as connection:
        return {row.user_id: (row.tastes, row.rows) for row in connection.execute(query)}


def _somebody(engine: Engine) -> tuple[uuid.UUID, str]:
    """The person with the fewest tastes of those who have pictures enough to divide, the first by handle."""
    query = (
        select(users.c.user_id, users.c.handle)
        .join(taste_states)
        .join(pinterest_accounts, pinterest_accounts.c.user_id == users.c.user_id)
        .where(taste_states.c.treatment.in_(("clustered", "uniform")))
        .order_by(taste_states.c.cluster_count, users.c.handle)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise RuntimeError("nobody of this world has pins enough: give it more people")
    return row.user_id, row.handle


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def _wait(look: Callable[[], _Found | None], limit_s: float, what: str) -> _Found:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(_LOOK_AGAIN_S)
    raise TimeoutError(f"waited {limit_s:.0f} s for {what}")


if __name__ == "__main__":
    main()
