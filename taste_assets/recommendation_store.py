"""Lists into the database, whole buckets at a time: a reader sees old lists or new ones, never parts of both.

What is in a list is not decided here.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from psycopg import sql
from sqlalchemy import Connection, Engine, Uuid, any_, bindparam, delete, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from resources.schema import recommendation_states, recommendations, users, venues
from resources.vectors.binary_copy import driver_connection
from taste_assets.recommendation_inputs import Person, catalogue_hash
from taste_assets.recommending import ListRow, PersonList
from taste_assets.venue_catalogue import CatalogueVersion

_COLUMNS: Final = (
    "user_id", "rank", "venue_id", "score", "visual_score", "text_score", "matches", "strategy", "parameters",
    "space_id", "inputs_hash", "run_id", "generated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListOrigin:
    """What the lists of a run have in common."""

    space_id: str
    run_id: str
    parameters: Mapping[str, Any]
    version: CatalogueVersion


@contextlib.contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def only_writer(engine: Engine, table: str, buckets: Sequence[int]) -> Iterator[None]:
    """Have other runs for these buckets of the table wait: two would each write what the other has not seen.

    Taken before the snapshot is, so that a run that had to wait sees what the other wrote.
    """
    with engine.begin() as connection:
        for bucket in sorted(buckets):  # always in the same order, or two runs could wait for each other
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"{table} {bucket}"}
            )
        yield


def replace_lists(
    connection: Connection,
    people: Sequence[Person],
    hashes: Mapping[uuid.UUID, str],
    lists: Iterable[PersonList],
    origin: ListOrigin,
) -> int:
    """Give these people new lists in the caller's transaction, and say how many rows that were.

    Who was forgotten since they were read gets none; a venue that was removed since is left out.

    Args:
        connection: inside a transaction that readers see nothing of before its end.
        people: whose lists are replaced.
        hashes: the inputs hash of each.
        lists: one for each of them, in any order; taken one at a time.
        origin: what is stored with every row.
    """
    # Both before the first row is touched: who removes a venue locks it, and then its rows.
    there = _held(connection, [person.user_id for person in people])
    offered = _held_venues(connection)
    connection.execute(delete(recommendations).where(recommendations.c.user_id == _any(there)))
    parameters = json.dumps(origin.parameters, sort_keys=True)
    generated_at = datetime.now(UTC)
    states: list[dict[str, Any]] = []
    statement = sql.SQL("COPY recommendations ({}) FROM STDIN").format(sql.SQL(",").join(map(sql.Identifier, _COLUMNS)))
    with driver_connection(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for made in lists:
            user_id = made.person.user_id
            if user_id not in there:
                continue
            rows = [row for row in made.rows if row.venue_id in offered]
            for rank, row in enumerate(rows, start=1):
                copy.write_row(
                    (user_id, rank, row.venue_id, row.score, row.visual_score, row.text_score, row.matches,
                     made.strategy, parameters, origin.space_id, hashes[user_id], origin.run_id, generated_at)
                )  # fmt: skip
            states.append(_state(made, rows, hashes[user_id], origin, generated_at))
    if states:
        statement_of_states = insert(recommendation_states)
        taken = {name: statement_of_states.excluded[name] for name in states[0] if name != "user_id"}
        connection.execute(statement_of_states.on_conflict_do_update(index_elements=["user_id"], set_=taken), states)
    return sum(state["list_length"] for state in states)


def _state(
    made: PersonList, rows: Sequence[ListRow], inputs_hash: str, origin: ListOrigin, generated_at: datetime
) -> dict[str, Any]:
    return {
        "user_id": made.person.user_id,
        "inputs_hash": inputs_hash,
        "space_id": origin.space_id,
        "list_length": len(rows),
        "run_id": origin.run_id,
        "generated_at": generated_at,
        "kind": made.kind,
        "taste_as_of": made.person.taste_as_of,
        "wishes_md5": made.person.wishes_md5,
        "catalogue_hash": catalogue_hash(made.person, origin.version),
    }


def confirm_lists(connection: Connection, people: Sequence[Person]) -> None:
    """Note that these people's lists are right for their present taste and wishes, too, where that is not known."""
    stale = [person for person in people if not person.knows_latest]
    if stale:
        mine = recommendation_states.c.user_id == bindparam("person")
        noted = update(recommendation_states).where(mine).values(
            taste_as_of=bindparam("as_of"), wishes_md5=bindparam("wishes")
        )  # fmt: skip
        connection.execute(
            noted,
            [{"person": one.user_id, "as_of": one.taste_as_of, "wishes": one.wishes_md5} for one in stale],
        )


def _held(connection: Connection, user_ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those who are still there, and will be until the transaction ends."""
    query = select(users.c.user_id).where(users.c.user_id == _any(user_ids)).order_by(users.c.user_id)
    return frozenset(connection.scalars(query.with_for_update(read=True, key_share=True)))


def _held_venues(connection: Connection) -> frozenset[uuid.UUID]:
    query = select(venues.c.venue_id).where(venues.c.status != "retired").order_by(venues.c.venue_id)
    return frozenset(connection.scalars(query.with_for_update(read=True, key_share=True)))


def _any(user_ids: Iterable[uuid.UUID]) -> Any:
    return any_(literal(list(user_ids), ARRAY(Uuid)))
