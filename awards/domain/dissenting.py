"""Dissent: a member of the panel does not share what is proposed or decided, and says why.

A method of `Decision`. It changes nothing but the record, so it needs no second person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awards.domain import refusals as no
from awards.domain.values import Act

if TYPE_CHECKING:
    from awards.domain.decision import Decision


class AlreadyDissented(no.OutOfOrder):
    code = "already_dissented"
    message = "Your dissent from this proposal is recorded."


def record_dissent(decision: Decision, act: Act, text: dict[str, Any], person: frozenset[str] = frozenset()) -> None:
    """Dissent from what is proposed or decided, once a person and proposal, as long as it is not announced.

    The caller has made sure that she sits on the panel and that nothing of the category is closed to her. `person`: all
    ids of who acts.
    """
    if decision.phase == "announced":
        raise no.AlreadyAnnounced
    if decision.phase not in ("proposed", "approved", "withheld"):
        raise no.NotProposed
    if not decision.dissenters.isdisjoint({act.by, *person}):
        raise AlreadyDissented
    decision._record(decision.DissentRecorded, act, text=text)
