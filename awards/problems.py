"""Problems: the only place with HTTP statuses.

What goes wrong is told as RFC 9457 problem details `{type, title, status, detail, code, errors?}` with a stable `code`:
transport problems from the table below, the domain's refusals by their family. An unexpected exception is logged with a
reference; the client is told the reference and nothing else. `errors` lists `{field, code, message}`, `field` being a
JSON Pointer (RFC 6901) into the body or the query.
"""

from __future__ import annotations

import json
import logging
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from flask import Flask, Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, ServiceUnavailable

from awards import watch
from awards.domain.refusals import Busy, Invalid, NotAllowed, NotFound, OutOfOrder, Refusal, Stale
from awards.ledger.busy import is_busy

OK, CREATED, NO_CONTENT, SEE_OTHER, NOT_MODIFIED = 200, 201, 204, 303, 304
BAD_REQUEST, FORBIDDEN, TOO_MANY, BAD_ANSWER, UNAVAILABLE = 400, 403, 429, 502, 503
MEDIA_TYPE = "application/problem+json"
API = ("/api/", "/log/")
LISTED = 50
WATCHED = (401, 403, 429)
WATCHED_CODES = ("code_not_valid",)
log = logging.getLogger(__name__)

Code = Literal[
    "bad_cursor",
    "bad_request",
    "body_too_large",
    "duplicate_key",
    "forbidden",
    "idempotency_key_reused",
    "internal_error",
    "invalid_body",
    "invalid_header",
    "invalid_query",
    "length_required",
    "malformed_json",
    "method_not_allowed",
    "not_acceptable",
    "not_found",
    "precondition_required",
    "stale",
    "too_busy",
    "too_many_requests",
    "unauthenticated",
    "unsupported_media_type",
]

# Code -> status and what the problem is, in words that do not change from case to case.
TRANSPORT: Mapping[str, tuple[int, str]] = {
    "bad_request": (400, "The request could not be understood."),
    "malformed_json": (400, "The body is not the JSON this service reads."),
    "duplicate_key": (400, "An object of the body names a member twice."),
    "invalid_header": (400, "A header of the request has no valid value."),
    "unauthenticated": (401, "A valid bearer token is needed."),
    "forbidden": (403, "Your role does not allow this; the API page says whose does."),
    "not_found": (404, "There is no such resource."),
    "method_not_allowed": (405, "The resource does not know this method."),
    "not_acceptable": (406, "None of the media types you accept is available."),
    "length_required": (411, "The body must come with a Content-Length, not in chunks."),
    "stale": (412, "The resource has changed since you read it; read it again."),
    "body_too_large": (413, "The body is too large."),
    "unsupported_media_type": (415, "The body must be application/json; where there is nothing to say, send {}."),
    "bad_cursor": (422, "The cursor was not issued for this list."),
    "idempotency_key_reused": (422, "This Idempotency-Key was used with another request body."),
    "invalid_body": (422, "The body does not fit this operation."),
    "invalid_query": (422, "The query does not fit this operation."),
    "precondition_required": (428, "Send If-Match with the ETag you read."),
    "too_many_requests": (429, "You ask this too often; wait as long as Retry-After says."),
    "internal_error": (500, "Something went wrong on our side."),
    "too_busy": (503, "The service is too busy; try again."),
}
FAMILIES: Mapping[type[Refusal], int] = {
    NotAllowed: 403,
    NotFound: 404,
    OutOfOrder: 409,
    Stale: 412,
    Invalid: 422,
    Busy: 503,
    Refusal: 409,
}
KEPT_FROM = (NotAllowed, NotFound)
"""The refusals of what is not for the caller to see."""
HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": 'Bearer realm="awards"'},
    503: {"Retry-After": "1"},
}
# Statuses that other libraries answer with, in our codes.
LIBRARY: Mapping[int, Code] = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    411: "length_required",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "too_busy",
}


class Problem(Exception):
    """What the transport refuses, before or after the application was asked."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        retry_after: float | None = None,
    ) -> None:
        """`retry_after`: seconds."""
        self.code = code
        self.status, about = TRANSPORT[code]
        self.errors = errors
        self.headers = {} if retry_after is None else {"Retry-After": str(math.ceil(retry_after))}
        super().__init__(detail or about)


def invalid(code: Code, error: ValidationError) -> Problem:
    """The problem that lists what a schema refused, by field; of very many, the first."""
    found = sorted(_flat(error.messages), key=_place)
    more = f"{TRANSPORT[code][1]} The first {LISTED} of {len(found):,} errors are listed."
    return Problem(code, more if len(found) > LISTED else "", errors=found[:LISTED])


def status_of(code: str) -> int:
    """The status a code is answered with; an unknown code is a mistake of the caller (`KeyError`)."""
    if code in TRANSPORT:
        return TRANSPORT[code][0]
    return refusal_status(_refusals()[code])


def about(code: str) -> str:
    """What a code means, in a sentence."""
    return TRANSPORT[code][1] if code in TRANSPORT else _refusals()[code].message


def refusal_status(kind: type[Refusal]) -> int:
    """The status of the nearest family."""
    return next(FAMILIES[base] for base in kind.__mro__ if base in FAMILIES)


def install(app: Flask) -> None:
    """Answer every error of the app as a problem; errors of pages outside the API keep their plain page."""
    app.register_error_handler(Problem, _transport)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ValidationError, lambda error: _transport(invalid("invalid_body", error)))
    app.register_error_handler(HTTPException, _library)
    app.register_error_handler(Exception, _unexpected)


def _transport(problem: Problem) -> Response:
    answer = _answer(problem.status, problem.code, str(problem), problem.errors)
    answer.headers.update(problem.headers)
    return answer


def _refused(refusal: Refusal) -> Response:
    return _answer(refusal_status(type(refusal)), refusal.code, str(refusal))


def _library(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400 or not request.path.startswith(API):
        return error
    code = LIBRARY.get(status, "bad_request")
    answer = _answer(status, code, TRANSPORT[code][1])
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _unexpected(error: Exception) -> Response | HTTPException:
    if is_busy(error):
        log.warning("too busy at %s", request.url_rule, exc_info=error)
        return _library(ServiceUnavailable(retry_after=1))
    reference = str(uuid.uuid4())
    log.error("unexpected error %s at %s", reference, request.url_rule, exc_info=error)
    if not request.path.startswith(API):
        return InternalServerError(f"Something went wrong on our side. Reference: {reference}")
    return _answer(500, "internal_error", f"{TRANSPORT['internal_error'][1]} Reference: {reference}")


def _answer(status: int, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    if status in WATCHED or code in WATCHED_CODES:
        watch.refused(code)
    content: dict[str, Any] = {
        "type": f"/api/docs#problem-{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        content["errors"] = errors
    headers = {"Cache-Control": "no-store", **HEADERS.get(status, {})}
    return Response(json.dumps(content), status, headers, content_type=MEDIA_TYPE)


def _flat(messages: Any, path: str = "") -> Iterable[dict[str, str]]:
    """The nested messages of marshmallow as a list; `_schema` is the object itself."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from _flat(below, path + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from _flat(message, path)
    else:
        yield {"field": path, "code": getattr(messages, "code", "invalid"), "message": str(messages)}


def _place(error: Mapping[str, str]) -> list[str]:
    """Where an error is, so that item 2 comes before item 10."""
    return [step.zfill(9) if step.isdigit() else step for step in error["field"].split("/")]


def _refusals() -> Mapping[str, type[Refusal]]:
    """Every named refusal there is, by code."""
    found: dict[str, type[Refusal]] = {}
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found


assert set(get_args(Code)) == set(TRANSPORT)  # noqa: S101 - the two lists are one
