"""Editions: their rules, their call, who acts in them, and the phases they go through."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import ACTING, CALL, ELIGIBLE, RECORDED, RUN
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.editions import (
    AppointIn,
    ChangeRulesIn,
    CloseCallIn,
    DischargeIn,
    EditionOut,
    EnteredOut,
    EnterIn,
    ExtendCallIn,
    LeaveIn,
    LinkIn,
    OpenCallIn,
    PlanIn,
    RecordIn,
    ReplaceIn,
    ReviewingIn,
    ShortlistIn,
)
from awards.schemas.fields import Shape, Slug
from awards.schemas.words import CodeIn

editions = Operations("Editions", "Runs of an award, from planning to the end.")


class OfAward(Shape):
    """Which editions to list."""

    award = Slug(metadata={"description": "Of this award only, by its slug or its id."})


@editions.get(
    "/editions",
    out=EditionOut(),
    query=OfAward(),
    paged=True,
    errors=("not_found",),
    permission="edition.read",
)
def list_editions(app: Application, arrival: Arrival, query: dict[str, Any], page: Page) -> Any:
    """List the editions you act in: by award, the latest first."""
    award = app.reading.award(query["award"])["id"] if "award" in query else None
    return Paged(*app.reading.editions(arrival, award, page.after, page.limit))


@editions.post(
    "/awards/<slug:award>/editions",
    body=PlanIn(),
    out=EditionOut(),
    location="/editions/{id}",
    errors=("award_discontinued", "edition_exists", "invalid_rules", "unknown_method", *RECORDED),
    permission="edition.plan",
)
def plan_edition(app: Application, arrival: Arrival, award: str, body: dict[str, Any]) -> Any:
    """Plan an edition with its rules, which stay as they are."""
    return app.reading.edition(arrival, app.editions.plan(arrival, app.reading.award(award)["id"], **body))


@editions.post(
    "/awards/<slug:award>/past-editions",
    body=RecordIn(),
    out=EditionOut(),
    location="/editions/{id}",
    errors=("award_discontinued", "edition_exists", *RECORDED),
    permission="honour.record",
)
def record_edition(app: Application, arrival: Arrival, award: str, body: dict[str, Any]) -> Any:
    """Record a past edition from sources; its rules are unknown."""
    return app.reading.edition(arrival, app.editions.record(arrival, app.reading.award(award)["id"], **body))


@editions.get("/editions/<id:edition>", out=EditionOut(), as_of=True, permission="edition.read")
def get_edition(app: Application, arrival: Arrival, edition: str) -> Any:
    """Read an edition: rules, phase, panels and shortlists, as far as you may see them."""
    return app.reading.edition(arrival, edition)


@editions.post(
    "/editions/<id:edition>/open-call",
    body=OpenCallIn(),
    out=EditionOut(),
    status=OK,
    errors=("call_already_opened", "deadline_not_later", *RUN),
    permission="edition.call",
)
def open_call(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Invite nominations from a moment on until another."""
    return app.reading.edition(arrival, app.editions.open_call(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/extend-call",
    body=ExtendCallIn(),
    out=EditionOut(),
    status=OK,
    errors=("call_not_opened", "call_closed", "deadline_not_later", *RUN),
    permission="edition.call",
)
def extend_call(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Move the deadline to a later moment."""
    return app.reading.edition(arrival, app.editions.extend_call(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/close-call",
    body=CloseCallIn(),
    out=EditionOut(),
    status=OK,
    errors=(*CALL, *RUN),
    permission="edition.call",
)
def close_call(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Close the call before its deadline."""
    return app.reading.edition(arrival, app.editions.close_call(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/enter",
    body=EnterIn(),
    out=EnteredOut(),
    status=OK,
    errors=("already_holds_role", "self_appointment", *ACTING),
    permission="edition.enter",
)
def enter(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Let somebody act in the edition: a participant there is, or a new one."""
    who = app.editions.enter(arrival, edition, **body)
    return {**app.reading.edition(arrival, edition), "participant": who}


@editions.post(
    "/editions/<id:edition>/leave",
    body=LeaveIn(),
    out=EditionOut(),
    status=OK,
    errors=("role_not_held", *ACTING),
    permission="edition.enter",
)
def leave(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """End a participant's role."""
    return app.reading.edition(arrival, app.editions.leave(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/appoint",
    body=AppointIn(),
    out=EnteredOut(),
    status=OK,
    errors=("unknown_stage", "already_on_panel", "seat_taken", "self_appointment", *RUN),
    permission="edition.appoint",
)
def appoint(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Appoint a member, the chair or the deputy to a stage's panel."""
    who = app.editions.appoint(arrival, edition, **body)
    return {**app.reading.edition(arrival, edition), "participant": who}


@editions.post(
    "/editions/<id:edition>/discharge",
    body=DischargeIn(),
    out=EditionOut(),
    status=OK,
    errors=("unknown_stage", "not_on_panel", *RUN),
    permission="edition.appoint",
)
def discharge(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Take a member off a stage's panel: finished reviews stay and count, unfinished ones are voided."""
    return app.reading.edition(arrival, app.editions.discharge(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/replace",
    body=ReplaceIn(),
    out=EnteredOut(),
    status=OK,
    errors=("unknown_stage", "not_on_panel", "already_on_panel", "self_appointment", *RUN),
    permission="edition.appoint",
)
def replace(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Put another person on a member's seat; what was not finished is handed over, unless she must not judge it."""
    who = app.editions.replace(arrival, edition, **body)
    return {**app.reading.edition(arrival, edition), "participant": who}


@editions.post(
    "/editions/<id:edition>/link-participants",
    body=LinkIn(),
    out=EditionOut(),
    status=OK,
    errors=("already_linked", *ACTING),
    permission="edition.link",
)
def link_participants(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Record that two ids are one person; what follows for seats, roles, reviews and proposals is recorded with it."""
    return app.reading.edition(arrival, app.editions.link_participants(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/change-rules",
    body=ChangeRulesIn(),
    out=EditionOut(),
    status=OK,
    errors=("unknown_stage", "nothing_changes", "already_proposed", *RUN),
    permission="edition.rules",
)
def change_rules(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Change what a stage asks for, for a reason, before anything is proposed."""
    return app.reading.edition(arrival, app.editions.change_rules(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/reviewing",
    body=ReviewingIn(),
    out=EditionOut(),
    status=OK,
    errors=(
        *("unknown_stage", "call_not_opened", "call_still_open", "panel_too_small", "reviewing_already_open"),
        *("reviewing_closed", "reviewing_not_open", "reviewing_not_closed", "already_proposed", "closed_to_you", *RUN),
        "deadline_not_later",
    ),
    permission="edition.reviewing",
)
def set_reviewing(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Open a stage for reviewing, close it, or open it again for a reason."""
    stage, state, code, due = body["stage"], body["state"], body.get("code"), body.get("due")
    if state == "closed":
        app.editions.close_reviewing(arrival, edition, stage)
    elif code is None:
        app.editions.open_reviewing(arrival, edition, stage, due)
    else:
        app.editions.reopen_reviewing(arrival, edition, stage, code, due)
    return app.reading.edition(arrival, edition)


@editions.post(
    "/editions/<id:edition>/shortlist",
    body=ShortlistIn(),
    out=EditionOut(),
    status=OK,
    errors=(
        *("unknown_stage", "unknown_category", "reviewing_not_closed", "already_proposed", "closed_to_you"),
        *(*ELIGIBLE, *RUN),
    ),
    permission="edition.shortlist",
)
def shortlist(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Name the nominations that go on from a stage."""
    return app.reading.edition(arrival, app.editions.shortlist(arrival, edition, **body))


@editions.post(
    "/editions/<id:edition>/cancel",
    body=CodeIn(),
    out=EditionOut(),
    status=OK,
    errors=("already_proposed", *RUN),
    permission="edition.cancel",
)
def cancel(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """End the edition without a decision."""
    return app.reading.edition(arrival, app.editions.cancel(arrival, edition, **body))
