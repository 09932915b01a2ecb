"""The made-up world's people become ours: accounts connected, words, wishes and ratings stated as an app would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import Connection, Engine, select

from demo.world.model import Person, World
from resources.identity import canonical_site_url, venue_id
from resources.pinterest.oauth import PinterestApp
from resources.schema import pinterest_accounts, users, venue_photos
from resources.settings import Settings
from taste_assets.connecting import connect_with_code
from taste_assets.people import add_user, change_user, change_wishes
from taste_assets.ratings import Subject, rate

_REDIRECT: Final = "http://127.0.0.1/"


def connect_people(engine: Engine, settings: Settings, world: World, truth: Mapping[str, Any]) -> int:
    """Bring the world's people into the database; how many of them are new. Doing it again writes nothing.

    Args:
        engine: the tables, with the world's venues crawled (ratings are of their photographs).
        settings: those of the served demo.
        world: whose people.
        truth: `venues` of the world's truth.json, by slug.
    """
    app = PinterestApp.from_settings(settings)
    with engine.connect() as connection:
        have = select(users.c.handle).join(pinterest_accounts, pinterest_accounts.c.user_id == users.c.user_id)
        connected = set(connection.scalars(have))
    new = [person for person in world.people if person.username not in connected]
    for person in new:
        # As if they had clicked: the demo's consent page agrees by itself for the username it is told.
        address = f"{app.consent_address(_REDIRECT, 'demo')}&username={person.username}"
        location = httpx.get(address, timeout=30).headers["location"]
        code = parse_qs(urlsplit(location).query)["code"][0]
        connect_with_code(engine, settings, person.username, code, _REDIRECT)
    for person in world.people:
        with engine.begin() as connection:
            _state(connection, person, truth)
    return len(new)


def _state(connection: Connection, person: Person, truth: Mapping[str, Any]) -> None:
    user_id, _ = add_user(connection, person.username)
    change_user(connection, user_id, preference_text=person.words, shares_taste=True)
    change_wishes(connection, user_id, asdict(person.preferences))
    for rating in person.ratings:
        subject = _subject(connection, truth[rating.venue_slug], rating.photo_name)
        if subject is not None:
            rate(connection, user_id, subject, rating.rating, rating.rated_at)


def _subject(connection: Connection, venue: Mapping[str, Any], photo_name: str | None) -> Subject | None:
    """The rated venue, or its photograph; None where the crawl did not keep it (the site may list it twice)."""
    rated = venue_id(canonical_site_url(venue["site_url"]))
    if photo_name is None:
        return Subject(venue_id=rated)
    urls = [file["url"] for photo in venue["photos"] if photo["name"] == photo_name for file in photo["urls"]]
    shown = select(venue_photos.c.photo_id).where(venue_photos.c.venue_id == rated, venue_photos.c.source_url.in_(urls))
    photo_id = connection.scalar(shown)
    return None if photo_id is None else Subject(photo_id=photo_id)
