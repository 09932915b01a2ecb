"""Embedding spaces: who made a vector, and which space readers compare in.

Vectors of different spaces are never compared or joined. A new model fills a space of its own while readers stay in
the current one; when it is complete, one row flips. Storing vectors is in `resources.vectors`, what an index is in
`resources.vector_index`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    exists,
    func,
    literal,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from resources.errors import SetupError
from resources.schema import (
    current_spaces,
    embedding_spaces,
    photo_embedding_failures,
    photo_embeddings,
    pins,
    summary_embeddings,
    venue_photos,
    venue_summaries,
    venues,
)

Modality = Literal["image", "text"]


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """One model's unit vectors.

    Attributes:
        space_id: short and stable, made of model, revision and dimension; the key of every vector row.
        modality: "image" spaces hold photographs (and the short texts of a two-tower model), "text" spaces documents.
        model: the encoder as the setting names it.
        revision: what tells two versions of the weights apart (a content hash, a hub commit, a plug-in's version).
        dim: dimensions of its vectors.
    """

    space_id: str
    modality: Modality
    model: str
    revision: str
    dim: int


@dataclass(frozen=True, slots=True)
class SpaceState:
    """How far a space has been filled.

    Attributes:
        space: which.
        vectors: how many it has.
        missing: photos or summaries that readers need and that it lacks.
        is_current: whether readers compare in it.
        missing_pins: of the missing ones, those that only people pinned: no run about venues brings them.
    """

    space: EmbeddingSpace
    vectors: int
    missing: int
    is_current: bool
    missing_pins: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether readers may change to it: it has vectors, and lacks none."""
        return self.vectors > 0 and self.missing == 0


VECTOR_TABLES: Final[dict[Modality, Table]] = {"image": photo_embeddings, "text": summary_embeddings}
"""Where the vectors of a modality are."""

_SUMMARY_FIELDS: Final = ("aesthetic", "factual", "vibe")


def registered_spaces(connection: Connection, modality: Modality | None = None) -> list[EmbeddingSpace]:
    """Every registered space, or those of one modality, oldest first."""
    wanted = true() if modality is None else embedding_spaces.c.modality == modality
    query = _spaces().where(wanted).order_by(embedding_spaces.c.created_at, embedding_spaces.c.space_id)
    return [EmbeddingSpace(**row) for row in connection.execute(query).mappings()]


def registered_space(connection: Connection, space_id: str) -> EmbeddingSpace:
    """The space of this id.

    Raises:
        SetupError: there is none.
    """
    row = connection.execute(_spaces().where(embedding_spaces.c.space_id == space_id)).mappings().one_or_none()
    if row is None:
        raise SetupError(f"there is no embedding space {space_id!r}", "see `venue-taste spaces list`")
    return EmbeddingSpace(**row)


def current_space(connection: Connection, modality: Modality) -> EmbeddingSpace | None:
    """The space that readers of this modality compare in; None until the first one is complete."""
    current = current_spaces.c
    query = _spaces().join(current_spaces, current.space_id == embedding_spaces.c.space_id)
    row = connection.execute(query.where(current.modality == modality)).mappings().one_or_none()
    return None if row is None else EmbeddingSpace(**row)


def hold_current_space(connection: Connection, modality: Modality) -> None:
    """Keep others from changing the current space of this modality until the transaction ends."""
    # Two that switch at once would each judge their space against the one before.
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"current_spaces {modality}"}
    )


def space_state(connection: Connection, space: EmbeddingSpace) -> SpaceState:
    """How far this space has been filled; see `SpaceState`."""
    table = VECTOR_TABLES[space.modality]
    vectors = connection.scalar(select(func.count()).select_from(table).where(table.c.space_id == space.space_id)) or 0
    current = current_space(connection, space.modality)
    is_current = current is not None and current.space_id == space.space_id
    if space.modality == "text":
        return SpaceState(space, vectors, _count(connection, _missing_summaries(space)), is_current)
    # Readers of the first space have no pins yet, and those of the current one have the pins that it has.
    pins_lacking = 0 if current is None or is_current else _count(connection, _missing_pins(space, current))
    return SpaceState(
        space, vectors, _count(connection, _missing_photos(space)) + pins_lacking, is_current, pins_lacking
    )


def use_space(connection: Connection, space_id: str, *, force: bool = False) -> SpaceState:
    """Have readers compare in this space from the caller's commit on; its state before that.

    Args:
        connection: inside a transaction: readers see the old space or the new one, never neither.
        space_id: a registered space. Its modality is the one that changes.
        force: although it lacks vectors; what lacks one is then not found.

    Raises:
        SetupError: no such space, or it is not complete and `force` is not set.
    """
    space = registered_space(connection, space_id)
    hold_current_space(connection, space.modality)
    state = space_state(connection, space)
    if not (state.is_complete or force):
        lack = f"lacks {state.missing} of the vectors that readers need" if state.vectors else "has no vectors"
        pinned = f" ({state.missing_pins} of them of pins)" if state.missing_pins else ""
        raise SetupError(f"the space {space_id!r} {lack}{pinned}", f"{_remedy(state)}, or give --force")
    flip = insert(current_spaces).values(modality=space.modality, space_id=space_id)
    connection.execute(
        flip.on_conflict_do_update(
            index_elements=["modality"],
            set_={"space_id": space_id, "switched_at": func.now()},
            where=current_spaces.c.space_id != space_id,
        )
    )
    return state


def adopt_first_space(connection: Connection, space: EmbeddingSpace) -> bool:
    """Make `space` current if its modality has no current space and it is complete; tell whether that was done.

    Later changes of the model are an operator's decision: `use_space`.
    """
    hold_current_space(connection, space.modality)
    if current_space(connection, space.modality) is not None or not space_state(connection, space).is_complete:
        return False
    use_space(connection, space.space_id)
    return True


def has_words(summary: ColumnElement[str | None]) -> ColumnElement[bool]:
    """The summary is there to be embedded: not null, not empty, not only white space."""
    return summary.regexp_match(r"\S").is_(true())


def _spaces() -> Select[tuple[str, Modality, str, str, int]]:
    columns = embedding_spaces.c
    return select(columns.space_id, columns.modality, columns.model, columns.revision, columns.dim)


def _remedy(state: SpaceState) -> str:
    """The assets that bring what is missing."""
    if state.space.modality == "text":
        return f"materialise summary_embeddings with {state.space.model} as TEXT_ENCODER"
    assets = ["photo_embeddings"] if state.missing > state.missing_pins or not state.vectors else []
    if state.missing_pins:
        # `pins` first: with PIN_RETENTION=minimal the files are gone, and it fetches them again.
        assets.append("pins and pin_embeddings")
    return f"materialise {', then '.join(assets)} with {state.space.model} as IMAGE_ENCODER"


def _count(connection: Connection, rows: Select[Any]) -> int:
    return connection.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _missing_photos(space: EmbeddingSpace) -> Select[tuple[str]]:
    """Photos of the venues on the list of which the space has neither a vector nor a reason why not."""
    return (
        select(venue_photos.c.photo_id)
        .distinct()
        .join(venues, venues.c.venue_id == venue_photos.c.venue_id)
        .where(venues.c.status != "retired", *_is_lacking(venue_photos.c.photo_id, space))
    )


def _missing_pins(space: EmbeddingSpace, current: EmbeddingSpace) -> Select[tuple[str]]:
    """Pinned photos that readers can compare today and could not in the space; those of venues are left out.

    A pin that has no vector today waits for one as it did: nothing is lost by the change. And its picture may be gone.
    """
    shown = (
        exists()
        .where(venue_photos.c.photo_id == pins.c.photo_id)
        .where(venues.c.venue_id == venue_photos.c.venue_id, venues.c.status != "retired")
    )
    return (
        select(pins.c.photo_id)
        .distinct()
        .where(_has_vector(pins.c.photo_id, current.space_id), ~shown, *_is_lacking(pins.c.photo_id, space))
    )


def _is_lacking(photo_id: ColumnElement[str], space: EmbeddingSpace) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    failure = photo_embedding_failures.c
    known_failure = exists().where(failure.photo_id == photo_id, failure.space_id == space.space_id)
    return ~_has_vector(photo_id, space.space_id), ~known_failure


def _has_vector(photo_id: ColumnElement[str], space_id: str) -> ColumnElement[bool]:
    return exists().where(photo_embeddings.c.photo_id == photo_id, photo_embeddings.c.space_id == space_id)


def _missing_summaries(space: EmbeddingSpace) -> Select[tuple[object, str]]:
    """Summaries of the venues on the list that have no vector of their present text in the space."""
    written = union_all(
        *(
            select(
                venue_summaries.c.venue_id,
                literal(field).label("field"),
                # As `summary_embeddings` has it: SHA-256 of the UTF-8, in hexadecimal digits.
                func.encode(func.sha256(func.convert_to(venue_summaries.c[field], "UTF8")), "hex").label("sha256"),
            ).where(has_words(venue_summaries.c[field]))
            for field in _SUMMARY_FIELDS
        )
    ).subquery()
    embedded = exists().where(
        summary_embeddings.c.venue_id == written.c.venue_id,
        summary_embeddings.c.field == written.c.field,
        summary_embeddings.c.text_sha256 == written.c.sha256,
        summary_embeddings.c.space_id == space.space_id,
    )
    return (
        select(written.c.venue_id, written.c.field)
        .join(venues, venues.c.venue_id == written.c.venue_id)
        .where(venues.c.status != "retired", ~embedded)
    )
