"""The town in an address written on one line, where its postcode and the parts around it leave no doubt which it is."""

from __future__ import annotations

import re
from typing import Final

_POSTCODE_FIRST: Final = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} (?P<town>[^\d,]{2,40}?)(?: [A-Z]{2})?")
_STATE_CODE: Final = re.compile(
    r"(?:(?P<town>[^\d,]{2,40}) )?[A-Z]{2,3},? (?:\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
)
# A region before digits only: Illinois 60602, Porto 4050-743. Where the town stands there, its postcode comes first.
_REGION_DIGITS: Final = re.compile(r"[^\d,]{2,40} (?:\d{5}(?:-\d{4})?|\d{4}-\d{3}|\d{3} \d{2})")
_PROVINCE: Final = re.compile(
    r"(?:Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Nunavut|Ontario"
    r"|Northwest Territories|Prince Edward Island|Qu[eé]bec|Saskatchewan|Yukon) [A-Z]\d[A-Z] ?\d[A-Z]\d"
    r"|(?:Australian Capital Territory|New South Wales|Northern Territory|Queensland|South Australia|Tasmania|Victoria"
    r"|Western Australia) \d{4}"
)
_BRITISH: Final = re.compile(r"(?P<place>[^\d,]{2,40}) (?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] ?[A-Z\d]{4})")
# Counties that a British or Irish address may name after the post town.
_COUNTY: Final = re.compile(
    r"(?:County |Co\.? ).+|.+shire|(?:East |West )?Sussex|(?:(?:East |West )?L|Midl)othian"
    r"|Greater (?:London|Manchester)|(?:West |South |Mid )?Glamorgan|(?:Scottish )?Borders"
    r"|(?:Isle of )?(?:Wight|Anglesey|Skye)|Angus|Argyll(?: and Bute)?|Avon|Berks|Bucks|Cambs|Cleveland|Clwyd|Cornwall"
    r"|Cumbria|Devon|Dorset|Dumfries and Galloway|Durham"
    r"|Dyfed|Essex|Fife|Glos|Gwent|Gwynedd|Hants|Herts|Highlands?|Humberside|Kent|Lancs|Leics|Lincs|Merseyside"
    r"|Middlesex|Moray|Norfolk|Northants|Northumberland|Notts|Oxon|Powys|Rutland|Shrops|Somerset|Staffs|Suffolk|Surrey"
    r"|Tyne (?:and|&) Wear|(?:West )?Midlands|Wilts|Worcs|(?:North |South |East |West )?Yorks"
)
_STREET: Final = re.compile(
    r"\d|\b(?:road|rd|street|st|lane|ln|avenue|ave|drive|dr|way|close|court|crescent|square|terrace|highway|hwy|boulevard"
    r"|blvd|rue|route|chemin|all[ée]e|place|via|viale|strada|calle|carrer|camino|rua|estrada|weg|gasse|platz"
    r"|\w+stra(?:ss|ß)e)\.?$|^(?:rue|route|chemin|all[ée]e|via|viale|strada|calle|carrer|camino|rua|estrada)\b",
    re.IGNORECASE,
)
_MOST_PARTS: Final = 8


def town_in(address: str) -> str | None:
    """The town of an address on one line, or None where another part of it could be the town as well.

    "12 Mill Lane, Ludlow, Shropshire SY8 3SS" and "Lindenweg 4, 3012 Bern" say which part it is; "Mill House,
    Thornbury" does not.
    """
    parts = [part.strip() for part in address.split(",")][:_MOST_PARTS]
    for index, part in enumerate(parts):
        before = parts[index - 1] if index else ""
        if found := _STATE_CODE.fullmatch(part):
            return _town(found["town"] or before)
        if _PROVINCE.fullmatch(part) or (_REGION_DIGITS.fullmatch(part) and index > 1):
            return _town(before)
        if found := _BRITISH.fullmatch(part):
            return _town(before if _COUNTY.fullmatch(found["place"]) else found["place"])
    # Last, because "5501 Broadway" looks like a postcode and its town.
    first = next((found for part in parts if (found := _POSTCODE_FIRST.fullmatch(part))), None)
    return _town(first["town"]) if first else None


def _town(text: str) -> str | None:
    is_one = 2 <= len(text) <= 40 and text[0].isupper() and _STREET.search(text) is None
    return text if is_one else None
