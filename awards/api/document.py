"""The OpenAPI 3.1 document, made from the declared operations and the fields' own JSON Schemas, and from nothing else.

Each problem response names the codes it can carry, so that a program which reads the document can check every answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema

from awards import __version__
from awards.access import PERMISSIONS
from awards.api.answers import JSON
from awards.api.exchange import RECEIPT
from awards.api.log import INDEX, LEVEL, TILE
from awards.api.op import PARAMETER, Operation, Operations
from awards.problems import CREATED, MEDIA_TYPE, NO_CONTENT, NOT_MODIFIED, OK, about, status_of
from awards.schemas.fields import Id, Keyed, ListOf, Slug

ABOUT = """\
Bodies and answers are JSON in UTF-8; unknown members and parameters are refused. Times are UTC. What has no value is
left out. Where a token is asked for, send it as `Authorization: Bearer awd_…`; `POST /tokens` gives one for a one-time
code, or the page of an account. Errors are problem details (RFC 9457) with a stable `code`. A list comes in pages:
follow the `Link` header, or send `next` as `cursor`. To replace something, send its `ETag` in `If-Match`. A POST with
an `Idempotency-Key` is carried out once in 24 hours.
"""
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; for programs."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "JSON Pointer into the body or the query."},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
IN_PATH: Mapping[str, Mapping[str, Any]] = {
    "id": Id().openapi,
    "slug": Slug().openapi,
    "index": {"type": "string", "pattern": f"^{INDEX}$"},
    "level": {"type": "string", "pattern": f"^{LEVEL}$"},
    "tile": {"type": "string", "pattern": f"^{TILE}$"},
    "string": {"type": "string", "minLength": 1},
}
RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
HEADERS: Mapping[str, dict[str, Any]] = {
    "ETag": {"description": "Names this representation.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page (rel="next"), if there is one.', "schema": {"type": "string"}},
    "Receipt": {
        "description": f'The receipt of what was recorded (rel="{RECEIPT}").',
        "schema": {"type": "string"},
    },
    "Location": {"description": "Where the new resource is.", "schema": {"type": "string", "format": "uri-reference"}},
}


def document(groups: Sequence[Operations]) -> dict[str, Any]:
    """The whole document."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        "Awards", __version__, "3.1.0", plugins=[plugin], info={"description": ABOUT}, servers=[{"url": "/"}]
    )
    converter = plugin.converter
    assert converter is not None  # noqa: S101 - APISpec has just made it
    converter.add_attribute_function(_our_fields)  # type: ignore[no-untyped-call]
    spec.components.schema("Problem", PROBLEM)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for group in groups:
        spec.tag({"name": group.tag, "description": group.about})
        for operation in group.declared:
            path = PARAMETER.sub(r"{\g<name>}", operation.path)
            spec.path(path=path, operations={operation.method.lower(): _operation(operation, converter)})
    found = spec.to_dict()
    for key, name in converter.refs.items():
        found["components"]["schemas"][name].setdefault("description", (key[0].__doc__ or "").strip())
    return found


def _our_fields(converter: OpenAPIConverter, field: Any, **_: Any) -> dict[str, Any]:
    """What a field of ours says about itself, with what it holds."""
    said = dict(getattr(field, "openapi", {}))
    if isinstance(field, ListOf):
        said["items"] = converter.field2property(field.inner)
    elif isinstance(field, Keyed):
        said["additionalProperties"] = converter.field2property(field.inner)
    return said


def _operation(operation: Operation, converter: OpenAPIConverter) -> dict[str, Any]:
    summary, _, description = (operation.view.__doc__ or operation.name).strip().partition("\n")
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary.rstrip("."),
        "parameters": [*_path(operation), *_query(operation, converter), *_headers(operation)],
        "responses": {**_success(operation), **_problems(operation)},
        "security": [] if operation.public or operation.by_code else [{"token": []}],
    }
    if description.strip():
        found["description"] = "\n".join(line.strip() for line in description.strip().splitlines())
    if operation.permissions:
        found["x-permissions"] = [
            {"permission": name, "what": PERMISSIONS[name].what, "who": PERMISSIONS[name].who}
            for name in operation.permissions
        ]
    if operation.body is not None and not operation.body_optional:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": operation.body}}}
    elif operation.body is not None:
        empty = {"type": "object", "additionalProperties": False, "maxProperties": 0}
        found["requestBody"] = {"required": False, "content": {JSON: {"schema": empty}}}
    return found


def _path(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, kind in operation.parameters.items():
        yield {"name": name, "in": "path", "required": True, "schema": dict(IN_PATH[kind])}


def _query(operation: Operation, converter: OpenAPIConverter) -> Iterable[dict[str, Any]]:
    for name, field in operation.asks.fields.items():
        schema = converter.field2property(field)
        parameter = {"name": field.data_key or name, "in": "query", "required": field.required, "schema": schema}
        if "description" in schema:
            parameter["description"] = schema.pop("description")
        yield parameter


def _headers(operation: Operation) -> Iterable[dict[str, Any]]:
    def header(name: str, description: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
        said = {"description": description, "schema": {"type": "string", **schema}}
        return {"name": name, "in": "header", "required": required, **said}

    if operation.method == "POST":
        key = {"pattern": "^[!-~]+$", "minLength": 1, "maxLength": 255}
        yield header("Idempotency-Key", "Carries the request out once, however often it is sent.", key)
    if operation.replaces:
        yield header("If-Match", "The ETag that was read, or *.", {"minLength": 1}, required=True)
    if operation.method == "GET":
        yield header("If-None-Match", "An ETag: answers 304 if nothing has changed.", {})
    if operation.languages:
        yield header("Accept-Language", f"Texts come in {' or '.join(operation.languages)}.", {})


def _success(operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": {OK: "As asked.", CREATED: "Made."}.get(operation.status, "Done.")}
    found = {str(operation.status): answer}
    if operation.out is None:
        return found
    shown: Schema | dict[str, Any] = operation.out
    names = ["ETag"] + ["Location"] * bool(operation.location) + ["Link"] * operation.paged
    if operation.lists:
        shown = {
            "type": "object",
            "required": ["items"],
            "properties": {"items": {"type": "array", "items": operation.out}, "next": {"type": "string"}},
            "additionalProperties": False,
        }
    answer["headers"] = {name: dict(HEADERS[name]) for name in names}
    if operation.method != "GET":
        answer["headers"]["Link"] = dict(HEADERS["Receipt"])
        found[str(NO_CONTENT)] = {
            "description": "Done; and with it ended the caller's right to see what came of it.",
            "headers": {"Link": dict(HEADERS["Receipt"])},
        }
    answer["content"] = {
        media: {"schema": shown if media == JSON else {"type": "object" if media.endswith("+json") else "string"}}
        for media in operation.produces
    }
    if operation.method == "GET":
        found[str(NOT_MODIFIED)] = {"description": "What the client has is what it is now."}
    return found


def _problems(operation: Operation) -> dict[str, Any]:
    codes = defaultdict(list)
    for code in operation.codes():
        codes[str(status_of(code))].append(code)
    return {
        status: {
            "description": "\n".join(f"`{code}`: {about(code)}  " for code in group),
            **({"headers": {"Retry-After": dict(RETRY_AFTER)}} if status in {"429", "503"} else {}),
            "content": {
                MEDIA_TYPE: {
                    "schema": {
                        "allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": group}}}]
                    }
                }
            },
        }
        for status, group in codes.items()
    }
