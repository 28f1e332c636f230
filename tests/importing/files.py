"""Files to import, as somebody would write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from awards.access import OPERATOR, Caller
from awards.application.desk import Arrival
from awards.importing import Import, Imported, InvalidImport
from tests.application.house import House

RULED = {"outcome": "eligible", "rule": "serving", "code": "meets-rules"}


def nomination(number: int, **more: Any) -> dict[str, Any]:
    """A line of a nomination, ruled eligible."""
    told = {"ref": f"N-{number}", "name": f"Nominee {number}", "country": "GH", "statement": f"Statement {number}"}
    return {**told, "nominator": f"Nominator {number}", **RULED, **more}


def review(number: int, reviewer: str, impact: int = 4, reach: int = 2, **more: Any) -> dict[str, Any]:
    """A line of a review, with scores on the rubric of `tests.domain.cases`."""
    return {"nomination": f"N-{number}", "reviewer": reviewer, "scores": {"impact": impact, "reach": reach}, **more}


def as_json(lines: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def as_csv(lines: Sequence[dict[str, Any]], **form: Any) -> str:
    """The same lines in a table; scores in a column each."""
    flat = [
        {
            **{name: value for name, value in line.items() if name != "scores"},
            **{f"scores.{criterion}": score for criterion, score in line.get("scores", {}).items()},
        }
        for line in lines
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for line in flat for name in line)), **form)
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue()


class Desk:
    """Who imports into an edition of a house."""

    def __init__(self, house: House, folder: Path, rules: dict[str, Any] | None = None) -> None:
        self.house = house
        self.folder = folder
        self.edition = house.edition(rules)
        self.chair = house.member(self.edition, "chair", "Chidi")

    def file(self, text: str | bytes, name: str = "lines") -> Path:
        """A file that holds this."""
        file = self.folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def load(self, text: str | bytes, caller: Caller = OPERATOR, **options: Any) -> Imported:
        """Import one file."""
        asked = (self.house.app, Arrival(caller, self.house.at), self.edition, [self.file(text)])
        run = Import(*asked, **options)
        run.check()
        return run.record()

    def refused(self, text: str | bytes, **options: Any) -> list[tuple[int, str, str]]:
        """Line, field and words of everything that is wrong; nothing must have been recorded."""
        before = self.house.counts(), self.house.topics()
        try:
            self.load(text, **options)
        except InvalidImport as error:
            assert (self.house.counts(), self.house.topics()) == before
            return [(trouble.at.number, trouble.field, trouble.what) for trouble in error.troubles]
        raise AssertionError("everything was imported")

    def reviewing(self) -> None:
        """The call is over, reviewing begins."""
        self.house.at += timedelta(days=40)
        self.house.app.editions.open_reviewing(self.house.by(self.house.secretary), self.edition, "panel")

    def nominations(self) -> list[dict[str, Any]]:
        return list(
            self.house.app.reading.nominations(self.house.by(self.house.secretary), self.edition, limit=200).items
        )

    def reviews(self) -> list[dict[str, Any]]:
        auditor = self.house.staff("auditor", "Aude")
        return list(self.house.app.reading.reviews(self.house.by(auditor), self.edition, limit=200).items)


def utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)
