"""From a page's bytes to its text: which encoding, and how to read it. No markup beyond the `meta` declaration."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BYTE_ORDER_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
                            (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip

# The encodings pages are written in, and what browsers read for the older names (encoding.spec.whatwg.org). A closed
# list, because Python also knows codecs that are no character sets ("zip") or are slow on hostile input ("punycode").
_BROWSER_NAMES: Final = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "utf8": "utf-8", "utf-8": "utf-8",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-16": "utf-16-le", "iso-8859-9": "cp1254",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman", "windows-874": "cp874",
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}  # fmt: skip

_META_CHARSET: Final = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN: Final = 4096


def decode(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of a page and the Python name of the encoding it was read with; never raises.

    A byte order mark wins. Then bytes that are valid UTF-8 are UTF-8 whatever is declared: text of another encoding
    is so by accident practically never, and a server's default charset is often wrong. Then the first of the
    server's, the page's and the XML declaration's encoding that fits; else Windows-1252 with replacements.

    Args:
        body: the page.
        declared: the charset of the Content-Type header.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding
    names = [declared or "", *(_named(pattern, body) for pattern in (_META_CHARSET, _XML_ENCODING))]
    encodings = [_BROWSER_NAMES[name] for name in (name.strip().lower() for name in names) if name in _BROWSER_NAMES]
    is_two_byte = body.count(0) * 4 > len(body)
    for encoding in ("utf-8", *encodings):
        # UTF-16 that its bytes do not look like is a mistaken declaration; zeros are no UTF-8 text.
        if is_two_byte != encoding.startswith("utf-16"):
            continue
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    if is_two_byte:
        encoding = "utf-16-le" if body[1:400:2].count(0) >= body[:400:2].count(0) else "utf-16-be"
        return body.decode(encoding, "replace"), encoding
    fallback = next((name for name in encodings if not name.startswith("utf")), "cp1252")
    return body.decode(fallback, "replace"), fallback


def _named(pattern: re.Pattern[bytes], body: bytes) -> str:
    found = pattern.search(body[:_DECLARED_WITHIN])
    return found[1].decode("ascii", "ignore") if found else ""
