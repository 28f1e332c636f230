"""A small client of the API, as one might write it from the documentation: tokens, keys, ETags, pages, problems."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60
Json = dict[str, Any]
# This machine is not reached through a proxy.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Unexpected(Exception):
    """The service answered otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    asked: str
    status: int
    headers: Message
    data: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.data) if self.data else None

    @property
    def etag(self) -> str:
        """The entity tag, with its quotation marks."""
        return self.headers["ETag"] or ""

    def ok(self) -> Json:
        """The body of a success; anything else is unexpected."""
        if self.status not in (200, 201):
            raise Unexpected(f"{self.asked} was answered {self.status}: {self.data.decode(errors='replace')[:500]}")
        return dict(self.json)

    def refused(self, status: int, code: str) -> Json:
        """The problem the request should be answered with."""
        problem: Json = self.json if "json" in (self.headers["Content-Type"] or "") else {}
        found = (self.status, problem.get("code", ""))
        if found != (status, code):
            raise Unexpected(f"{self.asked} was answered {found}, it should be {(status, code)}")
        return problem


class Client:
    """Calls one service as one person: whoever holds the token, or anybody."""

    def __init__(self, site: str, token: str | None = None) -> None:
        self.site = site
        self.token = token

    def holding(self, token: str) -> Client:
        """The same service, called by whoever holds this token."""
        return Client(self.site, token)

    def ask(self, method: str, path: str, body: Json | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a request; a path that begins neither with /api nor with /log is below /api/v1."""
        address = self.site + (path if path.startswith(("/api/", "/log/")) else f"/api/v1{path}")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, dict(headers or {}), method=method)  # noqa: S310 - our own
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(f"{method} {path}", response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(f"{method} {path}", error.code, error.headers, error.read())

    def get(self, path: str, **query: Any) -> Json:
        """Read a resource."""
        return self.ask("GET", _with(path, query)).ok()

    def items(self, path: str, **query: Any) -> Iterator[Json]:
        """Every item of a list, page by page."""
        while True:
            page = self.get(path, **query)
            yield from page["items"]
            if "next" not in page:
                return
            query["cursor"] = page["next"]

    def post(self, path: str, body: Json | None = None) -> Json:
        """Act, once: a request that were sent again under its key would be answered the same."""
        return self.try_to(path, body).ok()

    def try_to(self, path: str, body: Json | None = None, key: str | None = None) -> Answer:
        """Act, and see what comes back."""
        return self.ask("POST", path, body or {}, {"Idempotency-Key": key or str(uuid.uuid4())})

    def put(self, path: str, body: Json, etag: str | None = None) -> Answer:
        """Replace a resource as read just now, or as read when it had this ETag."""
        return self.ask("PUT", path, body, {"If-Match": etag or self.ask("GET", path).etag})


def _with(path: str, query: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
