"""A small HTTP client for the tests: real requests, one connection a thread, everything the server said kept."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

IDLE = 5.0  # cheroot hangs up on who is silent for ten seconds


@dataclass(frozen=True)
class Answer:
    """What the server said; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def problem(self) -> tuple[int, str]:
        """Status and code, having checked that it is a problem as the document describes it."""
        assert self.headers["content-type"] == "application/problem+json", self
        told = self.json
        assert told["status"] == self.status
        assert told.keys() >= {"type", "title", "status", "detail", "code"}
        return self.status, told["code"]

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong with a body or query: JSON Pointer -> code."""
        return {error["field"]: error["code"] for error in self.json["errors"]}


class Client:
    """Talks to one server; `token` is that of whoever calls, None for anybody."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._local = threading.local()

    def get(self, path: str, token: str | None = None, **headers: str) -> Answer:
        return self.send("GET", path, token=token, headers=headers)

    def post(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> Answer:
        return self.send("POST", path, body, token, headers)

    def put(self, path: str, body: Any, token: str | None = None, **headers: str) -> Answer:
        return self.send("PUT", path, body, token, headers)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request; a body that is not bytes is sent as JSON, `_` in a header's name as `-`."""
        said = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if token is not None:
            said["Authorization"] = f"Bearer {token}"
        if body is not None:
            said.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._exchange(method, path if path.startswith("/") else f"/api/v1/{path}", body, said)

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = self._connection()
        if time.monotonic() - self._local.used > IDLE:
            connection.close()
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # the server may answer before it has read all
                connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, told, response.read())
        except (http.client.HTTPException, OSError):
            connection.close()
            raise
        self._local.used = time.monotonic()
        if response.will_close:
            connection.close()
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            self._local.used = time.monotonic()
            self._local.connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        found: http.client.HTTPConnection = self._local.connection
        return found

    def close(self) -> None:
        """Close this thread's connection."""
        self._connection().close()
