"""Commands on conflicts of interest: declared or imposed at any time, also where nothing is assigned, and lifted again.

A declaration cites the version of the conflict policy it was made under. Where an edition has a policy, a reviewer
declares first to have no conflict, then opens the file, which is recorded, and only then scores.
"""

from __future__ import annotations

from awards.application.desk import Commands, command
from awards.application.interests import interested, recused, require_open_to
from awards.application.linking import void_second
from awards.application.reviews import own, require_clear
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.rules import policy_version
from awards.ledger import affiliations
from awards.ledger.beside import subject_of


class ConflictCommands(Commands):
    """Who judges what with which ties."""

    @command("review.own")
    def declare_none(self, work: Work, review: str) -> str:
        """Declare to have no conflict of interest, under the present text of the policy."""
        found, edition, act = own(work, review)
        case = work.nomination(found.nomination)
        found.require_not_ended()
        require_clear(work, edition, case, found.stage, found.reviewer)
        found.declare_no_conflict(act, policy_version(edition.rules))
        return review

    @command("conflict.declare")
    def clear(self, work: Work, edition: str, stage: str, nomination: str) -> str:
        """The same for who has a seat but nothing assigned, as a chair who is to read the file. Gives the review."""
        found, case = _case(work, edition, nomination)
        act = work.act(edition=found, nomination=case, stage=stage)
        found.require_run()
        require_clear(work, found, case, stage, act.by)
        policy = policy_version(found.rules)
        if earlier := work.find(Review, Review.id_of(stage, nomination, act.by)):
            earlier.declare_no_conflict(act, policy)
            return earlier.key
        about = {"stage": stage, "nomination": nomination, "reviewer": act.by}
        return work.begin(Review.begin_clear(act, edition, about, policy)).key

    @command("review.own")
    def open_file(self, work: Work, review: str) -> str:
        """Open the file of a nomination; gives the nomination. Opened again is the same, and no event."""
        found, edition, act = own(work, review)
        edition.require_run()
        case = work.nomination(found.nomination)
        found.require_not_ended()
        require_clear(work, edition, case, found.stage, found.reviewer)
        found.require_declared(policy_version(edition.rules))
        if found.reviewer not in case.opened:
            case.open_file(act, found.reviewer)
        return case.key

    @command("conflict.declare")
    def declare(self, work: Work, edition: str, stage: str, nomination: str, code: str, text: str | None = None) -> str:
        """Declare a conflict with a nomination, assigned or not; whoever has a seat may. Gives the review."""
        found, case = _case(work, edition, nomination)
        act = work.act(edition=found, nomination=case, stage=stage)
        earlier = _not_yet_recused(work, found, stage, nomination, act.by)
        sealed, policy = work.seal_text("text", text, [act.by]), policy_version(found.rules)
        if earlier:
            earlier.declare_conflict(act, code, sealed, policy)
            return earlier.key
        about = {"stage": stage, "nomination": nomination, "reviewer": act.by}
        return work.begin(Review.begin_with_conflict(act, edition, about, code, sealed, policy)).key

    @command("review.recuse")
    def recuse(
        self, work: Work, edition: str, stage: str, nomination: str, reviewer: str, code: str, text: str | None = None
    ) -> str:
        """Keep somebody who sits, or once sat, off a nomination, assigned or not. Gives the review."""
        found, case = _case(work, edition, nomination)
        act = work.act(edition=found, nomination=case, stage=stage)
        if act.by not in found.person(reviewer):
            require_open_to(work, found, case, act)
        earlier = _not_yet_recused(work, found, stage, nomination, reviewer)
        sealed = work.seal_text("text", text, [reviewer])
        if earlier:
            earlier.recuse(act, code, sealed)
            return earlier.key
        about = {"stage": stage, "nomination": nomination, "reviewer": reviewer}
        return work.begin(Review.begin_recused(act, edition, about, code, sealed)).key

    @command("review.reinstate")
    def reinstate(self, work: Work, review: str, code: str, text: str | None = None) -> str:
        """Lift a recusal, with its reason, as long as nothing is proposed that rests on it."""
        found = work.review(review)
        edition = work.edition(str(found.edition))
        case = work.nomination(found.nomination)
        act = work.act(edition=edition, nomination=case, review=found, stage=found.stage)
        edition.require_run()
        person = edition.person(found.reviewer)
        if act.by not in person:
            require_open_to(work, edition, case, act)
        work.require_unproposed(edition, case.category)
        sealed = work.seal_text("text", text, [found.reviewer])
        chairs = any("chair" in edition.roles_of(who) for who in person)
        found.reinstate(act, person, interested(edition, case), code, sealed, chairs=chairs)
        void_second(work, act, found, person)
        return review

    @command("affiliation.enter")
    def affiliate(self, work: Work, edition: str, participant: str, organisations: list[str]) -> str:
        """State to which organisations somebody belongs, instead of what was stated before; beside the log."""
        work.act(edition=work.edition(edition))
        return self._affiliate(work.require_participant(edition, participant), organisations)

    @command("affiliation.own")
    def affiliate_oneself(self, work: Work, edition: str, organisations: list[str]) -> str:
        """The same of oneself; gives one's id in the edition."""
        nomination = work.nomination(work.caller.nomination) if work.caller.nomination else None
        act = work.act(edition=work.edition(edition), nomination=nomination)
        return self._affiliate(act.by, organisations)

    def _affiliate(self, participant: str, organisations: list[str]) -> str:
        ledger, subject = self.desk.ledger, subject_of(self.desk.ledger.rows, participant)
        if subject is None:
            raise no.NotFound
        ledger.write(*affiliations.state(subject, organisations, ledger.rows, self.desk.keys))
        return participant

    def organisations_of(self, participant: str) -> list[str]:
        """What was stated last of a participant, for the answer to who stated it."""
        subject = subject_of(self.desk.ledger.rows, participant)
        return affiliations.organisations_of(self.desk.ledger.rows, subject, self.desk.keys) if subject else []


def _case(work: Work, edition: str, nomination: str) -> tuple[Edition, Nomination]:
    found, case = work.edition(edition), work.nomination(nomination)
    if case.edition != edition:
        raise no.NotFound
    return found, case


def _not_yet_recused(work: Work, edition: Edition, stage: str, nomination: str, reviewer: str) -> Review | None:
    """The review there is; refuses who never had a seat there, or is recused already, at whatever stage."""
    edition.require_run()
    edition.require_sat(stage, reviewer)
    if recused(work, edition, nomination, reviewer):
        raise no.AlreadyRecused
    return work.find(Review, Review.id_of(stage, nomination, reviewer))
