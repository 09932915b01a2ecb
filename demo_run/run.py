"""The demo from start to end: build the world, serve it, run the lineage on it, print what it found."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import Final

from rich.console import Console

from demo.show import build_with_progress
from demo.world.generate import generate_world
from demo_run.people import connect_people
from demo_run.place import WEIGHTS, demo_folder, require_own_home, served_demo
from demo_run.report import print_findings
from demo_run.steps import TASTE_STEPS, VENUE_STEPS, run_steps
from resources.dagster_home import dagster_environment
from resources.database import DatabaseUrls, connect
from resources.processes import environment_variables
from resources.settings import Settings, load_settings
from taste_assets.report_pages import report_folder

_console: Final = Console()


def run_demo(urls: DatabaseUrls, settings: Settings, *, venue_count: int, people_count: int) -> None:
    """Build the world, serve it, run the assets on it and print what they found.

    Raises:
        SetupError: the home is used for something else, or a step failed.
    """
    started = time.perf_counter()
    world = generate_world(venues=venue_count, people=people_count)
    folder = demo_folder(settings)
    engine = connect(urls.tables)
    try:
        require_own_home(engine, world)
        build_with_progress(world, folder, _console)
        truth = json.loads((folder / "truth.json").read_bytes())["venues"]
        with ExitStack() as running:
            running.enter_context(served_demo(settings))
            own = load_settings()
            running.enter_context(environment_variables(running.enter_context(dagster_environment(urls, own))))
            pictures = own.image_encoder.replace(str(WEIGHTS), "the demo's tiny CLIP")
            models = f"pictures {pictures}, words {own.text_encoder}, reading of sites {own.language_model}"
            _console.print(f"Models: {models}.", highlight=False)
            run_steps(VENUE_STEPS, _console)
            new = connect_people(engine, own, world, truth)
            _console.print(f"[green]ok[/] people: accounts, words, wishes and ratings ({new} new)")
            run_steps(TASTE_STEPS, _console)
            reports = report_folder()
        print_findings(engine, _console)
    finally:
        engine.dispose()
    _console.print(f"\nDone in {time.perf_counter() - started:.0f} s. Next:")
    for line in (
        f"{reports}   a page for everybody, with pins beside photographs",
        "venue-taste dev                the lookbook, http://127.0.0.1:3080, and Dagster, port 3000, on this data",
        "venue-taste users list         everybody;  venue-taste venues list  every venue;  venue-taste db psql",
        f"venue-taste demo-world serve --world {folder}   look at the sites",
    ):
        _console.print(f"  {line}", soft_wrap=True, highlight=False, markup=False)
