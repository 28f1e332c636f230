"""One exchange: from a request through the view to a response, for one declared operation bound to one app."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from flask import Flask, Request, Response, current_app
from flask import request as this_request
from werkzeug.datastructures import LanguageAccept
from werkzeug.wsgi import wrap_file

from awards.access import ANYBODY, Caller
from awards.api.answers import Download, IfMatch, InPages, Paged, Rendered, Renderer, Reply, unchanged
from awards.api.body import read_body, read_query
from awards.api.op import LARGE, PREFIX, Operation
from awards.api.paging import Cursors, Page, next_page
from awards.application.desk import Arrival, Once
from awards.problems import KEPT_FROM, NO_CONTENT, NOT_MODIFIED, Problem
from awards.schemas.moments import At
from awards.watch import CALLER

_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/-]{1,500}=*)")
_KEY = re.compile(r"[!-~]{1,255}")
_KEPT = 128
AT = At()

RECEIPT = "https://c2sp.org/tlog-proof"
"""The relation of an answer to the receipt of what it recorded (RFC 8288)."""


class Idempotency(Protocol):
    """How a request under an Idempotency-Key is told from others without keeping what it says."""

    def key(self, actor: str, route: str, client_key: str) -> str:
        """The name of the request."""

    def body(self, body: bytes) -> str:
        """The name of what it asks."""


class Limits(Protocol):
    """How often somebody may do something."""

    def take(self, kind: Literal["write", "token", "export"], who: str, now: datetime) -> float | None:
        """Count one more: None, or the seconds to wait."""


@dataclass(frozen=True)
class Http:
    """What the API needs from outside.

    `authenticate` gives None for a token that is not valid at that time; `formerly` whose it was, for the watch.
    """

    application: Any
    authenticate: Callable[[str, datetime], Caller | None]
    idempotency: Idempotency
    secret: bytes
    clock: Callable[[], datetime]
    limits: Limits
    formerly: Callable[[str, datetime], Caller | None] = lambda _token, _at: None


class Exchange:
    """Answers the requests for one operation."""

    def __init__(self, operation: Operation, http: Http) -> None:
        self._operation = operation
        self._http = http
        self._renderer = Renderer(http.secret)
        self._cursors = Cursors(http.secret, operation.name)
        self._takes_query = "query" in operation.arguments()
        self._asks = bool(operation.asks.fields)
        self._varied = len(operation.produces) > 1 or bool(operation.languages)
        self._headers = self._fixed_headers()
        self._kept: tuple[Hashable, dict[Hashable, tuple[Rendered, dict[str, str]]]] = (object(), {})

    def __call__(self, **given: Any) -> Response:
        request = cast("Any", this_request)._get_current_object()
        if not self._operation.public:
            return self._answer(request, self._admitted(request), given)
        try:
            return self._public(request, given)
        except Exception as error:  # any origin may read what went wrong, too
            response = current_app.make_response(current_app.handle_user_exception(error))
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

    def _public(self, request: Request, given: dict[str, Any]) -> Response:
        """A public read, from what is kept while its standing is equal."""
        cached = self._operation.cached
        if cached is None:
            return self._answer(request, ANYBODY, given)
        standing, cache_control = cached(self._http.application)
        if self._kept[0] != standing:
            self._kept = (standing, {})
        kept = self._kept[1]
        asked = tuple(map(request.environ.get, _ASKED))
        found = kept.get(asked)
        if found is None:
            found = self._result(request, ANYBODY, given)
            if len(kept) >= _KEPT:
                kept.clear()
            kept[asked] = found
        rendered, headers = found
        return self._response(request, rendered, {**headers, "Cache-Control": cache_control})

    def _answer(self, request: Request, caller: Caller, given: dict[str, Any]) -> Response:
        rendered, headers = self._result(request, caller, given)
        return self._response(request, rendered, headers)

    def _result(self, request: Request, caller: Caller, given: dict[str, Any]) -> tuple[Rendered, dict[str, str]]:
        """What the view gives, rendered, and the headers that go with it."""
        operation = self._operation
        path = dict(given) if operation.location else given
        as_of = self._read(request, given)
        once = None
        if operation.large:
            request.max_content_length = LARGE * (request.max_content_length or 0)
        if operation.body is not None:
            body, data = read_body(request, operation.body, optional=operation.body_optional)
            if not operation.body_optional:
                given["body"] = body
            if operation.method == "POST":
                once = self._once(request, caller, data)
        # The time of arrival is when all of the request is here.
        arrival = Arrival(caller, self._http.clock(), once, as_of)
        value = self._shown(arrival, given)
        headers: dict[str, str] = {}
        if isinstance(value, Reply):
            headers.update(value.headers)
            value = value.value
        if arrival.recorded:
            headers["Link"] = f'<{PREFIX}/receipts/{arrival.recorded[-1]}>; rel="{RECEIPT}"'
        if "language" in given:
            headers.setdefault("Content-Language", given["language"])
        if isinstance(value, Paged | InPages) and operation.as_of and value.next is not None:
            value = replace(value, next=[value.next, At.written(as_of)])
        return self._rendered(request, value, path, headers), headers

    def _shown(self, arrival: Arrival, given: dict[str, Any]) -> Any:
        """What the view gives; nothing where an act that was recorded ended the right to see it."""
        try:
            return self._operation.view(self._http.application, arrival, **given)
        except KEPT_FROM:
            if not arrival.recorded:
                raise
            return Rendered(b"", "")

    def _read(self, request: Request, given: dict[str, Any]) -> int | datetime | None:
        """Add what the view takes beside path and body; gives as of when it is asked."""
        operation, as_of = self._operation, None
        if self._asks or request.environ.get("QUERY_STRING"):
            query = read_query(request, operation.asks)
            as_of = query.pop("at", None) if operation.as_of else None
            if operation.paged:
                cursor = query.pop("cursor", None)
                place = cursor and self._cursors.read(cursor)
                if place and operation.as_of:
                    place, as_of = _same_past(place, as_of)
                given["page"] = Page(query.pop("limit"), place)
            if self._takes_query:
                given["query"] = query
        if operation.replaces:
            assert operation.out is not None  # noqa: S101 - so declared
            given["if_match"] = IfMatch(request.environ.get("HTTP_IF_MATCH", ""), self._renderer, operation.out)
        if self._varied:
            self._negotiate(request, given)
        return as_of

    def _negotiate(self, request: Request, given: dict[str, Any]) -> None:
        operation = self._operation
        if len(operation.produces) > 1:
            accept = request.accept_mimetypes
            media = accept.best_match(operation.produces) if accept else operation.produces[0]
            if media is None:
                raise Problem("not_acceptable", f"Available: {', '.join(operation.produces)}.")
            given["media"] = media
        if operation.languages:
            given["language"] = _language(request.accept_languages, operation.languages)

    def _admitted(self, request: Request) -> Caller:
        """Who calls, if she may call this often."""
        by_code = self._operation.by_code
        caller = request.environ[CALLER] = ANYBODY if by_code else self._caller(request)
        if self._operation.limit is not None:
            who = str(request.remote_addr) if by_code else caller.name
            wait = self._http.limits.take(self._operation.limit, who, self._http.clock())
            if wait is not None:
                raise Problem("too_many_requests", retry_after=wait)
        return caller

    def _caller(self, request: Request) -> Caller:
        bearer = _BEARER.fullmatch(request.environ.get("HTTP_AUTHORIZATION", ""))
        caller = self._http.authenticate(bearer[1], self._http.clock()) if bearer else None
        if caller is None:
            request.environ[CALLER] = bearer and self._http.formerly(bearer[1], self._http.clock())
            raise Problem("unauthenticated")
        return caller

    def _once(self, request: Request, caller: Caller, data: bytes) -> Once | None:
        key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise Problem("invalid_header", "Idempotency-Key must be 1 to 255 visible ASCII characters.")
        names = self._http.idempotency
        route = f"{request.method} {request.path}"
        return Once(names.key(caller.name, route, key), names.body(data), self._operation.status)

    def _rendered(self, request: Request, value: Any, path: dict[str, Any], headers: dict[str, str]) -> Rendered:
        out = self._operation.out
        if isinstance(value, Rendered):
            return value
        if out is None:
            return Rendered(b"", "")
        if isinstance(value, Paged):
            return self._page(request, value, headers)
        if isinstance(value, InPages):
            cursor = self._next(request, value.next, headers)[0]
            value = {**value.value, "next": cursor}
        shown = out.dump(value)
        if self._operation.location:
            headers["Location"] = PREFIX + self._operation.location.format_map({**path, **shown})
        return self._renderer.json(shown)

    def _page(self, request: Request, paged: Paged, headers: dict[str, str]) -> Rendered:
        assert self._operation.out is not None  # noqa: S101 - so declared
        content = {"items": self._operation.out.dump(paged.items, many=True)}
        cursor, beyond = self._next(request, paged.next, headers)
        if cursor is not None:
            content["next"] = cursor
        if paged.write:
            return self._renderer.bytes(*paged.write(content["items"], beyond))
        return self._renderer.json(content)

    def _next(self, request: Request, place: Any, headers: dict[str, str]) -> tuple[str | None, str | None]:
        """The cursor of the next page and its path, if there is one; the path goes into the `Link` too."""
        if place is None:
            return None, None
        cursor = self._cursors.write(place)
        beyond = next_page(request, cursor)
        headers["Link"] = f'<{beyond}>; rel="next"'
        return cursor, beyond

    def _response(self, request: Request, rendered: Rendered, own: dict[str, str]) -> Response:
        headers = {**self._headers, **own}
        if not rendered.etag:
            return Response(status=NO_CONTENT, headers=headers)
        headers["ETag"] = f'"{rendered.etag}"'
        if self._operation.method == "GET" and unchanged(request.environ.get("HTTP_IF_NONE_MATCH"), rendered.etag):
            rendered.let_go()
            return Response(status=NOT_MODIFIED, headers=headers)
        if isinstance(rendered, Download):
            headers |= {
                "Content-Length": str(rendered.size),
                "Content-Disposition": f'attachment; filename="{rendered.name}"',
            }
            body = wrap_file(request.environ, rendered.file)
            return Response(
                body, self._operation.status, headers, content_type=rendered.content_type, direct_passthrough=True
            )
        return Response(rendered.data, self._operation.status, headers, content_type=rendered.content_type)

    def _fixed_headers(self) -> dict[str, str]:
        operation = self._operation
        headers = {"Cache-Control": "no-store"}
        if operation.public:
            headers["Cache-Control"] = "no-cache"
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = "Content-Language, ETag, Link"
        vary = {"Accept": len(operation.produces) > 1, "Accept-Language": bool(operation.languages)}
        if any(vary.values()):
            headers["Vary"] = ", ".join(name for name, matters in vary.items() if matters)
        return headers


def _same_past(place: Any, as_of: int | datetime | None) -> tuple[Any, int | datetime | None]:
    """Where a page goes on and as of when: as the page before was asked, which nobody need say again."""
    after, said = place
    if as_of is not None and At.written(as_of) != said:
        raise Problem("bad_cursor")
    return after, None if said is None else AT.deserialize(said)


def _language(accepted: LanguageAccept, offered: Sequence[str]) -> str:
    """The language the client likes best of those offered (RFC 4647, section 3.4: fr-CH is served by fr)."""
    for tag, quality in accepted:
        language = tag.lower().partition("-")[0]
        if quality > 0 and language in offered:
            return language
    return offered[0]


def options(app: Flask) -> Callable[..., Response]:
    """The answer to a browser that asks whether another origin may read a public resource."""

    def may_i(**_path: Any) -> Response:
        response = app.make_default_options_response()
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
        return response

    return may_i


# What decides, beside the standing, what a public read shows.
_ASKED = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_HOST",
    "wsgi.url_scheme",
)
