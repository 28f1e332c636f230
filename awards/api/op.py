"""Declaring operations: one declaration registers a route, checks what comes in, shapes what goes out, documents both.

    nominations = Operations("Nominations")

    @nominations.post("/editions/<id:edition>/nominations", body=NewNomination(), out=Nomination(),
                      location="/nominations/{id}", errors=("call_closed",), permission="nomination.submit")
    def submit_nomination(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
        \"\"\"Submit a nomination.\"\"\"
        return app.nominations.get(arrival, app.nominations.submit(arrival, edition, **body))

A view is given the application, the `Arrival`, the parameters of its path and, by name, what it declares: `body`,
`query`, `page` (lists), `if_match` (replaces), `media` (several `produces`), `language` (`languages`). It gives back
what `out` dumps, a `Paged` for a list, a `Rendered`, or a `Reply` around one of these with headers. Shapes are
instances, made once; all that can be worked out beforehand is, when the operations are bound to an app.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

from marshmallow import Schema

from awards.access import PERMISSIONS
from awards.api.answers import JSON
from awards.api.paging import Paging
from awards.problems import CREATED, NO_CONTENT, OK, status_of
from awards.schemas.moments import AsOf
from awards.schemas.shape import Shape

PREFIX = "/api/v1"
LARGE = 8
View = Callable[..., Any]
V = TypeVar("V", bound=View)
# What a limit counts: writes of a caller, tokens, which guard more than they cost, or reads that cost more than others.
Limit = Literal["write", "token", "export"]
# Where what is shown stands (any change of it changes this), and the Cache-Control that holds at this moment.
Cached = Callable[[Any], tuple[Hashable, str]]

PARAMETER = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>[a-z_]+)>")


class Nothing(Shape):
    """An empty object: no members, no parameters."""


NOTHING = Nothing()


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One declared operation; the fields are explained at `Operations`."""

    method: str
    rule: str
    view: View
    tag: str
    status: int
    body: Schema | None = None
    body_optional: bool = False
    large: bool = False
    query: Schema = NOTHING
    out: Schema | None = None
    paged: bool = False
    as_of: bool = False
    replaces: bool = False
    public: bool = False
    permissions: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    location: str | None = None
    produces: tuple[str, ...] = (JSON,)
    languages: tuple[str, ...] = ()
    cached: Cached | None = None
    limit: Limit | None = "write"
    by_code: bool = False
    prefix: str = PREFIX

    @property
    def path(self) -> str:
        """The rule with what comes before it."""
        return self.prefix + self.rule

    @property
    def name(self) -> str:
        """The operationId: the name of the view."""
        return self.view.__name__

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the path and their converters."""
        return {match["name"]: match["kind"] or "string" for match in PARAMETER.finditer(self.rule)}

    @cached_property
    def asks(self) -> Schema:
        """The shape of the whole query string."""
        more = (*(AsOf,) * self.as_of, *(Paging,) * self.paged)
        return type("Asked", (type(self.query), *more), {})() if more else self.query

    @property
    def lists(self) -> bool:
        """Whether it answers with a list of its shape; a shape with a `next` of its own is one object in pages."""
        return self.paged and self.out is not None and "next" not in self.out.fields

    def arguments(self) -> set[str]:
        """What the view is given by name."""
        given = {
            "body": self.body is not None and not self.body_optional,
            "query": self.query is not NOTHING,
            "page": self.paged,
            "if_match": self.replaces,
            "media": len(self.produces) > 1,
            "language": bool(self.languages),
        }
        return {*self.parameters, *(name for name, is_given in given.items() if is_given)}

    def codes(self) -> list[str]:
        """The code of every problem it can be answered with, by status."""
        by_feature = {
            ("unauthenticated", "forbidden"): not (self.public or self.by_code),
            ("not_found",): bool(self.parameters),
            ("not_acceptable",): len(self.produces) > 1,
            ("malformed_json", "duplicate_key", "length_required", "body_too_large"): self.body is not None,
            ("unsupported_media_type", "invalid_body"): self.body is not None,
            ("invalid_header", "idempotency_key_reused"): self.method == "POST",
            ("precondition_required", "stale"): self.replaces,
            ("bad_cursor",): self.paged,
            ("not_yet", "ask_by_moment", "forbidden"): self.as_of,
            ("too_many_requests",): self.limit is not None,
            ("invalid_query", "too_busy", *self.errors): True,
        }
        found = {code for codes, possible in by_feature.items() if possible for code in codes}
        return sorted(found, key=lambda code: (status_of(code), code))


class Operations:
    """The operations of one subject matter (`tag`), in the order the document shows them.

    For all: `out` is the shape of the answer, `errors` the codes of the refusals it may be answered with beside those
    that follow from the declaration, `permission` what guards it in the table of `awards.access`; of several, any does.
    """

    def __init__(self, tag: str, about: str = "", *, prefix: str = PREFIX) -> None:
        self.tag = tag
        self.prefix = prefix
        self.about = about
        self.declared: list[Operation] = []

    def get(
        self,
        rule: str,
        *,
        out: Schema,
        query: Schema = NOTHING,
        paged: bool = False,
        as_of: bool = False,
        public: bool = False,
        errors: tuple[str, ...] = (),
        permission: str | tuple[str, ...] = (),
        produces: tuple[str, ...] = (JSON,),
        languages: tuple[str, ...] = (),
        cached: Cached | None = None,
        limit: Limit | None = None,
    ) -> Callable[[V], V]:
        """A read. `public`: for anybody, from any origin; `cached` keeps its answers while the standing is equal.

        `as_of`: it takes `at`, which the view finds in the `Arrival`; its `next` goes on in the same past.
        """
        return self._declare(
            method="GET",
            rule=rule,
            status=OK,
            out=out,
            query=query,
            paged=paged,
            as_of=as_of,
            public=public,
            errors=errors,
            permissions=_names(permission),
            produces=produces,
            languages=languages,
            cached=cached,
            limit=limit,
        )

    def post(
        self,
        rule: str,
        *,
        body: Schema | None = None,
        out: Schema | None,
        status: int = CREATED,
        location: str | None = None,
        errors: tuple[str, ...] = (),
        permission: str | tuple[str, ...],
        large: bool = False,
        limit: Limit = "write",
        by_code: bool = False,
    ) -> Callable[[V], V]:
        """An act, carried out once per Idempotency-Key. `location`: the path of what it made, from `out`'s members.

        `by_code`: no bearer token is asked for, because the body holds a one-time code.

        `large`: the body may be `LARGE` times as long as others, because it lists what grows with an edition.
        """
        return self._declare(
            method="POST",
            rule=rule,
            status=status if out else NO_CONTENT,
            body=body or NOTHING,
            body_optional=body is None,
            large=large,
            out=out,
            location=location,
            errors=errors,
            permissions=_names(permission),
            limit=limit,
            by_code=by_code,
        )

    def delete(
        self, rule: str, *, errors: tuple[str, ...] = (), permission: str | tuple[str, ...], limit: Limit = "write"
    ) -> Callable[[V], V]:
        """The end of something; answers nothing."""
        return self._declare(
            method="DELETE",
            rule=rule,
            status=NO_CONTENT,
            errors=errors,
            permissions=_names(permission),
            limit=limit,
        )

    def put(
        self, rule: str, *, body: Schema, out: Schema, errors: tuple[str, ...] = (), permission: str | tuple[str, ...]
    ) -> Callable[[V], V]:
        """A replace: needs If-Match; the view calls `if_match.require(value)` with what a GET would show as `out`."""
        return self._declare(
            method="PUT",
            rule=rule,
            status=OK,
            body=body,
            out=out,
            replaces=True,
            errors=errors,
            permissions=_names(permission),
        )

    def _declare(self, **declared: Any) -> Callable[[V], V]:
        def declare(view: V) -> V:
            operation = Operation(view=view, tag=self.tag, prefix=self.prefix, **declared)
            try:
                inspect.signature(view).bind(None, None, **dict.fromkeys(operation.arguments()))
            except TypeError as error:
                raise TypeError(f"{operation.name} takes other arguments than declared: {error}") from None
            operation.codes()  # an unknown code shows here
            _require_decided(operation)
            self.declared.append(operation)
            return view

        return declare


def _names(permission: str | tuple[str, ...]) -> tuple[str, ...]:
    return (permission,) if isinstance(permission, str) else permission


def _require_decided(operation: Operation) -> None:
    """Nothing is undecided: an operation is public, or guarded by what the table of permissions names."""
    strangers = [name for name in operation.permissions if name not in PERMISSIONS]
    if strangers:
        raise TypeError(f"{operation.name}: awards.access.PERMISSIONS has no {', '.join(strangers)}")
    if operation.public == bool(operation.permissions):
        raise TypeError(f"{operation.name} must be either public or guarded by a permission")
