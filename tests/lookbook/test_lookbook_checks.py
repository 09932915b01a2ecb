"""The doctor's checks of the lookbook: well where it can be served, and with a remedy for each way it cannot."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import URL, create_engine, text

from lookbook.lookbook_checks import check_listening, check_roles
from resources.doctor import Verdict
from resources.privileges import APP_ROLE
from resources.schema import READER_ROLE
from tests.lookbook.conftest import TOKEN
from tests.resources.findings import Setting, assert_problem, only


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setenv("LOOKBOOK_PORT", "0")
    return monkeypatch.setenv


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of this machine that something else has, which answers nothing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_the_address_goes_with_the_token(setting: Setting) -> None:
    well = only(check_listening)
    assert (well.verdict, well.detail) == (Verdict.OK, "can listen on any free port, for this machine only")
    setting("LOOKBOOK_HOST", "0.0.0.0")  # noqa: S104
    assert_problem(check_listening, "would listen on 0.0.0.0, where others can reach it", "set LOOKBOOK_TOKEN")
    setting("LOOKBOOK_TOKEN", TOKEN)
    assert "whoever has a link or the token" in only(check_listening).detail
    setting("LOOKBOOK_HOST", "192.0.2.1")
    assert_problem(check_listening, "cannot listen on 192.0.2.1", "correct LOOKBOOK_HOST")


def test_a_port_that_another_program_has_is_a_problem(setting: Setting, taken: str) -> None:
    setting("LOOKBOOK_PORT", taken)
    assert_problem(check_listening, f"port {taken}", "choose another port with LOOKBOOK_PORT")


def test_a_port_that_a_lookbook_has_is_none(setting: Setting, address: str) -> None:
    setting("LOOKBOOK_PORT", str(urlsplit(address).port))
    served = only(check_listening)
    assert served.verdict is Verdict.OK
    assert "a lookbook is served" in served.detail


def test_its_roles_come_with_the_tables(setting: Setting, empty_url: URL, tables: URL) -> None:
    setting("DATABASE_URL", empty_url.set(database="none").render_as_string(hide_password=False))
    assert "venue-taste db migrate" in only(check_roles).remedy
    setting("DATABASE_URL", empty_url.render_as_string(hide_password=False))
    new = only(check_roles)
    assert new.verdict is Verdict.NOTE
    assert "venue-taste db migrate" in new.remedy
    setting("DATABASE_URL", tables.render_as_string(hide_password=False))
    well = only(check_roles)
    assert (well.verdict, well.detail) == (Verdict.OK, f"may read as {READER_ROLE} and rate as {APP_ROLE}")


def test_a_login_of_its_own_needs_the_roles(setting: Setting, tables: URL, login: str) -> None:
    setting("DATABASE_URL", tables.render_as_string(hide_password=False))
    setting("LOOKBOOK_DATABASE_URL", "mysql://x/y")
    assert_problem(check_roles, "LOOKBOOK_DATABASE_URL points to 'mysql'", "set LOOKBOOK_DATABASE_URL to postgresql://")
    setting("LOOKBOOK_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    assert_problem(check_roles, "no Postgres answers", "LOOKBOOK_DATABASE_URL")
    setting("LOOKBOOK_DATABASE_URL", tables.set(username=login).render_as_string(hide_password=False))
    assert_problem(check_roles, f"may not read as {READER_ROLE}", f'GRANT {READER_ROLE}, {APP_ROLE} TO "{login}"')
    engine = create_engine(tables)
    with engine.begin() as connection:
        connection.execute(text(f'GRANT {READER_ROLE}, {APP_ROLE} TO "{login}"'))
    engine.dispose()
    assert only(check_roles).verdict is Verdict.OK
