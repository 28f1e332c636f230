"""Putting the API onto an app: converters, problems, operations, the document and the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from awards import problems
from awards.api import docs
from awards.api.exchange import Exchange, Http, options
from awards.api.op import PREFIX, Operations
from awards.schemas.fields import Id, Slug

LONGEST_BODY = 256 * 1024


class IdConverter(BaseConverter):
    """An id in a path; any other spelling names nothing, so it is not found."""

    regex = Id.pattern


class SlugConverter(BaseConverter):
    """A slug in a path."""

    regex = Slug.pattern.replace("(", "(?:")

    def to_python(self, value: str) -> str:
        """The slug; a longer one names nothing."""
        if len(value) > Slug.longest:
            raise ValidationError
        return value


def mount(app: Flask, http: Http, groups: Sequence[Operations]) -> None:
    """Answer all operations of the groups, `/api/openapi.json` and `/api/docs`, and every error as a problem."""
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.url_map.converters.update(id=IdConverter, slug=SlugConverter)
    app.url_map.merge_slashes = False  # a redirect would be an answer that the document does not describe
    problems.install(app)
    for group in groups:
        for operation in group.declared:
            rule, name = PREFIX + operation.rule, operation.name
            answer = Exchange(operation, http).__call__
            automatic = False if operation.public else None
            app.add_url_rule(rule, name, answer, methods=[operation.method], provide_automatic_options=automatic)
            if operation.public:
                app.add_url_rule(rule, f"{name}.options", options(app), methods=["OPTIONS"])
    docs.mount(app, groups)
