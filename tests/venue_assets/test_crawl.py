"""The crawl as Dagster runs it: real sites over HTTP, a real crawler process, a real database."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, select

from definitions import defs
from demo.servers.faults import Fault
from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world, write_hosts
from demo.sites.store import SiteStore
from demo.world.generate import generate_world
from resources.photo_store import PhotoStore
from resources.schema import photos, venue_pages, venue_photo_files, venue_photos, venues
from venue_assets.partitions import VENUE_PARTITIONS

VENUES = 5
TABLES = (venues, venue_pages, photos, venue_photo_files, venue_photos)


@dataclass(frozen=True)
class Lineage:
    """A served world, the database the assets write to, and a way to run them."""

    server: SiteServer
    world: Path
    engine: Engine
    instance: dg.DagsterInstance

    def execute(self, *assets: str) -> dg.ExecuteInProcessResult:
        """Materialise for all buckets in one run."""
        self.server.log.clear()
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"},
            run_config={"ops": {"crawl": {"config": {"delay": 0.0}}}} if "venue_pages" in assets else None,
            raise_on_error=False,
        )

    def run(self, *assets: str) -> dict[str, dict[str, list[Any]]]:
        """Materialise with success; the metadata of each asset, a value per bucket."""
        result = self.execute(*assets)
        assert result.success
        found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for event in result.get_asset_materialization_events():
            assert event.asset_key is not None
            materialization = event.step_materialization_data.materialization
            for name, value in materialization.metadata.items():
                found[event.asset_key.to_user_string()][name].append(value.value)
        return found

    def crawl(self) -> dict[str, dict[str, list[Any]]]:
        """Crawl; the metadata of `venue_pages` and `venue_photos`."""
        return self.run("venue_pages", "venue_photos")

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything stored, for comparing."""
        with self.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in TABLES
            }


@pytest.fixture
def lineage(tmp_path: Path, database_url: URL, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lineage]:
    world = generate_world(seed=11, venues=VENUES, people=0)
    folder = tmp_path / "world"
    build_world(world, folder, lazy=True)
    server = SiteServer(SiteStore(world, folder))
    with serving(server) as address, dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        monkeypatch.setenv("CRAWL_HOST_MAP", str(write_hosts(world, folder, address.removeprefix("http://"))))
        monkeypatch.setenv("VENUE_LIST", str(folder / "venues.csv"))
        monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
        monkeypatch.setenv("PHOTO_STORE_URL", str(tmp_path / "photos"))
        yield Lineage(server, folder, engine, instance)


def test_from_a_list_to_pages_and_photos_and_again_without_writing(lineage: Lineage, tmp_path: Path) -> None:
    truth = json.loads((lineage.world / "truth.json").read_text())["venues"]
    listed = lineage.run("venue_sites")["venue_sites"]
    assert (listed["dagster/row_count"][0], listed["added"][0]) == (VENUES, VENUES)

    first = lineage.crawl()
    complete = [outcomes.get("complete", 0) for outcomes in first["venue_pages"]["outcomes"]]
    assert len(complete) == len(VENUE_PARTITIONS.get_partition_keys())
    assert sum(complete) == VENUES
    pages = sum(page["kind"] == "page" for venue in truth.values() for page in venue["pages"])
    shown = sum(len(venue["photos"]) for venue in truth.values())
    assert sum(first["venue_pages"]["dagster/row_count"]) == pages
    assert sum(first["venue_photos"]["dagster/row_count"]) == shown
    sheets = [sheet.startswith("![sample](data:image/jpeg;base64,") for sheet in first["venue_photos"]["sample"]]
    assert sheets == [count > 0 for count in first["venue_photos"]["dagster/row_count"]]
    before = lineage.rows()
    store = PhotoStore(str(tmp_path / "photos"))
    assert set(store.ids()) == {row[0] for row in before["photos"]}

    second = lineage.crawl()
    assert sum(second["venue_pages"]["rows written"]) == 0
    assert lineage.rows() == before
    asked = sum((log.requests for log in lineage.server.log.hosts.values()), Counter[str]())
    assert asked["GET 304"] >= pages + shown
    assert asked["GET 200"] == 0, "what has not changed is not downloaded"


def test_what_changes_on_a_site_changes_here_and_nothing_else(lineage: Lineage) -> None:
    lineage.run("venue_sites")
    lineage.crawl()
    before = lineage.rows()
    truth = json.loads((lineage.world / "truth.json").read_text())["venues"]
    changed, down, gone, *_ = truth
    photo = truth[changed]["photos"][0]["name"]
    hosts = {slug: f"{slug}.venue.test" for slug in truth}
    lineage.server.store.remove_photo(hosts[changed], photo)
    lineage.server.faults.set(hosts[down], Fault(fault="503"))
    (lineage.world / "venues.csv").write_text(
        "\n".join(["site_url", *(f"http://{host}/" for slug, host in hosts.items() if slug != gone)])
    )
    assert lineage.run("venue_sites")["venue_sites"]["retired"][0] == 1
    lineage.crawl()
    after = lineage.rows()
    status = {row.site_url.split("/")[2].split(".")[0]: row.status for row in _rows(lineage.engine, venues)}
    assert status == dict.fromkeys(truth, "crawled") | {down: "failing", gone: "retired"}
    assert len(after["venue_photos"]) == len(before["venue_photos"]) - 1
    lost = {row[0] for row in before["venue_photos"]} - {row[0] for row in after["venue_photos"]}
    assert lost == set(), "every venue still has photos, also the one that is down and the retired one"


def test_when_most_sites_are_down_what_stands_on_them_does_not_run(lineage: Lineage) -> None:
    lineage.run("venue_sites")
    lineage.crawl()
    before = lineage.rows()
    for host in lineage.server.store.hosts:
        lineage.server.faults.set(host, Fault(fault="503"))
    result = lineage.execute("venue_pages", "venue_photos")
    assert not result.success
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks == {"sites_readable": False, "pages_per_venue": True, "venues_have_photos": True}
    after = lineage.rows()
    assert {row.status for row in _rows(lineage.engine, venues)} == {"failing"}
    assert {name: rows for name, rows in after.items() if name != "venues"} == {
        name: rows for name, rows in before.items() if name != "venues"
    }


def _rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)))
