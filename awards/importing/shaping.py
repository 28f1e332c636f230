"""The shape of every line, checked by the fields of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from awards.application.imports import NOMINATION, REVIEW
from awards.importing.reading import Unreadable, members_of, read
from awards.importing.troubles import At, Trouble, of_shape
from awards.schemas.imports import NominationLine, ReviewLine

Facts = dict[str, Any]

SHAPES: Mapping[str, Schema] = {NOMINATION: NominationLine(), REVIEW: ReviewLine()}


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line that has its shape."""

    at: At
    facts: Facts


def kind_of(files: Iterable[Path]) -> str:
    """Whether the files are of nominations or of reviews; raises `Unreadable`."""
    kinds: dict[str, At] = {}
    for file in files:
        kind = REVIEW if "reviewer" in members_of(file) else NOMINATION
        kinds.setdefault(kind, At(file, 1))
    if len(kinds) > 1:
        raise Unreadable(kinds[REVIEW], "reviews are imported on their own, after the nominations")
    return next(iter(kinds))


def shaped(files: Iterable[Path], kind: str, troubles: list[Trouble]) -> Iterator[Shaped]:
    """The lines that have their shape; what is wrong with the others goes to `troubles`."""
    shape = SHAPES[kind]
    for file in files:
        try:
            for one in read(file, list(shape.load_fields)):
                if isinstance(one, Trouble):
                    troubles.append(one)
                    continue
                at, raw = one
                try:
                    yield Shaped(at, shape.load(raw))
                except ValidationError as error:
                    troubles += of_shape(at, error.messages)
        except Unreadable as error:
            troubles.append(error.trouble)
