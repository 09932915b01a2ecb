"""What a database user needs to migrate, and the SQL an administrator runs to give what is missing.

What the migrations do with it is in `migrations/versions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from resources.database import quoted
from resources.schema import READER_ROLE

APP_ROLE: Final = "venue_taste_app"
"""The role that may call the functions of the schema `serving`, and nothing else."""


def missing_privileges(connection: Connection) -> list[str]:
    """SQL that lets this user migrate this database from the start, to be run by an administrator; empty if it may."""
    return [*missing_table_privileges(connection), *_missing_once(connection)]


def missing_table_privileges(connection: Connection) -> list[str]:
    """SQL that lets this user make tables in the schema `public`, which nobody may by default since Postgres 15."""
    user = quoted(connection.scalar(text("SELECT current_user::text")))
    # A schema somebody dropped has no number, and then the answer is null.
    if connection.scalar(text("SELECT has_schema_privilege(to_regnamespace('public')::oid, 'CREATE')")):
        return []
    return ["CREATE SCHEMA IF NOT EXISTS public", f"GRANT USAGE, CREATE ON SCHEMA public TO {user}"]


def _missing_once(connection: Connection) -> Iterator[str]:
    user, database, may_create, may_create_roles = connection.execute(
        text(
            "SELECT current_user::text, current_database()::text,"
            " has_database_privilege(current_database(), 'CREATE'), rolcreaterole OR rolsuper"
            " FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    if not may_create:
        yield f"GRANT CREATE ON DATABASE {quoted(database)} TO {quoted(user)}"
    installed = connection.scalar(text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector')"))
    if not installed and not _may_install(connection, may_create=may_create):
        yield "CREATE EXTENSION vector"
    known = set(connection.scalars(text("SELECT rolname::text FROM pg_roles")))
    if not may_create_roles:
        yield from (f"CREATE ROLE {role} NOLOGIN" for role in (READER_ROLE, APP_ROLE) if role not in known)


def _may_install(connection: Connection, *, may_create: bool) -> bool:
    # A trusted extension may be made by whoever may create in the database; pgvector is one, where it was not changed.
    allowed = text(
        "SELECT bool_or(version.trusted AND :may_create OR NOT version.superuser)"
        " OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
        " FROM pg_available_extension_versions AS version"
        " JOIN pg_available_extensions AS extension ON extension.name = version.name"
        " AND extension.default_version = version.version WHERE version.name = 'vector'"
    )
    return bool(connection.scalar(allowed, {"may_create": may_create}))
