"""An edition from planning to its end: the call, the panel, reviewing, the shortlist, and who acts in it."""

from datetime import timedelta

import pytest

from awards.domain import refusals as no
from awards.domain.duties import INCOMPATIBLE
from awards.domain.edition import Edition
from awards.domain.values import derived_id, instant
from tests.domain.cases import (
    CALL_CLOSED,
    CALL_OPENED,
    CANCELLED,
    CHAIRED,
    CLOSES,
    LATER,
    MEMBER,
    OPENS,
    PLANNED,
    RECORDED,
    REVIEWED,
    REVIEWING,
    RULES,
    SECOND,
    ZONE,
)
from tests.domain.story import (
    APPROVER,
    AWARD,
    CHAIR,
    EDITION,
    NOMINATION,
    NOMINATOR,
    OTHER,
    REVIEWER,
    RIVAL,
    SECRETARY,
    act,
    day,
    given,
    happened,
    sealed,
    state_after,
)

ENTERED = happened(Edition.RoleEntered, participant=NOMINATOR, role="nominator")


# --- beginning


def test_planning_copies_the_rules_and_the_planner_acts_in_it() -> None:
    edition = given().when(lambda: Edition.plan(act(), AWARD, "2026", RULES)).then(PLANNED)
    assert edition.roles == {SECRETARY: frozenset({"secretariat"})}
    assert edition.roles_of(SECRETARY) == {"secretariat"}


def test_an_edition_may_be_recorded_from_sources() -> None:
    sources = [{"key": "un-2019", "title": "Press release"}]
    edition = given().when(lambda: Edition.record(act(), AWARD, "2026", sources)).then(RECORDED)
    assert (edition.rules, edition.roles) == (None, {SECRETARY: frozenset({"secretariat"})})


def test_a_fact_cites_a_source_of_the_edition() -> None:
    state_after((RECORDED,)).require_sources(["un-2019"])
    given(RECORDED).when(lambda it: it.require_sources(["un-2019", "gossip"])).refused(no.UnknownSource)
    state_after((PLANNED,)).require_sources(["gossip"])


@pytest.mark.parametrize("label", ["Fifth", "fifth", " FIFTH  "])
def test_labels_that_read_alike_are_one_edition(label: str) -> None:
    assert Edition.id_of(AWARD, label) == Edition.id_of(AWARD, "fifth")


def test_award_and_label_give_the_id() -> None:
    assert Edition.id_of(AWARD, "2026") == derived_id("edition", AWARD, "2026")
    assert str(Edition.id_of(AWARD, "2026")) == EDITION != str(Edition.id_of(AWARD, "2027"))


def test_rules_that_contradict_themselves_begin_nothing() -> None:
    given().when(lambda: Edition.plan(act(), AWARD, "2026", RULES | {"stages": []})).refused(
        no.InvalidRules, "The rules need at least one stage."
    )


# --- the call


def test_opening_the_call() -> None:
    edition = given(PLANNED).when(lambda edition: edition.open_call(act(), OPENS, CLOSES, ZONE)).then(CALL_OPENED)
    moments = [day(9), day(10), day(19), day(20, 11), day(20)]
    assert [edition.takes_nominations(at) for at in moments] == [False, True, True, True, False]


def test_a_call_opens_once() -> None:
    for closed in ([], [CALL_CLOSED]):
        given(PLANNED, CALL_OPENED, *closed).when(lambda it: it.open_call(act(), OPENS, LATER, ZONE)).refused(
            no.CallAlreadyOpened
        )


@pytest.mark.parametrize(
    ("opens", "closes", "at"), [(10, 10, 2), (10, 9, 2), (10, 20, 20), (10, 20, 21)], ids="empty back now past".split()
)
def test_a_deadline_lies_after_the_opening_and_now(opens: int, closes: int, at: int) -> None:
    given(PLANNED).when(lambda it: it.open_call(act(at=day(at)), day(opens), day(closes), ZONE)).refused(
        no.DeadlineNotLater
    )


@pytest.mark.parametrize("at", [day(2), day(15), day(22)], ids=["before", "open", "passed"])
def test_the_deadline_moves_later_even_after_it_passed(at: object) -> None:
    acted = act(at=at)  # type: ignore[arg-type]
    edition = given(PLANNED, CALL_OPENED).when(lambda it: it.extend_call(acted, LATER, "Europe/Paris"))
    extended = edition.then(happened(Edition.CallExtended, acted, closes=instant(LATER), zone="Europe/Paris"))
    assert extended.takes_nominations(day(24))


def test_the_deadline_never_moves_back() -> None:
    called = given(PLANNED, CALL_OPENED)
    called.when(lambda it: it.extend_call(act(), CLOSES, ZONE)).refused(no.DeadlineNotLater)
    called.when(lambda it: it.extend_call(act(at=day(26)), LATER, ZONE)).refused(no.DeadlineNotLater)


def test_a_closed_call_is_not_extended() -> None:
    given(PLANNED, CALL_OPENED, CALL_CLOSED).when(lambda it: it.extend_call(act(), LATER, ZONE)).refused(no.CallClosed)
    given(PLANNED, CALL_OPENED, REVIEWING).when(lambda it: it.extend_call(act(), LATER, ZONE)).refused(no.CallClosed)


def test_closing_the_call_early() -> None:
    acted = act(at=day(15))
    edition = given(PLANNED, CALL_OPENED).when(lambda it: it.close_call(acted, "enough"))
    closed = edition.then(happened(Edition.CallClosed, acted, code="enough"))
    assert not closed.takes_nominations(day(15))


def test_what_must_arrive_while_the_call_is_open() -> None:
    for command in (Edition.require_call_open, lambda it, at: it.close_call(act(at=at))):
        given(PLANNED).when(lambda it, do=command: do(it, day(15))).refused(no.CallNotOpened)
        given(PLANNED, CALL_OPENED).when(lambda it, do=command: do(it, day(9))).refused(no.CallNotYetOpen)
        given(PLANNED, CALL_OPENED).when(lambda it, do=command: do(it, CLOSES)).refused(no.CallClosed)
        given(PLANNED, CALL_OPENED, CALL_CLOSED).when(lambda it, do=command: do(it, day(15))).refused(no.CallClosed)
        given(PLANNED, CALL_OPENED, REVIEWING).when(lambda it, do=command: do(it, day(9))).refused(no.CallClosed)
    given(PLANNED, CALL_OPENED).when(lambda it: it.require_call_open(OPENS)).then()


# --- who acts


def test_entering_and_leaving_a_role() -> None:
    name = sealed("name", NOMINATOR)
    given(PLANNED).when(lambda it: it.enter(act(), NOMINATOR, "nominator", name)).then(
        happened(Edition.RoleEntered, participant=NOMINATOR, role="nominator", name=name)
    )
    left = given(PLANNED, ENTERED).when(lambda it: it.leave(act(), NOMINATOR, "nominator"))
    edition = left.then(happened(Edition.RoleLeft, participant=NOMINATOR, role="nominator"))
    assert edition.roles_of(NOMINATOR) == frozenset()


def test_a_role_is_held_once() -> None:
    given(PLANNED, ENTERED).when(lambda it: it.enter(act(), NOMINATOR, "nominator")).refused(no.AlreadyHoldsRole)
    given(PLANNED, MEMBER).when(lambda it: it.enter(act(), REVIEWER, "reviewer")).refused(no.AlreadyHoldsRole)
    given(PLANNED).when(lambda it: it.leave(act(), NOMINATOR, "nominator")).refused(no.RoleNotHeld)
    given(PLANNED, MEMBER).when(lambda it: it.leave(act(), REVIEWER, "reviewer")).refused(no.RoleNotHeld)


DEEDS = ("nominated", "endorsed", "stood")
INCOMPATIBLE_PAIRS = [
    *(("auditor", other) for other in ("secretariat", "nominator", "approver", "privacy_officer")),
    *(("auditor", seat) for seat in ("reviewer", "chair", "deputy")),
    *(("secretariat", seat) for seat in ("reviewer", "chair", "deputy")),
]


def test_the_list_of_incompatible_roles_and_deeds_is_this_one() -> None:
    deeds = [*(("auditor", deed) for deed in DEEDS), ("chair", "nominated"), ("deputy", "nominated")]
    listed = sorted((role, other) for role in INCOMPATIBLE for other in INCOMPATIBLE[role])
    assert listed == sorted([*INCOMPATIBLE_PAIRS, *deeds])


@pytest.mark.parametrize(("held", "wanted"), [*INCOMPATIBLE_PAIRS, *((b, a) for a, b in INCOMPATIBLE_PAIRS)])
def test_incompatible_roles_are_not_held_together(held: str, wanted: str) -> None:
    seats = {"reviewer": "member", "chair": "chair", "deputy": "deputy"}
    if held in seats:
        past = happened(Edition.PanelMemberAppointed, stage="panel", participant=OTHER, seat=seats[held])
    else:
        past = happened(Edition.RoleEntered, participant=OTHER, role=held)
    entered = given(PLANNED, past)
    entered.when(lambda it: it.enter(act(), OTHER, wanted)).refused(no.RolesIncompatible)
    if wanted in seats:
        entered.when(lambda it: it.appoint(act(), "final", OTHER, seats[wanted])).refused(no.RolesIncompatible)


def test_other_roles_may_be_held_together() -> None:
    given(PLANNED, MEMBER).when(lambda it: it.enter(act(), REVIEWER, "approver")).then(
        happened(Edition.RoleEntered, participant=REVIEWER, role="approver")
    )


# --- the panel


@pytest.mark.parametrize(("seat", "role"), [("member", "reviewer"), ("chair", "chair"), ("deputy", "deputy")])
def test_appointing_gives_a_seat_and_its_role(seat: str, role: str) -> None:
    name = sealed("name", CHAIR)
    appointed = given(PLANNED).when(lambda it: it.appoint(act(), "panel", CHAIR, seat, name))
    edition = appointed.then(
        happened(Edition.PanelMemberAppointed, stage="panel", participant=CHAIR, seat=seat, name=name)
    )
    assert (edition.seats_at("panel"), edition.seats_at("final")) == ({CHAIR: seat}, {})
    assert edition.roles_of(CHAIR) == {role}


def test_discharging_frees_the_seat() -> None:
    discharged = given(PLANNED, CHAIRED).when(lambda it: it.discharge(act(), "panel", CHAIR, "ill"))
    edition = discharged.then(happened(Edition.PanelMemberDischarged, stage="panel", participant=CHAIR, code="ill"))
    assert (edition.seats_at("panel"), edition.roles_of(CHAIR)) == ({}, frozenset())


def test_a_seat_is_given_once() -> None:
    seated = given(PLANNED, MEMBER, CHAIRED)
    seated.when(lambda it: it.appoint(act(), "panel", REVIEWER, "deputy")).refused(no.AlreadyOnPanel)
    seated.when(lambda it: it.appoint(act(), "panel", OTHER, "chair")).refused(no.SeatTaken)
    seated.when(lambda it: it.appoint(act(), "panel", OTHER, "member")).then(SECOND)


def test_stages_and_panels_are_those_there_are() -> None:
    planned = given(PLANNED, MEMBER)
    planned.when(lambda it: it.appoint(act(), "jury", OTHER, "member")).refused(no.UnknownStage)
    planned.when(lambda it: it.discharge(act(), "jury", REVIEWER, "ill")).refused(no.UnknownStage)
    planned.when(lambda it: it.discharge(act(), "panel", OTHER, "ill")).refused(no.NotOnPanel)
    planned.when(lambda it: it.discharge(act(), "final", REVIEWER, "ill")).refused(no.NotOnPanel)
    planned.when(lambda it: it.require_on_panel("panel", REVIEWER)).then()


# --- reviewing

SEATED = (PLANNED, CALL_OPENED, MEMBER, SECOND)


@pytest.mark.parametrize("early", [True, False], ids=["closed early", "deadline passed"])
def test_reviewing_opens_when_the_call_has_ended(early: bool) -> None:
    past, acted = ((*SEATED, CALL_CLOSED), act(at=day(15))) if early else (SEATED, act(at=CLOSES))
    given(*past).when(lambda it: it.open_reviewing(acted, "panel")).then(
        happened(Edition.ReviewingOpened, acted, stage="panel")
    )


def test_reviews_may_be_asked_for_by_a_time_that_is_ahead() -> None:
    acted = act(at=LATER)
    due = LATER + timedelta(days=10)
    given(*SEATED).when(lambda it: it.open_reviewing(acted, "panel", due)).then(
        happened(Edition.ReviewingOpened, acted, stage="panel", due=instant(due))
    )
    given(*SEATED, REVIEWING, REVIEWED).when(lambda it: it.reopen_reviewing(acted, "panel", "late", due)).then(
        happened(Edition.ReviewingReopened, acted, stage="panel", code="late", due=instant(due))
    )
    given(*SEATED).when(lambda it: it.open_reviewing(acted, "panel", LATER)).refused(no.DeadlineNotLater)
    given(*SEATED, REVIEWING, REVIEWED).when(lambda it: it.reopen_reviewing(acted, "panel", "late", LATER)).refused(
        no.DeadlineNotLater
    )


def test_reviewing_opens_neither_too_early_nor_with_too_few_nor_twice() -> None:
    late = act(at=LATER)
    given(PLANNED, MEMBER, SECOND).when(lambda it: it.open_reviewing(late, "panel")).refused(no.CallNotOpened)
    given(*SEATED).when(lambda it: it.open_reviewing(act(), "panel")).refused(no.CallStillOpen)
    given(*SEATED).when(lambda it: it.open_reviewing(act(at=day(15)), "panel")).refused(no.CallStillOpen)
    given(PLANNED, CALL_OPENED, MEMBER).when(lambda it: it.open_reviewing(late, "panel")).refused(no.PanelTooSmall)
    given(*SEATED, REVIEWING).when(lambda it: it.open_reviewing(late, "panel")).refused(no.ReviewingAlreadyOpen)
    given(*SEATED, REVIEWING, REVIEWED).when(lambda it: it.open_reviewing(late, "panel")).refused(no.ReviewingClosed)
    given(*SEATED).when(lambda it: it.open_reviewing(late, "jury")).refused(no.UnknownStage)


def test_reviewing_closes_and_may_open_again_for_a_reason() -> None:
    closed = given(*SEATED, REVIEWING).when(lambda it: it.close_reviewing(act(), "panel")).then(REVIEWED)
    assert closed.reviewing == {"panel": "closed"}
    again = given(*SEATED, REVIEWING, REVIEWED).when(lambda it: it.reopen_reviewing(act(), "panel", "score_missing"))
    reopened = again.then(happened(Edition.ReviewingReopened, stage="panel", code="score_missing"))
    assert reopened.reviewing == {"panel": "open"}


def test_what_needs_open_or_closed_reviewing() -> None:
    unopened, opened = given(*SEATED), given(*SEATED, REVIEWING)
    closed = given(*SEATED, REVIEWING, REVIEWED)
    for not_open in (unopened, closed):
        not_open.when(lambda it: it.close_reviewing(act(), "panel")).refused(no.ReviewingNotOpen)
        not_open.when(lambda it: it.require_reviewing_open("panel")).refused(no.ReviewingNotOpen)
    opened.when(lambda it: it.require_reviewing_open("panel")).then()
    for not_closed in (unopened, opened):
        not_closed.when(lambda it: it.reopen_reviewing(act(), "panel", "why")).refused(no.ReviewingNotClosed)
        not_closed.when(lambda it: it.shortlist(act(), "panel", "main", [])).refused(no.ReviewingNotClosed)
        not_closed.when(lambda it: it.require_reviewing_closed("panel")).refused(no.ReviewingNotClosed)
    closed.when(lambda it: it.require_reviewing_closed("panel")).then()
    opened.when(lambda it: it.require_reviewing_open("jury")).refused(no.UnknownStage)
    closed.when(lambda it: it.require_reviewing_closed("jury")).refused(no.UnknownStage)


def test_the_shortlist_is_sorted_and_names_each_once_and_the_latest_counts() -> None:
    past = (*SEATED, REVIEWING, REVIEWED)
    listed = happened(Edition.Shortlisted, stage="panel", category="main", nominations=[NOMINATION, RIVAL])
    command = given(*past).when(lambda it: it.shortlist(act(), "panel", "main", [RIVAL, NOMINATION, RIVAL]))
    assert command.then(listed).shortlists == {("panel", "main"): (NOMINATION, RIVAL)}
    again = given(*past, listed).when(lambda it: it.shortlist(act(), "panel", "main", [RIVAL]))
    shorter = happened(Edition.Shortlisted, stage="panel", category="main", nominations=[RIVAL])
    assert again.then(shorter).shortlists == {("panel", "main"): (RIVAL,)}
    given(*past).when(lambda it: it.shortlist(act(), "panel", "youth", [])).refused(no.UnknownCategory)


# --- the end, and editions that are not run here

RUN_ONLY = {
    "open_call": lambda it: it.open_call(act(), OPENS, CLOSES, ZONE),
    "extend_call": lambda it: it.extend_call(act(), LATER, ZONE),
    "close_call": lambda it: it.close_call(act(at=day(15))),
    "appoint": lambda it: it.appoint(act(), "panel", APPROVER, "member"),
    "discharge": lambda it: it.discharge(act(), "panel", REVIEWER, "ill"),
    "open_reviewing": lambda it: it.open_reviewing(act(), "panel"),
    "close_reviewing": lambda it: it.close_reviewing(act(), "panel"),
    "reopen_reviewing": lambda it: it.reopen_reviewing(act(), "panel", "why"),
    "shortlist": lambda it: it.shortlist(act(), "panel", "main", []),
    "cancel": lambda it: it.cancel(act(), "twice"),
    "require_run": lambda it: it.require_run(),
    "require_call_open": lambda it: it.require_call_open(day(15)),
    "require_reviewing_open": lambda it: it.require_reviewing_open("panel"),
    "require_reviewing_closed": lambda it: it.require_reviewing_closed("panel"),
}


@pytest.mark.parametrize("name", RUN_ONLY)
def test_only_an_edition_that_runs_goes_on(name: str) -> None:
    given(PLANNED, CALL_OPENED, MEMBER, CANCELLED).when(RUN_ONLY[name]).refused(no.EditionCancelled)
    given(RECORDED).when(RUN_ONLY[name]).refused(no.EditionFromSources)


def test_an_edition_from_sources_has_no_seats_to_ask_for() -> None:
    given(RECORDED).when(lambda it: it.require_on_panel("panel", REVIEWER)).refused(no.EditionFromSources)
    given(RECORDED).when(lambda it: it.require_sat("panel", REVIEWER)).refused(no.EditionFromSources)


def test_cancelling_ends_the_edition() -> None:
    cancelled = given(PLANNED, CALL_OPENED).when(lambda it: it.cancel(act(), "no_funds")).then(CANCELLED)
    assert not cancelled.takes_nominations(day(15))


def test_nobody_enters_a_cancelled_edition_but_somebody_may_leave() -> None:
    ended = given(PLANNED, ENTERED, CANCELLED)
    ended.when(lambda it: it.enter(act(), OTHER, "approver")).refused(no.EditionCancelled)
    ended.when(lambda it: it.require_not_cancelled()).refused(no.EditionCancelled)
    ended.when(lambda it: it.leave(act(), NOMINATOR, "nominator")).then(
        happened(Edition.RoleLeft, participant=NOMINATOR, role="nominator")
    )


def test_people_act_in_editions_from_sources_too() -> None:
    given(RECORDED).when(lambda it: it.enter(act(), NOMINATOR, "nominator")).then(ENTERED)
    assert state_after((RECORDED, ENTERED)).roles_of(NOMINATOR) == {"nominator"}


# --- erasing


def test_an_erased_participant_neither_acts_nor_is_named_again() -> None:
    gone = happened(Edition.ParticipantErased, participant=NOMINATOR, classes=["case"], basis="x", kept={"public": "y"})
    asked = given(PLANNED, ENTERED)
    edition = asked.when(lambda it: it.erase(act(), NOMINATOR, ["case"], "x", {"public": "y"})).then(gone)
    assert (edition.roles_of(NOMINATOR), edition.past_of(NOMINATOR)) == (frozenset(), {"nominator"})
    erased = given(PLANNED, ENTERED, gone)
    erased.when(lambda it: it.erase(act(), NOMINATOR, ["case"], "x", {})).refused(no.PersonErased)
    erased.when(lambda it: it.enter(act(), NOMINATOR, "approver")).refused(no.PersonErased)
    erased.when(lambda it: it.appoint(act(), "panel", NOMINATOR, "member")).refused(no.PersonErased)
    for pair in ((NOMINATOR, OTHER), (OTHER, NOMINATOR)):
        erased.when(lambda it, two=pair: it.link(act(), *two, "paper")).refused(no.PersonErased)
    later = happened(Edition.ParticipantErased, participant=NOMINATOR, classes=["public"], basis="z")
    erased.when(lambda it: it.erase(act(), NOMINATOR, ["public"], "z", {})).then(later)
