"""Where a venue is, as lines of its pages write it: with a British, American, French, German or similar postcode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from venue_assets.extract.reading import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from venue_assets.extract.facts.statements import Statement

_POSTCODE: Final = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # GL13 9AA
    r"|[A-Z]\d[\dW] ?[A-Z\d]{4}"  # F28 X6A7, Ireland
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d"  # H2X 1Y4, Canada
    r"|[A-Z]{2,3},? \d{4,5}(?:-\d{4})?"  # TX 79424, QLD 4230
    r"|(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_a-z][\w'\u2019-]+(?: [^\W\d_a-z][\w'\u2019-]+){0,3}"  # 41360 Lunay, CH-3012 Bern
    r"|[^\W\d_a-z][\w'\u2019.-]+ (?:\d{3} \d{2}|\d{4,5}(?:-\d{3})?))"  # Tuscany 50022, Crete 731 00, Alentejo 7000-171
)
_COUNTRY: Final = r"(?:, [^\W\d_a-z][\w .'\u2019-]{1,30})?"
_LABEL: Final = re.compile(
    r"^(?:address|find us(?: at)?|visit us(?: at)?|where|location|venue address|adresse|anschrift|standort)\b ?:? ?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(rf"(?:[^\W_][\w'\u2019.&/-]*,? ){{0,16}}?{_POSTCODE}{_COUNTRY}\.?")
_TOWN_ONLY: Final = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_a-z][\w'\u2019-]+(?: [^\W\d_a-z][\w'\u2019-]+){0,3}")
_MAX_ADDRESS: Final = 160


def written_addresses(statements: Iterable[Statement]) -> list[Quoted[str]]:
    """The lines that are an address with a postcode, those with a street first, else in page order."""
    streets, towns = [], []
    for statement in statements:
        line = " ".join(statement.quote.split())
        if len(line) > _MAX_ADDRESS:
            continue
        value = _LABEL.sub("", line)
        if _TOWN_ONLY.fullmatch(value):
            towns.append(Quoted(value=value, quote=statement.quote, page_url=statement.page_url))
        elif "," in value and _ADDRESS.fullmatch(value):
            streets.append(Quoted(value=value.rstrip("."), quote=statement.quote, page_url=statement.page_url))
    return streets + towns
