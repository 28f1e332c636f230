"""One import: what is wrong with the files, or everything they hold recorded, in batches.

Nothing is recorded before every line was checked: its shape, what it refers to, and the rules, by deciding without
recording. A batch is one transaction: its lines share the cost of it and the guards. If something moves meanwhile, so
that a line is refused after all (reviewing was closed), the import stops there; run again, it goes on where it ended.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from awards.application.application import Application
from awards.application.desk import Arrival
from awards.application.imports import REVIEW
from awards.domain.refusals import Refusal
from awards.importing.kinds import Kind, Nominations, Ready, Reviews
from awards.importing.reading import Unreadable
from awards.importing.shaping import Shaped, kind_of, shaped
from awards.importing.troubles import At, InvalidImport, Trouble, of_refusal

BATCH = 400
"""Lines a transaction."""

Tell = Callable[[int], object]
"""Is told how many lines more are done."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines this run recorded, and how many were recorded before."""

    kind: str
    recorded: int
    before: int


class Stopped(Refusal):
    """A line was refused after lines before it had been recorded."""

    code = "import_stopped"


class Import:
    """One run over the files. `stage`: of reviews, where the edition has several; `appoint`: see `Reviews`."""

    def __init__(
        self,
        application: Application,
        arrival: Arrival,
        edition: str,
        files: Sequence[Path],
        stage: str | None = None,
        *,
        appoint: bool = False,
    ) -> None:
        self._app = application
        self._files = files
        self._troubles: list[Trouble] = []
        self._todo: list[Ready] = []
        self._before = 0
        try:
            self.kind = kind_of(files)
        except Unreadable as error:
            raise InvalidImport([error.trouble]) from None
        asked = (application.imports, arrival, edition)
        self._kind: Kind = Reviews(*asked, stage, appoint=appoint) if self.kind == REVIEW else Nominations(*asked)

    @cached_property
    def lines(self) -> list[Shaped]:
        """The lines that have their shape."""
        return list(shaped(self._files, self.kind, self._troubles))

    def check(self, tell: Tell = lambda lines: None) -> int:
        """Check every line; gives how many are to be recorded. Raises `InvalidImport` with all that is wrong."""
        with _uncollected():
            self._check(tell)
        if self._troubles:
            raise InvalidImport(self._troubles)
        return len(self._todo)

    def _check(self, tell: Tell) -> None:
        ready = list(self._kind.ready(self.lines, self._troubles.append))
        self._require_distinct(ready)
        self._todo = list(self._not_recorded(ready))
        tell(len(self.lines) - len(self._todo))
        for some in _batches(self._todo):
            refused = self._kind.refused([one.line for one in some])
            self._troubles += [of_refusal(some[place].at, refusal) for place, refusal in refused]
            tell(len(some))

    def record(self, tell: Tell = lambda lines: None) -> Imported:
        """Record what was checked, and catch up with it."""
        with _uncollected():
            try:
                done = self._record(tell)
            finally:
                self._app.desk.projector.catch_up()
        return Imported(self.kind, done, self._before)

    def _record(self, tell: Tell) -> int:
        done = 0
        try:
            if self._todo:
                self._kind.prepare()
            for some in _batches(self._todo):
                self._kind.record([one.line for one in some])
                done += len(some)
                tell(len(some))
        except Refusal as refusal:
            here = self._todo[done].at
            told = f"{here.file}:{here.number} or one of the next {BATCH} lines: {refusal} ({refusal.code})"
            raise Stopped(f"{told}\n{done} lines were recorded; run it again once this is settled.") from None
        return done

    def _require_distinct(self, ready: Sequence[Ready]) -> None:
        first: dict[str, At] = {}
        for one in ready:
            there = first.setdefault(one.line.reference, one.at)
            if there is not one.at:
                told = f"the same came before, at {there.file}:{there.number}"
                self._troubles.append(Trouble(one.at, told, self._kind.field))

    def _not_recorded(self, ready: Sequence[Ready]) -> Iterator[Ready]:
        """Those no earlier run recorded; one that said something else then is a trouble."""
        known = self._kind.imports.recorded(
            self._kind.arrival, self._kind.edition, [one.line.reference for one in ready]
        )
        for one in ready:
            row = known.get(one.line.reference)
            if row is None:
                yield one
            elif row["line"] == one.line.mark:
                self._before += 1
            else:
                told = "this was imported before, and said something else then"
                self._troubles.append(Trouble(one.at, told, self._kind.field))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: there are none, and going through all that lives took a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _batches(ready: Sequence[Ready]) -> Iterator[Sequence[Ready]]:
    for start in range(0, len(ready), BATCH):
        yield ready[start : start + BATCH]
