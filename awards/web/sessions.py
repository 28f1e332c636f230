"""The session cookie, and who may send a form: what keeps pages of other sites from acting in somebody's name.

The cookie holds nothing but a random id. With `__Host-` no other host can set it and it needs Secure, HttpOnly hides it
from scripts, SameSite=Lax keeps it from what other sites send. A form is taken only where the browser says that it
comes from here: by Sec-Fetch-Site, else by Origin (OWASP ASVS 5.0, 3.3 and 3.5). The API reads no cookie.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Request, Response

COOKIE = "__Host-awards"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_PATH = 500
_OWN_PATH = re.compile(r"/([A-Za-z0-9_~.%=&?-][A-Za-z0-9_~.%=&?/-]*)?")


def begin(answer: Response, session: str) -> None:
    """Let the browser keep its session until it is closed; how long it is good for is known here only."""
    answer.set_cookie(COOKIE, session, secure=True, httponly=True, samesite="Lax")


def end(answer: Response) -> None:
    """Let the browser forget its session."""
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")


def comes_from_here(request: Request, base_url: str | None) -> bool:
    """Whether a request that would change something was sent by a page of ours, or by nobody's page."""
    if request.method in SAFE:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    try:
        origin = urlsplit(request.headers.get("Origin", "")).netloc
    except ValueError:
        return False
    ours = {request.host, urlsplit(base_url).netloc if base_url else request.host}
    return bool(origin) and origin in ours


def own_path(text: str) -> str | None:
    """A path of this site to go on to; None for anything that could lead elsewhere."""
    return text if len(text) <= LONGEST_PATH and _OWN_PATH.fullmatch(text) else None
