"""Who may do what: the whole table, asked for every permission and every kind of caller, and nothing else granted."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from awards.access import (
    ANYBODY,
    AWARD_ROLES,
    EDITION_ROLES,
    LINK_ROLES,
    OPERATOR,
    PANEL_ROLES,
    PERMISSIONS,
    Caller,
    Place,
    allows,
    require,
)
from awards.domain.edition import Edition
from awards.domain.refusals import NotAllowed
from awards.domain.review import Review
from awards.domain.subject import EVERY_AWARD, Subject
from tests.domain.cases import PLANNED, RECORDED
from tests.domain.story import AWARD, EDITION, NOMINATION, SUBJECT, Happened, happened, state_after, who
from tests.domain.test_nomination import NAMED, submitted
from tests.domain.test_subject import KNOWN

SEATS = {"reviewer": "member", "chair": "chair", "deputy": "deputy"}
PARTICIPANTS = {
    role: who(0x50 + number) for number, role in enumerate(EDITION_ROLES + PANEL_ROLES + LINK_ROLES + ("nobody",))
}
OTHER_AWARD, OTHER_EDITION, OTHER_NOMINATION = who(0x70), who(0x71), who(0x72)

# Everybody who may ask: award-wide roles are written with an @, links with "link".
EVERYBODY = {
    "anybody",
    "operator",
    *(f"@{role}" for role in AWARD_ROLES),
    *EDITION_ROLES,
    *PANEL_ROLES,
    *(f"{role}-link" for role in LINK_ROLES),
}
SECRETARIAT = "secretariat @secretariat"
DECIDES = f"{SECRETARIAT} reviewer chair deputy approver @approver auditor @auditor"

# Asked in an edition that is run here, about one's own nomination and one's own review.
EXPECTED = {
    "award.establish": "operator @secretariat secretariat",
    "award.revise": "operator @secretariat secretariat",
    "award.discontinue": "operator @secretariat secretariat",
    "subject.register": "operator @secretariat secretariat",
    "subject.grant": "operator @secretariat secretariat",
    "subject.deactivate": "operator @secretariat secretariat",
    "subject.list": "operator @secretariat secretariat",
    "person.invite": "operator @secretariat secretariat",
    "token.issue": "operator",
    "token.list": " ".join(sorted(EVERYBODY - {"anybody", "operator"})),
    "token.revoke": " ".join(sorted(EVERYBODY - {"anybody", "operator"})),
    "mail.own": " ".join(sorted(EVERYBODY - {"anybody", "operator"})),
    "file.own": " ".join(sorted(EVERYBODY - {"anybody", "operator"})),
    "file.of": "operator",
    "token.own": "",
    "code.redeem": "",
    "edition.enter": f"operator {SECRETARIAT}",
    "honour.record": f"operator {SECRETARIAT}",
    "erasure.read": "operator privacy_officer @privacy_officer approver @approver",
    "erasure.request": "operator privacy_officer @privacy_officer",
    "erasure.approve": "privacy_officer @privacy_officer approver @approver",
    "edition.plan": SECRETARIAT,
    "edition.call": SECRETARIAT,
    "edition.appoint": SECRETARIAT,
    "edition.link": SECRETARIAT,
    "edition.rules": SECRETARIAT,
    "edition.reviewing": f"{SECRETARIAT} chair deputy",
    "edition.shortlist": "chair deputy",
    "edition.cancel": SECRETARIAT,
    "nomination.submit": f"nominator {SECRETARIAT}",
    "nomination.amend": f"nominator {SECRETARIAT}",
    "nomination.endorse": f"endorser-link {SECRETARIAT}",
    "nomination.answer": f"nominee-link {SECRETARIAT}",
    "nomination.rule": SECRETARIAT,
    "nomination.appeal": f"nominator nominee-link {SECRETARIAT}",
    "nomination.import": "operator",
    "review.assign": f"{SECRETARIAT} chair deputy",
    "review.recuse": f"{SECRETARIAT} chair deputy",
    "review.reinstate": f"{SECRETARIAT} chair deputy",
    "conflict.declare": "reviewer chair deputy",
    "affiliation.enter": SECRETARIAT,
    "affiliation.own": "nominator reviewer chair deputy nominee-link",
    "review.own": "reviewer chair deputy",
    "review.import": "operator",
    "decision.propose": "chair deputy",
    "decision.approve": "approver @approver",
    "decision.dissent": "reviewer chair deputy",
    "decision.appeal": f"{SECRETARIAT} reviewer chair deputy",
    "appeal.decide": "approver @approver",
    "ballot.run": "chair deputy",
    "ballot.vote": "reviewer chair deputy",
    "decision.announce": SECRETARIAT,
    "decision.confer": SECRETARIAT,
    "decision.propose_revocation": f"{SECRETARIAT} chair deputy",
    "edition.read": f"{DECIDES} nominator",
    "nomination.read": f"{DECIDES} nominator nominee-link endorser-link",
    "nomination.list": f"{DECIDES} nominator",
    "review.read": DECIDES,
    "standing.read": DECIDES,
    "decision.read": DECIDES,
    "ballot.read": DECIDES,
    "award.out_of_rank": f"{SECRETARIAT} approver @approver auditor @auditor",
    "conflicts.read": f"{SECRETARIAT} chair deputy approver @approver auditor @auditor",
    "history.read": DECIDES,
    "receipt.read": " ".join(sorted(EVERYBODY - {"anybody", "operator"})),
    "bundle.export": "operator auditor @auditor",
    "bundle.publish": f"operator {SECRETARIAT} auditor @auditor",
    "log.read": "",
}


def seat_or_role(role: str) -> Happened:
    participant = PARTICIPANTS[role]
    if role in SEATS:
        seat = SEATS[role]
        return happened(Edition.PanelMemberAppointed, stage="panel", participant=participant, seat=seat)
    return happened(Edition.RoleEntered, participant=participant, role=role)


RUN: Edition = state_after((PLANNED, *map(seat_or_role, EDITION_ROLES + PANEL_ROLES)))
NOBODY_IN_IT: Edition = state_after((PLANNED,))
FROM_SOURCES: Edition = state_after((RECORDED, seat_or_role("secretariat")))


def subject(role: str, scope: str = AWARD, *more: Happened) -> Subject:
    granted = happened(Subject.RoleGranted, role=role, scope=scope)
    return state_after((KNOWN, granted, *more))


def nomination_of(nominator: str) -> Any:
    return state_after((submitted(NAMED, nominator),))


def review_of(reviewer: str) -> Any:
    return state_after((happened(Review.Assigned, stage="panel", nomination=NOMINATION, reviewer=reviewer),))


def place_of(name: str) -> Place:
    """Where somebody stands in the edition, with a nomination and a review of their own."""
    if name in ("anybody", "operator"):
        caller, role = {"anybody": ANYBODY, "operator": OPERATOR}[name], "nobody"
    elif name.startswith("@"):
        role = name[1:]
        caller = Caller("subject", role, SUBJECT, AWARD)
    elif name.endswith("-link"):
        role = name.removesuffix("-link")
        caller = Caller("link", role, SUBJECT, None, EDITION, NOMINATION, PARTICIPANTS[role])
    else:
        role = name
        caller = Caller("subject", role, SUBJECT, None, EDITION, None, PARTICIPANTS[role])
    participant = None if caller in (ANYBODY, OPERATOR) else PARTICIPANTS["nobody" if name[0] == "@" else role]
    own = participant or PARTICIPANTS["nobody"]
    known = subject(role) if name.startswith("@") else None
    return Place(caller, participant, known, AWARD, RUN, nomination_of(own), review_of(own))


def allowed(places: dict[str, Place]) -> dict[str, set[str]]:
    """What the table grants to whom."""
    return {
        permission: {name for name, place in places.items() if allows(permission, place)} for permission in PERMISSIONS
    }


def nothing_granted(place: Place) -> None:
    assert {permission for permission in PERMISSIONS if allows(permission, place)} == set()


PLACES = {name: place_of(name) for name in sorted(EVERYBODY)}
expected = {permission: set(names.split()) for permission, names in EXPECTED.items()}


def test_the_whole_table() -> None:
    assert allowed(PLACES) == expected


@pytest.mark.parametrize("role", PANEL_ROLES)
def test_a_seat_counts_at_its_stage_alone(role: str) -> None:
    at_its_own, elsewhere = (replace(PLACES[role], stage=stage) for stage in ("panel", "final"))
    assert {permission for permission in PERMISSIONS if allows(permission, at_its_own)} == {
        permission for permission, names in expected.items() if role in names
    }
    nothing_granted(elsewhere)


def test_what_is_not_granted_is_refused() -> None:
    for permission, names in expected.items():
        for name, place in PLACES.items():
            if name in names:
                require(permission, place)
            else:
                with pytest.raises(NotAllowed):
                    require(permission, place)


def test_where_there_is_no_edition_only_the_operator_and_award_wide_roles_act() -> None:
    places = {
        name: replace(place, edition=None, nomination=None, review=None, participant=None)
        for name, place in PLACES.items()
    }
    wide = {name for name in EVERYBODY if name == "operator" or name.startswith("@")}
    assert allowed(places) == {permission: names & wide for permission, names in expected.items()}


def test_another_persons_nomination_and_review_are_not_ones_own() -> None:
    places = {
        name: replace(place, nomination=nomination_of(who(1)), review=review_of(who(2)))
        for name, place in PLACES.items()
    }
    own_only = {
        "nomination.amend": {"nominator"},
        "nomination.appeal": {"nominator"},
        "nomination.read": {"nominator"},
        "review.own": {"reviewer", "chair", "deputy"},
    }
    assert allowed(places) == {name: names - own_only.get(name, set()) for name, names in expected.items()}


def test_the_operator_records_what_happened_to_editions_from_sources_only() -> None:
    operator = place_of("operator")
    assert not allows("decision.confer", operator)
    assert allows("decision.confer", replace(operator, edition=FROM_SOURCES))
    assert not allows("decision.announce", replace(operator, edition=FROM_SOURCES))
    assert allows("decision.confer", replace(place_of("secretariat"), edition=FROM_SOURCES))


# --- a role is held here and now, or it is not


@pytest.mark.parametrize("role", EDITION_ROLES + PANEL_ROLES)
def test_a_role_in_an_edition_ends_with_it_and_means_nothing_elsewhere(role: str) -> None:
    place = place_of(role)
    nothing_granted(replace(place, edition=NOBODY_IN_IT))
    nothing_granted(replace(place, participant=PARTICIPANTS["nobody"]))
    nothing_granted(replace(place, participant=None))
    elsewhere = replace(place.caller, edition=OTHER_EDITION)
    nothing_granted(replace(place, caller=elsewhere))
    end = (
        happened(Edition.PanelMemberDischarged, stage="panel", participant=PARTICIPANTS[role], code="left")
        if role in SEATS
        else happened(Edition.RoleLeft, participant=PARTICIPANTS[role], role=role)
    )
    nothing_granted(replace(place, edition=state_after((PLANNED, seat_or_role(role), end))))


@pytest.mark.parametrize("held", EDITION_ROLES + PANEL_ROLES)
def test_a_token_for_a_role_that_is_not_held_gives_nothing(held: str) -> None:
    for claimed in set(EDITION_ROLES + PANEL_ROLES) - {held}:
        place = place_of(held)
        nothing_granted(replace(place, caller=replace(place.caller, role=claimed)))


OF_ALL_AWARDS = {"auditor": {"log.read"}, "privacy_officer": {"file.of"}}


@pytest.mark.parametrize("role", AWARD_ROLES)
def test_an_award_wide_role_reaches_as_far_as_its_grant_and_its_token(role: str) -> None:
    name = f"@{role}"
    place = place_of(name)
    everywhere = replace(place, subject=subject(role, EVERY_AWARD))
    mine = {permission for permission, names in expected.items() if name in names}
    for caller in (place.caller, replace(place.caller, award=EVERY_AWARD), replace(place.caller, award=None)):
        for granted in (place, everywhere):
            of_all = OF_ALL_AWARDS.get(role, set()) if caller.award == EVERY_AWARD else set()
            assert {one for one in PERMISSIONS if allows(one, replace(granted, caller=caller))} == mine | of_all
    for nowhere in (
        replace(place, caller=replace(place.caller, award=OTHER_AWARD)),
        replace(everywhere, caller=replace(place.caller, award=OTHER_AWARD)),
        replace(place, subject=subject(role, OTHER_AWARD)),
        replace(place, subject=None),
        replace(place, award=OTHER_AWARD),
        replace(place, award=None, caller=replace(place.caller, award=EVERY_AWARD)),
        replace(place, subject=subject(role, AWARD, happened(Subject.RoleRevoked, role=role, scope=AWARD))),
        replace(place, subject=subject(role, AWARD, happened(Subject.Deactivated, code="left"))),
        replace(place, subject=subject(next(other for other in AWARD_ROLES if other != role))),
    ):
        nothing_granted(nowhere)


@pytest.mark.parametrize("role", LINK_ROLES)
def test_a_link_opens_its_own_nomination_and_nothing_else(role: str) -> None:
    place = place_of(f"{role}-link")
    nothing_granted(replace(place, nomination=None))
    nothing_granted(replace(place, caller=replace(place.caller, nomination=OTHER_NOMINATION)))
    nothing_granted(replace(place, caller=replace(place.caller, kind="subject")))
    nothing_granted(replace(place, caller=replace(place.caller, role="nobody")))


def test_two_links_of_different_kinds_do_different_things() -> None:
    granted = {
        role: {one for one in PERMISSIONS if allows(one, PLACES[f"{role}-link"])}
        - {"nomination.read", "mail.own", "file.own", "token.list", "token.revoke", "receipt.read"}
        for role in LINK_ROLES
    }
    assert granted == {
        "nominee": {"nomination.answer", "nomination.appeal", "affiliation.own"},
        "endorser": {"nomination.endorse"},
    }


# --- the table and the application


ASKING = {"command", "require", "allows", "_in_edition"}


def test_every_permission_is_asked_for_and_every_one_asked_for_exists() -> None:
    asked = set()
    for file in (Path(__file__).parents[1] / "awards" / "application").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=permission), *_]
                ):
                    asked |= {permission} if name in ASKING else set()
    assert asked == PERMISSIONS.keys()


def test_every_permission_says_in_a_line_what_it_permits() -> None:
    said = [permission.what for permission in PERMISSIONS.values()]
    assert len(set(said)) == len(said)
    assert [what for what in said if not re.fullmatch(r"[A-Z].{5,78}\.", what)] == []


def test_callers_are_told_apart_by_name() -> None:
    names = [place.caller.name for name, place in PLACES.items() if not name.startswith("@")]
    assert len(set(names)) == len(names)
