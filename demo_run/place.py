"""Where the demo world of a home lies, and serving it with the environment that leads the assets to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import psutil
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from demo.servers.pinterest import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from demo.show import Served, open_world, serving_world
from demo.world.model import World
from resources.errors import SetupError
from resources.identity import canonical_site_url
from resources.processes import environment_variables
from resources.schema import users, venues
from resources.settings import Settings

WEIGHTS: Final = Path(__file__).resolve().parent.parent / "demo" / "tiny_clip" / "weights"

OFFLINE_MODELS: Final = {
    "IMAGE_ENCODER": f"open_clip:local-dir:{WEIGHTS}",
    "TEXT_ENCODER": "lexical",
    "PIN_RETENTION": "full",
    "PINTEREST_IMAGE_WIDTH": "400",
    "PINTEREST_POLL_MINUTES": "1",
}
"""What the demo sets where the operator has not: a tiny CLIP that knows the made-up world, hashed words, pins kept
whole (nobody's rights are touched, and pictures explain) and no larger than its CLIP needs, and frequent looks."""


def demo_folder(settings: Settings) -> Path:
    """Where the demo world of these settings lies."""
    return settings.venue_taste_home / "demo-world"


def holds_demo(settings: Settings) -> bool:
    """Whether the home of these settings is a demo's: it holds a world, and no list of venues is set."""
    return (demo_folder(settings) / "world.json").exists() and settings.venue_list is None


@contextmanager
def served_demo(settings: Settings) -> Iterator[Served]:
    """Serve the demo world of these settings, with the environment that leads the assets to it.

    Raises:
        SetupError: it has not been built, or by another version.
    """
    folder = demo_folder(settings)
    world = open_world(folder)
    for left in folder.glob("hosts-*.json"):
        number = left.stem.removeprefix("hosts-")
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            left.unlink()  # by a process that was killed
    # A host map of our own: `demo-world serve` over the same folder keeps its own.
    name = f"hosts-{os.getpid()}.json"
    with ExitStack() as running:
        running.callback((folder / name).unlink, missing_ok=True)
        served = running.enter_context(serving_world(world, folder, hosts_name=name))
        leads = {
            "VENUE_LIST": str(folder / "venues.csv"),
            "CRAWL_HOST_MAP": str(served.hosts_file),
            "PINTEREST_API_URL": f"{served.pinterest_url}/v5",
            "PINTEREST_OAUTH_URL": f"{served.pinterest_url}/oauth/",
            "PINTEREST_APP_ID": DEMO_CLIENT_ID,
            "PINTEREST_APP_SECRET": DEMO_CLIENT_SECRET,
            "TOKEN_KEY": _token_key(folder),
        }
        with environment_variables(leads | offline_models()):
            yield served


def offline_models() -> dict[str, str]:
    """`OFFLINE_MODELS`, less what the operator has set."""
    return {name: os.environ.get(name) or default for name, default in OFFLINE_MODELS.items()}


def _token_key(folder: Path) -> str:
    file = folder / "token.key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, Fernet.generate_key())
        os.close(descriptor)
    return file.read_text()


def require_own_home(engine: Engine, world: World) -> None:
    """Check that the database holds nobody's work: the demo replaces the list of venues, and crawls without pauses.

    Raises:
        SetupError: it holds venues or people that are not of this or another demo world.
    """
    with engine.connect() as connection:
        listed = set(connection.scalars(select(venues.c.site_url).where(venues.c.status != "retired")))
        known = set(connection.scalars(select(users.c.handle)))
    made_up = {canonical_site_url(f"https://{venue.host}") for venue in world.venues}
    real = sorted(site for site in listed - made_up if not site.endswith(".venue.test"))
    if real:
        raise SetupError(
            f"the database holds {len(real)} venues of yours, {real[0]} among them, and the demo would replace them",
            "set VENUE_TASTE_HOME to another folder for the demo, and unset DATABASE_URL",
        )
    strangers = sorted(known - {person.username for person in world.people})
    if strangers and not listed:
        raise SetupError(
            f"the database holds people of yours, {strangers[0]} among them",
            "set VENUE_TASTE_HOME to another folder for the demo, and unset DATABASE_URL",
        )
