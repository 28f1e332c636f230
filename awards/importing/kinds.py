"""What is imported: nominations, or reviews; what its lines refer to, how they are asked about, how they are recorded.

A line is recognised by its mark: a nomination by its reference in the file, a review by who reviewed which nomination.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from awards.application.desk import Arrival
from awards.application.imports import NOMINATION, REVIEW, ImportCommands, Line, Refused
from awards.domain.review import Review
from awards.importing.shaping import Shaped
from awards.importing.troubles import At, Trouble
from awards.schemas.fields import Id

ID = re.compile(Id.pattern)


@dataclass(frozen=True, slots=True)
class Ready:
    """A line that can be recorded, as far as is known."""

    at: At
    line: Line


class Kind:
    """The base of both."""

    field: str
    """The field that tells a line from another."""

    def __init__(self, imports: ImportCommands, arrival: Arrival, edition: str) -> None:
        self.imports = imports
        self.arrival = arrival
        self.edition = edition
        self.marks = imports.marks(edition)

    def ready(self, lines: Sequence[Shaped], wrong: Callable[[Trouble], None]) -> Iterator[Ready]:
        """The lines with their marks; what they refer to in vain is told to `wrong`."""
        raise NotImplementedError

    def refused(self, lines: Sequence[Line]) -> list[Refused]:
        """Those of these lines that the rules refuse as things stand."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Record what lines rest on."""

    def record(self, lines: Sequence[Line]) -> None:
        """Record these lines, all or none."""
        raise NotImplementedError


class Nominations(Kind):
    """Nominations as they arrived."""

    field = "ref"

    def ready(self, lines: Sequence[Shaped], wrong: Callable[[Trouble], None]) -> Iterator[Ready]:
        for one in lines:
            facts = {name: value for name, value in one.facts.items() if name != "ref"}
            yield Ready(one.at, Line(self.marks.reference(NOMINATION, one.facts["ref"]), self.marks.line(facts), facts))

    def refused(self, lines: Sequence[Line]) -> list[Refused]:
        return self.imports.refused_nominations(self.arrival, self.edition, [line.facts for line in lines])

    def record(self, lines: Sequence[Line]) -> None:
        self.imports.import_nominations(self.arrival, self.edition, lines)


class Reviews(Kind):
    """Reviews of one stage; `appoint`: who is not on its panel is seated by the name the file gives."""

    field = "reviewer"

    def __init__(
        self, imports: ImportCommands, arrival: Arrival, edition: str, stage: str | None, *, appoint: bool
    ) -> None:
        super().__init__(imports, arrival, edition)
        self.stage = imports.stage(arrival, edition, stage)
        self._appoint = appoint
        self._panel = imports.panel(arrival, edition, self.stage)
        self._newcomers: dict[str, str | None] = {}
        """Names that are not on the panel yet -> the participants, once they are."""

    def ready(self, lines: Sequence[Shaped], wrong: Callable[[Trouble], None]) -> Iterator[Ready]:
        nominations = self._nominations({one.facts["nomination"] for one in lines})
        for one in lines:
            nomination, reviewer = nominations.get(one.facts["nomination"]), self._reviewer(one, wrong)
            if nomination is None:
                wrong(Trouble(one.at, "no nomination of this edition has this reference or id", "nomination"))
            elif reviewer is not None:
                yield Ready(one.at, self._line({**one.facts, "nomination": nomination, "reviewer": reviewer}))

    def refused(self, lines: Sequence[Line]) -> list[Refused]:
        facts = [line.facts for line in lines]
        new = list(dict.fromkeys(one["reviewer"] for one in facts if one["reviewer"] in self._newcomers))
        return self.imports.refused_reviews(self.arrival, self.edition, self.stage, facts, new)

    def prepare(self) -> None:
        for name in self._newcomers:
            who = self.imports.import_reviewer(self.arrival, self.edition, self.stage, name)
            self._newcomers[name] = who

    def record(self, lines: Sequence[Line]) -> None:
        self.imports.import_reviews(self.arrival, self.edition, self.stage, [self._seated(line) for line in lines])

    def _seated(self, line: Line) -> Line:
        who = self._newcomers.get(line.facts["reviewer"])
        return line if who is None else self._line({**line.facts, "reviewer": who})

    def _line(self, facts: dict[str, Any]) -> Line:
        review = str(Review.id_of(self.stage, facts["nomination"], facts["reviewer"]))
        return Line(self.marks.reference(REVIEW, review), self.marks.line(facts), facts)

    def _nominations(self, told: set[str]) -> dict[str, str]:
        """What the lines call nominations -> their ids."""
        marks = {self.marks.reference(NOMINATION, one): one for one in told}
        imported = self.imports.recorded(self.arrival, self.edition, list(marks))
        found = {marks[mark]: str(row["stream"]) for mark, row in imported.items()}
        ids = [one for one in told - found.keys() if ID.fullmatch(one)]
        return found | {one: one for one in self.imports.nominations_there(self.arrival, self.edition, ids)}

    def _reviewer(self, one: Shaped, wrong: Callable[[Trouble], None]) -> str | None:
        told = one.facts["reviewer"]
        if told in self._panel:
            if self._panel[told] is None:
                wrong(Trouble(one.at, "two on the panel have this name: give the participant's id", "reviewer"))
            return self._panel[told]
        if self._appoint and not ID.fullmatch(told):
            self._newcomers.setdefault(told, None)
            return str(told)
        wrong(Trouble(one.at, "nobody of this name or id sits on the panel of the stage", "reviewer"))
        return None
