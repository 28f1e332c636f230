"""The shapes of an import's lines: a nomination, a review; `awards.importing` documents and reads the files."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.fields import Choice, Coded, Flag, ListOf, Slug, Text
from awards.schemas.nominations import NomineeIn
from awards.schemas.reviews import ScoreIn
from awards.schemas.words import BODY, MEMBERS, NAME, STATEMENT, Code

RULING = ("outcome", "rule", "code")


class NominationLine(NomineeIn):
    """A nomination as it arrived, with the answer and the ruling if there were any."""

    ref = Text(NAME, required=True)
    category = Slug(load_default="main")
    members = ListOf(Text(NAME), MEMBERS)
    statement = Text(STATEMENT, multiline=True, required=True)
    nominator = Text(NAME, required=True)
    answer = Choice("accepted", "declined")
    answer_text = Text(BODY, multiline=True)
    outcome = Choice("eligible", "ineligible")
    rule = Code()
    code = Code()
    text = Text(BODY, multiline=True)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        wrong: dict[str, list[str]] = {}
        if "answer_text" in data and data.get("answer") != "declined":
            wrong["answer_text"] = [Coded("not_here", "Only declining takes a text.")]
        if any(name in data for name in (*RULING, "text")):
            for name in RULING:
                if name not in data:
                    wrong[name] = [Coded("required", "A ruling needs an outcome, a rule and a code.")]
        if wrong:
            raise ValidationError(wrong)


class ReviewLine(ScoreIn):
    """A review as it was given: of which nomination, by whom, and under a conflict policy that she had no conflict."""

    nomination = Text(NAME, required=True)
    reviewer = Text(NAME, required=True)
    no_conflict = Flag()
