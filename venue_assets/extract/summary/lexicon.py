"""What marks a sentence as one about looks, about feeling, or about neither. Patterns on folded words only.

The words of styles come from `facts.vocabulary`; these lists add what is seen and felt at a wedding.
"""

from __future__ import annotations

import re
from typing import Final

LOOKS: Final = re.compile(
    r"\b(?:walls?|ceilings?|floors?|windows?|beams?|stone|brick|timber|wood(?:en)?|oak|marble|glass|iron|brass|velvet"
    r"|leather|linen|silk|chandeliers?|lanterns?|candle\w*|lights?|lit|lighting|light-filled|sunset|sunlight|golden"
    r"|white|green|black|colou?r\w*|palette|decor|interiors?|architectur\w+|facade|arch(?:es|way|ways)?|columns?"
    r"|towers?|fireplaces?|flowers?|roses?|lawns?|gardens?|trees?|views?|panorama\w*|vistas?|backdrop|skyline|terrace"
    r"|courtyard|grounds|landscape\w*|mountains?|sea|fountains?|armou?r|look(?:s|ed)?|style\w*|design\w*|detail\w*"
    r"|characterful|beautiful\w*|pattern\w*|art|pierres?|poutres?|lumiere|decoration|jardins?|vue|stein|licht|holz"
    r"|blick|garten)\b"
)
FEELING: Final = re.compile(
    r"\b(?:feel\w*|felt|atmosphere|ambian\w+|ambience|mood|spirit|soul|romantic|romance|intimate|warm\w*|relax\w*"
    r"|laid-back|easy-going|magic\w*|enchant\w*|unforgettable|memor\w+|dream\w*|joy\w*|calm\w*|peace\w*|quiet\w*"
    r"|serene|serenity|tranquil\w*|cosy|cozy|charm\w*|playful|energy|elegan\w+|luxur\w+|sanctuary|escape|retreat"
    r"|timeless\w*|heart\w*|adventur\w+|grand|grandeur|drama\w*|theatrical|linger|simply be|belong\w*|welcoming"
    r"|detente|cocooning|calme|bonheur|charme|convivial\w*|chaleureu\w+|gemutlich\w*|stimmung|herz\w*|traum\w*)\b"
)
COUPLE: Final = re.compile(
    r"\b(?:couples?|bride\w*|groom\w*|newlyweds?|love|loved|vows?|marry|married|marriage|i do|weddings?|your (?:day"
    r"|people"
    r"|story|celebration|guests|families|family|friends)|the two of you|together|celebrat\w+|party|dance|dancing"
    r"|maries|mariage|amour|invites|brautpaar\w*|hochzeit\w*|liebe)\b"
)
BOILERPLATE: Final = re.compile(
    r"\b(?:cookies?|click|ask about|call|calling|e-?mail\w*|contact|subscribe|newsletter|book (?:now|a|your|online"
    r"|early)|booking"
    r"|bookings|reservations?|enquir\w+|inquir\w+|reserved|privacy|policy|policies|download|view (?:our|the|more|all)"
    r"|see (?:full|our|the|live|dedicated)|read more|learn more|follow us|instagram|facebook|whatsapp|javascript"
    r"|browser"
    r"|password|log ?in|copyright|terms|vat|quote|schedule|check availability|get in touch|let us know"
    r"|tell us (?:your|about|what|when)|ask us"
    r"|write to us|message us|find out|reach out|discount|deposit|refund\w*|cancel\w*|airbnb|this page|this site"
    r"|our website|the website|menu|gift cards?|veterans|tour|photos? only|pictures don't|mentions legales"
    r"|contactez|reservez|cliquez|buchen|kontakt\w*|anfrage\w*)\b"
)
ASIDE: Final = re.compile(
    r"^(?:yes|no|it|its|it's|this|that|these|those|they|them|he|she|then|and|but|so|or|also|nothing|oui|non|ja"
    r"|nein)\b"
    r"|\b(?:memorial|funeral|grie\w+|corporate|compan(?:y|ies)|office|business\w*|conferences?|meetings?|trains?"
    r"|taxis?|by car|turn in|towels?|shower|bathroom|wifi|gym|gaming|billiards?|housekeeping|purse|weekdays?"
    r"|added later|cater\w*|kitchens?|alcohol"
    r"|each package|every package|packages?)\b"
)
"""Sentences that lean on the one before them, and those about other things than a celebration and its place."""

DENIAL: Final = re.compile(r"(?:n't|\bnot|\bno|\bnever|\bwithout)\b")
UNFIT: Final = re.compile(r"[<>{}\[\]|`@#→←©★\\]|&\w+;")
"""Marks that no sentence of a summary holds: markup, arrows of links."""
