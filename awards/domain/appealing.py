"""Appeals: a ruling on eligibility or a decision is contested, and upheld or dismissed by somebody else.

Methods of `Nomination` and `Decision`. A ruling that falls is reversed by the appeal itself, so that nobody rules the
same way again. A decision that falls before its announcement is reopened: what two people did, two people undo, who
appeals and who upholds. Once it is announced nothing is undone; a correction or a revocation follows, by two as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from awards.domain import refusals as no
from awards.domain.values import Act

if TYPE_CHECKING:
    from awards.domain.decision import Decision
    from awards.domain.nomination import Nomination

Sealed = dict[str, Any]

UPHELD, DISMISSED = OUTCOMES = ("upheld", "dismissed")

DECIDED = ("approved", "withheld", "announced")
"""Phases of a decision in which it can be appealed: two people have decided."""


class AppealOpen(no.OutOfOrder):
    code = "appeal_open"
    message = "An appeal is open and has to be decided first."


class NoAppealOpen(no.OutOfOrder):
    code = "no_appeal_open"
    message = "There is no appeal to decide."


class AlreadyAppealed(no.OutOfOrder):
    code = "already_appealed"
    message = "The same was appealed before, and that appeal is decided."


class NothingToAppeal(no.OutOfOrder):
    code = "nothing_to_appeal"
    message = "Only a ruling that the nomination is ineligible can be appealed."


class OwnAppeal(no.NotAllowed):
    code = "own_appeal"
    message = "Nobody decides an appeal of her own, or one against what she did herself."


def principal(actor: Mapping[str, str]) -> str:
    """Whose appeal it is: of whoever acts, or of whom the secretariat writes for."""
    return actor.get("on_behalf_of", actor.get("id", actor["kind"]))


def behind(actor: Mapping[str, str]) -> frozenset[str]:
    """Who had a part in an appeal, and so does not decide it."""
    return frozenset({principal(actor), actor.get("id", actor["kind"])})


# Of a ruling.


def appeal_ruling(case: Nomination, act: Act, code: str, text: Sealed | None = None) -> None:
    """Contest the ruling that a nomination is ineligible; one ruling is appealed once."""
    case.require_standing()
    if case.appellants:
        raise AppealOpen
    if case.ruling != "ineligible":
        raise NothingToAppeal
    if case.appealed:
        raise AlreadyAppealed
    case._record(case.RulingAppealed, act, code=code, text=text)


def decide_appeal_of_ruling(
    case: Nomination,
    act: Act,
    outcome: str,
    code: str,
    consent: str,
    text: Sealed | None = None,
    person: frozenset[str] = frozenset(),
) -> None:
    """Uphold an appeal, which makes the nomination eligible, or dismiss it. `person`: all ids of who acts."""
    case.require_standing()
    _require_judge(act, person, case.appellants, {str(case.ruled_by)})
    if outcome == UPHELD and consent == "required" and case.answer != "accepted":
        raise no.ConsentMissing
    case._record(case.AppealDecided, act, outcome=outcome, code=code, text=text)


# Of a decision.


def appeal_decision(
    decision: Decision, act: Act, code: str, text: Sealed | None = None, person: frozenset[str] = frozenset()
) -> None:
    """Contest what two people decided, before or after it is announced; each person once a decision.

    `person`: all ids of who appeals.
    """
    if decision.phase not in DECIDED:
        raise no.NotApproved
    if decision.appellants:
        raise AppealOpen
    if not decision.ever_appealed.isdisjoint({principal(act.actor), *person}):
        raise AlreadyAppealed
    decision._record(decision.Appealed, act, code=code, text=text)


def decide_appeal_of_decision(
    decision: Decision,
    act: Act,
    outcome: str,
    code: str,
    text: Sealed | None = None,
    person: frozenset[str] = frozenset(),
) -> None:
    """Uphold an appeal, which reopens what is not announced, or dismiss it. `person`: all ids of who acts.

    Who proposed or approved may take that back when somebody else appeals, but not dismiss what is said against it.
    """
    decided_by = {decision.proposer, str(decision.approver)}
    _require_judge(act, person, decision.appellants, decided_by if outcome == DISMISSED else ())
    decision._record(decision.AppealDecided, act, outcome=outcome, code=code, text=text)
    if outcome == UPHELD and decision.phase != "announced":
        decision._record(decision.Reopened, act, code=code)


def require_no_appeal(decision: Decision) -> None:
    """Refuse what would overtake an appeal."""
    if decision.appellants:
        raise AppealOpen


def _require_judge(act: Act, person: Collection[str], appellants: Collection[str], authors: Collection[str]) -> None:
    if not appellants:
        raise NoAppealOpen
    if not {act.by, *person}.isdisjoint({*appellants, *authors}):
        raise OwnAppeal
