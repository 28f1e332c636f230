"""The headers that every answer has, whoever gives it: a route, an error, a static file, or the server itself.

An answer keeps what it says for itself: a page its own Content-Security-Policy, a public read its Cache-Control. All
others may load nothing, be framed by nobody, be read by no other origin and be stored nowhere (OWASP ASVS 5.0, 3.4 and
14.3). What any origin may read (Access-Control-Allow-Origin) may also be embedded by any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Pairs = list[tuple[str, str]]

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
UNUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
HEADERS: Pairs = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in UNUSED)),
    ("Cache-Control", "no-store"),
]
OWN = ("Cross-Origin-Resource-Policy", "same-origin")
SHARED = ("Cross-Origin-Resource-Policy", "cross-origin")
SECURE = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def headers(base_url: str | None) -> Pairs:
    """What is said unless an answer says otherwise; over https a browser is told to stay there for a year."""
    return [*HEADERS, SECURE] if base_url and base_url.startswith("https://") else HEADERS


def harden(app: Callable[..., Iterable[bytes]], base_url: str | None) -> Callable[..., Iterable[bytes]]:
    """The WSGI application with the headers on every answer."""
    said_by_all = [(name.lower(), (name, value)) for name, value in headers(base_url)]

    def hardened(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, said: Pairs, *exc_info: Any) -> Any:
            names = {name.lower() for name, _ in said}
            told = said + [pair for name, pair in said_by_all if name not in names]
            told.append(SHARED if "access-control-allow-origin" in names else OWN)
            return start_response(status, told, *exc_info)

        return app(environ, start)

    return hardened
