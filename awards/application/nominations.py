"""Commands on nominations: from submission to ruling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from awards.application.desk import Commands, command
from awards.application.interests import persons, require_may, require_open_to
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.duties import ENDORSED, NOMINATED, STOOD
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination, participants_of
from awards.domain.rules import require_category
from awards.domain.values import Act

ATTRIBUTES = ("name", "rank", "country", "unit", "mission")
"""What is told of a nominee; each is sealed on its own, so that each can be shown or erased on its own."""

Nominee = dict[str, Any]
"""{kind, name, rank?, country?, unit?, mission?, members?: [{name}], participant?}, as it arrives."""


class OnBehalf(no.NotAllowed):
    code = "on_behalf_only"
    message = "The secretariat enters nominations on behalf of a nominator it names; nobody else does."


class NominationCommands(Commands):
    """What nominators, nominees, endorsers and the secretariat do to a nomination."""

    @command("nomination.submit")
    def submit(
        self,
        work: Work,
        edition: str,
        category: str,
        nominee: Nominee,
        statement: str,
        on_behalf_of: str | None = None,
    ) -> str:
        """Put a nominee forward while the call is open; the secretariat does so for the nominator it names."""
        found = work.edition(edition)
        if (work.caller.role == "secretariat") != (on_behalf_of is not None):
            raise OnBehalf
        principal, name = self._principal(work, edition, on_behalf_of)
        act = work.act(edition=found, on_behalf_of=principal)
        return put_forward(work, act, found, category, nominee, statement, principal or act.by, name).key

    @command("nomination.amend")
    def amend(self, work: Work, nomination: str, version: int, nominee: Nominee, statement: str) -> str:
        """Replace what a nomination says, as read at `version`, while the call is open."""
        found, edition = self._in_edition(work, nomination, version)
        act = work.act(edition=edition, nomination=found)
        edition.require_call_open(work.at)
        about = found.nominee["participant"]
        sealed = seal_nominee(work, edition, nominee, about)
        found.amend(act, sealed, work.seal("statement", statement, participants_of(sealed)))
        return nomination

    @command("nomination.endorse")
    def endorse(self, work: Work, nomination: str, name: str, statement: str) -> str:
        """Add a statement in support: by the holder of an endorser's link, or on behalf of whoever wrote on paper."""
        found, edition = self._in_edition(work, nomination)
        endorser = work.newcomer(edition.key) if work.caller.kind != "link" else None
        act = work.act(edition=edition, nomination=found, on_behalf_of=endorser)
        edition.require_run()
        who = endorser or act.by
        require_may(work, edition, who, ENDORSED)
        if who in persons(edition, found.nominees):
            raise no.SelfNomination
        found.endorse(act, who, work.seal("name", name, [who]), work.seal("statement", statement, found.nominees))
        return nomination

    @command("nomination.endorse")
    def withdraw_endorsement(self, work: Work, nomination: str, endorser: str | None = None) -> str:
        """Take an endorsement back; the secretariat names whose."""
        found, edition = self._in_edition(work, nomination)
        own = work.caller.kind == "link"
        act = work.act(edition=edition, nomination=found, on_behalf_of=None if own else endorser)
        if not own and endorser is None:
            raise no.NotEndorsed
        found.withdraw_endorsement(act, act.by if own else str(endorser))
        return nomination

    @command("nomination.answer")
    def accept(self, work: Work, nomination: str) -> str:
        """The nominee agrees to stand."""
        found, edition, act = self._as_nominee(work, nomination)
        found.accept(act, edition.rules["consent"])
        return nomination

    @command("nomination.answer")
    def decline(self, work: Work, nomination: str, text: str | None = None) -> str:
        """The nominee refuses to stand, as long as nothing is proposed for the category."""
        found, edition, act = self._as_nominee(work, nomination)
        work.require_unproposed(edition, found.category)
        found.decline(act, edition.rules["consent"], work.seal_text("text", text, found.nominees))
        return nomination

    @command("nomination.rule")
    def rule(self, work: Work, nomination: str, outcome: str, rule: str, code: str, text: str | None = None) -> str:
        """Rule a nomination eligible or ineligible, by a rule, with a reason code and a text that is sealed."""
        found, edition = self._in_edition(work, nomination)
        act = work.act(edition=edition, nomination=found)
        rule_on(work, act, edition, found, {"outcome": outcome, "rule": rule, "code": code, "text": text})
        return nomination

    @command("nomination.amend")
    def withdraw(self, work: Work, nomination: str, text: str | None = None) -> str:
        """Take a nomination back, as long as nothing is proposed for its category."""
        found, edition = self._in_edition(work, nomination)
        act = work.act(edition=edition, nomination=found)
        work.require_unproposed(edition, found.category)
        found.withdraw(act, work.seal_text("text", text, found.nominees))
        return nomination

    def _in_edition(self, work: Work, nomination: str, version: int | None = None) -> tuple[Nomination, Edition]:
        found = work.nomination(nomination, version)
        return found, work.edition(str(found.edition))

    def _as_nominee(self, work: Work, nomination: str) -> tuple[Nomination, Edition, Act]:
        found, edition = self._in_edition(work, nomination)
        nominee = None if work.caller.kind == "link" else found.nominee["participant"]
        act = work.act(edition=edition, nomination=found, on_behalf_of=nominee)
        edition.require_run()
        return found, edition, act

    def _principal(self, work: Work, edition: str, name: str | None) -> tuple[str | None, dict[str, Any] | None]:
        """The nominator on whose behalf the secretariat writes, and the sealed name."""
        if name is None:
            return None, None
        principal = work.newcomer(edition)
        return principal, work.seal("name", name, [principal])


def put_forward(
    work: Work,
    act: Act,
    edition: Edition,
    category: str,
    nominee: Nominee,
    statement: str,
    who: str,
    name: dict[str, Any] | None = None,
) -> Nomination:
    """Begin a nomination by `who`, or refuse: every way to nominate ends here. `name`: the nominator's, sealed."""
    edition.require_call_open(work.at)
    require_category(edition.rules, category)
    require_may(work, edition, who, NOMINATED)
    sealed = seal_nominee(work, edition, nominee, nominee.get("participant"))
    if not edition.rules["self_nomination"] and who in persons(edition, participants_of(sealed)):
        raise no.SelfNomination
    told = work.seal("statement", statement, participants_of(sealed))
    allowed = edition.rules["self_nomination"]
    return work.begin(Nomination.submit(act, uuid4(), edition.key, category, sealed, who, told, allowed, name))


def rule_on(work: Work, act: Act, edition: Edition, case: Nomination, ruling: Mapping[str, str | None]) -> None:
    """Rule a nomination eligible or ineligible, or refuse. `ruling`: {outcome, rule, code, text?}."""
    edition.require_run()
    require_open_to(work, edition, case, act)
    work.require_unproposed(edition, case.category)
    sealed = work.seal_text("text", ruling.get("text"), case.nominees)
    rule, code = str(ruling["rule"]), str(ruling["code"])
    if ruling["outcome"] == "eligible":
        case.rule_eligible(act, rule, code, edition.rules["consent"], sealed)
    else:
        case.rule_ineligible(act, rule, code, sealed)


def seal_nominee(work: Work, edition: Edition, nominee: Nominee, participant: str | None) -> dict[str, Any]:
    """The nominee as the event holds it: every attribute sealed."""
    who = work.require_participant(edition.key, participant) if participant else work.newcomer(edition.key)
    require_may(work, edition, who, STOOD)
    told = {name: nominee[name] for name in ATTRIBUTES if name in nominee}
    sealed: dict[str, Any] = {
        "kind": nominee["kind"],
        "participant": who,
        "attributes": {name: work.seal(name, value, [who]) for name, value in told.items()},
    }
    if nominee.get("members"):
        sealed["members"] = [_seal_member(work, edition.key, member) for member in nominee["members"]]
    return sealed


def _seal_member(work: Work, edition: str, member: dict[str, Any]) -> dict[str, Any]:
    who = work.newcomer(edition)
    return {"participant": who, "name": work.seal("name", member["name"], [who])}
