"""Running `boards` and `pins` as Dagster runs them: a Pinterest over HTTP, a real database, a real photo store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, Engine, select, update

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Quirks, build_pinterest_app
from demo.servers.running import serving
from demo.world.model import Board, Person, PictureSpec, Pin, Preferences, Taste, World
from resources.database_resource import DatabaseResource
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.pinterest.requests import Patience
from resources.schema import boards as boards_table
from resources.schema import metadata as schema
from resources.schema import photos, pinterest_accounts, users
from resources.schema import pins as pins_table
from resources.settings import load_settings
from taste_assets.boards import boards
from taste_assets.connecting import bare_tokens, connect_with_tokens
from taste_assets.pin_sync import SyncedBoard
from taste_assets.pins import pins
from taste_assets.reading import ReadUser, open_reader
from tests.demo.pinterest_contract.world import NOW

EVERY_BUCKET = {"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "31"}
TABLES = (users, boards_table, pins_table, photos)
EVERYONE = {"ops": {"boards": {"config": {"everyone": True}}}}
# Four people; Ada's and Ben's boards share nothing, Cleo has an empty one, Dan one pin.
PEOPLE = {"ada": (6, 3), "ben": (5,), "cleo": (0,), "dan": (1,)}

IMPATIENT = Patience(first_wait_s=0)
"""Tries as often, and waits for no server that fails."""

Metadata = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class Read:
    """What reading everybody did, by person."""

    boards: list[ReadUser]
    pins: list[ReadUser]

    @property
    def failures(self) -> Counter[str]:
        """Kinds of failure."""
        return sum((user.failures for user in [*self.boards, *self.pins]), Counter[str]())

    @property
    def synced(self) -> list[SyncedBoard]:
        """Boards whose pins were read."""
        return [board for user in self.pins for board in user.synced]

    @property
    def rejected(self) -> Counter[str]:
        """Pins of the boards that were read, by the reason they have no photo."""
        return sum((board.rejected for board in self.synced), Counter[str]())

    @property
    def rows_written(self) -> int:
        """Of boards, pins and their fingerprints."""
        written = [user.written for user in self.boards] + [board.written for board in self.synced]
        return sum(each.inserted + each.updated + each.deleted for each in written)


def small_world() -> World:
    """People with a few small pictures each."""
    return World(seed=7, now=NOW, venues=(), people=tuple(map(_person, PEOPLE)))


def _person(username: str) -> Person:
    number = list(PEOPLE).index(username) + 1
    made = tuple(
        _board(f"{number}0000000000000000{index}", f"{username}'s board {index}", pins, number * 10_000 + index * 100)
        for index, pins in enumerate(PEOPLE[username], 1)
    )
    return Person(username, (Taste((("garden", 1.0),), 1.0),), (), made, (), Preferences(), None)


def _board(board_id: str, name: str, pins: int, start: int) -> Board:
    made = tuple(
        Pin(str(10**17 + start + number), PictureSpec((("garden", 1.0),), "exterior", start + number, 80, 60),
            NOW.replace(month=1 + number), f"words of {start + number}", 0)
        for number in range(pins)
    )  # fmt: skip
    return Board(board_id, name, "Places", True, made, NOW.replace(year=2025))


@dataclass(frozen=True)
class TasteLineage:
    """A served Pinterest, connected people, and a way to run the assets."""

    http: httpx.Client
    engine: Engine
    store: PhotoStore

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        """Ask the control API; fails unless it answers 200."""
        response = self.http.request(method, f"/_control/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def connect(self, *usernames: str) -> None:
        """Connect these accounts to people of the same handle."""
        tokens = {user["username"]: user["access_token"] for user in self.control("GET", "users")["users"]}
        for username in usernames:
            bare = bare_tokens(tokens[username], datetime.now(UTC))
            connect_with_tokens(self.engine, load_settings(), username, bare)

    def execute(self, instance: dg.DagsterInstance, *assets: str) -> dg.ExecuteInProcessResult:
        """Materialise for all buckets in one run."""
        defs = dg.Definitions(
            [boards, pins], resources={"database": DatabaseResource(), "photo_store": PhotoStoreResource()}
        )
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(name) for name in assets or ("boards", "pins")],
            tags=EVERY_BUCKET,
            run_config=EVERYONE if not assets or "boards" in assets else None,
            raise_on_error=False,
        )

    def read(self, *, everyone: bool = True, boards_too: bool = True) -> Read:
        """What the assets do, without Dagster around it, which takes seconds."""
        with open_reader(self.engine, self.store, load_settings(), patience=IMPATIENT) as reader:
            listed = reader.read_boards(range(32), everyone=everyone) if boards_too else []
            return Read(listed, reader.read_pins(range(32)))

    def run(self, instance: dg.DagsterInstance, *assets: str) -> Metadata:
        """Materialise with success; the metadata of each asset, a value per bucket."""
        result = self.execute(instance, *assets)
        said = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
        assert result.success, "\n".join(said)
        found: Metadata = defaultdict(lambda: defaultdict(list))
        for event in sorted(result.get_asset_materialization_events(), key=lambda event: event.partition or ""):
            assert event.asset_key is not None
            for name, value in event.step_materialization_data.materialization.metadata.items():
                found[event.asset_key.to_user_string()][name].append(value.value)
        return found

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything stored, for comparing."""
        with self.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in TABLES
            }

    def column(self, column: Any) -> list[Any]:
        """The values of a column, sorted."""
        with self.engine.connect() as connection:
            return sorted(connection.scalars(select(column)), key=str)

    def pins_of(self, board_id: str) -> set[str]:
        """The stored pins of a board."""
        with self.engine.connect() as connection:
            query = select(pins_table.c.pin_id).where(pins_table.c.board_id == board_id)
            return set(connection.scalars(query))

    def taste_version(self, handle: str) -> int:
        """How often somebody's taste changed."""
        with self.engine.connect() as connection:
            return int(connection.scalar(select(users.c.taste_version).where(users.c.handle == handle)) or 0)

    def last_errors(self) -> dict[str, str]:
        """What is wrong with whose account."""
        with self.engine.connect() as connection:
            query = select(users.c.handle, pinterest_accounts.c.last_error).join(pinterest_accounts)
            return {row.handle: row.last_error for row in connection.execute(query) if row.last_error is not None}

    def forgive(self) -> None:
        """Have everybody due again."""
        with self.engine.begin() as connection:
            connection.execute(update(pinterest_accounts).values(poll_due_at=NOW))

    def requests(self) -> dict[str, int]:
        """How often what was asked, whoever asked."""
        counted: defaultdict[str, int] = defaultdict(int)
        for entry in self.control("GET", "requests")["requests"]:
            counted[entry["route"]] += entry["count"]
        return dict(counted)


def text_of_everything(engine: Engine) -> str:
    """All rows of all tables as text, for searching."""
    with engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {tuple(row)}" for table in schema.sorted_tables for row in connection.execute(select(table))
        )


@contextmanager
def taste_lineage(
    engine: Engine,
    database_url: URL,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    quirks: Quirks | None = None,
) -> Iterator[TasteLineage]:
    """The assets' surroundings, with the settings that lead there."""
    app = build_pinterest_app(small_world(), limits={}, quirks=quirks)
    with serving(app) as base_url, httpx.Client(base_url=base_url, timeout=10) as http:
        settings = {
            "DATABASE_URL": database_url.render_as_string(hide_password=False),
            "PHOTO_STORE_URL": str(folder / "photos"),
            "PINTEREST_API_URL": f"{base_url}/v5",
            "PINTEREST_OAUTH_URL": f"{base_url}/oauth/",
            "PINTEREST_APP_ID": DEMO_CLIENT_ID,
            "PINTEREST_APP_SECRET": DEMO_CLIENT_SECRET,
            "PINTEREST_IMAGE_WIDTH": "400",
            "TOKEN_KEY": Fernet.generate_key().decode(),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield TasteLineage(http, engine, PhotoStore(str(folder / "photos")))
