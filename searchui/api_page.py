"""The description of the API as a page: what `openapi.json` says, for people, without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from searchui.api import description

blueprint = Blueprint("api_page", __name__)

EXAMPLES = {
    "/search": "?q=семинар&kind=seminar&from=2024&size=5",
    "/articles/{id}": None,
    "/suggest": "?q=кітап",
}
BOUNDS = {"minimum": "≥ {}", "maximum": "≤ {}", "maxLength": "≤ {} characters", "default": "= {}"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a property of an answer: its name, type with bounds, and meaning."""

    name: str
    type: str
    text: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one status code brings: words, and the properties of a JSON object or its schema."""

    status: str
    text: str
    fields: tuple[Field, ...]
    schema: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API."""

    id: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    answers: tuple[Answer, ...]
    example: str | None


@dataclass(frozen=True, slots=True)
class Schema:
    """A named record of the answers."""

    name: str
    fields: tuple[Field, ...]


@blueprint.get("/api")
def api() -> str:
    """The page; its descriptions are in English, as the description is."""
    told = description()
    schemas = told["components"]["schemas"]
    return render_template(
        "api.html",
        text=told["info"]["description"],
        operations=[_operation(path, methods["get"]) for path, methods in told["paths"].items()],
        schemas=[Schema(name, tuple(_fields(schema))) for name, schema in schemas.items()],
    )


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` into this description points at."""
    while "$ref" in node:
        found: Any = description()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _operation(path: str, told: Mapping[str, Any]) -> Operation:
    parameters = [_resolved(one) for one in told.get("parameters", ())]
    example = EXAMPLES.get(path, "")
    return Operation(
        id=told["operationId"],
        path=f"/api/v1{path}",
        summary=told["summary"],
        parameters=tuple(
            Field(
                one["name"], _type(one["schema"]), one.get("description", ""), one["in"] == "path"
            )
            for one in parameters
        ),
        answers=tuple(_answer(status, one) for status, one in told["responses"].items()),
        example=None if example is None else f"/api/v1{path}{example}",
    )


def _answer(status: str, told: Mapping[str, Any]) -> Answer:
    told = _resolved(told)
    schema = told.get("content", {}).get("application/json", {}).get("schema", {})
    name = _name(schema)
    fields = () if name else tuple(_fields(schema))
    return Answer(status, told["description"], fields, name)


def _name(schema: Mapping[str, Any]) -> str | None:
    return str(schema["$ref"]).rsplit("/", 1)[-1] if "$ref" in schema else None


def _fields(schema: Mapping[str, Any]) -> Iterable[Field]:
    """The properties of an object, those of what it is put together from first."""
    for part in schema.get("allOf", ()):
        yield from _fields(_resolved(part))
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        yield Field(name, _type(one), one.get("description", ""), name in required)


def _type(schema: Mapping[str, Any]) -> str:
    """A type in short: `string or null`, `list of Hit`, `kk, ru, en`, `integer, ≥ 1`."""
    name = _name(schema)
    if name:
        return name
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_type(one) for one in schema.get("anyOf", schema.get("oneOf", ())))
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    types = schema.get("type", "any")
    words = [" or ".join(types) if isinstance(types, list) else str(types)]
    words += [form.format(schema[key]) for key, form in BOUNDS.items() if schema.get(key)]
    return ", ".join(words)
