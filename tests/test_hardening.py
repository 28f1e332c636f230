"""Every answer has the headers that keep a browser from doing more with it than is meant, whoever gives the answer."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from awards import server
from awards.access import OPERATOR
from awards.app import Service, create_app
from awards.application.desk import Arrival
from awards.settings import Settings

Headers = dict[str, list[str]]
KEPT = {
    "x-content-type-options": ["nosniff"],
    "cross-origin-opener-policy": ["same-origin"],
}
# What may be kept: it is the same for everybody, and personal for nobody.
PUBLIC = re.compile(
    r"/|/favicon\.ico|/static/.*|/api/docs|/api/openapi\.json|/api/v1/(winners|awards)(/.*)?|/api/v1/editions/[^/]+/winners"
    r"|/log/(checkpoint|vkey|tile/[0-9].*)"
)
SAMPLES = {"id": "00000000-0000-4000-8000-000000000000", "slug": "an-award", "path": "awards.css", "string": "x"}
SAMPLES |= {"index": "0", "level": "0", "tile": "000.p/1"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("hardening")
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}", "AWARDS_PORT": "0"}
    with closing(Service.open(Settings.from_environment(environ))) as service:
        yield service


@pytest.fixture(scope="module")
def place(service: Service) -> Iterator[tuple[str, int]]:
    with server.serving(service) as place:
        yield place


def ask(place: tuple[str, int], method: str, path: str, **said: str) -> tuple[int, Headers, bytes]:
    """One request; every header of the answer, each as often as it came."""
    with closing(http.client.HTTPConnection(*place, timeout=30)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in said.items()})
        answer = connection.getresponse()
        return answer.status, listed(answer.getheaders()), answer.read()


def tell(place: tuple[str, int], *lines: str, body: bytes = b"") -> tuple[int, Headers, bytes]:
    """Send lines as they are; status, headers and body of the first answer."""
    with socket.create_connection(place, timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        heard = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, rest = heard.partition(b"\r\n\r\n")
    status, *pairs = head.decode("latin-1").split("\r\n")
    return int(status.split()[1]), listed([tuple(pair.split(": ", 1)) for pair in pairs]), rest  # type: ignore[misc]


def listed(pairs: list[tuple[str, str]]) -> Headers:
    found: Headers = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value)
    return found


def require_hardened(headers: Headers) -> None:
    assert {name: headers.get(name) for name in KEPT} == KEPT
    form = "form-action 'self'" in headers["content-security-policy"][0]
    # Without any referrer a browser would not tell the Origin of a form.
    assert headers["referrer-policy"] == ["same-origin" if form else "no-referrer"]
    [policy] = headers["content-security-policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert "*" not in policy
    [features] = headers["permissions-policy"]
    assert "camera=()" in features
    shared = headers.get("access-control-allow-origin") == ["*"]
    assert headers["cross-origin-resource-policy"] == ["cross-origin" if shared else "same-origin"]
    assert len(headers["cache-control"]) == 1
    assert "access-control-allow-credentials" not in headers
    assert not re.search(r"\d", "".join(headers.get("server", [])))
    assert "x-powered-by" not in headers


def requests(service: Service) -> list[tuple[str, str]]:
    """A method and a path for each rule of the url map."""
    found = []
    for rule in create_app(service).url_map.iter_rules():
        path = re.sub(r"<(?:([a-z]+):)?[a-z_]+>", lambda match: SAMPLES[match[1] or "string"], rule.rule)
        found += [(method, path) for method in sorted(rule.methods or ())]
    return found


def test_every_route_answers_with_them(service: Service, place: tuple[str, int]) -> None:
    asked = requests(service)
    assert len(asked) > 80
    for method, path in asked:
        status, headers, _ = ask(place, method, path)
        assert status < 500, (method, path)
        try:
            require_hardened(headers)
            if status < 400 and method == "GET" and not PUBLIC.fullmatch(path):
                assert headers["cache-control"] == ["no-store"]
            if status >= 400:
                assert headers["cache-control"] == ["no-store"]
        except (AssertionError, KeyError) as error:
            raise AssertionError(f"{method} {path} answers {status} {headers}: {error!r}") from None


def test_what_is_not_sent_again_has_them_too(place: tuple[str, int]) -> None:
    for path in ("/api/docs", "/api/openapi.json", "/api/v1/winners", "/static/awards.css"):
        status, headers, _ = ask(place, "GET", path)
        assert status == 200
        status, headers, _ = ask(place, "GET", path, If_None_Match=headers["etag"][0])
        assert status == 304
        require_hardened(headers)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET /nothing HTTP/1.1", "Host: x"], 404),
        (["GET /api/v1/nothing HTTP/1.1", "Host: x"], 404),
        (["DELETE / HTTP/1.1", "Host: x", "Sec-Fetch-Site: same-origin"], 405),
        (["POST /sign-in HTTP/1.1", "Host: x", "Sec-Fetch-Site: cross-site", "Content-Length: 0"], 403),
        (["BREW /api/v1/winners HTTP/1.1", "Host: x"], 405),
        (["GET /api/v1/winners?limit=x HTTP/1.1", "Host: x"], 422),
        (["GET /api/v1/winners HTTP/1.1", "Host: x", "Accept: image/png"], 406),
        # From here on the server itself answers.
        (["GET"], 400),
        (["GET / HTTP/1.1 x", "Host: x"], 400),
        (["GET / HTTP/9.9", "Host: x"], 505),
        (["get / HTTP/1.1", "Host: x"], 400),
        (["GET http:// HTTP/1.1", "Host: x"], 400),
        (["GET /" + "x" * 100_000 + " HTTP/1.1", "Host: x"], 414),
        (["GET / HTTP/1.1", "Host: x", "X: " + "x" * 100_000], 413),
        (["GET / HTTP/1.1", "Host: x", "no colon"], 400),
        (["GET / HTTP/1.1", "Host: x", "Space : x"], 400),
        (["GET / HTTP/1.1", "Host: x", "X-Folded: a", "\tb"], 400),
        (["GET / HTTP/1.1", "Host: x", "X-Nul: \x00"], 400),
        (["POST / HTTP/1.1", "Host: x", "Content-Length: 5", "Content-Length: 50"], 400),
        (["POST / HTTP/1.1", "Host: x", "Content-Length: 5", "content-length: 5"], 400),
        (["POST / HTTP/1.1", "Host: x", "Content-Length: -5"], 400),
        (["POST / HTTP/1.1", "Host: x", "Transfer-Encoding: gzip"], 501),
        (["GET / HTTP/1.1", "Host: x", "Host: y"], 400),
        (["GET / HTTP/1.1", "Host: x", "Authorization: Bearer a", "Authorization: Bearer b"], 400),
        (["GET / HTTP/1.1", "Host: x", "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"], 400),
        (["GET / HTTP/1.1", "Host: x", "Cookie: a=1", "Cookie: a=2"], 400),
    ],
)
def test_every_kind_of_error_has_them(place: tuple[str, int], lines: list[str], status: int) -> None:
    answered, headers, _ = tell(place, lines[0], *(["Connection: close"] if len(lines) > 1 else []), *lines[1:])
    assert answered == status
    require_hardened(headers)
    assert headers["cache-control"] == ["no-store"]


def test_a_token_in_an_address_is_none(service: Service, place: tuple[str, int]) -> None:
    people, act = service.application.people, Arrival(OPERATOR, datetime.now(UTC))
    token = people.issue_token(act, people.register(act, "Ada", "secretariat"), "secretariat")
    assert ask(place, "GET", "/api/v1/editions", Authorization=f"Bearer {token}")[0] == 200
    for name in ("token", "access_token", "authorization", "Authorization"):
        status, _, body = ask(place, "GET", f"/api/v1/editions?{name}={token}")
        assert status == 401
        assert token.encode() not in body
    assert ask(place, "GET", "/api/v1/editions", Cookie=f"Authorization={token}; token={token}")[0] == 401


def test_a_failure_of_ours_has_them(service: Service) -> None:
    app = create_app(service)

    def fail() -> str:
        raise RuntimeError("inside")

    app.add_url_rule("/api/fail", "fail", fail)
    app.add_url_rule("/fail", "fail_page", fail)
    for path in ("/api/fail", "/fail"):
        answer = app.test_client().get(path)
        assert answer.status_code == 500
        require_hardened(listed(list(answer.headers)))


def test_only_where_the_public_address_is_https_browsers_are_told_to_stay_there(service: Service) -> None:
    for base_url, told in [
        (None, None),
        ("http://awards.example.org", None),
        ("https://awards.example.org", "max-age=31536000; includeSubDomains"),
    ]:
        there = replace(service, settings=replace(service.settings, base_url=base_url))
        assert create_app(there).test_client().get("/").headers.get("Strict-Transport-Security") == told
        with server.serving(there) as place:
            assert tell(place, "GET")[1].get("strict-transport-security") == ([told] if told else None)


def test_a_name_with_an_underscore_passes_for_none(service: Service) -> None:
    behind = replace(service, settings=replace(service.settings, proxies=1))
    with server.serving(behind) as place:
        _, headers, _ = tell(place, "GET /api/v1/winners HTTP/1.1", "Host: x", "If_None_Match: *", "Connection: close")
        assert "etag" in headers
        assert tell(place, "GET /api/v1/winners HTTP/1.0", "If_None_Match: *")[0] == 200
