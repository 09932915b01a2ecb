"""The conversation's page: what was said, what was understood, what is asked back, and the venues for what stands.

Every button is a form that posts one step and comes back, so it works without scripts; with them the page stays put.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from lookbook.reading.venues import venue_cards
from lookbook.refine import (
    Ask,
    BudgetAsk,
    Chip,
    Conversation,
    GuestsAsk,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    Strength,
    TasteAsk,
    WordsAsk,
)
from lookbook.refine.asks import MAX_AMOUNT, MAX_GUESTS, MAX_KM, MAX_WORDS
from lookbook.refine.preferences import FROM_PROFILE
from lookbook.refine.wording import readable
from lookbook.talk import Add, Answer, Change, Firm, Remove, Say, StartOver, Step, Talks, Undo
from lookbook.web import Asking, Book, go, own
from lookbook.wording import taste_names

EXAMPLES: Final = ("outdoors only", "under £15,000 for 120 guests", "more like the first one", "less castle")
"""What one might say, for who does not know where to begin."""

_FITTING: Final = {
    "least": f"Numbers of guests are whole numbers from 1 to {MAX_GUESTS:,}.",
    "range": "“At least” cannot be more guests than “at most”.",
    "amount": f"An amount of money is a number above 0, up to {MAX_AMOUNT:,.0f}.",
    "currency": "A currency is its code of three letters, such as GBP.",
    "km": f"A distance is a number of kilometres above 0, up to {MAX_KM:,.0f}.",
    "factor": "A taste counts from 0 to 10 times.",
    "words": f"Words are needed here, up to {MAX_WORDS} characters.",
}
"""What fits a field of a chip, said where something else was put there."""
_FITTING_ELSE: Final = "That does not fit here."
_DROPPED: Final = {"guests": "how many come", "budget": "the price", "place": "where it is", "country": "the country",
                   "setting": "the setting", "amenity": "amenities", "look": "looks"}  # fmt: skip

router = APIRouter(prefix="/refine", include_in_schema=False)


def _talks(request: Request) -> Talks:
    talks: Talks = request.app.state.talks
    return talks


Talking = Annotated[Talks, Depends(_talks)]
ChipId = Annotated[str, Form(max_length=20)]


@router.get("")
def conversation(
    request: Request, book: Book, visitor: Asking, talks: Talking, unfit: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """The conversation and the venues for what stands; `unfit` names a field in which something was put in vain."""
    with book.reading() as connection:
        me = own(connection, visitor)
    talk = talks.of(me)
    found = talks.search(me, talk)
    with book.reading() as connection:
        venues = venue_cards(connection, me, [row.venue_id for row in found.rows])
    rows = [row for row in found.rows if row.venue_id in venues]  # the rest went while we looked
    return book.page(
        request, "refine.html", me=me, talk=talk, found=found, rows=rows, venues=venues, examples=EXAMPLES,
        can_undo=talk != talks.beginning(me), by_text={chip.text: chip.id for chip in talk.chips()},
        taste_names=taste_names((taste.cluster_id, taste.label, taste.before) for taste in found.tastes),
        fields_of=fields_of, from_profile=FROM_PROFILE, dropped=_dropped(talk),
        news=f"Nothing was changed. {_FITTING.get(unfit, _FITTING_ELSE)}" if unfit else "",
    )  # fmt: skip


@router.post("/say")
def say(
    book: Book, visitor: Asking, talks: Talking, text: Annotated[str, Form(max_length=5000)] = "",
    shown: Annotated[str, Form(max_length=5000)] = "",
) -> Response:  # fmt: skip
    """Say something; nothing said changes nothing."""
    if not text.strip():
        return go("/refine")
    try:
        ids = tuple(uuid.UUID(one) for one in shown.split())
    except ValueError:
        ids = ()
    return _step(book, visitor, talks, Say(text=text.strip()[:500], shown=ids[:100]))


@router.post("/remove")
def remove(book: Book, visitor: Asking, talks: Talking, chip_id: ChipId) -> Response:
    """Take a chip away."""
    return _step(book, visitor, talks, Remove(chip_id=chip_id))


@router.post("/firm")
def firm(
    book: Book, visitor: Asking, talks: Talking, chip_id: ChipId, strength: Annotated[Strength, Form()]
) -> Response:
    """Ask for it more or less firmly."""
    return _step(book, visitor, talks, Firm(chip_id=chip_id, strength=strength))


async def _fields(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/change")
def change(book: Book, visitor: Asking, talks: Talking, form: Annotated[dict[str, str], Depends(_fields)]) -> Response:
    """Put other values on a chip: the form's fields are those of its ask. The page says so if one does not fit."""
    with book.reading() as connection:
        me = own(connection, visitor)
    chip = talks.of(me).chip(form.pop("chip_id", ""))
    if chip is not None:
        try:
            talks.take(me, Change(chip_id=chip.id, ask=_changed(chip, form)))
        except ValidationError as error:
            return go(f"/refine?unfit={_unfit(error)}")
    return go("/refine")


@router.post("/answer")
def answer(
    book: Book, visitor: Asking, talks: Talking, question_id: ChipId,
    option: Annotated[int | None, Form(ge=0, le=7)] = None,
) -> Response:  # fmt: skip
    """Answer a question, or put it aside."""
    return _step(book, visitor, talks, Answer(question_id=question_id, option=option))


@router.post("/like")
def like(
    book: Book, visitor: Asking, talks: Talking, venue_id: Annotated[uuid.UUID, Form()],
    name: Annotated[str, Form(max_length=160)] = "", more: Annotated[bool, Form()] = True,
) -> Response:  # fmt: skip
    """More, or less, like this venue."""
    return _step(book, visitor, talks, Add(ask=LikeAsk(venue_id=venue_id, name=name, more=more)))


@router.post("/taste")
def taste(
    book: Book, visitor: Asking, talks: Talking, cluster_id: Annotated[uuid.UUID, Form()],
    factor: Annotated[float, Form(ge=0, le=10)], label: Annotated[str, Form(max_length=160)] = "",
) -> Response:  # fmt: skip
    """More, or less, of one of one's own tastes."""
    return _step(book, visitor, talks, Add(ask=TasteAsk(cluster_id=cluster_id, label=label, factor=factor)))


@router.post("/undo")
def undo(book: Book, visitor: Asking, talks: Talking) -> Response:
    """Take the last step back."""
    return _step(book, visitor, talks, Undo())


@router.post("/over")
def start_over(book: Book, visitor: Asking, talks: Talking) -> Response:
    """Begin again."""
    return _step(book, visitor, talks, StartOver())


def fields_of(ask: Ask) -> list[tuple[str, str, str, str]]:
    """What of an ask can be typed anew: name of the field, its label, its kind of input, its value."""
    match ask:
        case GuestsAsk():
            return [("least", "At least", "number", str(ask.least)), ("most", "At most", "number", str(ask.most))]
        case BudgetAsk():
            return [("amount", "Up to", "number", f"{ask.amount:.0f}"), ("currency", "Currency", "text", ask.currency)]
        case PlaceAsk():
            return [("km", "Kilometres", "number", f"{ask.km:.0f}")]
        case TasteAsk():
            return [("factor", "Times", "number", f"{ask.factor:g}")]
        case LookAsk() | WordsAsk():
            return [("words", "Words", "text", ask.words)]
    return []


def _step(book: Book, visitor: Asking, talks: Talks, step: Step) -> Response:
    with book.reading() as connection:
        me = own(connection, visitor)
    talks.take(me, step)
    return go("/refine")


def _changed(chip: Chip, form: dict[str, str]) -> Ask:
    had = chip.ask.model_dump()
    if "currency" in form:
        form["currency"] = form["currency"].strip().upper()
    changed: Ask = type(chip.ask).model_validate({**had, **{name: form[name] for name in form if name in had}})
    if isinstance(changed, PlaceAsk) and isinstance(chip.ask, PlaceAsk) and changed.km != chip.ask.km:
        return changed.model_copy(update={"travel": ""})  # the hours that were said are no longer what is asked
    return changed


def _unfit(error: ValidationError) -> str:
    """The field that is wrong, as `_FITTING` has it."""
    where = error.errors()[0]["loc"]
    name = str(where[0]) if where else "range"  # only a range of guests is judged as a whole
    name = "least" if name == "most" else name
    return name if name in _FITTING else "value"


def _dropped(talk: Conversation) -> list[str]:
    """What the last turn said no longer counts, in words."""
    turns = talk.turns()
    slots = turns[-1].read.dropped if turns else ()
    return [_DROPPED[slot] if slot in _DROPPED else readable(slot.partition(":")[2] or slot) for slot in slots]
