"""People in the database: adding, their stated wishes, what is known of them, forgetting them. SQL and files only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection, Engine, RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from resources import identity
from resources.errors import SetupError
from resources.photo_store import PhotoStore
from resources.schema import boards, pins, pinterest_accounts, ratings, users
from taste_assets.amenities import require_known
from taste_assets.model.wishes import Wish, Wishes
from taste_assets.pin_photos import drop_unreferenced_photos, hold_pin_photos
from taste_assets.report_pages import remove_page

WISHES: Final[tuple[str, ...]] = get_args(Wish)
"""The wishes that `must` may name."""


class StatedWishes(BaseModel):
    """What a person asks for, as `users.preferences` holds it: the fields of `model.wishes.Wishes`, and a town."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guests: Annotated[int, Field(gt=0, le=100_000)] | None = None
    budget_max: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    near: str | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    max_distance_km: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    setting: Literal["indoor", "outdoor", "both"] | None = None
    amenities: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = ()
    must: tuple[Wish, ...] = ()

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.budget_max is None) != (self.currency is None):
            raise ValueError("a budget needs a currency, and a currency a budget")
        if (self.lat is None) != (self.lon is None) or (self.lat is None) != (self.max_distance_km is None):
            raise ValueError("a distance needs a place (latitude and longitude), and a place a distance")
        return self

    def wishes(self) -> Wishes:
        """The same for the ranking."""
        plain = self.model_dump(exclude={"near", "amenities", "must"})
        return Wishes(**plain, amenities=frozenset(self.amenities), must=frozenset(self.must))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was known of somebody, and is no more."""

    boards: int
    pins: int
    ratings: int
    photos: int


def add_user(connection: Connection, handle: str) -> tuple[uuid.UUID, bool]:
    """The id of a person, and whether they are new.

    Raises:
        SetupError: the handle is blank.
    """
    name = handle.strip()
    try:
        user_id = identity.user_id(name)
    except ValueError as error:
        raise SetupError(str(error), "give the name your app knows the person by") from error
    row = {"user_id": user_id, "handle": name, "bucket": identity.user_bucket(user_id)}
    added = connection.scalar(insert(users).values(row).on_conflict_do_nothing().returning(users.c.user_id))
    return user_id, added is not None


def find_user(connection: Connection, handle: str) -> uuid.UUID:
    """The id of a person.

    Raises:
        SetupError: there is nobody of that handle.
    """
    user_id: uuid.UUID | None = connection.scalar(select(users.c.user_id).where(users.c.handle == handle.strip()))
    if user_id is None:
        raise SetupError(f"there is nobody called {handle!r}", f"venue-taste users add {handle!r}")
    return user_id


def stated_wishes(preferences: Mapping[str, Any]) -> StatedWishes:
    """What `users.preferences` holds. Raises pydantic's ValidationError for what no wish is."""
    return StatedWishes.model_validate(preferences)


def change_wishes(connection: Connection, user_id: uuid.UUID, changes: Mapping[str, Any]) -> StatedWishes:
    """Replace the wishes that `changes` names, None taking one back; the others stay. The wishes as they now are.

    Raises:
        pydantic.ValidationError: they do not fit together; nothing is written.
        SetupError: an amenity among the changes is no word that venues are read with; nothing is written.
    """
    # Locked: two changes at once must not undo each other.
    have = connection.scalar(select(users.c.preferences).where(users.c.user_id == user_id).with_for_update()) or {}
    merged = {name: value for name, value in {**have, **changes}.items() if value is not None}
    wishes = stated_wishes(merged)
    if "amenities" in changes:  # others stay: the one venue that stated such a word may be gone since
        require_known(connection, wishes.amenities)
    stored = wishes.model_dump(mode="json", exclude_defaults=True)
    if stored != have:
        connection.execute(update(users).where(users.c.user_id == user_id).values(preferences=stored))
    return wishes


def change_user(connection: Connection, user_id: uuid.UUID, **values: Any) -> bool:
    """Set columns of a person (`preference_text`, `rating_tau`, `shares_taste`); whether that changed anything."""
    differs = [users.c[name].is_distinct_from(value) for name, value in values.items()]
    changed = False
    for name, differing in zip(values, differs, strict=True):
        statement = update(users).where(users.c.user_id == user_id, differing).values({name: values[name]})
        changed |= connection.execute(statement).rowcount > 0
    return changed


def list_people(connection: Connection, user_id: uuid.UUID | None = None) -> Sequence[RowMapping]:
    """Everybody, or one person: the columns of `users`, counts of boards, pins, photos and ratings, and the account."""
    counts = [
        select(func.count()).where(boards.c.user_id == users.c.user_id).scalar_subquery().label("boards"),
        select(func.count()).where(pins.c.user_id == users.c.user_id).scalar_subquery().label("pins"),
        select(func.count(pins.c.photo_id)).where(pins.c.user_id == users.c.user_id).scalar_subquery().label("photos"),
        select(func.count()).where(ratings.c.user_id == users.c.user_id).scalar_subquery().label("ratings"),
    ]
    account = [pinterest_accounts.c[name] for name in ("account_id", "polled_at", "poll_due_at", "last_error")]
    query = select(users, *counts, *account).outerjoin(pinterest_accounts).order_by(users.c.handle)
    if user_id is not None:
        query = query.where(users.c.user_id == user_id)
    return connection.execute(query).mappings().all()


def forget(engine: Engine, store: PhotoStore, pages: Path, handle: str) -> Forgotten:
    """Remove every trace of a person: all their rows, the photos that are nobody else's, and their page.

    Files go before the transaction commits: after a crash in between the person is still there to be forgotten again.

    Args:
        engine: on the tables' database.
        store: of the photos.
        pages: where `taste_reports` writes (`report_pages.report_folder`).
        handle: whose.

    Raises:
        SetupError: there is nobody of that handle.
    """
    with engine.begin() as connection:
        user_id = find_user(connection, handle)
        connection.execute(select(users.c.user_id).where(users.c.user_id == user_id).with_for_update())
        hold_pin_photos(connection)
        (known,) = list_people(connection, user_id)
        mine = [
            photo_id
            for table in (pins, ratings)
            for photo_id in connection.scalars(select(table.c.photo_id).where(table.c.user_id == user_id))
            if photo_id is not None
        ]
        connection.execute(delete(users).where(users.c.user_id == user_id))
        dropped = drop_unreferenced_photos(connection, store, mine)
        remove_page(pages, user_id)
    return Forgotten(known["boards"], known["pins"], known["ratings"], dropped)
