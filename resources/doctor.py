"""The doctor: does everything the settings point at work, and if not, what would mend it.

Each check is a function from settings to findings. Checks of model servers and weights are in
`resources.model_checks`; printing belongs to the command line.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import httpx
from sqlalchemy import URL

from resources.database import DatabaseUrls, MissingDatabaseError, check_server, connect, database, parse_address
from resources.errors import SetupError
from resources.migrate import migration_state
from resources.photo_store import PhotoStore
from resources.pinterest.token_box import TokenBox
from resources.privileges import missing_privileges, missing_table_privileges
from resources.settings import Settings

_PROBE: Final = b"venue-taste doctor was here"
_HTTP_TIMEOUT_S: Final = 5.0


class Verdict(StrEnum):
    """How a finding bears on running: fine, worth knowing, or in the way."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw; `remedy` is what to do about it, empty where there is nothing to do."""

    subject: str
    verdict: Verdict
    detail: str
    remedy: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings, checks: tuple[tuple[str, Check], ...]) -> Iterator[Finding]:
    """Run the checks in order. One that fails becomes a finding and never stops the others."""
    for subject, check in checks:
        try:
            yield from check(settings)
        except SetupError as error:
            yield Finding(subject, Verdict.PROBLEM, error.problem, error.remedy)
        except Exception as error:  # noqa: BLE001 - see below
            # Whatever a library makes of a mistyped setting, the other checks still run.
            remedy = f"correct the settings of the {subject}, listed above with what they mean"
            yield Finding(subject, Verdict.PROBLEM, f"{type(error).__name__}: {error}", remedy)


def check_home(settings: Settings) -> Iterator[Finding]:
    """The home folder is there, made if need be, and can be written to."""
    home = settings.venue_taste_home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise SetupError(f"cannot write to {home}: {error}", "set VENUE_TASTE_HOME to a folder you own") from error
    yield Finding("home", Verdict.OK, str(home))


def check_databases(settings: Settings) -> Iterator[Finding]:
    """The server answers, has pgvector and is migrated, and Dagster's database is there; each lets us make tables."""
    # An address of Dagster's own is looked at by itself: what is wrong with one of the two must not hide the other.
    own = settings.dagster_database_url
    if own is None:
        yield from _on_one_server(settings)
    else:
        elsewhere = partial(_dagsters_own, own.get_secret_value())
        yield from examine(settings, (("database", _on_one_server), (_DAGSTER, elsewhere)))


_DAGSTER: Final = "Dagster's database"
_DAGSTER_SETTING: Final = "DAGSTER_DATABASE_URL"
MIGRATE: Final = "run `venue-taste db migrate` (`venue-taste dev` and `make demo` do it themselves)"


def _on_one_server(settings: Settings) -> Iterator[Finding]:
    """The tables' database, and Dagster's beside it unless that has an address of its own."""
    with database(settings.model_copy(update={"dagster_database_url": None})) as urls:
        checks: list[tuple[str, Check]] = [("database", partial(_tables, urls))]
        if settings.dagster_database_url is None:
            checks.append((_DAGSTER, partial(_dagster_database, urls.dagster, urls.dagster_setting)))
        yield from examine(settings, tuple(checks))


def _dagsters_own(address: str, settings: Settings) -> Iterator[Finding]:
    yield from _dagster_database(parse_address(address, _DAGSTER_SETTING), _DAGSTER_SETTING, settings)


def _tables(urls: DatabaseUrls, settings: Settings) -> Iterator[Finding]:
    embedded = settings.database_url is None
    try:
        engine = connect(urls.tables)
    except MissingDatabaseError:
        if not embedded:
            raise
        yield Finding("database", Verdict.NOTE, "embedded Postgres starts; no tables yet", MIGRATE)
        return
    try:
        server, vector = check_server(engine)
        kind = "embedded" if embedded else "DATABASE_URL"
        yield Finding("database", Verdict.OK, f"Postgres {server} ({kind}), pgvector {vector}")
        state = migration_state(engine)
        with engine.connect() as connection:
            missing = missing_privileges(connection) if state.current is None else missing_table_privileges(connection)
        _require(missing, "DATABASE_URL")
        if state.is_current:
            yield Finding("migrations", Verdict.OK, f"at the newest revision, {state.head}")
        else:
            detail = f"at revision {state.current or 'none'}, newest is {state.head}"
            yield Finding("migrations", Verdict.NOTE, detail, MIGRATE)
    finally:
        engine.dispose()


def _dagster_database(url: URL, setting: str, settings: Settings) -> Iterator[Finding]:
    try:
        engine = connect(url, setting)
    except MissingDatabaseError:
        if setting == "DATABASE_URL" and settings.database_url is None:
            yield Finding(_DAGSTER, Verdict.NOTE, f"{url.database!r} is not there yet", MIGRATE)
            return
        raise
    try:
        with engine.connect() as connection:
            _require(missing_table_privileges(connection), setting)
    finally:
        engine.dispose()
    yield Finding(_DAGSTER, Verdict.OK, f"{url.database!r} answers")


def _require(missing: list[str], setting: str) -> None:
    if missing:
        raise SetupError(
            f"the user of {setting} lacks the rights to make its tables",
            f"have an administrator run, in that database: {'; '.join(missing)}",
        )


def check_photo_store(settings: Settings) -> Iterator[Finding]:
    """A photo can be stored, read back and removed."""
    location = settings.photo_store
    try:
        store = PhotoStore(location)
        photo_id = store.put(_PROBE)
        store.get(photo_id)
        store.delete(photo_id)
    except SetupError:
        raise
    except Exception as error:  # each file system behind fsspec raises errors of its own
        raise SetupError(
            f"the photo store {location} cannot be used: {type(error).__name__}: {error}",
            "set VENUE_TASTE_HOME to a folder you own, or PHOTO_STORE_URL"
            if settings.photo_store_url is None
            else "correct PHOTO_STORE_URL, and the rights or credentials there",
        ) from error
    yield Finding("photo store", Verdict.OK, location)


def check_pinterest(settings: Settings) -> Iterator[Finding]:
    """Pinterest is either not configured, or its app credentials and the token key are good."""
    app_id, secret = settings.pinterest_app_id, settings.pinterest_app_secret
    if settings.token_key is not None:
        TokenBox.from_settings(settings)
    if app_id is None and secret is None:
        yield Finding("Pinterest", Verdict.NOTE, "not configured; boards can come from folders and from the demo")
        return
    if app_id is None or secret is None:
        missing = "PINTEREST_APP_ID" if app_id is None else "PINTEREST_APP_SECRET"
        raise SetupError(f"Pinterest is half configured: {missing} is unset", f"set {missing}")
    TokenBox.from_settings(settings)  # or people's tokens could not be stored
    yield _pinterest_credentials(settings.pinterest_api_url, app_id, secret.get_secret_value())


def check_alerts(settings: Settings) -> Iterator[Finding]:
    """Where failed runs are told of is an address that can be posted to. Nothing is posted: people would read it."""
    if settings.alert_webhook_url is None:
        return
    address = urlsplit(settings.alert_webhook_url.get_secret_value())
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise SetupError("ALERT_WEBHOOK_URL is no http or https address", "correct ALERT_WEBHOOK_URL, or unset it")
    yield Finding("alerts", Verdict.OK, f"failed runs are told to {address.hostname}")


def _pinterest_credentials(api_url: str, app_id: str, secret: str) -> Finding:
    # API v5, "OAuth token": the client_credentials grant proves the app's own id and secret and touches no person.
    form = {"grant_type": "client_credentials", "scope": "user_accounts:read"}
    try:
        answer = httpx.post(f"{api_url}/oauth/token", data=form, auth=(app_id, secret), timeout=_HTTP_TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SetupError(
            f"Pinterest does not answer at {api_url}: {error}", "check the network, or correct PINTEREST_API_URL"
        ) from error
    if answer.status_code != httpx.codes.OK:
        raise SetupError(
            f"Pinterest refuses the app's credentials (status {answer.status_code})",
            "correct PINTEREST_APP_ID and PINTEREST_APP_SECRET",
        )
    return Finding("Pinterest", Verdict.OK, f"app {app_id} is accepted by {api_url}")
