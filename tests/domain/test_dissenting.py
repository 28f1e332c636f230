"""Dissent: on the record, once a person and proposal, until the announcement."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.dissenting import AlreadyDissented
from tests.domain.story import OTHER, REVIEWER, act, given, happened, sealed
from tests.domain.test_decision import (
    ANNOUNCED,
    APPROVED,
    APPROVING,
    PROPOSED,
    WITHHELD,
    WITHHOLDING_PROPOSED,
)

RETURNED = happened(Decision.Returned, APPROVING, code="unclear")
DISSENTING, TEXT = act(REVIEWER, "reviewer"), sealed("why")
DISSENTED = happened(Decision.DissentRecorded, DISSENTING, text=TEXT)


@pytest.mark.parametrize("past", [(PROPOSED,), (PROPOSED, APPROVED), (WITHHOLDING_PROPOSED, WITHHELD)], ids=len)
def test_dissent_is_recorded_from_the_proposal_on_and_changes_nothing_else(past: Any) -> None:
    phase = given(*past).when(lambda it: it.record_dissent(DISSENTING, TEXT)).then(DISSENTED).phase
    assert phase == {1: "proposed", 2: "approved"}.get(len(past)) or phase == "withheld"


def test_a_person_dissents_once_whatever_her_id_and_others_may_too() -> None:
    given(PROPOSED, DISSENTED).when(lambda it: it.record_dissent(DISSENTING, TEXT)).refused(AlreadyDissented)
    other = act(OTHER, "reviewer")
    both = frozenset({OTHER, REVIEWER})
    given(PROPOSED, DISSENTED).when(lambda it: it.record_dissent(other, TEXT, both)).refused(AlreadyDissented)
    given(PROPOSED, DISSENTED).when(lambda it: it.record_dissent(other, TEXT)).then(
        happened(Decision.DissentRecorded, other, text=TEXT)
    )


def test_from_another_proposal_she_may_dissent_anew() -> None:
    anew = given(PROPOSED, DISSENTED, RETURNED, PROPOSED)
    anew.when(lambda it: it.record_dissent(DISSENTING, TEXT)).then(DISSENTED)


def test_there_is_nothing_to_dissent_from_before_a_proposal_or_after_the_announcement() -> None:
    given(PROPOSED, RETURNED).when(lambda it: it.record_dissent(DISSENTING, TEXT)).refused(no.NotProposed)
    public = given(PROPOSED, APPROVED, ANNOUNCED)
    public.when(lambda it: it.record_dissent(DISSENTING, TEXT)).refused(no.AlreadyAnnounced)
