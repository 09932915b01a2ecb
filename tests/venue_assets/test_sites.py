"""`venue_sites` and `venue-taste venues`: the list in the database follows the operator, and no accident empties it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, select
from typer.testing import CliRunner

from definitions import defs
from resources.errors import SetupError
from resources.schema import venues
from venue_assets.checks import crawl_check_results
from venue_assets.commands import app
from venue_assets.venue_list import listed_venue
from venue_assets.venue_table import add_venues, retire_missing

HOSTS = [f"venue-{number}.example" for number in range(8)]


@pytest.fixture
def list_file(tmp_path: Path, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What VENUE_LIST names: eight venues."""
    file = tmp_path / "venues.csv"
    write(file, HOSTS)
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("VENUE_LIST", str(file))
    return file


def write(file: Path, hosts: list[str]) -> None:
    file.write_text("\n".join(["site_url", *hosts]))


def run(buckets: tuple[str, str] = ("00", "15"), *, retire_most: bool = False) -> dict[str, Any]:
    """Materialise `venue_sites`; its metadata."""
    first, last = buckets
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        asset_selection=[dg.AssetKey("venue_sites")],
        tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last},
        run_config={"ops": {"venue_sites": {"config": {"retire_most": retire_most}}}},
    )
    (event, *_) = result.get_asset_materialization_events()
    metadata = event.step_materialization_data.materialization.metadata
    return {name: value.value for name, value in metadata.items()}


def retired(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(venues.c.venue_id).where(venues.c.status == "retired")).all())


def invoke(*arguments: str) -> str:
    """Run `venue-taste venues ...`; what it printed."""
    return CliRunner().invoke(app, arguments, catch_exceptions=False).output


def test_a_list_that_lost_most_of_its_venues_retires_none_until_somebody_says_so(
    list_file: Path, engine: Engine
) -> None:
    assert run()["added"] == 8
    write(list_file, HOSTS[:3])
    for buckets in (("00", "15"), ("03", "03")):
        with pytest.raises(SetupError, match=r"no longer names 5 of its 8 venues") as caught:
            run(buckets)
        assert "VENUE_LIST" in caught.value.remedy
        assert "retire_most: true" in caught.value.remedy
    assert retired(engine) == 0
    assert run(retire_most=True)["retired"] == 5
    assert retired(engine) == 5


def test_half_of_a_list_or_a_few_venues_may_go_without_a_question(list_file: Path, engine: Engine) -> None:
    run()
    write(list_file, HOSTS[:4])
    assert run()["retired"] == 4
    write(list_file, HOSTS[:1])
    assert run()["retired"] == 3
    assert run()["retired"] == 0
    assert retired(engine) == 7


@pytest.mark.parametrize("content", ["", "site_url\n", 'site_url\nvenue-0.example\n"venue-1.example\n'])
def test_a_list_that_cannot_be_read_changes_nothing(list_file: Path, engine: Engine, content: str) -> None:
    run()
    list_file.write_text(content)
    with pytest.raises(SetupError, match="venue list"):
        run(retire_most=True)
    list_file.unlink()
    with pytest.raises(SetupError, match="venue list"):
        run(retire_most=True)
    assert retired(engine) == 0


def test_what_the_list_says_of_a_venue_reaches_its_row(list_file: Path, engine: Engine) -> None:
    run()
    list_file.write_text("\n".join(["site_url,name", "http://www.venue-0.example/,Ours", *HOSTS[1:]]))
    assert (run()["updated"], run()["updated"]) == (1, 0)
    with engine.connect() as connection:
        row = connection.execute(select(venues).where(venues.c.site_url == "https://venue-0.example")).one()
    assert (row.name, row.start_url) == ("Ours", "http://www.venue-0.example/")


def test_what_the_list_would_bring_back_is_not_removed_by_command(list_file: Path, engine: Engine) -> None:
    run()
    with pytest.raises(SetupError, match="VENUE_LIST") as caught:
        invoke("remove", "venue-0.example")
    assert "take it out of that list" in caught.value.remedy
    assert retired(engine) == 0
    write(list_file, HOSTS[1:])
    assert "Retired https://venue-0.example" in invoke("remove", "www.venue-0.example")
    assert run()["restored"] == 0
    assert retired(engine) == 1


def test_venues_by_hand(list_file: Path, engine: Engine, tmp_path: Path) -> None:
    run()
    assert "Added https://by-hand.example" in invoke("add", "by-hand.example", "--name", "By hand")
    assert "Already listed: https://by-hand.example" in invoke("add", "by-hand.example")
    assert "Updated https://by-hand.example" in invoke("add", "by-hand.example", "--name", "Hands")
    more = tmp_path / "more.json"
    more.write_text('["one-more.example", "by-hand.example", "ftp://x"]')
    assert "1 added, 0 restored, 0 updated, 1 already listed, 1 refused" in " ".join(
        invoke("import", str(more)).split()
    )
    assert run()["retired"] == 0, "the file has no say over venues added by hand"
    assert "Hands" in invoke("list")
    invoke("remove", "by-hand.example")
    assert "Restored" in invoke("add", "by-hand.example")
    with pytest.raises(SetupError, match="not on the list"):
        invoke("remove", "unknown.example")
    more.write_text("[")
    with pytest.raises(SetupError) as caught:
        invoke("import", str(more))
    assert "VENUE_LIST" not in caught.value.remedy


def test_what_a_site_calls_itself_cannot_upset_the_terminal(list_file: Path, engine: Engine) -> None:
    run()
    with engine.begin() as connection:
        connection.execute(venues.update().values(name="[/b]\x1b[2J", crawl_note="[red]"))
    shown = invoke("list")
    assert shown.count("[/b] [2J") == len(HOSTS)
    assert "[red]" in shown
    assert "\x1b" not in shown


def test_a_list_may_be_longer_than_a_statement_has_parameters(engine: Engine) -> None:
    many = [listed_venue(f"venue-{number}.example") for number in range(70_000)]
    with engine.begin() as connection:
        add_venues(connection, many[:1], "file")
        assert retire_missing(connection, many[1:], list(range(16))).retired == 1


@pytest.mark.parametrize(
    ("failing", "crawled", "passed", "severity"),
    [
        (1, 0, False, "WARN"),
        (4, 0, False, "WARN"),
        (5, 0, False, "ERROR"),
        (5, 4, False, "ERROR"),
        (5, 5, False, "WARN"),
        (2, 17, False, "WARN"),
        (2, 18, True, "WARN"),
    ],
)
def test_failing_sites_stop_a_run_only_where_they_are_many(
    engine: Engine, failing: int, crawled: int, passed: bool, severity: str
) -> None:
    statuses = ["failing"] * failing + ["crawled"] * crawled
    with engine.begin() as connection:
        add_venues(connection, [listed_venue(f"venue-{number}.example") for number in range(len(statuses))], "command")
        for number, status in enumerate(statuses):
            mine = venues.c.site_url == f"https://venue-{number}.example"
            connection.execute(venues.update().where(mine).values(status=status))
        readable, *_ = crawl_check_results(connection, list(range(16)))
    assert (readable.passed, readable.severity.value) == (passed, severity)
    assert (readable.description or "").startswith(f"{failing} of {failing + crawled} venues: https://venue-0.example")
