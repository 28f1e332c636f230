"""Opening sealed values where they are shown.

Rows keep a sealed value as the event does, as a reference: what is said about a person lies in one place only, under
one key, and is erased there. A page of views is opened together, with one look-up for all its values. The roll of
honour is the exception: it is searched, so it holds in clear what was sealed for publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from awards.domain.values import Sealed

ERASED = "erased"
"""What is shown for a value that nobody can open any more."""

OpenAll = Callable[[Iterable[Sealed]], Mapping[str, Any]]
"""The values of many references by digest, `ERASED` among them."""


def open_in(views: Any, open_all: OpenAll, only: str | None = None) -> None:
    """Put values in the place of references, anywhere in these views; of one class, or of all."""
    found: list[tuple[Any, Any, Sealed]] = []
    stack = [views]
    while stack:
        holder = stack.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if _is_reference(value):
                if only in (None, value["class"]):
                    found.append((holder, key, value))
            elif isinstance(value, dict | list):
                stack.append(value)
    if found:
        opened = open_all(reference for _, _, reference in found)
        for holder, key, reference in found:
            holder[key] = opened[reference["sd"]]


def without_sealed(value: Any) -> Any:
    """A copy without the references that are left."""
    if isinstance(value, dict):
        return {name: without_sealed(part) for name, part in value.items() if not _is_reference(part)}
    if isinstance(value, list):
        return [without_sealed(part) for part in value if not _is_reference(part)]
    return value


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and "sd" in value
