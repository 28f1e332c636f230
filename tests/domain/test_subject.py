"""A subject: known, given award-wide roles, deactivated."""

from uuid import UUID

from awards.domain import refusals as no
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import Act
from tests.domain.story import AWARD, CORRELATION, NONCE, SUBJECT, day, given, happened, sealed, who

OPERATING = Act({"kind": "operator", "role": "operator"}, day(2), CORRELATION, nonce=lambda: NONCE)
NAME = sealed("name", SUBJECT, cls="account")
KNOWN = happened(Subject.Known, OPERATING, kind="person", name=NAME)
GRANTED = happened(Subject.RoleGranted, OPERATING, role="secretariat", scope=AWARD)
REVOKED = happened(Subject.RoleRevoked, OPERATING, role="secretariat", scope=AWARD)
DEACTIVATED = happened(Subject.Deactivated, OPERATING, code="left")


def test_registering_begins_a_subject_of_no_edition_and_no_award() -> None:
    subject = given().when(lambda: Subject.register(OPERATING, UUID(SUBJECT), "person", NAME)).then(KNOWN)
    assert (subject.edition, subject.award, subject.holds("secretariat", AWARD)) == (None, None, False)


def test_a_role_is_granted_for_an_award_or_for_all() -> None:
    subject = given(KNOWN).when(lambda it: it.grant(OPERATING, "secretariat", AWARD)).then(GRANTED)
    asked = [("secretariat", AWARD), ("secretariat", who(9)), ("secretariat", EVERY_AWARD), ("approver", AWARD)]
    assert [subject.holds(*question) for question in asked] == [True, False, False, False]
    everywhere = given(KNOWN).when(lambda it: it.grant(OPERATING, "secretariat", EVERY_AWARD))
    subject = everywhere.then(happened(Subject.RoleGranted, OPERATING, role="secretariat", scope=EVERY_AWARD))
    assert [subject.holds(*question) for question in asked] == [True, True, True, False]


def test_a_role_is_held_once_and_revoked_once() -> None:
    assert not given(KNOWN, GRANTED).when(lambda it: it.revoke(OPERATING, "secretariat", AWARD)).then(REVOKED).grants
    given(KNOWN, GRANTED).when(lambda it: it.grant(OPERATING, "secretariat", AWARD)).refused(no.AlreadyHoldsRole)
    given(KNOWN, GRANTED).when(lambda it: it.revoke(OPERATING, "approver", AWARD)).refused(no.RoleNotHeld)
    given(KNOWN, GRANTED).when(lambda it: it.revoke(OPERATING, "secretariat", EVERY_AWARD)).refused(no.RoleNotHeld)
    given(KNOWN, GRANTED, REVOKED).when(lambda it: it.grant(OPERATING, "secretariat", AWARD)).then(GRANTED)


def test_who_is_deactivated_holds_nothing_and_is_given_nothing() -> None:
    ended = given(KNOWN, GRANTED).when(lambda it: it.deactivate(OPERATING, "left")).then(DEACTIVATED)
    assert not ended.holds("secretariat", AWARD)
    past = given(KNOWN, GRANTED, DEACTIVATED)
    past.when(lambda it: it.grant(OPERATING, "approver", AWARD)).refused(no.SubjectDeactivated)
    past.when(lambda it: it.deactivate(OPERATING, "left")).refused(no.SubjectDeactivated)
    past.when(lambda it: it.revoke(OPERATING, "secretariat", AWARD)).then(REVOKED)
