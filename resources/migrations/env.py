"""Alembic's entry point: runs the steps on the connection that `resources.migrate` hands over."""

from __future__ import annotations

from alembic import context

from resources.schema import metadata

given = context.config.attributes
context.configure(connection=given["connection"], version_table=given["version_table"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
