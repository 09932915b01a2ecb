"""The official OpenAPI description as a judge of answers, through `openapi-schema-validator`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

_MATERIAL = Path(__file__).parents[4] / "shared" / "material" / "pinterest"
DESCRIPTION = _MATERIAL / "openapi-5.23.0.json"
RECORDED = _MATERIAL / "recorded_v5.jsonl"
_URI = "urn:pinterest-v5"


def require_description() -> Path:
    """The path of the description; skips the test where it is absent."""
    if not DESCRIPTION.is_file():
        pytest.skip("the official Pinterest description (../shared/material/pinterest/openapi-5.23.0.json) is not here")
    return DESCRIPTION


def recorded_answers() -> list[tuple[str, dict[str, Any]]]:
    """Kind ("boards" or "board_pins") and record, as live accounts gave them; skips the test where they are absent."""
    if not RECORDED.is_file():
        pytest.skip("the recorded answers (../shared/material/pinterest/recorded_v5.jsonl) are not here")
    entries = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    return [(entry["kind"], entry["record"]) for entry in entries]


def problems(method: str, template: str, response: httpx.Response) -> list[str]:
    """What the description has against this answer of `method template`; empty when nothing."""
    responses = _document()["paths"][template][method.lower()]["responses"]
    status = str(response.status_code)
    declared = status if status in responses else "default"
    if declared not in responses:
        return [f"status {status} is not declared for {method} {template}"]
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type not in responses[declared]["content"]:
        return [f"media type {media_type} is not declared"]
    validator = _validator(template, method.lower(), declared, media_type)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(response.json())]


def property_names(schema: str) -> set[str]:
    """The properties the description gives a schema, its `allOf` parts included."""
    found: set[str] = set()
    pending = [_document()["components"]["schemas"][schema]]
    while pending:
        part = pending.pop()
        if "$ref" in part:
            part = _document()["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        found |= set(part.get("properties", {}))
        pending += part.get("allOf", [])
    return found


@cache
def _document() -> Any:
    return json.loads(DESCRIPTION.read_text())


@cache
def _registry() -> Registry[Any]:
    registry: Registry[Any] = Registry().with_resource(_URI, DRAFT4.create_resource(_document()))
    return registry


@cache
def _validator(*route: str) -> Validator:
    template, method, status, media_type = route
    steps = ["paths", template, method, "responses", status, "content", media_type, "schema"]
    pointer = "/".join(
        step.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for step in steps
    )
    validator: Validator = OAS30ReadValidator(
        {"$ref": f"{_URI}#/{pointer}"}, registry=_registry(), format_checker=oas30_format_checker
    )
    return validator
