"""The sentences of the sites: a bank of templates per topic, filled with the aesthetics' own words.

Facts that the truth file vouches for are worded in `demo.sites.facts`. The numbers that occur here (years,
minutes, bedrooms) are the ordinary clutter of such pages and never a capacity or a price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demo.aesthetics import BY_SLUG
from demo.world.seeds import pick, sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from demo.world.model import Venue

# {name} {city} {region}: the place. {look}: "rustic barn". {word} {word2}: style words, {a_word} with its article.
# {phrase} {phrase2}: noun phrases, singular or plural, so never the subject of a verb in the present tense.
# {year} {minutes} {rooms} {sleeps}: clutter.
_BANK: Final[dict[str, tuple[str, ...]]] = {
    "welcome": (
        "There is a moment, just past the gate, when {city} goes quiet and you see it: {phrase}, "
        "{phrase2}, and your own people coming up the path.",
        "{name} is {a_word} place near {city}, known for {phrase}. We look after one wedding at a time, "
        "and we have never wanted to do it any other way.",
        "Some places ask you to dress them up. {name} does not: with {phrase} and {phrase2} the room is half "
        "finished before the first flower arrives.",
        "If you have been saving pictures of {phrase}, you have probably been saving pictures of us. "
        "{name} says {look} from the gate onwards, a little way outside the bustle of {city}.",
    ),
    "character": (
        "The mood is {word} and {word2}. In the afternoon it is all about {phrase}; once the candles are lit, "
        "nobody looks at anything but {phrase2}.",
        "Couples tell us they came for {phrase} and stayed for the feeling of the place, {word} without "
        "trying, {word2} where it counts.",
        "Think {phrase}. Think {phrase2}. Then think of the light in {region} at six in the evening.",
        "We have kept the {look} spirit, and {phrase} with it. Only the heating is new.",
        "Photographers love it here, mostly for {phrase}, and for the {word} corners that no one else finds.",
    ),
    "story": (
        "The house books go back to {year}. Since then the place has been a school, a store, a rumour and, "
        "for the last {years} summers, somewhere people get married.",
        "My grandmother bought {name} in {year} because of {phrase}. She was told it would never pay. "
        "She was right, and she never minded.",
        "We found it on a wet Tuesday in {year}: no roof to speak of, a family of swallows, and {phrase}. "
        "The swallows are still here.",
        "What you see today, {phrase} included, took {years} years and more patience than money.",
    ),
    "day": (
        "Arrive from ten, and take your time. The aisle usually runs towards {phrase}; drinks follow "
        "wherever the sun is, and dinner is served beside {phrase2}.",
        "We suggest a late ceremony. The {word} light does the decorating, and your guests move on to "
        "{phrase} without anyone having to ring a bell.",
        "You bring the people and the playlist. We bring chairs, linen and a calm coordinator; the place "
        "brings {phrase}.",
        "Rain plan? Of course. It involves {phrase2}, a great many candles, and it is nobody's second choice.",
    ),
    "spaces": (
        "The main space is the one you know from the pictures: {word}, generous, and built around {phrase}.",
        "Next to it is a smaller room we call the Long Table, with {phrase2} for company. It suits {a_word} "
        "rehearsal dinner.",
        "Every space connects to the next, so that the evening drifts from {phrase} to the dance floor by itself.",
        "There is a quiet room as well, for feeding babies, finding shoes and having a minute to yourselves.",
    ),
    "hire": (
        "One price, agreed early and written down. It covers the place with {phrase}, a day to set up and "
        "a morning to clear away.",
        "Winter and weekdays are kinder to the purse, and no less {word}. Tell us your date and we will say "
        "what is possible.",
        "Nothing is added later for chairs, candles or staying for {phrase2} at sunrise.",
    ),
    "stay": (
        "There are {rooms} bedrooms on the estate, sleeping {sleeps}, each named after something that grows here.",
        "Breakfast is long and late. The morning after is our favourite part: {phrase}, strong coffee, "
        "and everyone telling the same stories.",
        "Further beds are {minutes} minutes away in {city}, and we keep a list of the good ones.",
    ),
    "arrival": (
        "We are {minutes} minutes from {city} by car. Turn in by the white gate; after the bend you will see {phrase}.",
        "Trains stop in {city}, and taxis know the way. Ask for {name}.",
        "Viewings are by appointment, most evenings and every other Saturday. Bring whoever will have opinions anyway.",
    ),
    "journal": (
        "They met in a queue in {city} and married here two summers later. They wanted something {word}, and they "
        "wanted {phrase} in every photograph.",
        "The flowers were picked that morning. The table ran the whole length of the room, past {phrase2}, "
        "and the speeches ran a little longer.",
        "By nine the sky had gone the colour of apricots, and {phrase} did the rest.",
        "Their advice to anyone reading: choose {word2} over perfect, and put the band near the door.",
    ),
    "privacy": (
        "This site sets one cookie, to remember that you have read this. We do not sell, lend or leave your "
        "address lying about.",
        "Write to us and we will tell you what we hold, which is most likely one email and a date.",
    ),
    "availability": (
        "Saturdays go first. The calendar below is kept by hand and is right most of the time; ask about "
        "any day that looks free.",
    ),
    "gallery": (
        "All of these were taken at {name}, most of them by guests who could not help themselves.",
        "{look_title} from every side: {phrase}, {phrase2}, and some of the details people ask about.",
    ),
}

_TITLES: Final = (
    "Long tables and late sun", "A small wedding, done properly", "Two Saturdays in June", "The one with the rain",
    "An evening of candles", "Notes from a spring wedding",
)  # fmt: skip
_HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "welcome": ("Welcome", "Come in", "A place to begin"),
    "character": ("What it feels like", "The look of the place", "In a few words"),
    "story": ("Our story", "How we got here", "A short history"),
    "day": ("Your day", "How a day goes", "The wedding day"),
    "spaces": ("The spaces", "Rooms and corners", "Where it happens"),
    "hire": ("What it costs", "Hiring the place"),
    "stay": ("Stay the night", "Rooms for your guests"),
    "arrival": ("Finding us", "Getting here"),
    "journal": ("Real weddings", "From the journal"),
    "privacy": ("Privacy",),
    "availability": ("Availability", "Free dates"),
    "gallery": ("Gallery", "Photographs"),
}


def paragraphs(rng: np.random.Generator, venue: Venue, topic: str, count: int) -> tuple[str, ...]:
    """`count` different paragraphs on a topic (all there are when fewer), each in one of the venue's looks."""
    return tuple(
        _fill(rng, venue, template, number) for number, template in enumerate(sample(rng, _BANK[topic], count))
    )


def heading(rng: np.random.Generator, topic: str) -> str:
    """A heading for the topic."""
    return pick(rng, _HEADINGS[topic])


def journal_titles(rng: np.random.Generator, count: int) -> Sequence[str]:
    """Titles for `count` journal entries, all different."""
    return sample(rng, _TITLES, count)


def strapline(rng: np.random.Generator, venue: Venue) -> str:
    """One line under the name: the looks of the venue and where it is."""
    looks = " and ".join(pick(rng, BY_SLUG[slug].words) for slug, _ in venue.mixture)
    noun = pick(rng, ("weddings", "celebrations", "wedding parties"))
    return f"{looks[0].upper()}{looks[1:]} {noun} near {venue.city}, {venue.region}"


def short_name(venue: Venue) -> str:
    """The name without the town that tells two venues apart."""
    return venue.name.split(",")[0]


def _fill(rng: np.random.Generator, venue: Venue, template: str, number: int) -> str:
    look = BY_SLUG[venue.mixture[number % len(venue.mixture)][0]]
    phrase, phrase2 = sample(rng, look.phrases, 2)
    word, word2 = sample(rng, look.words, 2)
    rooms = int(rng.integers(5, 19))
    text = template.format(
        name=short_name(venue),
        city=venue.city,
        region=venue.region,
        look=look.name,
        look_title=look.name[0].upper() + look.name[1:],
        word=word,
        word2=word2,
        a_word=f"{'an' if word[0] in 'aeiou' else 'a'} {word}",
        phrase=phrase,
        phrase2=phrase2,
        year=int(rng.integers(1720, 1990)),
        years=int(rng.integers(5, 31)),
        minutes=5 * int(rng.integers(2, 10)),
        rooms=rooms,
        sleeps=2 * rooms,
    )
    # A phrase may open a sentence.
    return text[0].upper() + text[1:]
