"""What tags, roles, classes, ids and inline styles say about an element. Predicates on one element, no decisions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TOKEN: Final = re.compile(r"[a-z]+|\d+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ZERO: Final = r"0+(?:\.0+)?(?:px|em|rem|pt|%)?"
_HIDING: Final = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)"
    rf"|opacity:{_ZERO}(?=;|$|!)|font-size:{_ZERO}(?=;|$|!)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top|margin-right):-\d{3,}(?:px|em|rem|vw|vh|%)"
    r"|clip:rect\((?:[01](?:px)?,?){4}\)|clip-path:inset\((?:50|100)%|transform:scale\(0[,)])",
)
_SIDE: Final = re.compile(r"(?:^|;)(?:max-)?(width|height):(?:0|1)(?:\.0+)?(?:px|em|rem|pt|%)?(?=;|$|!)")
_COLOUR: Final = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND: Final = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_WHITES: Final = {"white": "#ffffff", "#fff": "#ffffff", "rgb(255,255,255)": "#ffffff", "black": "#000000",
                  "#000": "#000000", "rgb(0,0,0)": "#000000"}  # fmt: skip
_HIDDEN_CLASSES: Final = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text)?|a11y-hidden|element-invisible|offscreen|u-hidden"
    r"|skip-(?:link|to-content|nav)|skiplink|d-none|is-hidden)(?:\s|$)",
    re.IGNORECASE,
)


def tokens(element: HtmlElement, *attributes: str) -> set[str]:
    """The lower-case words of the attributes (by default `class` and `id`): `siteHeader nav__item` has four."""
    values = (element.get(name) or "" for name in attributes or ("class", "id"))
    return {token for value in values for token in _TOKEN.findall(_CAMEL.sub(" ", value[:500]).lower())}


def compact_style(element: HtmlElement) -> str:
    """The `style` attribute without blanks, in lower case."""
    return "".join((element.get("style") or "").lower().split())


def is_hidden(element: HtmlElement) -> bool:
    """Whether a visitor cannot see the element, by its own attributes and inline style.

    Style sheets are not applied: tabs, accordions and animations hide true content there until a script shows it.
    """
    if element.get("hidden", "until-found") != "until-found" or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_CLASSES.search(element.get("class") or ""):
        return True
    style = compact_style(element)
    return bool(style) and (
        _HIDING.search(style) is not None or set(_SIDE.findall(style)) == {"width", "height"} or _is_camouflaged(style)
    )


def has_role(element: HtmlElement, *roles: str) -> bool:
    """Whether its ARIA role is one of these."""
    return bool(set((element.get("role") or "").lower().split()) & set(roles))


def _is_camouflaged(style: str) -> bool:
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    if colour is None:
        return False
    written = _WHITES.get(colour[1], colour[1])
    if written == "transparent":
        return True
    return background is not None and written == _WHITES.get(background[1], background[1])
