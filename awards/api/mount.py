"""Putting the API onto an app: converters, problems, operations, the document and the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from awards import problems
from awards.api import docs
from awards.api.exchange import Exchange, Http, options
from awards.api.log import INDEX, LEVEL, TILE, Tile
from awards.api.op import Operations
from awards.schemas.fields import Id, Slug

LONGEST_BODY = 256 * 1024
FULL = 256


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


class IndexConverter(BaseConverter):
    """A number in a path, in the one way it is written."""

    regex = INDEX

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


class LevelConverter(IndexConverter):
    """The level of a tile."""

    regex = LEVEL


class TileConverter(BaseConverter):
    """The number of a tile in its path elements, and its width if it is partial."""

    regex = TILE
    part_isolating = False

    def to_python(self, value: str) -> Tile:
        """Which hashes are meant; another spelling names nothing."""
        path, _, width = value.partition(".p/")
        tile = Tile(int(path.replace("x", "").replace("/", "")), int(width or FULL))
        if path.startswith("x000") or (width and tile.width >= FULL):
            raise ValidationError
        return tile


def mount(app: Flask, http: Http, groups: Sequence[Operations]) -> None:
    """Answer all operations of the groups, `/api/openapi.json` and `/api/docs`, and every error as a problem."""
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.url_map.converters.update(
        id=IdConverter, slug=SlugConverter, index=IndexConverter, level=LevelConverter, tile=TileConverter
    )
    app.url_map.merge_slashes = False  # a redirect would be an answer that the document does not describe
    problems.install(app)
    for group in groups:
        for operation in group.declared:
            rule, name = operation.path, operation.name
            answer = Exchange(operation, http).__call__
            automatic = False if operation.public else None
            app.add_url_rule(rule, name, answer, methods=[operation.method], provide_automatic_options=automatic)
            if operation.public:
                app.add_url_rule(rule, f"{name}.options", options(app), methods=["OPTIONS"])
    docs.mount(app, groups)
