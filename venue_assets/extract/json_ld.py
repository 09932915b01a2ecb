"""JSON-LD scripts to structured items, script by script: a broken one costs itself only. No meaning of types here."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from venue_assets.extract.values import StructuredItem, StructuredValue
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from venue_assets.extract.values import ParsedPage, StructuredSource

MAX_SCRIPTS: Final = 50
MAX_CHARACTERS: Final = 500_000
"""Of one script; longer ones count as broken."""

MAX_DEPTH: Final = 30
MAX_NODES: Final = 20_000
_MAX_TEXT: Final = 5000

# What JSON-LD has no room for, in one forward scan. Strings are matched first and kept, so that nothing inside one is
# taken for a comment or a comma. Quantifiers are possessive, and strings and comments without an end reach to that of
# the script, so that no part of it is read more than twice.
_REPAIR: Final = re.compile(
    r'("(?:[^"\\]++|\\.)*+"?)'
    r"|<!--|-->|(?:(?://|/\*)\s*+)?(?:<!\[CDATA\[|\]\]>)(?:\s*+\*/)?"  # marks around the whole script
    r"|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|;|,(?=\s*+[}\]])",
    re.DOTALL,
)


def json_ld_items(page: ParsedPage) -> tuple[list[StructuredItem], list[str]]:
    """The items of all scripts in page order, those of an `@graph` singly, and one line for each broken script.

    Trailing commas, comments, HTML comments, CDATA marks and line breaks inside strings are forgiven.
    """
    items: list[StructuredItem] = []
    broken: list[str] = []
    scripts = [script for script in page.root.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    for number, script in enumerate(scripts[:MAX_SCRIPTS], start=1):
        text = "".join(script.itertext())
        if not text.strip():
            continue
        try:
            items.extend(_items(_load(text)))
        except (ValueError, RecursionError) as error:
            broken.append(f"JSON-LD script {number}: {str(error)[:200]}")
    return items, broken


def _load(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"{len(text)} characters, more than {MAX_CHARACTERS}")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_REPAIR.sub(lambda found: found[1] or "", text), strict=False)


def _items(loaded: Any) -> list[StructuredItem]:
    budget = [MAX_NODES]
    nodes = loaded if isinstance(loaded, list) else [loaded]
    items: list[StructuredItem] = []
    for node in nodes:
        if not isinstance(node, dict):
            continue
        graph = node.get("@graph")
        parts = graph if isinstance(graph, list) else [node] if graph is None else [graph]
        items.extend(_item(part, budget, 0) for part in parts if isinstance(part, dict))
    return items


def _item(node: dict[str, Any], budget: list[int], depth: int) -> StructuredItem:
    properties: dict[str, tuple[StructuredValue, ...]] = {}
    for name, value in node.items():
        if name.startswith("@") and name != "@id":
            continue
        values = tuple(_values(value, budget, depth + 1))
        if values:
            properties[short_name(name)] = values
    types = node.get("@type")
    return structured_item(types if isinstance(types, list) else [types], properties, "json-ld")


def _values(value: Any, budget: list[int], depth: int) -> list[StructuredValue]:
    budget[0] -= 1
    if depth > MAX_DEPTH or budget[0] < 0:
        raise ValueError(f"nested deeper than {MAX_DEPTH} or more than {MAX_NODES} values")
    if isinstance(value, list):
        return [found for part in value for found in _values(part, budget, depth + 1)]
    if isinstance(value, dict):
        # {"@value": 120} is a plain value with a type or language.
        if "@value" in value:
            return _values(value["@value"], budget, depth + 1)
        return [_item(value, budget, depth)]
    if isinstance(value, str):
        text = one_line(value[:_MAX_TEXT])
        return [text] if text else []
    return [value] if isinstance(value, bool | int | float) and _is_finite(value) else []


def structured_item(
    types: list[Any], properties: dict[str, tuple[StructuredValue, ...]], source: StructuredSource
) -> StructuredItem:
    """An item with the short names of its types; `types` may hold anything."""
    names = tuple(short_name(name) for name in types if isinstance(name, str) and name)
    return StructuredItem(names, properties, source)


def short_name(name: str) -> str:
    """The last segment of a type's or property's address, or what follows its prefix: `schema:Place` is `Place`."""
    return one_line(re.split(r"[/#:]", name.rstrip("/#"))[-1])[:100]


def _is_finite(value: float) -> bool:
    return abs(value) < 1e15
