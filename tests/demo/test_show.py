"""The demo world's folder as commands meet it: served twice, damaged, of another version, or out of reach."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from demo.show import build_with_progress, open_world, serving_world
from demo.world.generate import generate_world
from demo_run.place import demo_folder, served_demo
from resources.errors import SetupError
from resources.settings import load_settings

WORLD = generate_world(venues=2, people=8)


def build(folder: Path) -> None:
    build_with_progress(WORLD, folder, Console(quiet=True), lazy=True)


def hosts(file: Path) -> set[str | None]:
    return set(json.loads(file.read_bytes()).values())


def test_a_host_map_names_addresses_only_while_they_are_served(tmp_path: Path) -> None:
    build(tmp_path)
    with serving_world(WORLD, tmp_path) as served:
        assert hosts(served.hosts_file) == {served.sites_url.removeprefix("http://")}
        with serving_world(WORLD, tmp_path) as second:
            assert hosts(tmp_path / "hosts.json") == {second.sites_url.removeprefix("http://")}
        with serving_world(WORLD, tmp_path, hosts_name="own.json"):
            before = (tmp_path / "hosts.json").read_bytes()
        assert (tmp_path / "hosts.json").read_bytes() == before
    assert hosts(tmp_path / "hosts.json") == {None}


def test_the_lineage_has_a_host_map_of_its_own() -> None:
    folder = demo_folder(load_settings())
    build(folder)
    gone = subprocess.Popen(["true"])
    gone.wait()
    (folder / f"hosts-{gone.pid}.json").write_text("{}")  # as a process that was killed leaves it
    with serving_world(WORLD, folder) as served, served_demo(load_settings()):
        own = Path(os.environ["CRAWL_HOST_MAP"])
        assert own != served.hosts_file
        assert hosts(own) != hosts(served.hosts_file) == {served.sites_url.removeprefix("http://")}
    assert [file.name for file in folder.glob("hosts*")] == ["hosts.json"]


def test_a_world_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no demo world"):
        open_world(tmp_path)
    for content in ("{", '{"seed": "seven"}'):
        (tmp_path / "world.json").write_text(content)
        with pytest.raises(SetupError, match="not a world of this version") as caught:
            open_world(tmp_path)
        assert len(str(caught.value)) < 500


def test_another_world_is_named_with_its_numbers(tmp_path: Path) -> None:
    build(tmp_path)
    with pytest.raises(SetupError, match="--venues 2 --users 8 with seed 7; wanted was --venues 3") as caught:
        build_with_progress(generate_world(venues=3, people=8), tmp_path, Console(quiet=True), lazy=True)
    assert f"remove {tmp_path}" in caught.value.remedy
    (tmp_path / "origin.json").write_text("{")
    with pytest.raises(SetupError, match=r"origin\.json cannot be read"):
        build(tmp_path)


def test_a_folder_that_cannot_be_made_is_said_to_be_that() -> None:
    with pytest.raises(SetupError, match="cannot write the demo world to /proc/x"):
        build(Path("/proc/x"))
