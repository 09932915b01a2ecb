"""What `venue-taste doctor` looks at of the lookbook: where it may listen, and its two roles in the database.

Checks of everything else are in `resources.doctor`, `resources.model_checks` and `venue_assets.venue_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx

from lookbook.app import TITLE
from lookbook.connections import open_doors
from lookbook.server import address, is_loopback, listening, require_safe_host
from resources.database import DatabaseUrls, MissingDatabaseError, connect, database
from resources.doctor import MIGRATE, Check, Finding, Verdict
from resources.errors import SetupError
from resources.migrate import migration_state
from resources.privileges import APP_ROLE
from resources.schema import READER_ROLE
from resources.settings import Settings

_SUBJECT: Final = "lookbook"
_TIMEOUT_S: Final = 2.0


def check_listening(settings: Settings) -> Iterator[Finding]:
    """LOOKBOOK_HOST goes with LOOKBOOK_TOKEN, and the port is free, or a lookbook is served there already."""
    require_safe_host(settings)
    reach = "this machine only" if is_loopback(settings.lookbook_host) else "whoever has a link or the token"
    try:
        with listening(settings) as sock:
            port = "any free port" if settings.lookbook_port == 0 else address(sock)
        yield Finding(_SUBJECT, Verdict.OK, f"can listen on {port}, for {reach}")
    except SetupError:
        if not _is_served(settings):
            raise
        detail = f"a lookbook is served on {settings.lookbook_host} port {settings.lookbook_port}, for {reach}"
        yield Finding(_SUBJECT, Verdict.OK, detail)


def _is_served(settings: Settings) -> bool:
    """Whether what has the port says of itself that it is a lookbook."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.lookbook_host, settings.lookbook_host)  # noqa: S104
    described = httpx.URL(scheme="http", host=host, port=settings.lookbook_port, path="/api/openapi.json")
    try:
        answer = httpx.get(described, timeout=_TIMEOUT_S, trust_env=False)
        return bool(answer.json()["info"]["title"] == TITLE)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return False


def check_roles(settings: Settings) -> Iterator[Finding]:
    """The lookbook's login may take on the role that reads and the one that rates."""
    # Dagster's database has a line of its own: were it wrong, it would hide what is wrong here.
    with database(settings.model_copy(update={"dagster_database_url": None})) as urls:
        # A login of the lookbook's own is somebody's to grant; without one the first migration makes the roles.
        if settings.lookbook_database_url is None and not _is_migrated(urls):
            yield Finding(_SUBJECT, Verdict.NOTE, "its roles come with the tables", MIGRATE)
            return
        open_doors(urls, settings).close()
    yield Finding(_SUBJECT, Verdict.OK, f"may read as {READER_ROLE} and rate as {APP_ROLE}")


def _is_migrated(urls: DatabaseUrls) -> bool:
    try:
        engine = connect(urls.tables)
    except MissingDatabaseError:
        return False
    try:
        return migration_state(engine).is_current
    finally:
        engine.dispose()


ALL_CHECKS: Final[tuple[tuple[str, Check], ...]] = ((_SUBJECT, check_listening), (_SUBJECT, check_roles))
"""The checks of this module, in the order they are reported."""
