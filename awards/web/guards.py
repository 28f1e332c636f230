"""What each page asks for, by its address: a permission of the table in `awards.access`, or None for anybody.

A page that is not here fails the walk of `tests/api/test_routes.py`: nothing is undecided.
"""

from __future__ import annotations

from collections.abc import Mapping

PAGES: Mapping[str, str | None] = {
    "/": None,
    "/favicon.ico": None,
    "/static/<path:filename>": None,
    "/enter": None,
    "/sign-in": None,
    "/sign-out": None,
    "/account": "token.list",
    "/account/tokens": "token.own",
    "/account/tokens/<id>/revoke": "token.revoke",
    "/account/mail": "mail.own",
    "/account/file": "file.own",
    "/account/password": "token.list",
    "/account/sign-out-everywhere": "token.list",
}
WITH_PROVIDER: Mapping[str, str | None] = {
    "/sign-in/oidc": None,
    "/sign-in/oidc/callback": None,
}
"""Pages that are there only where an OpenID provider is set."""
