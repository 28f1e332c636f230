"""A subject: known, given award-wide roles, deactivated, erased by two people."""

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


OFFICER, APPROVER = (Act({"kind": "subject", "id": who(n), "role": r}, day(3), CORRELATION, nonce=lambda: NONCE)
                     for n, r in ((7, "privacy_officer"), (8, "approver")))  # fmt: skip
HERSELF = Act({"kind": "subject", "id": SUBJECT, "role": "approver"}, day(3), CORRELATION, nonce=lambda: NONCE)
ALL = ["case", "public", "account"]
REQUESTED = happened(Subject.ErasureRequested, OFFICER, classes=ALL, basis="asked", kept=None)
KEPT = happened(Subject.ErasureRequested, OFFICER, classes=["case", "account"], basis="asked", kept={"public": "roll"})
ERASED = happened(Subject.Erased, APPROVER, classes=ALL, basis="asked")


def test_a_request_to_erase_may_begin_the_stream_of_somebody_without_an_account() -> None:
    begun = given().when(lambda: Subject.begin_erasure(OFFICER, UUID(SUBJECT), {*ALL}, "asked", {})).then(REQUESTED)
    assert (begun.known, begun.active, begun.grants, begun.requested.by) == (False, True, frozenset(), who(7))
    known = given(KNOWN).when(lambda it: it.request_erasure(OFFICER, ALL[::-1], "asked", {})).then(REQUESTED)
    assert (known.known, known.requested) == (True, begun.requested)
    given(KNOWN).when(lambda it: it.request_erasure(OFFICER, ["account", "case"], "asked", {"public": "roll"})).then(
        KEPT
    )


def test_an_erasure_is_approved_by_another_who_is_not_the_person() -> None:
    gone = given(KNOWN, GRANTED, REQUESTED).when(lambda it: it.erase(APPROVER)).then(ERASED)
    assert (gone.active, gone.holds("secretariat", AWARD), gone.requested) == (False, False, None)
    given(REQUESTED).when(lambda it: it.erase(OFFICER)).refused(no.SecondPersonNeeded)
    given(REQUESTED).when(lambda it: it.erase(HERSELF)).refused(no.OwnAccount)
    given(KNOWN).when(lambda it: it.erase(APPROVER)).refused(no.ErasureNotRequested)
    given(REQUESTED, ERASED).when(lambda it: it.erase(APPROVER)).refused(no.ErasureNotRequested)


def test_a_request_is_turned_down_for_a_reason_and_may_come_again() -> None:
    refused = happened(Subject.ErasureRefused, APPROVER, code="identity")
    given(REQUESTED).when(lambda it: it.refuse_erasure(APPROVER, "identity")).then(refused)
    given(REQUESTED, refused).when(lambda it: it.refuse_erasure(APPROVER, "identity")).refused(no.ErasureNotRequested)
    given(REQUESTED, refused).when(lambda it: it.request_erasure(OFFICER, ALL, "asked", {})).then(REQUESTED)
    given(REQUESTED).when(lambda it: it.request_erasure(OFFICER, ALL, "asked", {})).refused(no.ErasureAlreadyRequested)


def test_only_what_is_public_is_kept_and_nothing_unknown_is_erased() -> None:
    for classes in ([], ["ballot"], ["case", "name"]):
        given(KNOWN).when(lambda it, c=classes: it.request_erasure(OFFICER, c, "asked", {})).refused(no.NotErasable)
    for kept in ({"case": "law"}, {"public": "law", "account": "law"}):
        given(KNOWN).when(lambda it, k=kept: it.request_erasure(OFFICER, ["case"], "x", k)).refused(no.NotKeepable)
    given(KNOWN).when(lambda it: it.request_erasure(OFFICER, ALL, "x", {"public": "y"})).refused(no.NotKeepable)


def test_who_is_erased_is_given_nothing_and_what_was_kept_may_go_later() -> None:
    gone = given(KNOWN, REQUESTED, ERASED)
    gone.when(lambda it: it.grant(OPERATING, "approver", AWARD)).refused(no.PersonErased)
    gone.when(lambda it: Subject.register(OPERATING, UUID(SUBJECT), "person", NAME, it)).refused(no.PersonErased)
    gone.when(lambda it: it.request_erasure(OFFICER, ["case"], "asked", {})).refused(no.PersonErased)
    partly = given(KEPT, happened(Subject.Erased, APPROVER, classes=["case", "account"], basis="asked"))
    partly.when(lambda it: it.request_erasure(OFFICER, ["public"], "asked", {})).then(
        happened(Subject.ErasureRequested, OFFICER, classes=["public"], basis="asked", kept=None)
    )


def test_whose_erasure_was_refused_can_still_become_known() -> None:
    refused = happened(Subject.ErasureRefused, APPROVER, code="identity")
    known = given(REQUESTED, refused).when(lambda it: Subject.register(OPERATING, UUID(SUBJECT), "person", NAME, it))
    assert known.then(KNOWN).known
