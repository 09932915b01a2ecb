"""In which countries, and in which not: "in Italy or Spain", "not in the US", "UK only".

A country's name asks something only where the words beside it say so: guests fly in from countries, couples live in
them, and parties are like in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from lookbook.refine.asks import MAX_COUNTRIES, BudgetAsk, CountryAsk, Strength
from lookbook.refine.context import Context
from lookbook.refine.conversation import Option, Question
from lookbook.refine.countries import NamedCountry, countries_in
from lookbook.refine.locating import namesakes
from lookbook.refine.rules.cues import denial_of, polarity_of, strength_of
from lookbook.refine.rules.page import Page
from lookbook.refine.rules.places import IN_KM, place_ask, place_options
from lookbook.refine.wording import countries as in_words

_ARTICLE: Final = r"(?:(?:the|der|die|den|dem|ganz|all of|the whole of)\s+)?"
_PART: Final = (
    r"(?P<part>(?:(?:the|im)\s+)?(?:(?:north|south|east|west|mid|central|upper|lower)[\w-]*|sud\w*|nord\w*|ost\w*"
    r"|west\w*)(?:\s+(?:part\s+)?(?:of|von)(?:\s+the)?)?\s+)?"
)  # fmt: skip
_INSIDE: Final = re.compile(
    rf"(?<![\w-])(?:in|im|inside|within|across|all over|throughout|innerhalb(?: von)?)\s+{_ARTICLE}{_PART}$"
)
_OUTSIDE: Final = re.compile(rf"(?<![\w-])(?:outside(?: of)?|out of|ausserhalb(?: von)?)\s+{_ARTICLE}$")
_BARE: Final = re.compile(
    r"(?:^|[,;.:!?\n\x00(]|\b(?:and|or|nor|und|oder|but|aber|sondern|only|just|nur|ideally|preferably|idealerweise"
    r"|prefer|preferred|liebsten|lieber|maybe|perhaps|vielleicht|either|neither|entweder|weder|forget|not|no|no to"
    r"|nicht|kein|keine|except|ausser|avoid|exclud(?:e|ing)|definitely|unbedingt|be|country|countries|actually|now"
    r"|an?|our|my|weddings?|venues?|locations?|hochzeit"
    r"|show me|make it|never|(?:what|how|thinking|dreaming) (?:of|about)"
    rf"|want|need|instead of|rather than|statt|hate)\b:?)\s*{_ARTICLE}$"
)
_BARE_GOES_ON: Final = re.compile(
    r"\s*(?:(?:only|nur|please|bitte|if possible|preferred|preferably|ideally|instead|based|weddings?|venues?"
    r"|locations?)\b\s*){0,3}(?:$|[,;.:!?)\n\x00]|(?:and|or|nor|und|oder|noch|but|aber|for|with|fur|mit|would|is|isn't|are|not|ware"
    r"|has to|must|nicht)\b)"
)
_SEPARATOR: Final = re.compile(
    rf"\s*(?:,|/|&|,?\s*\b(?:and|or|nor|und|oder|noch)\b)\s*(?:in\s+)?{_ARTICLE}(?:maybe\s+)?"
)
_SAYS_MORE: Final = re.compile(r"\s+(?:would|is|are|isn't|aren't|if|only|preferred|ware|ist|nur)\b")
_OR_BEFORE: Final = re.compile(r"(?:\b(?:or|oder)|/)\s*$")
_OR_AFTER: Final = re.compile(r"\s*,?\s*(?:\b(?:or|oder)\b|/)")
_AT_HOME: Final = re.compile(
    r"\b(?:family|families|relatives|parents"
    r"|(?:live|lives|lived|living|work|works|working|grew up|born|met|engaged|wohnen|wohne|leben|lebe|arbeiten)"
    r"|(?:we|i|family|families|guests|friends|relatives|parents|people|folks|wir)"
    r"(?:'re|'m|\s+(?:is|are|am|live|lives|come|sind))(?:\s+(?:based|from|living|coming))?)"
    r"(?:\s+(?:both|all|mostly|currently|now|here|alle|beide))?\s*$"
)
_LIKE_THERE: Final = re.compile(r"(?<!would )(?<!'d )\b(?:like|as|wie)\s+(?:being\s+)?$")
_NOTHING_THERE: Final = re.compile(
    r"\b(?:no|nothing|none|no more|keine?|nichts)\s+(?:(?:venues?|places?|locations?|weddings?|orte?"
    r"|of (?:them|these)|to)\s+)?"
    rf"(?:that (?:is|are)\s+)?{_ARTICLE}$"
)
_ANYWHERE_BUT: Final = re.compile(
    rf"\b(?:any ?where|everywhere|any country|all countries|uberall)\s+(?:but|except(?: for)?|ausser)\s+(?:in\s+)?"
    rf"{_ARTICLE}$"
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Countries said together, and how: `start` is where the words begin that are read with them."""

    start: int
    end: int
    codes: tuple[str, ...]
    wanted: bool
    strength: Strength


_Meaning = Literal["wanted", "not wanted", "drop", "unclear"]


def named_countries(page: Page) -> tuple[tuple[NamedCountry, ...], ...]:
    """The countries of a turn, those of one list together."""
    lists: list[list[NamedCountry]] = []
    for one in countries_in(page.folded):
        between = page.text[lists[-1][-1].end : one.start] if lists else ""
        says_more = "," in between and _SAYS_MORE.match(page.text, one.end)
        if lists and _SEPARATOR.fullmatch(between) and not says_more:
            lists[-1].append(one)
        else:
            lists.append([one])
    return tuple(map(tuple, lists))


def read_countries(page: Page, named: Sequence[Sequence[NamedCountry]], context: Context) -> None:
    """Countries with a word before them that says where: in, outside, anywhere but."""
    _understand(page, list(_groups(page, named, context, is_bare=False)))


def read_bare_countries(page: Page, named: Sequence[Sequence[NamedCountry]], context: Context) -> None:
    """Countries that stand alone, when all else has been read: `UK only`, `Italy, 80 guests`."""
    _understand(page, list(_groups(page, named, context, is_bare=True)))
    if any(isinstance(one.ask, CountryAsk) for one in page.found) and "country" in page.dropped:
        page.dropped.remove("country")  # "forget Italy, show me Spain": another takes its place


def _groups(
    page: Page, named: Sequence[Sequence[NamedCountry]], context: Context, *, is_bare: bool
) -> Iterator[_Group]:
    for listed in named:
        name_start, end = listed[0].start, listed[-1].end
        before = page.text[:name_start]
        cue = _ANYWHERE_BUT.search(before) or _INSIDE.search(before) or _OUTSIDE.search(before)
        if is_bare == (cue is not None) or "\x00" in page.left[name_start:end]:
            continue
        if is_bare and not _stands_alone(page, listed):
            page.refuse(name_start, end)  # the US, too, which looks like filler
            continue
        start = cue.start() if cue else name_start
        part = cue["part"] if cue and cue.re is _INSIDE else None
        meaning = _meaning(page, start, end, cue)
        if _OR_BEFORE.search(page.text[:start]) or _OR_AFTER.match(page.text, end) or len(listed) > MAX_COUNTRIES:
            meaning = "unclear"  # it may as well be something else
        if part and meaning != "wanted":
            meaning = "unclear"  # not in the north of it, and the south may do
        if meaning == "drop" and context.standing.country:
            page.dropped.append("country")
            page.claim(start, end)
        elif meaning in ("drop", "unclear"):
            is_setting = cue is not None and "side" in cue.group()  # outside the UK, which is no open air
            page.refuse(start if is_setting else name_start, end)
        elif not _asked_back(page, start, listed, context, meaning):
            strength = strength_of(page, start, end)
            if meaning == "not wanted" and strength == "must":
                strength = "want"  # a site that does not say where it is has not said it is there
            codes = tuple(dict.fromkeys(one.code for one in listed))
            yield _Group(name_start if part else start, end, codes, meaning == "wanted", strength)


def _stands_alone(page: Page, listed: Sequence[NamedCountry]) -> bool:
    """Whether what remains unread around names of countries leaves no doubt that they are meant."""
    if any(one.is_ordinary for one in listed) or not _BARE_GOES_ON.match(page.left, listed[-1].end):
        return False
    start = listed[0].start
    if any(isinstance(one.ask, BudgetAsk) and one.end == len(page.text[:start].rstrip()) for one in page.found):
        return False  # £10k US
    return _BARE.search(page.left[:start]) is not None


def _meaning(page: Page, start: int, end: int, cue: re.Match[str] | None) -> _Meaning:
    before = page.text[page.clause(start)[0] : start]
    if cue and cue.re is _ANYWHERE_BUT:
        return "not wanted"
    if _AT_HOME.search(before) or _LIKE_THERE.search(before):
        return "unclear"
    polarity, by = polarity_of(page, start, end)
    if polarity == "wanted" and (nothing := _NOTHING_THERE.search(before)):
        polarity, by = "none", (page.clause(start)[0] + nothing.start(), start)
    if polarity == "drop":
        return "drop"
    is_outside = cue is not None and cue.re is _OUTSIDE
    is_denied = denial_of(page, start, end, [by]) is not None
    if polarity == "less" or is_denied or (polarity == "none" and is_outside) or (polarity == "more" and not cue):
        return "unclear"
    return "not wanted" if polarity == "none" or is_outside else "wanted"


def _asked_back(page: Page, start: int, listed: Sequence[NamedCountry], context: Context, meaning: _Meaning) -> bool:
    """Whether the one country that is wanted may be something else, and it is asked which is meant."""
    one = listed[0]
    if len(listed) > 1 or meaning != "wanted":
        return False
    strength = strength_of(page, start, one.end)
    options = country_options(page.text[one.start : one.end], one.code, strength, context)
    if not options:
        return False
    said = page.folded.said(start, one.end)
    page.questions.append(Question(id=f"0.q{len(page.questions)}", text="Which one?", options=options, said=said))
    page.claim(start, one.end)
    return True


def country_options(name: str, code: str, strength: Strength, context: Context) -> tuple[Option, ...]:
    """The country of a folded name, and towns and regions of that name that are not far away; empty without such."""
    places = namesakes(name, context.catalogue)[:7]
    if not places:
        return ()
    asks = [place_ask(place, IN_KM, "", strength, is_inside=True) for place in places]
    called = in_words((code,))
    country = Option(
        text=f"{called[:1].upper()}{called[1:]}, the country", ask=CountryAsk(codes=(code,), strength=strength)
    )
    return (country, *place_options(places, asks))


def _understand(page: Page, groups: Sequence[_Group]) -> None:
    """One ask of all that is said of countries, as far as that can be one.

    Where countries are wanted, others that are not need no word more. What cannot be asked besides is not understood.
    """
    if not groups:
        return
    had = [(one, one.ask) for one in page.found if isinstance(one.ask, CountryAsk)]
    for one, _ in had:
        page.take_back(one)
    groups = [*(_Group(one.start, one.end, ask.codes, ask.wanted, ask.strength) for one, ask in had), *groups]
    firm = [one for one in groups if one.wanted and one.strength != "prefer"]
    kept = (firm or [one for one in groups if not one.wanted] or groups)[0]
    codes: tuple[str, ...] = ()
    for group in groups:
        together = tuple(dict.fromkeys((*codes, *group.codes)))
        if (group.wanted, group.strength) == (kept.wanted, kept.strength) and len(together) <= MAX_COUNTRIES:
            codes = together
            page.claim(group.start, group.end)
        elif kept.wanted and not group.wanted and not set(kept.codes) & set(group.codes):
            page.claim(group.start, group.end)
        else:
            page.refuse(group.start, group.end)
    page.understood(kept.start, kept.end, CountryAsk(codes=codes, wanted=kept.wanted, strength=kept.strength))
