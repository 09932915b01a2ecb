"""Signed values: who somebody is, for what, for how long, and nothing that was made elsewhere."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookbook.access import Access, Purpose

TOKEN = "a secret of the operator, long enough"
ANN = uuid.uuid5(uuid.NAMESPACE_URL, "ann")


def test_what_was_signed_is_believed_for_its_purpose_and_its_time() -> None:
    access = Access(TOKEN)
    signed = access.sign(Purpose.SESSION, ANN, 60)
    assert access.verify(Purpose.SESSION, signed) == ANN
    assert Access(TOKEN).verify(Purpose.SESSION, signed) == ANN, "another process with the same token"
    assert access.verify(Purpose.LINK, signed) is None
    assert access.verify(Purpose.SESSION, access.sign(Purpose.SESSION, ANN, -2)) is None
    assert Access(TOKEN + "!").verify(Purpose.SESSION, signed) is None


@given(st.text() | st.binary(max_size=90).map(lambda raw: __import__("base64").urlsafe_b64encode(raw).decode()))
def test_nothing_else_is_believed(made_up: str) -> None:
    assert Access(TOKEN).verify(Purpose.SESSION, made_up) is None


@given(st.integers(0, 55), st.integers(1, 255))
def test_no_changed_byte_is_believed(place: int, change: int) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    access = Access(TOKEN)
    raw = bytearray(urlsafe_b64decode(access.sign(Purpose.SESSION, ANN, 60)))
    raw[place] ^= change
    assert access.verify(Purpose.SESSION, urlsafe_b64encode(bytes(raw)).decode()) is None


@pytest.mark.parametrize("header", [None, "", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN])
def test_only_the_operators_token_sees_everybody(header: str | None) -> None:
    assert Access(TOKEN).visitor(None, f"Bearer {TOKEN}").sees_everybody
    assert not Access(TOKEN).visitor(None, header).sees_everybody


def test_a_session_sees_its_own_person_and_an_open_lookbook_everybody() -> None:
    guarded, bob = Access(TOKEN), uuid.uuid4()
    mine = guarded.visitor(guarded.sign(Purpose.SESSION, ANN, 60), None)
    assert mine.may_see(ANN)
    assert not mine.may_see(bob)
    open_one = Access(None)
    assert open_one.visitor(None, None).may_see(bob)
    assert Access(None).verify(Purpose.SESSION, open_one.sign(Purpose.SESSION, ANN, 60)) is None, (
        "ends with the process"
    )
