"""What the table descriptions share: the metadata with its naming convention, and columns with their constraints.

Vectors have no fixed dimension. Each row carries its space's `dim`, which a foreign key ties to
`embedding_spaces` and a CHECK ties to the vector itself, so the database refuses a vector of the wrong
dimension or length (NaN and infinity are refused by the type).
"""

from __future__ import annotations

from typing import Final

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    Uuid,
    func,
)
from sqlalchemy.schema import SchemaItem

SERVING_SCHEMA: Final = "serving"
"""Schema of the views and tables that downstream apps read."""

READER_ROLE: Final = "venue_taste_reader"
"""Role that may read the serving schema and nothing else. It has no login: grant it to a login role."""

UNIT_TOLERANCE: Final = 1e-3
"""How far a stored vector's L2 norm may be from 1 (float32 and half precision rounding stay far below)."""

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def now_column(name: str) -> Column[object]:
    """A time that is now when the row is written, unless said otherwise."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def time_column(name: str, *, nullable: bool = True) -> Column[object]:
    """A time with zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def sha256_check(column: str) -> CheckConstraint:
    """`column` holds 64 lower-case hexadecimal digits."""
    return CheckConstraint(f"{column} ~ '^[0-9a-f]{{64}}$'", name=f"{column}_sha256")


def bucket_columns(buckets: int) -> tuple[SchemaItem, ...]:
    """The hashed bucket of a row, and its range."""
    return (
        Column("bucket", SmallInteger, nullable=False),
        CheckConstraint(f"bucket BETWEEN 0 AND {buckets - 1}", name="bucket_range"),
    )


def venue_column(*, primary_key: bool = False, nullable: bool = False) -> Column[object]:
    """A venue; the row goes with it."""
    return Column(
        "venue_id", Uuid, ForeignKey("venues.venue_id", ondelete="CASCADE"), primary_key=primary_key, nullable=nullable
    )


def user_column(name: str = "user_id", *, primary_key: bool = True) -> Column[object]:
    """A person; the row goes with them."""
    return Column(name, Uuid, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


def space_columns(*, primary_key: bool = True) -> tuple[SchemaItem, ...]:
    """The embedding space of a row, with its dimension."""
    return (
        Column("space_id", Text, primary_key=primary_key, nullable=False),
        Column("dim", Integer, nullable=False),
        ForeignKeyConstraint(["space_id", "dim"], ["embedding_spaces.space_id", "embedding_spaces.dim"]),
    )


def unit_vector(column: str) -> tuple[SchemaItem, ...]:
    """A vector of the dimension of its space and of unit length."""
    return (
        Column(column, VECTOR(), nullable=False),
        CheckConstraint(f"vector_dims({column}) = dim", name=f"{column}_dim"),
        CheckConstraint(f"abs(vector_norm({column}) - 1) <= {UNIT_TOLERANCE}", name=f"{column}_unit"),
    )


def one_of(column: str, *values: str) -> Constraint:
    """`column` holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
