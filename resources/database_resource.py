"""The Dagster resource that hands assets an engine on the tables' database."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import Any

import dagster as dg
from pydantic import PrivateAttr
from sqlalchemy import Engine

from resources.database import connect, database
from resources.errors import SetupError
from resources.migrate import migration_state
from resources.settings import load_settings


class DatabaseResource(dg.ConfigurableResource[Any]):
    """The tables' database. Which server it is, embedded or `DATABASE_URL`, stays out of the assets' sight."""

    _in_use: ExitStack = PrivateAttr(default_factory=ExitStack)

    @cached_property
    def engine(self) -> Engine:
        """Engine on the migrated database; connected on first use, once per process.

        Raises:
            SetupError: the server cannot be reached, or its migrations are not those of this code.
        """
        # Kept running, whoever started it: the next of Dagster's processes needs it again at once.
        urls = self._in_use.enter_context(database(load_settings(), keep_running=True))
        engine = connect(urls.tables)
        self._in_use.callback(engine.dispose)
        state = migration_state(engine)
        if not state.is_current:
            raise SetupError(
                f"the database is at revision {state.current}, and this code needs {state.head}",
                "run `venue-taste db migrate`",
            )
        return engine

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close this process's connections, and leave the server to others."""
        self.__dict__.pop("engine", None)
        self._in_use.close()
