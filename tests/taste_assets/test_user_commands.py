"""`venue-taste users`, as an operator types it."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from resources.errors import SetupError
from resources.identity import venue_bucket, venue_id
from resources.schema import pinterest_accounts, ratings, users, venues
from resources.settings import load_settings
from taste_assets.commands import app
from taste_assets.connecting import connect_by_browser
from taste_assets.parquet_export import CURRENT, export_folder, export_serving
from tests.resources.pinterest.surroundings import free_redirect
from tests.taste_assets.taste_lineage import TasteLineage

SITE = "https://manor.example"


def users_command(*arguments: str, fails: bool = False) -> str:
    result: Result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})
    if fails:
        assert isinstance(result.exception, SetupError), result.output
        return f"{result.exception.problem} -> {result.exception.remedy}"
    assert result.exit_code == 0, result.output or result.exception
    return result.output


def test_a_person_from_first_word_to_last(lineage: TasteLineage, tmp_path: Path) -> None:
    with lineage.engine.begin() as connection:
        row = {"venue_id": venue_id(SITE), "site_url": SITE, "bucket": venue_bucket(venue_id(SITE)), "name": "Manor"}
        connection.execute(venues.insert().values(row))
    assert "Added ada" in users_command("add", "ada", "--words", "stone barns")
    assert "Already there" in users_command("add", "ada")
    said = users_command(
        "prefer", "ada", "--guests", "80", "--budget", "12000 gbp", "--near", "51.5,-0.1", "--km", "60",
        "--setting", "outdoor", "--amenity", "Bar", "--must", "guests", "--neutral", "3", "--share-taste",
    )  # fmt: skip
    assert "'budget_max': 12000.0, 'currency': 'GBP'" in said
    assert "'guests'" not in users_command("prefer", "ada", "--guests", "0", "--must", "budget")
    assert "Stored" in users_command("rate", "ada", "manor", "4")
    assert "Known already" in users_command("rate", "ada", SITE, "4")
    (tmp_path / "list.csv").write_text(f"venue,rating\n{SITE},2\nnowhere,1\n")
    said = users_command("rate", "ada", "--csv", str(tmp_path / "list.csv"))
    assert "line 3 refused: no venue is called 'nowhere'" in said
    assert "1 stored, 0 known, 1 refused" in said
    (tmp_path / "pictures" / "barns").mkdir(parents=True)
    bare = users_command("import-folder", "ada", str(tmp_path / "pictures"))
    assert f"No files in {tmp_path / 'pictures'} yet. Put pictures (JPEG, PNG, " in bare
    (tmp_path / "pictures" / "barns" / "one.jpg").write_bytes(b"x")
    said = users_command("import-folder", "ada", str(tmp_path / "pictures"))
    assert said == "1 board with 1 file. Next: venue-taste run\n"
    (tmp_path / "pictures" / "one.jpg").write_bytes(b"y")
    assert "2 boards with 2 files" in users_command("import-folder", "ada", str(tmp_path / "pictures"))
    shown = users_command("show", "ada")
    assert all(word in shown for word in ("stone barns", "12000", "barns", "outdoor"))
    assert "ada" in users_command("list")
    assert "ada" not in users_command("list", "--failing")
    (tmp_path / "pictures").rename(tmp_path / "moved")
    assert "is no folder" in users_command("list", "--failing")
    assert "Removed" in users_command("import-folder", "ada", str(tmp_path / "pictures"), "--remove")
    assert "nothing" in users_command("prefer", "ada", "--clear")
    assert lineage.column(ratings.c.rating) == [2]
    export_serving(lineage.engine, export_folder())
    assert "ada" in pq.read_table(export_folder() / CURRENT / "people.parquet")["handle"].to_pylist()
    assert "Forgotten: 0 boards, 0 pins, 1 ratings" in users_command("forget", "ada", "--yes")
    assert pq.read_table(export_folder() / CURRENT / "people.parquet")["handle"].to_pylist() == []
    assert lineage.column(users.c.handle) == []


def test_what_cannot_be_is_said_with_its_remedy(lineage: TasteLineage, tmp_path: Path) -> None:
    users_command("add", "ada")
    for arguments, said in (
        (("prefer", "ben", "--guests", "2"), "nobody called 'ben' -> venue-taste users add 'ben'"),
        (("prefer", "ada"), "nothing to set"),
        (("prefer", "ada", "--budget", "9000"), "a budget needs a currency"),
        (("prefer", "ada", "--budget", "much GBP"), "'much' is no number"),
        (("prefer", "ada", "--near", "51.5,-0.1"), "a distance needs a place"),
        (("prefer", "ada", "--must", "luck"), "must.0"),
        (("prefer", "ada", "--amenity", "dancefloor", "--must", "amenities"), "nearest word is 'dance_floor'"),
        (("rate", "ada"), "nothing to rate"),
        (("forget", "ben"), "nobody called 'ben'"),
        (("rate", "ada", "nowhere", "4"), "no venue is called 'nowhere'"),
        (("import-folder", "ada", str(tmp_path / "none")), "is no folder"),
        (("import-folder", "ada", str(tmp_path), "--remove"), "has no folder"),
        (("connect-pinterest", "ada", "--redirect-uri", "https://example.com/"), "no address on this machine"),
    ):
        assert said in users_command(*arguments, fails=True)


def test_pinterest_that_is_not_configured_is_said_before_anybody_is_sent_away(
    lineage: TasteLineage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN_KEY")
    assert "venue-taste token-key" in users_command("connect-pinterest", "ada", fails=True)
    monkeypatch.delenv("PINTEREST_APP_ID")
    assert "set PINTEREST_APP_ID" in users_command("connect-pinterest", "ada", fails=True)


def test_an_account_is_connected_by_a_browser_and_read(lineage: TasteLineage) -> None:
    came: list[threading.Thread] = []

    def visit(address: str) -> None:
        browser = threading.Thread(
            target=lambda: httpx.get(f"{address}&username=ben", follow_redirects=True, timeout=10)
        )
        browser.start()
        came.append(browser)

    account = connect_by_browser(lineage.engine, load_settings(), "a couple", free_redirect(), visit)
    came[0].join(10)
    assert account.username == "ben"
    lineage.read()
    assert len(lineage.pins_of("200000000000000001")) == 5
    assert "1 accounts" in users_command("reseal-tokens")
    with lineage.engine.connect() as connection:
        assert b"pina_" not in bytes(connection.scalar(select(pinterest_accounts.c.access_token)) or b"pina_")
