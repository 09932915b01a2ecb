"""The lookbook's two ways into the database: one role that reads `serving`, one that may call its two functions.

Pages are read on a connection that could not write if it wanted to. What is asked there is in `lookbook.reading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psycopg.errors import InsufficientPrivilege, UndefinedObject
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError

from resources.database import DatabaseUrls, connect, parse_address, quoted
from resources.errors import SetupError
from resources.privileges import APP_ROLE
from resources.schema import READER_ROLE
from resources.settings import Settings

_STATEMENT_TIMEOUT_MS: Final = 5000
# A page is made of several queries: one snapshot, or a list could speak of a taste that is gone.
_READING: Final = ("default_transaction_read_only=on", r"default_transaction_isolation=repeatable\ read")


@dataclass(frozen=True, slots=True)
class Doors:
    """Engines for reading and for writing; each connection has its role from the start."""

    reader: Engine
    writer: Engine

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


def open_doors(urls: DatabaseUrls, settings: Settings) -> Doors:
    """Engines on the tables' database, through LOOKBOOK_DATABASE_URL if it is set.

    Raises:
        SetupError: the address is none, the server refuses it, or its user may not take on a role.
    """
    given = settings.lookbook_database_url
    setting = "DATABASE_URL" if given is None else "LOOKBOOK_DATABASE_URL"
    url = urls.tables if given is None else parse_address(given.get_secret_value(), setting)
    _require_roles(url, setting)
    return Doors(_engine(url, setting, READER_ROLE, *_READING), _engine(url, setting, APP_ROLE))


def _require_roles(url: URL, setting: str) -> None:
    # Asked on a plain connection: a role that is refused at its start looks like a server that is down.
    engine = connect(url, setting)
    try:
        with engine.connect() as connection:
            user = connection.scalar(text("SELECT current_user::text"))
            for role in (READER_ROLE, APP_ROLE):
                connection.execute(text(f"SET LOCAL ROLE {role}"))
                connection.execute(text("RESET ROLE"))
    except DBAPIError as error:
        if not isinstance(error.orig, (InsufficientPrivilege, UndefinedObject)):
            raise
        raise SetupError(
            f"the user of {setting} may not read as {READER_ROLE} and write as {APP_ROLE}: {str(error.orig).strip()}",
            f"have an administrator run: GRANT {READER_ROLE}, {APP_ROLE} TO {quoted(user)}; where a role does not "
            "exist, `venue-taste db migrate` first",
        ) from error
    finally:
        engine.dispose()


def _engine(url: URL, setting: str, role: str, *settings: str) -> Engine:
    wanted = " ".join(
        f"-c {item}" for item in (f"role={role}", f"statement_timeout={_STATEMENT_TIMEOUT_MS}", *settings)
    )
    had = url.query.get("options", "")
    return connect(url.update_query_dict({"options": f"{had} {wanted}".strip()}), setting)
