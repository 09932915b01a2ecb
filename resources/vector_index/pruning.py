"""Removing a space that readers no longer use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, and_, delete, exists

from resources.errors import SetupError
from resources.schema import (
    embedding_spaces,
    index_settings,
    metadata,
    photo_embedding_failures,
    photo_embeddings,
    summary_embeddings,
    venue_centroids,
)
from resources.spaces import current_space, hold_current_space, registered_space
from resources.vector_index.building import autocommit, drop_index, indexes_of, only_maintainer

_PRUNED: Final = (photo_embeddings, summary_embeddings, venue_centroids, photo_embedding_failures, index_settings)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed.

    Attributes:
        rows: removed, by table.
        indexes: names of the indexes dropped.
        forgotten: whether the space left the register, too. It stays while tastes or recommendations made in it are
            kept as evidence.
    """

    rows: dict[str, int]
    indexes: tuple[str, ...]
    forgotten: bool


def prune_space(engine: Engine, space_id: str) -> Pruned:
    """Remove vectors, centroids, indexes and settings of a space that is not current.

    Raises:
        SetupError: there is no such space, readers use it, or its index is being built.
    """
    with autocommit(engine) as connection, only_maintainer(connection, space_id):
        with engine.connect() as reader:
            _refuse_current(reader, space_id)
            indexes = tuple(index.name for index in indexes_of(reader, space_id))
        for name in indexes:
            drop_index(connection, name)
        with engine.begin() as transaction:
            hold_current_space(transaction, registered_space(transaction, space_id).modality)
            _refuse_current(transaction, space_id)
            rows = {
                table.name: transaction.execute(delete(table).where(table.c.space_id == space_id)).rowcount
                for table in _PRUNED
            }
            referring = [
                exists().where(table.c.space_id == space_id)
                for table in metadata.tables.values()
                if table is not embedding_spaces and "space_id" in table.c
            ]
            unused = and_(embedding_spaces.c.space_id == space_id, *(~one for one in referring))
            forgotten = transaction.execute(delete(embedding_spaces).where(unused)).rowcount > 0
    return Pruned(rows, indexes, forgotten)


def _refuse_current(connection: Connection, space_id: str) -> None:
    current = current_space(connection, registered_space(connection, space_id).modality)
    if current is not None and current.space_id == space_id:
        raise SetupError(
            f"readers compare in the space {space_id!r}", "change to another first: `venue-taste spaces use SPACE`"
        )
