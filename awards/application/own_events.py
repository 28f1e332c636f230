"""What the events of the log say of one person, as far as `own_words` lists it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from awards.application.own_words import DONE, NAMED, OF_NOMINEE, OF_REVIEWER, OF_SUBJECT, Naming

View = dict[str, Any]
State = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """An event as it is stored: its index in the log, its stream, its topic, and what it says."""

    index: int
    stream: str
    topic: str
    text: bytes

    @property
    def state(self) -> State:
        """What it says, sealed values as references."""
        return json.loads(self.text)  # type: ignore[no-any-return]


@dataclass
class Telling:
    """Reads lines in their order and tells what is hers of each.

    `ids`: all hers, of subject and participants. `is_public`: whether the decision of a stream is, so that what was
    sealed for publication may be told. `may_know`: whether she may know of a nomination of her.
    """

    ids: frozenset[str]
    is_public: Callable[[str], bool]
    may_know: Callable[[str], bool]
    _marks: list[bytes] = field(init=False)
    _reviews: set[str] = field(default_factory=set, init=False)
    _nominations: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._marks = [id.encode() for id in sorted(self.ids)]

    def tell(self, line: Line) -> View | None:
        """What an event says of her, with references in the place of sealed values; None if it is not about her."""
        followed = line.stream in self._reviews | self._nominations | self.ids
        if not followed and not any(mark in line.text for mark in self._marks):
            return None
        state = line.state
        parts: list[str] = []
        told: View = {}
        for part, said in self._said(line, state):
            if part not in parts:
                parts.append(part)
            told |= said
        if not parts:
            return None
        view: View = {"index": line.index, "time": state["time"], "type": line.topic, "as": parts}
        if "actor" in parts:
            view["role"] = state["actor"]["role"]
        return view | ({"told": told} if told else {})

    def _said(self, line: Line, state: State) -> Iterator[tuple[str, View]]:
        """As what she is in an event, and what it says of her as that."""
        actor = state["actor"]
        if actor.get("id") in self.ids:
            yield "actor", self._own(state, DONE.get(line.topic, ()))
        elif actor.get("on_behalf_of") in self.ids:
            yield "principal", self._own(state, DONE.get(line.topic, ()))
        if line.stream in self.ids:
            yield "subject", self._own(state, OF_SUBJECT.get(line.topic, ()))
        for naming in NAMED.get(line.topic, ()):
            yield from self._named(line, state, naming)
        if line.topic in OF_REVIEWER:
            if state.get("reviewer") in self.ids:
                self._reviews.add(line.stream)
            if line.stream in self._reviews:
                yield "reviewer", self._own(state, OF_REVIEWER[line.topic])
        if line.topic in OF_NOMINEE and line.stream in self._nominations:
            yield "nominee", {}

    def _named(self, line: Line, state: State, naming: Naming) -> Iterator[tuple[str, View]]:
        for holder in _holders(state, naming.where):
            if (holder[naming.id] if naming.id else holder) not in self.ids:
                continue
            if naming.public and not self.is_public(line.stream):
                continue
            if naming.part == "nominee":
                if not self.may_know(line.stream):
                    continue
                self._nominations.add(line.stream)
            yield naming.part, self._own(holder, naming.fields) if naming.id else {}

    def _own(self, holder: State, fields: Sequence[str]) -> View:
        """The listed fields, without values that are about anybody else."""
        told = {name: self._hers(holder[name]) for name in fields if name in holder}
        return {name: value for name, value in told.items() if value not in (None, {}, [])}

    def _hers(self, value: Any) -> Any:
        if isinstance(value, dict):
            if "sd" in value:
                return value if self.ids.issuperset(value["of"]) else None
            told = {name: self._hers(part) for name, part in value.items()}
            return {name: part for name, part in told.items() if part is not None}
        return value


def _holders(state: State, where: str) -> list[Any]:
    """The places in an event that a naming means."""
    holder: Any = state
    for step in filter(None, where.split(".")):
        holder = holder.get(step.removesuffix("[]")) if holder else None
    if holder is None:
        return []
    return list(holder) if where.endswith("[]") else [holder]
