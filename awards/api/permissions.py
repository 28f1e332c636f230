"""The table of permissions as a page: what is permitted to whom, and which operation or page each guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from awards.access import PERMISSIONS
from awards.api.op import PARAMETER, Operations

OPEN = ("/api/docs", "/api/openapi.json", "/healthz", "/readyz")
"""What is no operation and for anybody: the same answer for all, and nothing of an edition in it."""

ANYBODY = "anybody"
INTRODUCTION = """\
# Permissions

Printed by `awards permissions` from the table in `awards/access.py`, the declared operations and the pages; a test
keeps it current. A permission is granted when any of those named holds, by the role that the token or the session is
for, as long as an event gives that role: in the edition, on the panel of the stage, or for the award. What is not
granted is refused. What of a thing is then shown, to whom and when, is data in the edition's rules.

Another test asks every address by every method as everybody there is, and compares the answers with this table."""


def markdown(groups: Sequence[Operations], pages: Mapping[str, str | None]) -> str:
    """The page."""
    granted = [[f"`{name}`", found.what, "; ".join(found.who)] for name, found in PERMISSIONS.items()]
    parts = [
        INTRODUCTION,
        "## What is permitted to whom",
        _table(["permission", "what", "who"], granted),
        "## Operations",
        _table(["route", "method", "permission"], _operations(groups)),
        "## Pages",
        _table(["address", "permission"], _pages(pages)),
    ]
    return "\n\n".join(parts) + "\n"


def _operations(groups: Iterable[Operations]) -> Iterator[list[str]]:
    for group in groups:
        for operation in group.declared:
            route = PARAMETER.sub(r"{\g<name>}", operation.path)
            guards = " or ".join(f"`{name}`" for name in operation.permissions)
            yield [f"`{route}`", operation.method, guards or ANYBODY]


def _pages(pages: Mapping[str, str | None]) -> Iterator[list[str]]:
    for address, permission in {**pages, **dict.fromkeys(OPEN)}.items():
        yield [f"`{address}`", f"`{permission}`" if permission else ANYBODY]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
