"""What is wrong with a file: told all at once, each with its file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awards.domain.refusals import Invalid, Refusal

SHOWN = 50
"""Troubles told one by one."""

FIELDS = {
    "unknown_category": "category",
    "nominee_kind_mismatch": "members",
    "self_nomination": "nominator",
    "consent_missing": "answer",
    "nominee_not_asked": "answer",
    "scores_incomplete": "scores",
    "score_out_of_scale": "scores",
    "not_on_panel": "reviewer",
    "reviewer_has_interest": "reviewer",
    "already_recused": "reviewer",
    "declaration_missing": "no_conflict",
    "no_conflict_policy": "no_conflict",
    "not_ruled_eligible": "nomination",
    "not_shortlisted": "nomination",
    "nomination_withdrawn": "nomination",
    "nomination_declined": "nomination",
}
"""The field that a refusal is mostly about, by its code."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a line stands: its file, and the number of its first line of text, from 1."""

    file: Path
    number: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, where, and with which field, if it is one."""

    at: At
    what: str
    field: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, [f"{self.at.file}:{self.at.number}", self.field, self.what]))


class InvalidImport(Invalid):
    """The files cannot be imported; nothing of them was recorded by this run."""

    code = "invalid_import"
    message = "The files cannot be imported."

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = sorted(troubles, key=lambda trouble: (str(trouble.at.file), trouble.at.number))
        told = [str(trouble) for trouble in self.troubles[:SHOWN]]
        if len(troubles) > SHOWN:
            told.append(f"and {len(troubles) - SHOWN} more")
        super().__init__("\n".join([*told, "Nothing was recorded."]))


def of_refusal(at: At, refusal: Refusal) -> Trouble:
    """A refusal of the domain as a trouble."""
    return Trouble(at, f"{refusal} ({refusal.code})", FIELDS.get(refusal.code, ""))


def of_shape(at: At, messages: Any) -> Iterator[Trouble]:
    """The nested messages of marshmallow, one by one."""
    for field, what in _flat(messages):
        yield Trouble(at, what, field)


def _flat(messages: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from _flat(below, field if name == "_schema" else f"{field}.{name}" if field else str(name))
    else:
        yield from ((field, str(message)) for message in messages)
