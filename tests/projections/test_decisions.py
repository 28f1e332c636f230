"""Decisions: how each was made, and what came of it."""

from __future__ import annotations

from awards.domain.decision import Decision
from awards.projections import decisions
from awards.projections.catch_up import Projector
from tests.projections.histories import History
from tests.projections.test_roll import Public


def test_a_decision_shows_how_it_was_made_and_what_came_of_it(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.eligible(edition)
    decision = history.approved(edition, [case])
    with projector.reading() as rows:
        view = decisions.find(rows, decision.key)
    assert view is not None
    assert (view["phase"], view["outcome"], view["winners"]) == ("approved", "awarded", [{"nomination": case.key}])
    assert (view["proposer"], view["approver"], view["decided_by"]) == ("chair", "second", "none")
    decision.announce(history.act(), [history.published(case, name="Ada")], [])
    (who,) = decision.winners
    decision.propose_revocation(history.act("p-one"), who, "fraud", history.seal("text", "Forged.", who))
    decision.revoke(history.act("p-two"), who)
    history.record(decision)
    with projector.reading() as rows:
        (view,) = decisions.find_all(rows, edition.key).items
    citation = {"en": "For being first.", "fr": "Pour avoir été la première."}
    assert view["winners"] == [
        {"nomination": case.key, "participant": who, "kind": "person", "name": "Ada", "citation": citation}
    ]
    assert view["revocations"] == [
        {"winner": who, "code": "fraud", "text": "Forged.", "revoked": True, "proposer": "p-one"}
    ]


def test_a_withheld_decision_shows_why(history: History, projector: Projector, public: Public) -> None:
    edition = history.open_edition(history.award())
    count = {
        "stage": "review",
        "outcome": "withheld",
        "method": {"name": "weighted-rubric-mean", "version": 1},
        "basis": {"size": 1, "root": "00"},
        "inputs": {"count": 1, "sha256": "00"},
        "decided_by": "none",
        "winners": [],
        "runners_up": [],
        "code": "no_candidate",
        "text": history.seal("text", "None was good enough.", history.keys.mint()),
    }
    decision = Decision.propose(history.act("p-chair"), edition.key, "main", count)
    decision.approve(history.act("p-second"))
    history.record(decision)
    with projector.reading() as rows:
        view = decisions.find(rows, decision.key)
    assert view is not None
    assert (view["phase"], view["code"], view["text"]) == ("withheld", "no_candidate", "None was good enough.")
    assert public(placing=None) == []
