"""Duties kept apart in an edition: over time, and for the whole person under all ids."""

from __future__ import annotations

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.duties import ENDORSED, NOMINATED, STOOD
from awards.domain.edition import Edition
from tests.domain.cases import (
    CALL_CLOSED,
    CALL_OPENED,
    CANCELLED,
    CHAIRED,
    LATER,
    MEMBER,
    PLANNED,
    RECORDED,
    RULES,
    SECOND,
)
from tests.domain.story import (
    APPROVER,
    CHAIR,
    NOMINATOR,
    OTHER,
    REVIEWER,
    SECRETARY,
    Happened,
    act,
    given,
    happened,
    sealed,
    state_after,
)

TEXT = sealed("text", CHAIR, OTHER)


def entered(participant: str, role: str) -> Happened:
    return happened(Edition.RoleEntered, participant=participant, role=role)


def left(participant: str, role: str, code: str | None = None) -> Happened:
    return happened(Edition.RoleLeft, participant=participant, role=role, code=code)


def seated(participant: str, seat: str = "member", stage: str = "panel") -> Happened:
    return happened(Edition.PanelMemberAppointed, stage=stage, participant=participant, seat=seat)


def discharged(participant: str, stage: str = "panel", code: str = "roles-incompatible") -> Happened:
    return happened(Edition.PanelMemberDischarged, stage=stage, participant=participant, code=code)


def linked(*participants: str, **told: Any) -> Happened:
    return happened(Edition.ParticipantsLinked, participants=sorted(participants), code="same-person", **told)


# --- what was ever held counts


@pytest.mark.parametrize(
    ("past", "wanted"),
    [
        ((entered(OTHER, "auditor"), left(OTHER, "auditor")), "nominator"),
        ((entered(OTHER, "approver"), left(OTHER, "approver")), "auditor"),
        ((seated(OTHER), discharged(OTHER, code="moved-away")), "secretariat"),
        ((seated(OTHER), discharged(OTHER, code="moved-away")), "auditor"),
    ],
)
def test_a_role_that_was_left_still_bars_what_does_not_go_with_it(past: tuple[Happened, ...], wanted: str) -> None:
    given(PLANNED, *past).when(lambda it: it.enter(act(), OTHER, wanted)).refused(no.RolesIncompatible)


def test_a_former_secretariat_takes_no_seat() -> None:
    past = given(PLANNED, entered(OTHER, "secretariat"), left(OTHER, "secretariat"))
    past.when(lambda it: it.appoint(act(), "panel", OTHER, "member")).refused(no.RolesIncompatible)


@pytest.mark.parametrize("deed", [NOMINATED, ENDORSED, STOOD])
def test_whoever_had_a_part_in_a_nomination_is_no_auditor(deed: str) -> None:
    did = frozenset({deed})
    given(PLANNED).when(lambda it: it.enter(act(), OTHER, "auditor", did=did)).refused(no.RolesIncompatible)
    given(PLANNED, entered(OTHER, "auditor")).when(lambda it: it.require_compatible(OTHER, deed)).refused(
        no.RolesIncompatible
    )


@pytest.mark.parametrize("seat", ["chair", "deputy"])
def test_whoever_nominated_leads_no_panel_and_who_leads_nominates_nobody(seat: str) -> None:
    did = frozenset({NOMINATED})
    given(PLANNED).when(lambda it: it.appoint(act(), "panel", OTHER, seat, did=did)).refused(no.RolesIncompatible)
    given(PLANNED, seated(OTHER, seat)).when(lambda it: it.require_compatible(OTHER, NOMINATED)).refused(
        no.RolesIncompatible
    )


def test_whoever_nominated_may_be_a_member() -> None:
    did = frozenset({NOMINATED, ENDORSED, STOOD})
    given(PLANNED).when(lambda it: it.appoint(act(), "panel", OTHER, "member", did=did)).then(seated(OTHER))


# --- nobody does it to herself


def test_nobody_gives_herself_a_role_or_a_seat_under_any_of_her_ids() -> None:
    past = given(PLANNED, entered(SECRETARY, "secretariat"), linked(SECRETARY, OTHER))
    for own in (SECRETARY, OTHER):
        past.when(lambda it, who=own: it.enter(act(), who, "approver")).refused(no.SelfAppointment)
        past.when(lambda it, who=own: it.appoint(act(), "panel", who, "member")).refused(no.SelfAppointment)


def test_who_holds_an_award_wide_role_comes_in_by_it() -> None:
    approving = act(APPROVER, "approver")
    given(PLANNED).when(lambda it: it.come_in(approving, "approver")).then(
        happened(Edition.RoleEntered, approving, participant=APPROVER, role="approver")
    )
    given(PLANNED, entered(APPROVER, "auditor")).when(lambda it: it.come_in(approving, "approver")).refused(
        no.RolesIncompatible
    )


# --- one person, several ids


def test_a_link_makes_one_person_of_two_and_of_all_they_are_linked_with() -> None:
    first = given(PLANNED).when(lambda it: it.link(act(), OTHER, CHAIR, "same-person", TEXT))
    assert first.then(linked(CHAIR, OTHER, text=TEXT)).person(CHAIR) == {CHAIR, OTHER}
    edition = state_after((PLANNED, linked(OTHER, CHAIR), linked(NOMINATOR, APPROVER), linked(CHAIR, APPROVER)))
    whole = {OTHER, CHAIR, NOMINATOR, APPROVER}
    assert [edition.person(one) for one in sorted(whole)] == [whole] * 4
    assert edition.person(REVIEWER) == {REVIEWER}


def test_a_link_is_recorded_once() -> None:
    known = given(PLANNED, linked(OTHER, CHAIR), linked(CHAIR, NOMINATOR))
    known.when(lambda it: it.link(act(), NOMINATOR, OTHER, "same-person")).refused(no.AlreadyLinked)
    known.when(lambda it: it.link(act(), CHAIR, CHAIR, "same-person")).refused(no.AlreadyLinked)


@pytest.mark.parametrize("past", [(RECORDED,), (PLANNED, CANCELLED)])
def test_that_two_ids_are_one_person_may_come_to_light_whenever(past: Any) -> None:
    given(*past).when(lambda it: it.link(act(), OTHER, CHAIR, "same-person")).then(linked(OTHER, CHAIR))


def test_what_one_id_ever_held_bars_the_other() -> None:
    past = given(PLANNED, entered(OTHER, "auditor"), left(OTHER, "auditor"), linked(OTHER, CHAIR))
    past.when(lambda it: it.appoint(act(), "panel", CHAIR, "chair")).refused(no.RolesIncompatible)
    past.when(lambda it: it.enter(act(), CHAIR, "approver")).refused(no.RolesIncompatible)


def test_one_person_has_one_seat_at_a_stage() -> None:
    past = given(PLANNED, MEMBER, linked(REVIEWER, OTHER))
    past.when(lambda it: it.appoint(act(), "panel", OTHER, "member")).refused(no.AlreadyOnPanel)
    past.when(lambda it: it.appoint(act(), "final", OTHER, "member")).then(seated(OTHER, stage="final"))


def test_a_link_takes_away_what_could_not_be_given_now() -> None:
    past = (PLANNED, entered(NOMINATOR, "auditor"), seated(OTHER), entered(OTHER, "approver"))
    given(*past).when(lambda it: it.link(act(), OTHER, NOMINATOR, "same-person")).then(
        linked(OTHER, NOMINATOR),
        discharged(OTHER),
        left(NOMINATOR, "auditor", "roles-incompatible"),
        left(OTHER, "approver", "roles-incompatible"),
    )


@pytest.mark.parametrize("seat", ["chair", "deputy"])
def test_a_link_with_a_nominator_ends_the_lead_of_the_panel(seat: str) -> None:
    did = frozenset({NOMINATED})
    past = given(PLANNED, seated(OTHER, seat), seated(OTHER, stage="final"), entered(NOMINATOR, "nominator"))
    past.when(lambda it: it.link(act(), OTHER, NOMINATOR, "same-person", did=did)).then(
        linked(OTHER, NOMINATOR), discharged(OTHER)
    )


def test_a_link_of_two_members_leaves_the_weightier_seat() -> None:
    past = given(PLANNED, MEMBER, SECOND, CHAIRED, seated(OTHER, stage="final"))
    past.when(lambda it: it.link(act(), OTHER, CHAIR, "same-person")).then(linked(OTHER, CHAIR), discharged(OTHER))


def test_a_link_between_the_secretariat_and_the_panel_ends_both() -> None:
    past = given(PLANNED, entered(SECRETARY, "secretariat"), MEMBER)
    past.when(lambda it: it.link(act(), REVIEWER, SECRETARY, "same-person")).then(
        linked(REVIEWER, SECRETARY), discharged(REVIEWER), left(SECRETARY, "secretariat", "roles-incompatible")
    )


# --- a changed rule


def test_what_a_stage_asks_for_is_changed_for_a_reason() -> None:
    changed = given(PLANNED).when(lambda it: it.change_rules(act(), "panel", "juror-ill", quorum=3))
    edition = changed.then(happened(Edition.RulesChanged, stage="panel", code="juror-ill", quorum=3))
    assert edition.rules["stages"][0] == {**RULES["stages"][0], "quorum": 3}
    assert edition.rules["stages"][1] == RULES["stages"][1]


def test_a_change_that_changes_nothing_or_no_stage_is_refused() -> None:
    planned = given(PLANNED)
    planned.when(lambda it: it.change_rules(act(), "panel", "x", quorum=2, minimum_reviews=1)).refused(
        no.NothingChanges
    )
    planned.when(lambda it: it.change_rules(act(), "panel", "x")).refused(no.NothingChanges)
    planned.when(lambda it: it.change_rules(act(), "jury", "x", quorum=1)).refused(no.UnknownStage)
    given(PLANNED, CANCELLED).when(lambda it: it.change_rules(act(), "panel", "x", quorum=1)).refused(
        no.EditionCancelled
    )
    given(RECORDED).when(lambda it: it.change_rules(act(), "panel", "x", quorum=1)).refused(no.EditionFromSources)


def test_opening_and_reopening_go_by_the_changed_quorum() -> None:
    lowered = happened(Edition.RulesChanged, stage="panel", code="juror-ill", quorum=1)
    late = act(at=LATER)
    opened, closed = (
        happened(Edition.ReviewingOpened, late, stage="panel"),
        happened(Edition.ReviewingClosed, stage="panel"),
    )
    past = (PLANNED, CALL_OPENED, CALL_CLOSED, MEMBER)
    given(*past).when(lambda it: it.open_reviewing(late, "panel")).refused(no.PanelTooSmall)
    given(*past, lowered).when(lambda it: it.open_reviewing(late, "panel")).then(opened)
    raised = happened(Edition.RulesChanged, stage="panel", code="more-eyes", quorum=2)
    given(*past, lowered, opened, closed, raised).when(lambda it: it.reopen_reviewing(act(), "panel", "late")).refused(
        no.PanelTooSmall
    )
