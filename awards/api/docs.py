"""`/api/openapi.json`, and `/api/docs`: the document as a page for people, rendered here, without a script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from awards.api.answers import unchanged
from awards.api.document import document
from awards.api.op import Operations
from awards.problems import NOT_MODIFIED, about
from awards.schemas.fields import EXACT
from awards.schemas.text import LANGUAGE

Schema = Mapping[str, Any]
CACHE = "public, max-age=300"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
METHODS = ("get", "post", "put", "delete")
SHOWN_CHOICES = 12
NAMES = {"date-time": "time", "uuid": "id", "uri": "web address"}
STYLE = "../static/awards.css"


class Docs:
    """The document and its page, made when first asked for and then kept."""

    def __init__(self, groups: Sequence[Operations]) -> None:
        self._groups = groups

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self._groups)

    @cached_property
    def json(self) -> tuple[bytes, str]:
        """The document as it goes out, and its ETag."""
        return _tagged(json.dumps(self.document, ensure_ascii=False).encode())

    def openapi(self) -> Response:
        """The document, for programs from any origin."""
        response = _answer(*self.json, "application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    def page(self) -> Response:
        """The document, for people."""
        response = _answer(*self._page, "text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @cached_property
    def _page(self) -> tuple[bytes, str]:
        templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
        templates.filters.update(prose=_prose, type=_type)
        text = templates.get_template("docs.html").render(
            info=self.document["info"],
            groups=list(_groups(self.document)),
            shapes=self.document["components"]["schemas"],
            problems=list(_problems(self.document)),
            style=STYLE,
        )
        return _tagged(text.encode())


def mount(app: Flask, groups: Sequence[Operations]) -> None:
    """Add the two addresses; both are the same for everybody."""
    docs = Docs(groups)
    app.add_url_rule("/api/openapi.json", "openapi", docs.openapi)
    app.add_url_rule("/api/docs", "docs", docs.page)


def _tagged(data: bytes) -> tuple[bytes, str]:
    return data, base64.urlsafe_b64encode(hashlib.sha256(data).digest()[:12]).decode()


def _answer(data: bytes, etag: str, content_type: str) -> Response:
    headers = {"Cache-Control": CACHE, "ETag": f'"{etag}"'}
    if unchanged(request.headers.get("If-None-Match"), etag):
        return Response(status=NOT_MODIFIED, headers=headers)
    return Response(data, headers=headers, content_type=content_type)


def _groups(found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The operations by tag, in the order declared."""
    every = [
        {**item[method], "method": method.upper(), "path": path, **_split(item[method])}
        for path, item in found["paths"].items()
        for method in METHODS
        if method in item
    ]
    for tag in found.get("tags", []):
        yield {**tag, "operations": [operation for operation in every if tag["name"] in operation["tags"]]}


def _split(operation: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, what is answered, and what can go wrong."""
    answers, wrong = [], []
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if "application/problem+json" in content:
            schema = content["application/problem+json"]["schema"]
            wrong.append((status, schema["allOf"][1]["properties"]["code"]["enum"]))
        else:
            answers.append((status, response["description"], content))
    sent = operation.get("requestBody", {})
    body = sent["content"]["application/json"]["schema"] if sent.get("required") else None
    return {"answers": answers, "wrong": wrong, "body": body}


def _problems(found: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Each code that some operation names: code, status, meaning."""
    codes: dict[str, str] = {"method_not_allowed": "405", "internal_error": "500"}
    for group in _groups(found):
        for operation in group["operations"]:
            codes.update((code, status) for status, group_codes in operation["wrong"] for code in group_codes)
    for code, status in sorted(codes.items(), key=lambda found: (found[1], found[0])):
        yield code, status, about(code)


def _prose(text: str) -> Markup:
    """Plain text with `code` in it."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _type(schema: Schema) -> Markup:
    """The type of a value in a few words, with links to shapes."""
    if "$ref" in schema:
        return Markup('<a href="#shape-{0}">{0}</a>').format(schema["$ref"].rsplit("/", 1)[-1])
    if "enum" in schema:
        return _choices(schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        most = _most(schema, "maxItems", " at most {:,}:")
        return Markup("list of{} {}").format(most, _type(schema["items"]))
    if kind == "object" and schema.get("additionalProperties"):
        most = _most(schema, "maxProperties", " of at most {:,}")
        name = "language" if LANGUAGE in str(schema.get("propertyNames")) else "name"
        return Markup("object{}, {} → {}").format(most, name, _type(schema["additionalProperties"]))
    if kind == "object" and "properties" in schema:
        members = [Markup("<code>{}</code>: {}").format(*member) for member in _members(schema)]
        return Markup("{{ {} }}").format(Markup(", ").join(members))
    return escape(NAMES.get(schema.get("format", ""), kind)) + _limits(schema) + _example(schema)


def _members(schema: Schema) -> Iterable[tuple[str, Markup]]:
    return ((name, _type(member)) for name, member in schema["properties"].items())


def _choices(choices: Sequence[str]) -> Markup:
    shown = Markup(" · ").join(Markup("<code>{}</code>").format(choice) for choice in choices[:SHOWN_CHOICES])
    more = len(choices) - SHOWN_CHOICES
    return shown + (Markup(" and {} more").format(more) if more > 0 else "")


def _limits(schema: Schema) -> Markup:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    if lowest is not None and highest is not None and highest - lowest < EXACT:
        return Markup(", {:,} to {:,}").format(lowest, highest)
    exact = "format" in schema or "examples" in schema  # its form says how long it is
    return Markup("") if exact else _most(schema, "maxLength", ", at most {:,} characters")


def _most(schema: Schema, name: str, words: str) -> Markup:
    return Markup(words).format(schema[name]) if name in schema else Markup("")  # noqa: S704 - our words


def _example(schema: Schema) -> Markup:
    example = next(iter(schema.get("examples", [])), None)
    return Markup(", as in <code>{}</code>").format(example) if example else Markup("")
