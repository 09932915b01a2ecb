"""How to reach the operator, from the setting to the header that a site's owner finds in the log."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import URL

from definitions import defs
from tests.venue_assets.crawler.raw_server import page, raw_server


def test_the_contact_reaches_every_request(tmp_path: Path, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "venues.csv").write_text("site_url\nhttp://hall.test/\n")
    for name, value in {
        "CRAWL_CONTACT": "mailto:crawler@operator.example",
        "CRAWL_HOST_MAP": str(tmp_path / "hosts.json"),
        "VENUE_LIST": str(tmp_path / "venues.csv"),
        "DATABASE_URL": database_url.render_as_string(hide_password=False),
        "PHOTO_STORE_URL": str(tmp_path / "photos"),
        "VENUE_TASTE_HOME": str(tmp_path / "home"),
    }.items():
        monkeypatch.setenv(name, value)
    with raw_server() as server, dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        server.site("hall.test", {"/": page()})
        (tmp_path / "hosts.json").write_text(json.dumps(server.host_map))
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(name) for name in ("venue_sites", "venue_pages", "venue_photos")],
            tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"},
            run_config={"ops": {"crawl": {"config": {"delay": 0.0}}}},
        )
    assert result.success
    assert {request.path for request in server.asked} == {"/robots.txt", "/", "/sitemap.xml"}
    agents = {request.headers["user-agent"] for request in server.asked}
    assert agents == {"venue-taste/0.1 (+mailto:crawler@operator.example)"}
