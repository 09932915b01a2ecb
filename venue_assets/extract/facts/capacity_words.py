"""The wordings around a number that make it one of guests, or of something else. Patterns on folded words only."""

from __future__ import annotations

import re
from typing import Final

_GUESTS: Final = (
    r"(?:guests?|people|persons?|pax|attendees|delegates|invites?|invitees|personnes|convives|couverts|gasten?|gaste"
    r"|personen|covers|diners|friends)"
)
_SEATED: Final = (
    r"(?:seated|seats?|sitting|sit-down|dinner|dining|dine|banquets?|assis\w{0,5}|places assises|sitzend|sitzplatze"
    r"|theat(?:re|er))"
)
_STANDING: Final = r"(?:standing|cocktails?|debout|stehend|stehplatze|drinks reception|reception-style|canapes?)"
_OF_GUESTS: Final = r"(?:(?:seated|standing|wedding|day|daytime|evening|dinner|adult|total|invited|happy) ){0,2}"

SEATED: Final = re.compile(rf"\b{_SEATED}\b")
STANDING: Final = re.compile(rf"\b{_STANDING}\b")

UNIT: Final = re.compile(
    rf"[+*]?\s*(?:of your )?(?:{_OF_GUESTS}{_GUESTS}|(?:for|in|as|en) (?:an? )?(?:{_SEATED}|{_STANDING})"
    r"|(?:(?:in|for|during) the )?evening(?: reception| party)?(?! ?:)|theat(?:re|er)(?: style)?|boardroom|cabaret"
    r"|reception|seated|seats|sitting|assis\w{0,5}|places assises|sitzend|sitzplatze|standing|debout|stehend|stehplatze"
    r"|cocktail reception|cocktail)(?!\w| (?:bars?|menus?|hours?|area|plan|courses?))"
)
"""After the number: "120 seated guests", "120+ seats", "450 for a cocktail"."""

OTHER_UNIT: Final = re.compile(
    r"[+*]?\s?-?(?:%|°|m2\b|sqm|sq\b|square|m\b|ft\b|feet|foot|acres?|ha\b|hectares?|min|hours?|hrs?|km|mi(?:les?)?\b"
    r"|years?|ans\b|days?|nights?|bed|double|en-?suite|rooms?|cars?\b|vehicles|spaces|chairs|tables?|suites|weeks?"
    r"|months?|am\b|pm\b|th\b|st\b|nd\b|rd\b|courses?|star|floors?|:\d|/7|reviews?|couples|weddings|events|dishes"
    r"|children|adults|steps|met(?:re|er)s|kilomet|volumes|trees)"
)
"""After the number: what it counts is not guests."""

_VERB: Final = (
    r"(?:seats?|seating(?: for)?|seated|capacity(?: of| is| runs| for)?|hosts?|hosting|holds?|holding"
    r"|accommodat(?:es?|ing)|welcom(?:es?|ing)|caters? for|catering for|room for|space for|fits?|entertain"
    r"|weddings (?:for|of)|receptions (?:for|of)|ceremonies (?:for|of)|standing|accueill\w{0,6}"
    r"|recoit|recevoir|capacite\w{0,2}|kapazitat|platz fur|fasst|bietet|guest count|maximum|max\.?|invite)"
)
_FILLER: Final = (
    r"(?:\s*(?:up to|to|a maximum of|maximum(?: of)?|max\.?|between|from|of|around|about|approximately|approx\.?|over"
    r"|a total of|comfortably|as many as|anything|is|are|runs|for|jusqu'a|entre|de|bis zu|maximal|bis|zwischen|von"
    r"|anywhere|nearly|roughly|ca\.?|or|:|=|-|\()){0,5}\s*"
)

STRONG: Final = re.compile(
    rf"\b{_VERB}{_FILLER}$|\bcapacity\b[^.;:\d]{{0,40}}\b(?:is|are|of|at|up to){_FILLER}$|\btakes{_FILLER}$"
)
"""Before the number: these verbs and nouns are about what a place holds."""

WEAK: Final = re.compile(
    r"\b(?:up to|max\.?|maximum(?: of)?|between|for|of|from|over|with|to|jusqu'a|bis zu|maximal|entre|zwischen|fur|pour"
    r"|is|minimum(?: of)?|min\.?|at least|mindestens|au moins)\s*$"
)
"""Before the number: enough where a unit of guests follows."""

LEAST: Final = re.compile(r"\b(?:minimum(?: of)?|min\.?|at least|mindestens|au moins)\s*:?\s*$")
BETWEEN: Final = re.compile(r"\b(?:between|entre|zwischen)\s*$")
TO: Final = re.compile(r"\s*(?:-|to|bis|a)\s*")
AND: Final = re.compile(r"\s*(?:and|et|und)\s*")

LABEL: Final = re.compile(
    rf"\b(?:capacity|guests?|maximum|max|seats|pax|{_SEATED}|{_STANDING}|ceremon(?:y|ies)|reception|kapazitat|capacite"
    r"|gaste|personen|personnes|invites|how many|how large|combien|wie viele|guest numbers)\b"
)
LABEL_VALUE: Final = re.compile(_FILLER)
QUESTION: Final = re.compile(r"\b(?:how many|capacity|combien|wie viele)\b")

NOT_GUESTS: Final = re.compile(
    r"\b(?:sleep|sleeps|sleeping|bed|beds|bedrooms?|king-size|overnight|parking|parked|cars?|car park|aged|reviews?"
    r"|staff of|team of|couchages?|lits|chambres?|schlafplatze|betten|vehicles?|limousine|minibus|shuttle|airbnb"
    r"|check-in|adults|gites?|etape|apartments?)\b"
)
"""Anywhere in the statement or its heading: the numbers are of beds, cars or visitors."""

SUPPOSED: Final = re.compile(r"(?:if|whether|imagine|suppose|most|wenn|si)\b")
"""At the start of a statement: it is about no venue, or about any."""

NOT_WHOLE: Final = re.compile(
    r"\b(?:(?:groups?|tables?|part(?:y|ies)|teams?|staff|celebration|table)(?: of| for)?|ages?|aged|under|past|last"
    r"|first"
    r"|next|every|each|per|additional|extra|another|table that seats|tables? seat(?:s|ing)?|more than|serv(?:ing|ed)"
    r"|since|in|over the|with the|the|no|nr|n°|coach seats"
    r"|an? (?:\w+ )?(?:wedding|party|ceremony|celebration)(?: for| of| with)?) ?$"
)
"""Just before the number: it is about some of the guests."""

PAST: Final = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|summer|winter|spring"
    r"|autumn) (?:19|20)\d\d\b"
    r"|\b(?:our|the|house|venue|current|all-time)(?:'s)? (?!track )(?:\w+ )?record\b(?! player)"
    r"|\b(?:biggest|largest|grandest) (?:\w+ )?(?:wedding|party|celebration|event|reception)s?"
    r" (?:so far|to date|yet|was)\b"
)
"""A celebration that was, not what the place holds."""

HAS_BEEN: Final = re.compile(
    r"\b(?:we|it|they|which|who|and|barn|hall|house|castle|venue)(?: also| once| even| recently)?"
    r" (?:hosted|welcomed|held|entertained|accommodated|catered for|celebrated|served|had)\b[^.;]{0,40}$"
    r"|\b(?:was|were|had) (?:only |just |about |around |over |nearly |for |of )*$"
    r"|\b(?:used to|(?:once|formerly|originally|previously) (?:held|seated|hosted|housed))\b[^.;,]{0,30}$"
)
"""Before the number: what was, once or before. "We have hosted up to 200" says what the place can do."""

DENIED: Final = re.compile(
    r"(?:\b(?:cannot|unable to|not|never|no longer|kein\w{0,2}|nicht|ne|n')\b|n't\b)(?! (?:only|just|wait|forget)\b)"
    r"[^.,;:()]{0,40}$"
)
"""Before the number: "we cannot seat 300"."""

AT_MOST: Final = re.compile(r"(?:\b(?:no|not|cannot|never)\b|n't\b)[^.,;:()]{0,40}\b(?:more than|exceed)\s*$")
"""Before the number: a denial that states a greatest number, "no more than 120 guests"."""

DENIED_AFTER: Final = re.compile(
    r"[^.,;:()]{0,20}\b(?:cannot|can't|can not|won't|will not|do not|don't) (?:\w+ )?(?:be|fit|sit)\b"
)
"""After the number: "300 guests cannot be seated"."""

EVENING: Final = re.compile(r"\bevening(?: guests?| reception| party)?\s*[:(-]?\s*$")
"""Before a number that follows another: "seated: 120, evening: 200"."""

ROOM: Final = re.compile(
    r"\b(?:(?<!has )(?<!have )(?<!is )(?<!of )(?<!enough )rooms?|halls?|ballrooms?|suite|library|orangery|marquee"
    r"|terrace|gardens?|lawn|gallery|lounge|cellar"
    r"|piano bar|chapel|courtyard|pavilion|salle|\w{0,9}saal|garten|raum|boardroom|conservatory|deck|foyer|studio"
    r"|space)\b"
)
WHOLE: Final = re.compile(r"\b(?:in total|altogether|combined|venue|estate|entire|whole|across|insgesamt|au total)\b")
ARRANGEMENT: Final = re.compile(
    r"\b(?:ceremon(?:y|ies)|evening|day|daytime|breakfast|dinner|reception|banquet|theatre|boardroom|cabaret|classroom"
    r"|conference|buffet|abend|soiree)\b"
)
