"""Writing the pages of one site: prose, facts and photographs, each photograph on some page at least.

Every fact that goes into a page is noted as a `Statement` in the same breath, so page and truth agree.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from demo.sites import facts, prose
from demo.sites.files import copies, folder, other_picture, photo_files
from demo.sites.plan import Card, Fact, Figure, Page, PageKind, Place, Section, Statement
from demo.world.seeds import pick, stream
from demo.world.venues import AMENITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy as np

    from demo.world.model import Photo, Venue

_ROOM: Final[dict[PageKind, int]] = {
    "home": 3, "story": 1, "weddings": 2, "spaces": 3, "stay": 1, "pricing": 1, "journal": 2,
}  # fmt: skip
"""How many photographs a page shows besides the gallery's."""

_CARD_WIDTH: Final = 240


class PageSlot(NamedTuple):
    """A page that shall be: what it is, what links call it, where it lives, how it is reached."""

    kind: PageKind
    label: str
    path: str
    reached: Literal["menu", "footer", "text", "sitemap"]


class ContentWriter:
    """Writes one venue's pages; afterwards `statements`, `photo_files` and `card_images` say what is in them."""

    def __init__(
        self,
        rng: np.random.Generator,
        venue: Venue,
        slots: Sequence[PageSlot],
        others: Sequence[Venue],
        now: datetime,
    ) -> None:
        self._rng = rng
        self._venue = venue
        self._slots = slots
        self._now = now
        self._capacity = facts.word_capacity(rng, venue)
        self._price = facts.word_price(rng, venue)
        self._setting = facts.word_setting(rng, venue)
        self._cards = tuple(_card(venue, other) for other in others)
        self._figures = self._place_photos()
        self.statements: list[Statement] = []
        self.card_images = tuple(card.image for card in self._cards)
        shown = [figure for figures in self._figures.values() for figure in figures]
        self.photo_files = tuple({file.path: file for figure in shown for file in figure.files}.values())

    def pages(self) -> tuple[Page, ...]:
        """All pages, in the order of the slots."""
        return tuple(self._page(slot) for slot in self._slots)

    def _page(self, slot: PageSlot) -> Page:
        figures = self._figures[slot.path]
        hero = figures[0] if slot.kind == "home" else None
        sections = [section for section in self._sections(slot, figures[1:] if hero else figures) if section]
        name = prose.short_name(self._venue)
        return Page(
            path=slot.path,
            kind=slot.kind,
            label=slot.label,
            title=name if slot.kind == "home" else f"{slot.label} | {name}",
            summary=prose.strapline(self._rng, self._venue),
            reached=slot.reached,
            modified=(self._now - timedelta(days=float(self._rng.uniform(9, 500)))).replace(microsecond=0),
            hero=hero,
            sections=tuple(sections),
        )

    def _sections(self, slot: PageSlot, figures: tuple[Figure, ...]) -> list[Section | None]:
        shown = Section("figures", "", figures=figures) if figures else None
        similar = Section("similar", "Similar venues", cards=self._cards) if self._cards else None
        match slot.kind:
            case "home":
                opening = (*self._prose("welcome", 1), *self._capacity_sentence(slot), *self._city_sentence())
                return [
                    Section("prose", prose.heading(self._rng, "welcome"), opening),
                    shown,
                    self._topic("character", 2),
                    self._journal_links(),
                    similar,
                ]
            case "gallery":
                return [self._topic("gallery", 1), shown]
            case "details":
                return [*self._details(slot), similar]
            case "contact":
                return [self._topic("arrival", 2), self._contact(slot)]
            case "availability":
                return [self._topic("availability", 1), Section("calendar", "Calendar")]
            case "weddings" | "pricing":
                extra = (*self._capacity_sentence(slot), *self._price_sentence(slot))
                topic = "day" if slot.kind == "weddings" else "hire"
                text = (*self._prose(topic, 2), *extra)
                return [Section("prose", prose.heading(self._rng, topic), text), shown]
            case "faq":
                return [self._questions(slot)]
            case "journal":
                return [self._topic("journal", 3), shown, similar]
            case "story" | "spaces" | "stay" | "privacy" as topic_name:
                return [self._topic(topic_name, 3), shown]

    def _prose(self, topic: str, count: int) -> tuple[str, ...]:
        return prose.paragraphs(self._rng, self._venue, topic, count)

    def _topic(self, topic: str, count: int) -> Section:
        return Section("prose", prose.heading(self._rng, topic), self._prose(topic, count))

    def _state(self, fact: Fact, slot: PageSlot, wording: str, place: Place) -> str:
        self.statements.append(Statement(fact, slot.path, wording, place))
        return wording

    def _capacity_sentence(self, slot: PageSlot) -> tuple[str, ...]:
        if self._capacity is None:
            return ()
        return (f"{prose.short_name(self._venue)} {self._state('capacity', slot, self._capacity.phrase, 'prose')}.",)

    def _price_sentence(self, slot: PageSlot) -> tuple[str, ...]:
        if self._price is None:
            return ()
        return (f"{self._state('price', slot, _capitalised(self._price.phrase), 'prose')}.",)

    def _city_sentence(self) -> tuple[str, ...]:
        return (f"You will find us near {self._venue.city} in {self._venue.region}, {self._venue.country}.",)

    def _details(self, slot: PageSlot) -> list[Section]:
        rows: list[tuple[str, str]] = []
        named: tuple[tuple[Fact, facts.Wording | None], ...] = (
            ("capacity", self._capacity),
            ("price", self._price),
            ("setting", self._setting),
        )
        for fact, wording in named:
            for label, value in wording.rows if wording else ():
                rows.append((label, self._state(fact, slot, value, "table")))
        rows += [("Where", f"{self._venue.city}, {self._venue.region}"), ("Viewings", "by appointment")]
        setting = f"{self._state('setting', slot, _capitalised(self._setting.phrase), 'prose')}."
        sections = [
            Section("prose", prose.heading(self._rng, "day"), (*self._prose("day", 1), setting)),
            Section("facts", "At a glance", rows=tuple(rows)),
        ]
        if self._venue.amenities:
            words = [AMENITIES[slug] for slug in self._venue.amenities]
            stated = tuple(self._state("amenities", slot, word, "list") for word in words)
            sections.append(Section("list", "What is included", stated))
        return sections

    def _questions(self, slot: PageSlot) -> Section:
        rows = [("Can we bring our own band?", "Please do. The neighbours have forgiven louder ones.")]
        if self._capacity is not None:
            phrase = self._state("capacity", slot, self._capacity.phrase, "prose")
            rows.append(("How many people can we invite?", f"{prose.short_name(self._venue)} {phrase}."))
        if "parking" in self._venue.amenities:
            words = self._state("amenities", slot, AMENITIES["parking"], "prose")
            rows.append(("Where do our guests park?", f"There is {words}, ten steps from the door."))
        if self._price is not None:
            phrase = self._state("price", slot, _capitalised(self._price.phrase), "prose")
            rows.append(("What does it cost?", f"{phrase}. We send a full quote within two days."))
        return Section("questions", "Questions we are asked", rows=tuple(rows))

    def _contact(self, slot: PageSlot) -> Section:
        line = self._state("address", slot, facts.address_line(self._venue), "prose")
        if self._venue.family in ("wordpress", "cards"):
            self._state("position", slot, f"{self._venue.lat:.5f},{self._venue.lon:.5f}", "attribute")
        return Section("contact", "Write or visit", (line,))

    def _journal_links(self) -> Section | None:
        linked = [slot for slot in self._slots if slot.kind == "journal" and slot.reached == "text"]
        rows = tuple((slot.label, slot.path) for slot in linked)
        return Section("list", prose.heading(self._rng, "journal"), rows=rows) if rows else None

    def _place_photos(self) -> dict[str, tuple[Figure, ...]]:
        """Figures by page path. What no other page shows, the gallery does; it repeats most of the others."""
        rng, venue = self._rng, self._venue
        first, *rest = venue.photos
        waiting: list[Photo] = [rest[int(number)] for number in rng.permutation(len(rest))]
        figures: dict[str, list[Figure]] = {slot.path: [] for slot in self._slots}
        repeated: list[Photo] = []
        for slot in self._slots:
            room = _ROOM.get(slot.kind, 0)
            # The gallery keeps a few pictures that stand nowhere else.
            taken = [waiting.pop() for _ in range(min(room, max(0, len(waiting) - 2)))]
            if slot.kind == "home":
                taken.insert(0, first)
            figures[slot.path] += [self._figure(photo) for photo in taken]
            if slot.reached != "sitemap":
                repeated += [photo for photo in taken if rng.random() < 0.6]
        gallery = next(slot.path for slot in self._slots if slot.kind == "gallery")
        figures[gallery] += [self._figure(photo) for photo in (*waiting, *repeated)]
        copied, again = copies(rng, venue, first)
        caption = "From the press"
        figures[gallery] += [Figure(first.name, first.alt, caption, (file,)) for file in (copied, again)]
        return {path: tuple(found) for path, found in figures.items()}

    def _figure(self, photo: Photo) -> Figure:
        caption = photo.alt if photo.alt and not photo.alt.startswith("IMG_") else ""
        if self._rng.random() < 0.5:
            caption = ""
        return Figure(photo.name, photo.alt, caption, photo_files(self._venue, photo))


def _card(venue: Venue, other: Venue) -> Card:
    """A "similar venues" card; its words depend on the other venue alone."""
    rng = stream("card", other.seed, other.slug)
    capacity, price = facts.word_capacity(rng, other), facts.word_price(rng, other)
    parts = [f"{other.city}, {other.country}"]
    parts += [wording.rows[-1][1] for wording in (capacity, price) if wording is not None]
    path = f"{folder(venue.family)}similar/{other.slug}.jpg"
    image = other_picture("similar", path, pick(rng, other.photos[:3]).spec, _CARD_WIDTH)
    return Card(other.name, f"http://{other.host}/", " · ".join(parts), image)


def _capitalised(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]
